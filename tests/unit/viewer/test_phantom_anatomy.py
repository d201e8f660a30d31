from itertools import pairwise

import numpy as np
import pytest

from scoring_forms.domain.systems import load_system
from viewer.imaging.phantom.disease import Findings, disease_course
from viewer.imaging.phantom.lattice import SPACING_MM
from viewer.imaging.phantom.lesions import make_lesion
from viewer.imaging.phantom.positioning import hand_pose
from viewer.imaging.phantom.radiograph import film_offsets
from viewer.imaging.phantom.sites import (
    FILM_EROSION_SITES,
    FILM_SPACE_SITES,
    PARTS,
    RAMRIS_PARTS,
    SYNOVITIS_SITES,
    depth_from_joint,
)
from viewer.imaging.phantom.subject import Subject, diseased_picture, make_lesions, make_seats, make_subject


@pytest.fixture(scope="module")
def subject() -> Subject:
    return make_subject(np.random.default_rng(5))


@pytest.fixture(scope="module")
def seats(subject, sick):
    everywhere = Findings(dict.fromkeys(PARTS, 0.5), sick.oedema, sick.synovitis, sick.space_lost)
    return make_seats(subject, [everywhere], np.random.default_rng(6))


@pytest.fixture(scope="module")
def sick() -> Findings:
    return disease_course(np.random.default_rng(7), 0.9, [0])[0]


def test_sites_are_those_of_the_scoring_systems():
    ramris, sharp = load_system("ramris_2003"), load_system("sharp_1985")
    features = {
        feature.id: {site.id for site in feature.sites} for feature in (*ramris.features, *sharp.features)
    }
    assert set(RAMRIS_PARTS) == features["bone_erosion"] == features["bone_oedema"]
    assert set(SYNOVITIS_SITES) == features["synovitis"]
    assert set(FILM_EROSION_SITES) == features["erosion"]
    assert set(FILM_SPACE_SITES) == features["joint_space_narrowing"]


def test_no_two_bones_touch(subject):
    taken = np.zeros(subject.healthy.box.shape, dtype=bool)
    for bone in subject.bones.values():
        common = subject.healthy.box.overlap(bone.box)
        if common:
            inside = bone.distance[common[1]] < 0
            assert not (taken[common[0]] & inside).any()
            taken[common[0]] |= inside


def test_bones_have_the_size_of_bones(subject):
    volume = {name: (bone.distance < 0).sum() * SPACING_MM**3 for name, bone in subject.bones.items()}
    assert 1200 < volume["scaphoid"] < 3500
    assert 2500 < volume["capitate"] < 6000
    assert volume["pisiform"] < volume["triquetrum"] < volume["hamate"]


def test_long_bones_are_judged_to_one_centimetre(subject, seats):
    depth = depth_from_joint(subject.hand, subject.bones, "mc3_head")[seats["mc3_head"].assessed]
    assert depth.max() == pytest.approx(10, abs=0.5)
    assert depth.min() > -1


@pytest.mark.parametrize("part", ["scaphoid", "mc2_head", "distal_radius", "pisiform"])
@pytest.mark.parametrize("wanted", [0.05, 0.45, 0.85])
def test_an_erosion_takes_the_wanted_share_and_breaks_the_cortex(subject, seats, part, wanted):
    bone, seat = subject.bones[PARTS[part][0]], seats[part]
    lesion = make_lesion(bone, seat, wanted, 0.0)
    gone = (lesion.eroded > 0.5) & (bone.distance < 0) & seat.assessed
    assert lesion.eroded_fraction == pytest.approx(wanted, abs=0.01)
    assert gone.sum() / seat.assessed.sum() == pytest.approx(lesion.eroded_fraction, abs=0.02)
    surface = (bone.distance < 0) & (bone.distance > -bone.cortex_mm)
    assert (gone & surface).any()


def test_oedema_is_counted_against_the_original_bone(subject, seats):
    lesion = make_lesion(subject.bones["capitate"], seats["capitate"], 0.3, 0.5)
    assert lesion.oedema_fraction == pytest.approx(0.5, abs=0.01)
    assert make_lesion(subject.bones["capitate"], seats["capitate"], 0.85, 0.5).oedema_fraction < 0.16


def test_contrast_brightens_only_synovitis_erosions_oedema_and_vessels(subject, seats, sick):
    lesions = make_lesions(subject, seats, sick)
    assert {part for part, lesion in lesions.items() if lesion.eroded_fraction} == {
        part for part, share in sick.eroded.items() if share
    }
    picture = diseased_picture(subject, lesions, sick)
    allowed = subject.healthy.t1_post - subject.healthy.t1_pre > 0.1
    for site, compartment in subject.compartments.items():
        common = subject.healthy.box.overlap(compartment.box)
        reach = compartment.order < sick.synovitis[site]
        for axis in range(3):
            reach = reach | np.roll(reach, 1, axis) | np.roll(reach, -1, axis)
        allowed[common[0]] |= reach[common[1]]
    for part, lesion in lesions.items():
        common = subject.healthy.box.overlap(subject.bones[PARTS[part][0]].box)
        if common and part in RAMRIS_PARTS:
            allowed[common[0]] |= ((lesion.eroded > 0) | (lesion.oedema > 0))[common[1]]
    enhanced = picture.t1_post - picture.t1_pre > 0.15
    assert enhanced.sum() > 10_000
    assert not (enhanced & ~allowed).any()


def test_enhancing_volume_is_the_true_share_of_a_joint(subject, seats, sick):
    picture = diseased_picture(subject, {}, sick)
    compartment = subject.compartments["radiocarpal"]
    common = picture.box.overlap(compartment.box)
    bright = (picture.t1_post - picture.t1_pre)[common[0]] > 0.4
    inside = compartment.order[common[1]] <= 1
    assert sick.synovitis["radiocarpal"] > 0
    assert (bright & inside).sum() / inside.sum() == pytest.approx(sick.synovitis["radiocarpal"], abs=0.08)


def test_compartments_do_not_overlap(subject):
    taken = np.zeros(subject.healthy.box.shape, dtype=bool)
    for compartment in subject.compartments.values():
        common = subject.healthy.box.overlap(compartment.box)
        region = compartment.order[common[1]] <= 1
        assert not (taken[common[0]] & region).any()
        taken[common[0]] |= region


@pytest.mark.parametrize(("side", "handedness"), [("L", 1), ("R", -1)])
def test_left_and_right_are_mirror_images_with_the_palm_to_the_front(subject, side, handedness):
    for seed in range(20):
        pose = hand_pose(subject.hand, side, np.random.default_rng(seed))
        thumb, back, fingers = pose[:3, :3].T
        assert fingers[2] > 0.95  # towards the head
        assert -back[1] < -0.95  # the palm looks to the front
        assert np.sign(np.cross(fingers, thumb) @ -back) == handedness
        assert np.allclose(pose[:3, :3] @ pose[:3, :3].T, np.eye(3))


def test_a_lost_joint_space_moves_the_bones_beyond_it(subject):
    whole = dict.fromkeys(FILM_SPACE_SITES, 0.0)
    offsets = film_offsets(subject.hand, whole | {"mcp3": 0.5})
    assert np.linalg.norm(offsets["pp3"]) == pytest.approx(0.9)
    assert np.allclose(offsets["pp3"], offsets["dp3"])
    assert not offsets["mc3"].any()
    assert film_offsets(subject.hand, whole | {"radiocarpal": 1.0})["mc5"][2] == pytest.approx(-2.1)


@pytest.mark.parametrize("seed", range(6))
def test_wanted_shares_keep_away_from_grade_borders_and_damage_never_heals(seed):
    course = disease_course(np.random.default_rng(seed), 0.8, [0, 12, 36])
    for before, after in pairwise(course):
        assert all(after.eroded[part] >= before.eroded[part] for part in PARTS)
        assert all(after.space_lost[site] >= before.space_lost[site] for site in FILM_SPACE_SITES)
    for findings in course:
        tenths = np.array([value for value in findings.eroded.values() if value]) * 10
        assert np.all(np.abs(tenths - np.round(tenths)) > 0.2)
        thirds = np.array([*findings.oedema.values(), *findings.synovitis.values()]) * 3
        thirds = thirds[thirds > 0]
        assert np.all(np.abs(thirds - np.round(thirds)) > 0.2)
