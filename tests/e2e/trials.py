"""Small trials as DICOM files, and a reader who knows the truth and types it into tables."""

import csv
import io
import json
import zlib
from pathlib import Path

import numpy as np
from pydicom.uid import generate_uid

from reader_app.cli import main
from storage.study.records import Visit
from storage.study.store import Study
from tests.unit.viewer.dicom_writer import AXIAL, CORONAL, write_film, write_stack

PASSWORD = "correct horse battery"
VISITS = (("Baseline", 0, "20210301"), ("Month three", 12, "20210524"), ("Final", 36, "20211108"))
COLUMNS = ("case", "timepoint", "system", "feature", "side", "site", "value", "not_assessable")
MR_SERIES = (
    ("cor T1 pre", CORONAL, (0, 2, 0), None),
    ("cor T1 post Gd", CORONAL, (0, 2, 0), "Omniscan"),
    ("ax T1 pre", AXIAL, (0, 0, 2), None),
    ("ax T1 post Gd", AXIAL, (0, 0, 2), "Omniscan"),
    ("cor STIR", CORONAL, (0, 3, 0), None),
)


def write_trial(folder: Path, subjects=("P01", "P02", "P03"), visits=VISITS, **attributes) -> Path:
    """Write every MR role and a film of each hand for all subjects and visits, a folder each."""
    for number, subject in enumerate(subjects):
        for label, _, day in visits:
            place = folder / subject / label
            write_mr(place, subject, day, laterality="LR"[number % 2], **attributes)
            write_films(place, subject, day, **attributes)
    return folder


def write_mr(folder, patient_id, day, *, laterality="L", series=MR_SERIES, count=4, **attributes):
    """Write the MR series of one visit."""
    study_uid, frame_uid = generate_uid(), generate_uid()
    shift = zlib.crc32(f"{patient_id}{day}".encode()) % 50
    for number, (description, orientation, step, agent) in enumerate(series, start=1):
        given = {
            "PatientID": patient_id,
            "StudyDate": day,
            "StudyInstanceUID": study_uid,
            "SeriesInstanceUID": generate_uid(),
            "SeriesNumber": number,
            "FrameOfReferenceUID": frame_uid,
            "SeriesDescription": description,
            "Laterality": laterality,
            **({"ContrastBolusAgent": agent} if agent else {}),
            **attributes,
        }
        start = (shift, 10.0 + shift, -20.0)
        write_stack(folder / f"mr{number}", count, step=step, start=start, orientation=orientation, **given)


def write_films(folder, patient_id, day, **attributes):
    """Write a film of each hand."""
    for side in "LR":
        given = {
            "PatientID": patient_id,
            "StudyDate": day,
            "StudyInstanceUID": generate_uid(),
            "SeriesInstanceUID": generate_uid(),
            "ImageLaterality": side,
            "SeriesDescription": "hand PA",
            **attributes,
        }
        pixels = (
            np.arange(48, dtype=np.uint16).reshape(8, 6)
            + zlib.crc32(f"{patient_id}{day}{side}".encode()) % 99
        )
        write_film(folder / f"film{side}.dcm", pixels=pixels, **given)


def new_study(folder: Path, visits=VISITS) -> Path:
    """Make an empty study with these visits."""
    Study.create(folder, "Trial", [Visit(label, week) for label, week, _ in visits]).close()
    return folder


def keys_of(study: Path, reading: Path):
    """Return (case code, letter) to (subject, visit), the side of the case and whether it is a repeat."""
    with Study.open(study, read_only=True) as opened:
        allocated = [one for a_round in opened.rounds() for one in opened.every_reading(a_round.id)]
    (key,) = [one for one in allocated if Path(one.path) == reading]
    return {
        (case.code, timepoint.letter): (case.subject, timepoint.visit, case.side, case.repeat)
        for case in key.cases
        for timepoint in case.timepoints
    }


def grade(*place, highest=3) -> int:
    """Return an invented grade that depends on nothing but where it belongs."""
    return zlib.crc32("/".join(map(str, place)).encode()) % (int(highest) + 1)


def table_of(rows, columns=COLUMNS) -> str:
    """Return rows as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def full_rows(shown, keys, value_of):
    """Return a row for every cell; *value_of* gets subject, visit, side of the case and line of the form."""
    rows = []
    for case in shown["cases"]:
        for letter in case["timepoints"]:
            subject, visit, side, _ = keys[case["code"], letter]
            for item in shown["form"]:
                row = {"case": case["code"], "timepoint": letter, "side": item["side"] or ""}
                row |= {name: item[name] for name in ("system", "feature", "site")}
                entered = value_of(subject, visit, side, item)
                row["not_assessable" if isinstance(entered, str) else "value"] = entered
                rows.append(row)
    return rows


def read_table(path: Path):
    """Return the rows of an exported table as dicts."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class CommandLine:
    """Runs commands in this process and gives back what they printed as JSON."""

    def __init__(self, capsys):
        self._capsys = capsys

    def __call__(self, *arguments, status=0):
        """Run with ``--json`` and return the document; the exit status must be *status*."""
        found = main([*map(str, arguments), "--json"])
        self.printed = self._capsys.readouterr()
        assert found == status, self.printed.err
        return json.loads(self.printed.out) if self.printed.out else None

    def text(self, *arguments, status=0):
        """Run as people do and return (stdout, stderr)."""
        assert main([*map(str, arguments)]) == status
        self.printed = self._capsys.readouterr()
        return self.printed.out, self.printed.err
