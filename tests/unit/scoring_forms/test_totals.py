"""Totals against a second calculation, written straight from the files that describe the systems."""

import json
import random
import tomllib
from collections import defaultdict
from importlib.resources import files

import pytest

from scoring_forms.domain.errors import BadReasonError, ScoreOutOfRangeError, UnknownCellError
from scoring_forms.domain.form import Form, FormPart, compose_form
from scoring_forms.domain.known import known_sites
from scoring_forms.domain.score import Cell, Score
from scoring_forms.domain.scoring_system import Feature, ScoringSystem, Site
from scoring_forms.domain.systems import available_systems
from scoring_forms.domain.totals import subtotals, totals

FILLINGS = 10_000
MISSING = Score(not_assessable="surgery")


def described(system_id):
    text = (files("resources") / "scoring_systems" / f"{system_id}.toml").read_text("utf-8")
    return tomllib.loads(text)


def parts_of(site):
    return site["components"] if isinstance(site, dict) else [site]


def name_of(site):
    return site["id"] if isinstance(site, dict) else site


class Plain:
    """Totals of one system from its raw table and a plain dictionary of values by (feature, side, site)."""

    def __init__(self, table):
        self.sides = [None] if table["sides"] == 1 else ["L", "R"]
        self.table = table
        self.scored = [feature for feature in table["features"] if "count_of" not in feature]
        self.counted = [feature for feature in table["features"] if "count_of" in feature]
        self.cells = [
            (feature["id"], side, part)
            for feature in self.scored
            for side in self.sides
            for site in feature["sites"]
            for part in parts_of(site)
        ]
        self.of = defaultdict(list)
        for cell in self.cells:
            self.of[cell[0]].append(cell)
        self.grades = {feature["id"]: self._grades(feature) for feature in self.scored}

    @staticmethod
    def _grades(feature):
        grades, value = [], feature["minimum"]
        while value <= feature["maximum"]:
            grades.append(value)
            value += feature["step"]
        return grades

    def totals(self, values, share):
        """Return {id: (strict, expected, missing, observed, prorated)}."""
        found = {}
        for feature in self.scored:
            found[feature["id"]] = self._added([values[cell] for cell in self.of[feature["id"]]], share)
        for feature in self.counted:
            found[feature["id"]] = self._added(self._hits(feature, values), None)
        for one in self.table.get("sums", []):
            found[one["id"]] = self._together([found[feature] for feature in one["features"]])
        if self.table["grand_total"]:
            found["total"] = self._together([found[feature["id"]] for feature in self.scored])
        return found

    def _hits(self, feature, values):
        of = [feature["count_of"]] if isinstance(feature["count_of"], str) else feature["count_of"]
        sides = [feature["count_side"]] if "count_side" in feature else self.sides
        hits = []
        for counted in (one for one in self.scored if one["id"] in of):
            for site in counted["sites"]:
                if "sites" in feature and name_of(site) not in feature["sites"]:
                    continue
                for side in sides:
                    joint = [values[counted["id"], side, part] for part in parts_of(site)]
                    known = None not in joint
                    hits.append(int(sum(joint) >= feature["count_at_least"]) if known else None)
        return hits

    @staticmethod
    def _added(values, share):
        there = [value for value in values if value is not None]
        missing = len(values) - len(there)
        observed = sum(there) if there else None
        strict = None if missing else observed
        prorated = strict
        if missing and there and share is not None and len(there) >= share * len(values) - 1e-12:
            prorated = sum(there) * len(values) / len(there)
        return strict, len(values), missing, observed, prorated

    @staticmethod
    def _together(several):
        strict, expected, missing, observed, prorated = zip(*several, strict=True)
        there = [value for value in observed if value is not None]
        return (
            None if None in strict else sum(strict),
            sum(expected),
            sum(missing),
            sum(there) if there else None,
            None if None in prorated else sum(prorated),
        )


def random_values(plain, rng):
    """Fill a form as readers may: complete, nearly complete, or anything."""
    chance = rng.choice([0, 0, 0.02, 0.1, 0.5, 1])
    return {
        cell: None if rng.random() < chance else rng.choice(plain.grades[cell[0]]) for cell in plain.cells
    }


@pytest.mark.parametrize("system_id", available_systems())
def test_random_fillings_have_the_totals_of_an_independent_calculation(system_id):
    plain, form = Plain(described(system_id)), compose_form([system_id])
    cells = {(cell.feature, cell.side, cell.site): cell for cell in form.cells(["B"])}
    assert list(cells) == plain.cells
    scores = {grade: Score(float(grade)) for grades in plain.grades.values() for grade in grades}
    rng = random.Random(system_id)
    for _ in range(FILLINGS // len(available_systems())):
        values = random_values(plain, rng)
        sheet = {
            cells[key]: MISSING if value is None else scores[value]
            for key, value in values.items()
            if value is not None or rng.random() < 0.5
        }
        share = rng.choice([0.8, 0.8, 0.5, 0.95, 1])
        found = {
            one.feature: (one.value, one.n_sites, one.n_missing, one.observed, one.prorated)
            for one in totals(form, sheet, "B", share)
        }
        expected = plain.totals(values, share)
        assert found.keys() == expected.keys()
        for name, told in expected.items():
            assert found[name][:4] == told[:4], name
            assert found[name][4] == pytest.approx(told[4], rel=1e-12) if told[4] else not found[name][4]


@pytest.mark.parametrize("system_id", available_systems())
def test_subtotals_of_the_groups_add_up_to_the_total(system_id):
    plain, form = Plain(described(system_id)), compose_form([system_id])
    rng = random.Random(system_id)
    for _ in range(50):
        values = random_values(plain, rng)
        sheet = {
            Cell("A", system_id, *key): Score(float(value))
            for key, value in values.items()
            if value is not None
        }
        by_feature = defaultdict(list)
        for one in subtotals(form, sheet, "A"):
            by_feature[one.feature].append(one)
        for total in totals(form, sheet, "A"):
            groups = by_feature.get(total.feature, [])
            if groups:
                assert sum(one.n_sites for one in groups) == total.n_sites
                assert sum(one.n_missing for one in groups) == total.n_missing
                assert sum(one.maximum for one in groups) == total.maximum
                sums = [one.value for one in groups]
                assert total.value == (None if None in sums else sum(sums))
        for feature in plain.scored:
            of_group = defaultdict(list)
            for site in feature["sites"]:
                of_group[known_sites()[name_of(site)].group] += [
                    values[feature["id"], side, part] for part in parts_of(site) for side in plain.sides
                ]
            assert {one.group: one.value for one in by_feature[feature["id"]]} == {
                group: None if None in found else sum(found) for group, found in of_group.items()
            }


def test_a_sum_with_missing_sites_is_that_of_the_statistics_reference(shared_data):
    file = shared_data.parent / "reference" / "statistics-vectors.json"
    vectors = json.loads(file.read_text("utf-8"))
    vector = next(one for one in find(vectors) if one.get("id") == "sum_with_missing_sites")
    check_sum_with_missing_sites(vector["inputs"]["sites"], vector["expected"])


def find(value):
    if isinstance(value, dict):
        yield value
    for entry in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from find(entry)


def test_twenty_one_of_twenty_three_erosion_sites_prorate_to_38_33():
    sites = [0, 1, 0, 2, 3, 1, 0, 0, 4, 2, 5, None, 1, 2, 3, 0, 0, 6, 2, None, 1, 0, 2]
    expected = {
        "observed_sum": 35,
        "n_assessed": 21,
        "strict_total": None,
        "prorated_total": 38.3333333333,
        "completeness_percent": 91.3043478261,
        "eroded_bones_observed": 14,
    }
    check_sum_with_missing_sites(sites, expected)


def check_sum_with_missing_sites(sites, expected):
    form = compose_form(["ramris_2003"], ["bone_erosion"])
    sheet = {
        cell: Score(float(value))
        for cell, value in zip(form.cells(["A"]), sites, strict=True)
        if value is not None
    }
    erosion, eroded = totals(form, sheet, "A")
    assert erosion.value == expected["strict_total"]
    assert erosion.observed == expected["observed_sum"]
    assert erosion.n_assessed == eroded.n_assessed == expected["n_assessed"]
    assert erosion.prorated == pytest.approx(expected["prorated_total"], abs=1e-9)
    assert 100 * erosion.n_assessed / erosion.n_sites == pytest.approx(expected["completeness_percent"])
    assert (eroded.value, eroded.prorated) == (None, None)
    assert eroded.observed == expected["eroded_bones_observed"]


@pytest.mark.parametrize(("missing", "prorated"), [(0, 23), (1, 23), (4, 23), (5, None), (23, None)])
def test_at_least_eighty_percent_of_the_sites_make_a_prorated_total(missing, prorated):
    form = compose_form(["ramris_2003"], ["bone_erosion"])
    sheet = {cell: Score(1.0) for cell in form.cells(["A"])[missing:]}
    erosion = totals(form, sheet, "A")[0]
    assert erosion.prorated == prorated
    assert erosion.value == (None if missing else 23)
    assert erosion.observed == (23 - missing or None)


@pytest.mark.parametrize("expected", [5, 10, 15, 35, 55, 70, 100])
def test_exactly_the_share_is_enough(expected):
    sites = tuple(Site(f"s{number}", "s", "s", "wrist") for number in range(expected))
    feature = Feature("f", "F", "F", sites)
    form = Form((FormPart(ScoringSystem("x", "X", "MR", "", 1, "", False, (feature,)), (feature,)),))
    for share in (0.6, 0.8):
        enough = round(share * expected)
        sheets = [{cell: Score(1.0) for cell in form.cells(["A"])[:n]} for n in (enough, enough - 1)]
        found = [totals(form, sheet, "A", share)[0].prorated for sheet in sheets]
        assert found == [pytest.approx(expected), None]


def test_a_sum_over_features_is_prorated_feature_by_feature():
    form = compose_form(["sharp_1985"])
    cells = form.cells(["A"])
    sheet = {cell: Score(1.0) for cell in cells}
    del sheet[cells[0]]
    grand = totals(form, sheet, "A")[-1]
    assert (grand.feature, grand.value, grand.observed, grand.prorated) == ("total", None, 69, 70)
    narrowing = [cell for cell in cells if cell.feature == "joint_space_narrowing"]
    for cell in narrowing[:10]:
        del sheet[cell]
    assert totals(form, sheet, "A")[-1].prorated is None


def test_a_toe_joint_counts_once_however_many_of_its_sides_are_eroded():
    form = compose_form(["svdh_hands_feet"])
    sheet = {cell: Score(0.0) for cell in form.cells(["A"])}
    toe = Cell("A", "svdh_hands_feet", "erosion_feet", "L", "mtp1_proximal")
    other = Cell("A", "svdh_hands_feet", "erosion_feet", "L", "mtp1_distal")

    def sens_and_erosion():
        found = {one.feature: one for one in totals(form, sheet, "A")}
        return found["sens"], found["erosion_feet"]

    sheet |= {toe: Score(5.0), other: Score(5.0)}
    sens, erosion = sens_and_erosion()
    assert (sens.value, erosion.value, erosion.n_sites) == (1, 10, 24)
    sheet[other] = MISSING
    sens, erosion = sens_and_erosion()
    assert (sens.value, sens.n_assessed, sens.observed) == (None, 85, 0)
    assert (erosion.n_missing, erosion.observed) == (1, 5)


def test_matched_bones_are_those_of_one_hand():
    form = compose_form(["xray_eroded_bones"])
    sheet = {cell: Score(float(cell.side == "L")) for cell in form.cells(["A"])}
    found = {one.feature: one.value for one in totals(form, sheet, "A")}
    assert (found["mri_matched_left"], found["mri_matched_right"]) == (23, 0)
    assert (found["wrist_mcp"], found["eroded_bone"]) == (25, 35)
    sheet = {cell: score for cell, score in sheet.items() if cell.side == "L"}
    found = {one.feature: one.value for one in totals(form, sheet, "A")}
    assert (found["mri_matched_left"], found["mri_matched_right"], found["wrist_mcp"]) == (23, None, None)


def test_half_steps_add_up_exactly():
    form = compose_form(["genant_1998"])
    sheet = {cell: Score(0.5) for cell in form.cells(["A"])}
    assert [one.value for one in totals(form, sheet, "A")] == [14, 13, 27]


@pytest.mark.parametrize("system_id", available_systems())
def test_every_grade_of_a_scale_is_accepted_and_everything_else_refused_with_its_reason(system_id):
    plain, form = Plain(described(system_id)), compose_form([system_id])
    for cell in form.cells(["A"]):
        grades = plain.grades[cell.feature]
        for grade in grades:
            form.validate(cell, Score(float(grade)))
        step = grades[1] - grades[0]
        wrong = [grades[0] - step, grades[-1] + step, grades[0] + step / 2, grades[-1] - 0.1]
        for value in (*wrong, 1e300, float("nan"), float("inf"), -float("inf")):
            with pytest.raises(ScoreOutOfRangeError) as refused:
                form.validate(cell, Score(value))
            assert f"from {grades[0]:g} to {grades[-1]:g}" in str(refused.value)
        with pytest.raises(BadReasonError, match="not known"):
            form.validate(cell, Score(not_assessable="lost"))


@pytest.mark.parametrize("system_id", available_systems())
def test_cells_that_a_system_does_not_have_are_refused(system_id):
    form = compose_form([system_id])
    part = form.parts[0]
    good = form.cells(["A"])[0]
    wrong_side = "L" if good.side is None else None
    wrong = [
        Cell("A", "other", good.feature, good.side, good.site),
        Cell("A", system_id, "rust", good.side, good.site),
        Cell("A", system_id, good.feature, wrong_side, good.site),
        Cell("A", system_id, good.feature, good.side, "hip"),
    ]
    wrong += [
        Cell("A", system_id, feature.id, good.side, good.site)
        for feature in part.features
        if feature.count_of
    ]
    wrong += [
        Cell("A", system_id, feature.id, good.side, site.id)
        for feature in part.scored
        for site in feature.sites
        if site.components
    ]
    for cell in wrong:
        with pytest.raises(UnknownCellError):
            form.validate(cell, Score(0.0))
