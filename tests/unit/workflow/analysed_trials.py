"""Rounds whose readers see the same slow progression, each with errors of their own."""

import zlib

from reader_app.workflow.analyse import analyse_round
from scoring_forms.domain.score import Score
from storage.study.records import Visit
from storage.study.store import Study
from tests.unit.workflow.locked_rounds import Trial

READERS = ("Ann", "Bo")
SUBJECTS = tuple(f"P{number:02}" for number in range(1, 13))
WEEKS = {"Baseline": 0, "Week 12": 12, "Week 36": 36}
VISITS = tuple(Visit(label, week) for label, week in WEEKS.items())


def drawn(*place):
    """Return a number between 0 and 1 that depends on the place only."""
    return zlib.crc32("/".join(map(str, place)).encode()) * 2654435761 % 2**32 / 2**32


def noisy(reader, subject, visit, item):
    """Return the truth of a site at a visit, and in one of five cells one grade more or less."""
    place = (subject, item.feature.id, item.side, item.site.id)
    truth = int(3 * drawn("truth", *place))
    rises = drawn("speed", subject) * WEEKS[visit] / 36 > 2 * drawn("when", *place)
    error = {0: -1, 1: 1}.get(int(10 * drawn("error", reader, visit, *place)), 0)
    return Score(min(max(truth + rises + error, 0.0), item.feature.maximum))


def trial(**different):
    """Return a trial of two readers, three visits and twelve subjects."""
    return Trial(
        different.pop("score_of", noisy),
        **{"readers": READERS, "subjects": SUBJECTS, "visits": VISITS, **different},
    )


def analysed(folder, a_trial, name="RAMRIS", **how):
    """Write the trial and analyse its round."""
    with Study.open(a_trial.write(folder), read_only=True) as study:
        return analyse_round(study, name, **how)
