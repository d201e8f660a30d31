"""The report of a locked round as a file, HTML or PDF: the same bytes for the same study."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

from reader_app.workflow.analyse import Checkpoint, RoundAnalysis
from reader_app.workflow.errors import UnknownFormatError
from reader_app.workflow.report_content import Report, report_of
from reader_app.workflow.round_comparison import Comparison
from storage.arrays import disk_errors, sync_folder
from storage.study.store import Study
from storage.tables.errors import ExportExistsError

FORMATS = ("html", "pdf")


def write_report(
    study: Study, analysis: RoundAnalysis, path: Path, comparisons: Sequence[Comparison] | None = None
) -> Path:
    """Write the report as the file's ending asks, note it in the audit trail, and return its path.

    Raises:
        UnknownFormatError: The ending is neither ``.html`` nor ``.pdf``.
        ExportExistsError: There is such a file; nothing is overwritten.
        StorageFullError, StorageUnavailableError: The disk is full or gone.
    """
    content = report_bytes(report_of(analysis, comparisons), path.suffix.lower().lstrip("."))
    path = path.absolute()
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_new(path, content)
        sync_folder(path.parent)
    study.note("report", item=analysis.plan.title, new=f"{path.name} {hashlib.sha256(content).hexdigest()}")
    return path


def write_reports(
    study: Study, analysis: RoundAnalysis, folder: Path, checkpoint: Checkpoint
) -> tuple[Path, ...]:
    """Write the report in every format into *folder*, and return the paths.

    Raises:
        ExportExistsError: One of the files is there; nothing was written.
        StorageFullError, StorageUnavailableError: The disk is full or gone.
    """
    paths = [folder / f"{file_stem(analysis.plan.title)}_report.{form}" for form in FORMATS]
    for path in paths:
        if path.exists():
            raise ExportExistsError(path.name)
    written: list[Path] = []
    for number, path in enumerate(paths):
        checkpoint(number, len(paths))
        written.append(write_report(study, analysis, path))
    checkpoint(len(paths), len(paths))
    return tuple(written)


def file_stem(title: str) -> str:
    """Return a title as the beginning of a file's name: letters and digits of any alphabet, joined by _."""
    return "_".join(re.findall(r"\w+", title)) or "round"


def report_bytes(report: Report, form: str) -> bytes:
    """Return the file.

    Raises:
        UnknownFormatError: *form* is neither ``html`` nor ``pdf``.
    """
    if form == "html":
        from reader_app.workflow.report_html import report_html

        return report_html(report).encode()
    if form == "pdf":
        from reader_app.workflow.report_pdf import report_pdf

        return report_pdf(report)
    raise UnknownFormatError(form, FORMATS)


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, completely or not at all."""
    try:
        file = path.open("xb")
    except FileExistsError:
        raise ExportExistsError(path.name) from None
    try:
        with file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
