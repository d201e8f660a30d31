"""A round that requires evidence lets nobody sign without it."""

from dataclasses import replace

import pytest

from reader_app.workflow.submit import submit_cases
from scoring_forms.domain.form import compose_form
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Score
from storage.errors import MissingEvidenceError
from storage.reading.build import build_reading
from storage.reading.reading import Reading
from tests.unit.storage.readings import PASSWORD, SECOND, point, small_spec


@pytest.fixture
def begin(tmp_path):
    """Open a reading of erosions under a rule for evidence: all scores 0 but the first, which is 3."""

    def begin(evidence):
        rules = RoundRules(evidence=evidence)
        spec = replace(small_spec(), form=compose_form(["ramris_2003"], ["bone_erosion"]), rules=rules)
        reading = Reading.open(build_reading(tmp_path / "Q4WZR.reading", spec).folder)
        opened.append(reading)
        cells = [cell for cell in reading.form.cells("A") if cell.feature == "bone_erosion"]
        grades = [Score(3.0), *[Score(0.0)] * (len(cells) - 1)]
        reading.record(SECOND, list(zip(cells, grades, strict=True)), "score.fill")
        return reading, cells[0]

    opened: list[Reading] = []
    yield begin
    for reading in opened:
        reading.close()


def test_a_case_without_the_marks_that_are_required_cannot_be_signed(begin):
    reading, cell = begin("required")
    with pytest.raises(MissingEvidenceError, match="1 score lacks the marks") as refused:
        reading.sign(SECOND, PASSWORD)
    assert refused.value.cells == (cell,)
    assert submit_cases(reading, [SECOND], PASSWORD).without_evidence == ((SECOND, 1),)
    reading.add_mark(SECOND, point(cell, 1, 2, 3, cortical_break=True))
    with pytest.raises(MissingEvidenceError):
        reading.sign(SECOND, PASSWORD)
    reading.add_mark(SECOND, point(cell, 1, 2, 5, plane="axial"))
    assert reading.evidence_gaps(SECOND) == ()
    assert submit_cases(reading, [SECOND], PASSWORD).submitted == (SECOND,)
    assert reading.verify() == []


def test_a_reason_stands_for_marks(begin):
    reading, cell = begin("required")
    assert [gap.cell for gap in reading.evidence_gaps(SECOND)] == [cell]
    reading.set_evidence_override(SECOND, cell, "axial slices are blurred")
    assert reading.evidence_gaps(SECOND) == ()
    reading.sign(SECOND, PASSWORD)
    assert reading.signed_cases()[0].annotations.evidence_overrides == {cell: "axial slices are blurred"}


@pytest.mark.parametrize(("evidence", "gaps"), [("warn", 1), ("off", 0)])
def test_a_round_that_does_not_require_marks_lets_a_case_be_signed(begin, evidence, gaps):
    reading, _ = begin(evidence)
    assert len(reading.evidence_gaps(SECOND)) == gaps
    reading.sign(SECOND, PASSWORD)
