"""Commands about what a locked round says: export, analyse."""

from __future__ import annotations

import argparse
from pathlib import Path

from reader_app.cli.arguments import Commands, Parents, add_round_title
from reader_app.cli.output import print_error, print_result, progress
from reader_app.cli.stores import open_study

_REPORTS = (".html", ".pdf")


def add_export(steps: Commands, parents: Parents) -> None:
    """Add ``study export``."""
    export = steps.add_parser("export", parents=parents, help="write the score sheets of a locked round")
    add_round_title(export)
    export.add_argument("--out", required=True, type=Path, metavar="DIR", help="nothing there is overwritten")
    export.add_argument("--format", default="csv", metavar="FORMATS", help="some of csv,xlsx,sav,dta,xpt")
    export.set_defaults(run=_run_export)


def _run_export(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.export import export_round

    formats = [one.strip().lower() for one in arguments.format.split(",")]
    with open_study(arguments) as study:
        files = export_round(study, arguments.round, arguments.out, formats, progress("Export"))
    print_result(arguments.json, {"files": [str(path) for path in files]}, [str(path) for path in files])
    return 0


def add_analyse(steps: Commands, parents: Parents) -> None:
    """Add ``study analyse``."""
    analyse = steps.add_parser(
        "analyse",
        parents=parents,
        help="median and change by visit, agreement of readers, of a locked round",
        description="The founding paper's table (median and range by visit, Wilcoxon-Pratt, increase / no "
        "change / decrease), SRM, progression, agreement of readers and of repeats. What cannot be "
        "calculated says why; nothing is filled in.",
    )
    add_round_title(analyse)
    analyse.add_argument(
        "--out", type=Path, metavar="FILE", help="a report, .html or .pdf; nothing is overwritten"
    )
    analyse.add_argument(
        "--against", metavar="R2", help="another locked round of the study, for concordance and correlation"
    )
    analyse.add_argument(
        "--clinical",
        type=Path,
        metavar="TABLE",
        help="CSV of clinical values with the columns subject, visit and one for each value: correlation "
        "with the scores; from tjc28, sjc28, esr or crp, gh also DAS28 and EULAR, with pain, patient_global, "
        "physician_global and haq ACR",
    )
    analyse.add_argument(
        "--p-method",
        choices=("auto", "exact", "asymptotic"),
        default="auto",
        help="default auto: exact up to 50 changed scores",
    )
    analyse.set_defaults(run=_run_analyse)


def _run_analyse(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.analyse import analyse_round
    from reader_app.workflow.analysis_document import analysis_document
    from reader_app.workflow.analysis_text import analysis_lines
    from reader_app.workflow.round_comparison import compare_analyses

    out: Path | None = arguments.out
    if out is not None and out.suffix.lower() not in _REPORTS:
        print_error(f"A report is {' or '.join(_REPORTS)}; {out.name} is neither.")
        return 2
    with open_study(arguments, read_only=out is None) as study:
        method = arguments.p_method
        analysis = analyse_round(study, arguments.round, progress("Analyse"), method)
        comparisons = None
        if arguments.against:
            other = analyse_round(study, arguments.against, method=method)
            comparisons = compare_analyses(analysis, other)
        clinical = None
        if arguments.clinical:
            from reader_app.workflow.clinical_results import clinical_results
            from reader_app.workflow.clinical_table import read_clinical_table

            table = read_clinical_table(arguments.clinical, analysis.cube.subjects, analysis.cube.visits)
            clinical = clinical_results(analysis, table)
        document = analysis_document(analysis, comparisons, clinical)
        lines = analysis_lines(analysis, comparisons, clinical)
        if out is not None:
            from reader_app.workflow.report import write_report

            path = write_report(study, analysis, out, comparisons, clinical)
            document["report"] = str(path)
            lines = [str(path)]
    print_result(arguments.json, document, lines)
    return 0
