"""Nothing that a reader must not know is in a reading or near it, byte by byte."""

import os
import re
import shutil
import tempfile
import zipfile
from pathlib import Path

import pytest
from pydicom._dicom_dict import DicomDictionary
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from reader_app.workflow.import_images import import_images
from storage.reading.reading import Reading
from storage.study.store import Study
from tests.e2e.trials import (
    MR_SERIES,
    full_rows,
    keys_of,
    new_study,
    table_of,
    write_films,
    write_mr,
)

MARK = "MARK0"
MARK_DATE, MARK_UID, MARK_NUMBER = "17760704", "1.2.840.99999.424242", "7654321"
VISITS = (("Zvisitalpha", 0, "20190417"), ("Zvisitbeta", 13, "20190717"))
SUBJECTS = ("Zsubjectone", "Zsubjecttwo")
READERS = ("Rita", "Zotherreader")
SEED = 0x5EEDC0DE5EEDC0DE5EEDC0DE5EEDC0DE
COMMENT = "Zothercomment"
OTHERS_WORDS = {
    "the other's comment": COMMENT,
    "the other's remark": "Zotherwords",
    "the other's override": "Zotheroverride",
    "the other's reason": "Zotherreason",
}

_TEXT = {"LO", "SH", "LT", "ST", "UT", "PN", "CS", "UC", "AE"}
_OTHERS = {"DA": MARK_DATE, "DT": f"{MARK_DATE}112233", "TM": "112233", "UI": MARK_UID}
_OTHERS |= {"IS": MARK_NUMBER, "DS": MARK_NUMBER, "AS": "042Y", "UR": "http://mark01.example"}
# What the files need to be images of the right kind; the descriptions get their mark by hand.
_KEPT_GROUPS = {0x0000, 0x0002, 0x0004, 0x0028, 0x0040, 0x5200, 0x5400, 0x7FE0}
_KEPT = re.compile(
    r"SOPClassUID|SOPInstanceUID|SeriesInstanceUID|StudyInstanceUID|FrameOfReferenceUID|Modality|StudyDate|"
    r"PatientID|SeriesDescription|StudyDescription|ImagePosition\w*|ImageOrientation\w*|SpecificCharacterSet|"
    r".*Laterality|BodyPartExamined|ViewPosition|ContrastBolus.*|ImageType|InstanceNumber|.*Spacing.*|"
    r"Temporal.*|Stack.*|.*Sequence|ProtocolName|ScanOptions|.*Frame.*|PatientOrientation|NumberOf.*|Trigger.*"
)


def marked_header():
    """Return an attribute of nearly every keyword of the standard with a mark in it."""
    header = {}
    for number, (tag, (vr, _, _, retired, keyword)) in enumerate(DicomDictionary.items()):
        if not keyword or retired or tag >> 16 in _KEPT_GROUPS or _KEPT.fullmatch(keyword):
            continue
        if vr in _TEXT:
            header[keyword] = f"{MARK}{number:04d}"
        elif vr in _OTHERS:
            header[keyword] = _OTHERS[vr]
    nested = Dataset()
    nested.StudyDescription = f"{MARK} nested"
    header["RequestAttributesSequence"] = Sequence([nested])
    header["StudyDescription"] = f"{MARK} study of Zvisitalpha"
    return header


def write_marked_trial(folder):
    """Write a trial in which header, folders and files tell everything."""
    header = marked_header()
    series = [(f"{words} {MARK}", *rest) for words, *rest in MR_SERIES]
    for number, subject in enumerate(SUBJECTS):
        for label, _, day in VISITS:
            place = folder / f"{MARK}-{subject}" / f"{label}-{day}"
            write_mr(place, subject, day, laterality="LR"[number], series=series, count=3, **header)
            write_films(place, subject, day, **{**header, "SeriesDescription": f"hand PA {MARK}"})
    return folder


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A folder with a study of the marked trial in it."""
    base = tmp_path_factory.mktemp("blinding")
    images = write_marked_trial(base / "images")
    with Study.open(new_study(base / "study", visits=VISITS)) as study:
        report = import_images(study, [images], checkpoint=lambda done, total: None)
    assert (report.imported, report.rejected) == (2 * 2 * 17, ())
    return base


def needles_of(study):
    """Return everything that may not be found on the reader's side, by a name for messages."""
    needles = {"a mark": MARK, "a marked date": MARK_DATE, "a marked UID": MARK_UID, "a number": MARK_NUMBER}
    needles |= {f"subject {code}": code for code in SUBJECTS}
    for label, _, day in VISITS:
        needles |= {f"visit {label}": label, f"date {day}": day}
        needles[f"dashed date {day}"] = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    with Study.open(study, read_only=True) as opened:
        for series in opened.series():
            needles[f"UID {series.series_uid}"] = series.series_uid
            needles[f"UID {series.study_instance_uid}"] = series.study_instance_uid
            needles["frame UID"] = series.facts["frame_of_reference_uid"] or MARK
        for file in opened.files()[:20]:
            needles[f"file {file.name}"] = file.name
            needles[f"instance {file.sop_instance_uid}"] = file.sop_instance_uid
        for a_round in opened.rounds():
            needles |= {f"round code {code}": code for code in opened.round_codes(a_round.id).values()}
    needles |= {"the seed": str(SEED), "the seed in hex": f"{SEED:x}", "the study's title": "Trial"}
    return needles


def everything_in(folder):
    """Yield names and contents below a folder, archives unpacked; names count as contents."""
    for path in sorted(folder.rglob("*")):
        yield path.name, path.name.encode()
        if path.is_file():
            yield path.name, path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    yield path.name, b"\n".join(archive.read(name) for name in archive.namelist())


def found_in(folders, needles):
    """Return which needles are there in any letter case, in UTF-8 or UTF-16."""
    wanted = {
        (name, text.lower().encode(encoding))
        for name, text in needles.items()
        for encoding in ("utf-8", "utf-16-le", "utf-16-be")
    }
    found = set()
    for folder in folders:
        for place, content in everything_in(folder):
            lowered = content.lower()
            found |= {(name, place) for name, wanted_bytes in wanted if wanted_bytes in lowered}
    return found


def homes():
    """Return where settings, logs, caches and temporary files of the program would be."""
    names = ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "TMPDIR")
    return [Path(os.environ[name]) for name in names]


def test_a_reading_and_all_around_it_hold_nothing_that_unblinds(ra, prepared, monkeypatch, tmp_path):
    study = prepared / "study"
    monkeypatch.setenv("TMPDIR", str(prepared / "temporary"))
    monkeypatch.setattr(tempfile, "tempdir", None)  # so that it looks at the variable again
    (prepared / "temporary").mkdir()
    away = {"ramris_2003": prepared / "mr", "sharp_1985": prepared / "xr"}
    paths = []
    for title, (system, out) in zip(("RAMRIS", "Sharp"), away.items(), strict=True):
        options = ("--seed", SEED, "--repeat", "0.5", "--out", out, "--reader", *READERS)
        made = ra("study", "round", study, "--title", title, "--system", system, *options)
        paths += made["readings"]
        assert {one["cases"] for one in made["readings"]} == {3}
    (mine,) = {one["path"] for one in paths if one["reader"] == "Rita" and "mr" in Path(one["path"]).parts}
    (other,) = {one["path"] for one in paths if one["reader"] != "Rita" and "mr" in Path(one["path"]).parts}
    printed = read_in(ra, study, mine, tmp_path, comment="")
    read_in(ra, study, other, tmp_path, comment=COMMENT, leave=leave_words)
    grant = ask_for_a_case(ra, study, other, prepared / "granted")
    with Reading.open(Path(mine), read_only=True) as reading:
        assert reading.has_password()
    needles = needles_of(study)
    mine_only = {**needles, **OTHERS_WORDS, "the other reader": READERS[1]}
    shutil.make_archive(str(tmp_path / "travels"), "zip", mine)
    shutil.copytree(mine, tmp_path / "reading")
    assert found_in([tmp_path / "reading"], mine_only) == set()
    assert found_in([path for path in (*away.values(), *homes()) if path.is_dir()], needles) == set()
    (tmp_path / "printed").mkdir()
    (tmp_path / "printed" / "out.txt").write_text(printed, "utf-8")
    shutil.move(tmp_path / "travels.zip", tmp_path / "printed")
    assert found_in([tmp_path / "printed"], mine_only) == set()

    again = ("--title", "Again", "--system", "ramris_2003", "--out", prepared / "again", "--reader", "Rita")
    ra("study", "round", study, *again)
    assert found_in([prepared / "again"], mine_only) == set()
    assert grant.is_file()
    assert found_in([grant.parent], mine_only) == set()

    assert {name for name, _ in found_in([study], OTHERS_WORDS)} == set(OTHERS_WORDS)
    on_coordinators_side = {name for name, _ in found_in([study], needles)}
    not_kept = {"the seed in hex"} | {name for name in needles if name.startswith("dashed")}
    assert on_coordinators_side == set(needles) - not_kept


def leave_words(reading, code):
    """Leave words of every kind that the other readers must not see."""
    cell = next(iter(reading.sheet(code)))
    reading.set_comment(code, None, cell, OTHERS_WORDS["the other's remark"])
    reading.set_evidence_override(code, cell, OTHERS_WORDS["the other's override"])


def ask_for_a_case(ra, study, path, out):
    """Ask for the first case of a reading that is signed, have it granted and return the grant's file."""
    code = ra("reading", "show", path)["cases"][0]["code"]
    ra("reading", "ask-reopening", path, "--case", code, "--reason", OTHERS_WORDS["the other's reason"])
    ra("study", "collect", study)
    (asked,) = ra("study", "reopenings", study)["requests"]
    out.mkdir()
    options = ("--reading", asked["reading"], "--case", code, "--out", out)
    return Path(ra("study", "grant-reopening", study, *options)["file"])


def read_in(ra, study, path, folder, comment, leave=lambda reading, code: None):
    """Do all a reader does by command line, mistakes included; return what was printed on the way."""
    shown = ra("reading", "show", path)
    printed = str(shown) + ra.printed.err
    rows = full_rows(shown, keys_of(study, Path(path)), lambda *_: 1)
    table = folder / f"{Path(path).name}.csv"
    columns = ("case", "timepoint", "system", "feature", "side", "site", "value", "not_assessable", "comment")
    table.write_text(table_of([{**row, "comment": comment} for row in rows], columns), "utf-8")
    ra("reading", "submit", path, "--case", shown["cases"][0]["code"], status=1)
    printed += ra.printed.out + ra.printed.err
    with Reading.open(Path(path)) as reading:
        reading.remember(f"{shown['cases'][0]['code']}/window", "600 300")
    for step in (("enter", path, table), ("submit", path, "--all"), ("verify", path)):
        if step[0] == "submit":
            with Reading.open(Path(path)) as reading:
                leave(reading, shown["cases"][0]["code"])
        ra("reading", *step)
        printed += ra.printed.out + ra.printed.err
    return printed


def test_equal_pictures_in_two_cases_share_nothing_but_their_pixels(ra, prepared, tmp_path):
    """A hidden repeat cannot be recognised by names, times or sizes that others do not have as well."""
    study = prepared / "study"
    made = ra(
        *("study", "round", study, "--title", "Repeats", "--system", "ramris_2003", "--reader", "Ann"),
        *("--repeat", "1", "--out", tmp_path / "out"),
    )
    folder = Path(made["readings"][0]["path"])
    volumes = list((folder / "volumes").iterdir())
    assert len(volumes) == 2 * 2 * 2 * 5
    assert len({path.stat().st_ino for path in volumes}) == len(volumes)
    assert {path.stat().st_mtime for path in volumes} == {315_532_800}
    with Reading.open(folder, read_only=True) as reading:
        cases = [reading.case(case.code) for case in reading.cases()]
    arrays = [image.array for case in cases for one in case.timepoints for image in one.images]
    assert len({array.name for array in arrays}) == len(volumes)
    assert len({array.sha256 for array in arrays}) == len(volumes)
    assert len({path.read_bytes() for path in volumes}) == len(volumes)


def test_positions_in_a_reading_start_at_the_middle_of_each_timepoint(ra, prepared, tmp_path):
    study = prepared / "study"
    made = ra(
        *("study", "round", study, "--title", "Middles", "--system", "ramris_2003", "--reader", "Ann"),
        *("--out", tmp_path / "out"),
    )
    with Reading.open(Path(made["readings"][0]["path"]), read_only=True) as reading:
        images_of = [
            image
            for case in reading.cases()
            for timepoint in reading.case(case.code).timepoints
            for image in timepoint.images
        ]
    affines = {image.role: set() for image in images_of}
    for image in images_of:
        assert image.frame == 1
        affines[image.role].add(tuple(round(number, 6) for number in image.affine))
    # The trial's scanner coordinates differ from visit to visit, the sequences do not.
    assert {role: len(found) for role, found in affines.items()} == dict.fromkeys(affines, 1)
