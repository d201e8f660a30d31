"""Rounds made up for the tests: readers' sheets from totals or from random grades."""

import numpy as np

from scoring_forms.analysis.score_cube import ReadCase
from scoring_forms.domain.form import Form
from scoring_forms.domain.score import Score

LETTERS = "BDACFE"  # a reader's letters tell no order


def spread(total: int, n_cells: int, highest: int, n_used: int | None = None) -> list[float]:
    """Share a total out among cells, *n_used* of them above 0."""
    used = min(total, n_cells) if n_used is None else n_used
    grades = [1] * used + [0] * (n_cells - used)
    left = total - used
    for cell in range(used):
        more = min(left, highest - 1)
        grades[cell] += more
        left -= more
    assert left == 0, "the total does not fit into the cells"
    return [float(grade) for grade in grades]


def read_case(form: Form, subject: str, reader: str, visits: dict[str, list[float | None]]) -> ReadCase:
    """One case from a grade (or None) per line of the form, by visit."""
    letters = dict(zip(LETTERS, visits, strict=False))
    sheet = {
        item.cell(letter): Score(not_assessable="outside_field_of_view") if grade is None else Score(grade)
        for letter, visit in letters.items()
        for item, grade in zip(form.items(), visits[visit], strict=True)
    }
    return ReadCase(subject, reader, letters, sheet)


def random_cases(form: Form, subjects, visits, readers, seed=0, missing=0.0) -> list[ReadCase]:
    """Readers who see the same truth with errors, and sites they could not assess."""
    rng = np.random.default_rng(seed)
    items = tuple(form.items())
    highest = np.array([item.feature.maximum for item in items])
    cases = []
    for subject in subjects:
        truth = rng.integers(0, highest + 1, size=(len(visits), len(items)))
        for reader in readers:
            seen = np.clip(truth + rng.integers(-1, 2, truth.shape), 0, highest).astype(float)
            seen[rng.random(seen.shape) < missing] = np.nan
            grades = [[None if grade != grade else grade for grade in row] for row in seen.tolist()]
            cases.append(read_case(form, subject, reader, dict(zip(visits, grades, strict=True))))
    return cases
