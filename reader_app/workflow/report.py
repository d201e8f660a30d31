"""The report of a locked round as a file, HTML or PDF: the same bytes for the same study."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from reader_app.workflow.analyse import Checkpoint, RoundAnalysis
from reader_app.workflow.clinical_results import ClinicalResults
from reader_app.workflow.errors import UnknownFormatError
from reader_app.workflow.report_content import Report, report_of
from reader_app.workflow.round_comparison import Comparison
from reader_app.workflow.written_files import refuse_existing, write_files
from storage.arrays import disk_errors
from storage.study.store import Study

FORMATS = ("html", "pdf")


def write_report(
    study: Study,
    analysis: RoundAnalysis,
    path: Path,
    comparisons: Sequence[Comparison] | None = None,
    clinical: ClinicalResults | None = None,
) -> Path:
    """Write the report as the file's ending asks, note it in the audit trail, and return its path.

    Raises:
        UnknownFormatError: The ending is neither ``.html`` nor ``.pdf``.
        ExportExistsError: There is such a file; nothing is overwritten.
        StorageFullError, StorageUnavailableError: The disk is full or gone.
    """
    content = report_bytes(report_of(analysis, comparisons, clinical), path.suffix.lower().lstrip("."))
    path = path.absolute()
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_files({path: content})
    _note(study, analysis, path, content)
    return path


def write_reports(
    study: Study, analysis: RoundAnalysis, folder: Path, checkpoint: Checkpoint
) -> tuple[Path, ...]:
    """Write the report in every format into *folder*, and return the paths.

    Args:
        study: Open.
        analysis: The round.
        folder: Is there.
        checkpoint: Called for the parts of each format in turn. What it raises stops the report.

    Raises:
        ExportExistsError: One of the files is there.
        StorageFullError, StorageUnavailableError: The disk is full or gone.
            After any of these, and after a stop, nothing of the report is there.
    """
    stem = f"{file_stem(analysis.plan.title)}_report"
    paths = {form: folder / f"{stem}.{form}" for form in FORMATS}
    refuse_existing(paths.values())
    report = report_of(analysis)
    files = {path: report_bytes(report, form, checkpoint) for form, path in paths.items()}
    write_files(files)
    for path, content in files.items():
        _note(study, analysis, path, content)
    return tuple(files)


def _note(study: Study, analysis: RoundAnalysis, path: Path, content: bytes) -> None:
    study.note("report", item=analysis.plan.title, new=f"{path.name} {hashlib.sha256(content).hexdigest()}")


def file_stem(title: str) -> str:
    """Return a title as the beginning of a file's name: letters and digits of any alphabet, joined by _."""
    return "_".join(re.findall(r"\w+", title)) or "round"


def report_bytes(report: Report, form: str, checkpoint: Checkpoint = lambda _done, _total: None) -> bytes:
    """Return the file; *checkpoint* is called for each of its parts.

    Raises:
        UnknownFormatError: *form* is neither ``html`` nor ``pdf``.
    """
    if form == "html":
        from reader_app.workflow.report_html import report_html

        return report_html(report, checkpoint).encode()
    if form == "pdf":
        from reader_app.workflow.report_pdf import report_pdf

        return report_pdf(report, checkpoint)
    raise UnknownFormatError(form, FORMATS)
