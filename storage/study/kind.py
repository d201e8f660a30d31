"""What makes a file a study's."""

from __future__ import annotations

from pathlib import Path

from storage.sqlite_file import StoreKind, in_sequence_trigger
from storage.study.schema import metadata

STUDY_KIND = StoreKind(
    name="study",
    application_id=0x52415354,  # "RAST"
    version=(1, 2),
    metadata=metadata,
    append_only=(
        "audit",
        "round_case",
        "reading_case",
        "reading_timepoint",
        "reading_image",
        "signature",
        "score",
        "reopening_request",
        "reopening_grant",
        "adjudication",
        "adjudicated_case",
    ),
    triggers=(in_sequence_trigger("audit"),),
    migrations=Path(__file__).parent / "migrations",
    revision="0003",
)
