"""Between a series as scanned and a series as the study stores it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from storage.study.records import StoredSeries
from viewer.imaging.series import ImageFile, Series

_TUPLES = ("spacing_mm", "problems")


def store_series(series: Series, names: Mapping[Path, str], subject: str, visit: str) -> StoredSeries:
    """Return *series* as the study stores it; *names* gives every file's name in ``originals/``."""
    facts: dict[str, Any] = asdict(series)
    facts["files"] = [
        {"name": names[file.path], "sop_instance_uid": file.sop_instance_uid, "frames": list(file.frames)}
        for file in series.files
    ]
    return StoredSeries(
        series_uid=series.series_uid,
        study_instance_uid=series.study_instance_uid,
        subject=subject,
        visit=visit,
        modality=series.modality,
        role=series.role,
        recognised_role=series.role,
        role_reason=series.role_reason,
        patient_id=series.patient_id,
        study_date=series.study_date,
        laterality=series.laterality,
        problems=series.problems,
        facts=facts,
    )


def restore_series(stored: StoredSeries, originals: Path) -> Series:
    """Return the series ready to be read from *originals*, with the role the coordinator left it in."""
    facts = dict(stored.facts)
    facts["files"] = tuple(
        ImageFile(originals / file["name"], file["sop_instance_uid"], tuple(file["frames"]))
        for file in facts["files"]
    )
    facts.update({name: tuple(facts[name]) for name in _TUPLES})
    return replace(Series(**facts), role=stored.role)
