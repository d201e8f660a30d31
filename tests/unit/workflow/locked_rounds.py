"""Rounds that were read, collected and locked, without a single image."""

from dataclasses import dataclass, field, replace
from typing import Any

from scoring_forms.domain.form import compose_form
from scoring_forms.domain.rules import RoundRules
from scoring_forms.domain.score import Score
from storage.annotations import Annotations
from storage.study.records import (
    AdjudicatedCase,
    Adjudication,
    AllocatedCase,
    AllocatedReading,
    AllocatedTimepoint,
    CollectedCase,
    RoundPlan,
    Subject,
    Visit,
)
from storage.study.store import Study

VISITS = (Visit("Baseline", 0), Visit("Week 12", 12.5), Visit("Late"))


@dataclass
class Trial:
    """What is read by whom; ``score_of`` gets reader, subject, visit and line of the form."""

    score_of: Any = lambda *place: Score(1)
    systems: tuple = ("ramris_2003",)
    features: tuple | None = None
    readers: tuple = ("Ann",)
    subjects: tuple = ("P01", "P02")
    visits: tuple = VISITS
    title: str = "RAMRIS"
    adjudication: tuple = ()
    method: Any = None
    adjudicator: Any = None
    adjudicated: tuple = ()  # subjects
    repeats: tuple = ()
    rules: RoundRules = field(default_factory=RoundRules)
    annotations_of: Any = lambda *place: Annotations()
    collected: bool = True
    locked: bool = True

    def write(self, folder):
        """Make the study and return its folder."""
        with Study.create(folder, "A trial", self.visits) as study:
            self._fill(study)
        return folder

    def add(self, study, codes_from):
        """Add the round to a study that has its subjects and visits; codes count from a number on."""
        self._fill(study, codes_from)

    def _fill(self, study, first=0):
        form = compose_form(self.systems, self.features)
        labels = tuple(visit.label for visit in self.visits)
        plan = RoundPlan(
            *(self.title, form, "paired", labels, self.readers, 0, 2**127 + 5),
            *(self.adjudication, "readings", self.rules, self.method),
        )
        with study.transaction():
            for subject in self.subjects:
                study.put_subject(Subject(subject, "R"))
            a_round = study.add_round(plan)
            readings = [self._reading(number, reader) for number, reader in enumerate(self.readers, first)]
            codes = {subject: f"R{first or ''}{subject}" for subject in self.subjects}
            study.allocate(a_round.id, codes, readings, {})
            for reading in readings if self.collected else ():
                study.add_collected(reading.code, [self._case(form, reading, case) for case in reading.cases])
            if self.adjudicator:
                reading = self._adjudication(first + len(readings))
                study.allocate(a_round.id, {}, [reading], {})
                study.add_collected(reading.code, [self._case(form, reading, case) for case in reading.cases])
        if self.locked:
            study.lock_round(a_round.id, "nothing missing")

    def _reading(self, number, reader):
        letters = "CAB"[number % 3 :] + "CAB"[: number % 3] + "DEF"  # every reader sees other letters
        timepoints = tuple(
            AllocatedTimepoint(letter, visit.label)
            for letter, visit in zip(letters, self.visits, strict=False)
        )
        planned = [(subject, False) for subject in self.subjects] + [(one, True) for one in self.repeats]
        cases = tuple(
            AllocatedCase(f"K{number}{position:03}", position, subject, "R", repeat, timepoints)
            for position, (subject, repeat) in enumerate(planned)
        )
        return AllocatedReading(f"READ{number}", reader, f"readings/READ{number}.reading", "a" * 64, cases)

    def _adjudication(self, number):
        reading = self._reading(number, self.adjudicator)
        cases = tuple(case for case in reading.cases if case.subject in self.adjudicated)
        keys = tuple(AdjudicatedCase(case.code, False, *self.readers) for case in cases)
        return replace(reading, cases=cases, adjudication=Adjudication(0.0, 7, keys))

    def _case(self, form, reading, case):
        sheet = {}
        for timepoint in case.timepoints:
            for item in form.items():
                score = self.score_of(reading.reader, case.subject, timepoint.visit, item)
                if score is not None:
                    sheet[item.cell(timepoint.letter)] = score
        left = self.annotations_of(reading.reader, case, form)
        receipt = {"case_code": case.code, "printed_name": reading.reader, "seq": 9, "hash": "b" * 64}
        return CollectedCase(case.code, receipt, "c" * 64, sheet, left)
