"""Commands about pictures: start screen, demo, plain viewer, scan."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reader_app.cli.arguments import Commands, Parents
from reader_app.cli.output import print_result, progress

if TYPE_CHECKING:
    from viewer.imaging.series import Series


def add_commands(commands: Commands, as_json: argparse.ArgumentParser) -> None:
    """Add demo, view and scan."""
    _add_demo(commands, [as_json])
    _add_view(commands)
    _add_scan(commands, [as_json])


def run_start(_arguments: argparse.Namespace) -> int:
    """Open the start screen."""
    from reader_app.app import run_start as open_start

    return open_start()


def _add_demo(commands: Commands, parents: Parents) -> None:
    demo = commands.add_parser(
        "demo",
        parents=parents,
        help="write the phantom study, prepare two rounds and open the first case",
        description="Write a small study of a digital hand phantom with an MRI and a radiograph round, and "
        "open the reader's first case. A demo that is there already is used again.",
    )
    demo.add_argument(
        "folder", nargs="?", type=Path, metavar="FOLDER", help="default: in the user's data folder"
    )
    demo.add_argument(
        "--subjects", type=_subjects, default=4, metavar="N", help="number of subjects (default 4)"
    )
    demo.add_argument("--no-window", action="store_true", help="only write it and print where")
    demo.set_defaults(run=_run_demo)


def _subjects(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 50:
        raise argparse.ArgumentTypeError("use 1 to 50 subjects")
    return number


def _run_demo(arguments: argparse.Namespace) -> int:
    if not arguments.no_window:
        from reader_app.app import run_demo

        return run_demo(arguments.folder, arguments.subjects)
    from reader_app.workflow.demo import build_demo

    demo = build_demo(arguments.folder, arguments.subjects, progress("Demo"))
    document = {
        "study": str(demo.study),
        "readings": [str(path) for path in demo.readings],
        "truth": str(demo.truth),
    }
    lines = [
        f"study    {demo.study}",
        *(f"reading  {path}" for path in demo.readings),
        f"truth    {demo.truth}",
    ]
    print_result(arguments.json, document, lines)
    return 0


def _add_view(commands: Commands) -> None:
    view = commands.add_parser("view", help="look at files or folders, without a study")
    view.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="file or folder of images")
    view.set_defaults(run=_run_view)


def _run_view(arguments: argparse.Namespace) -> int:
    from reader_app.app import run_viewer
    from reader_app.workflow.errors import PathNotFoundError

    for path in arguments.paths:
        if not path.exists():
            raise PathNotFoundError(str(path))
    return run_viewer(arguments.paths)


def _add_scan(commands: Commands, parents: Parents) -> None:
    scan = commands.add_parser(
        "scan",
        parents=parents,
        help="say what is in files or folders; changes nothing",
        description="List the series in files and folders with their recognised roles, and the files that "
        "are not read with the reason. Changes nothing.",
    )
    scan.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="file or folder, searched to any depth"
    )
    scan.set_defaults(run=_run_scan)


def _run_scan(arguments: argparse.Namespace) -> int:
    from reader_app.workflow.errors import PathNotFoundError
    from viewer.imaging.worker import ImagingWorker

    for path in arguments.paths:
        if not path.exists():
            raise PathNotFoundError(str(path))
    with ImagingWorker() as worker:
        found = worker.scan(arguments.paths, progress("Scan"))
    document = {
        "files_seen": found.files_seen,
        "series": [_series_facts(one) for one in found.series],
        "rejected": [{"path": str(one.path.absolute()), "reason": one.reason} for one in found.rejected],
    }
    lines = [line for one in found.series for line in _series_lines(one)]
    lines += [f"rejected  {one.path}: {one.reason}" for one in found.rejected]
    lines.append(f"{found.files_seen} files, {len(found.series)} series, {len(found.rejected)} rejected")
    print_result(arguments.json, document, lines)
    return 0


def _series_facts(series: Series) -> dict[str, Any]:
    return {
        "series_uid": series.series_uid,
        "modality": series.modality,
        "description": series.description,
        "role": series.role,
        "role_reason": series.role_reason,
        "n_images": series.n_images,
        "rows": series.rows,
        "columns": series.columns,
        "spacing_mm": list(series.spacing_mm),
        "plane": series.plane,
        "laterality": series.laterality,
        "contrast": series.contrast,
        "problems": list(series.problems),
    }


def _series_lines(series: Series) -> list[str]:
    spacing = " x ".join("?" if value is None else f"{value:.3g}" for value in series.spacing_mm)
    facts = [
        f"{series.n_images} x {series.rows} x {series.columns}",
        f"{spacing} mm",
        series.plane or "no plane",
    ]
    if series.laterality:
        facts.append({"L": "left", "R": "right"}[series.laterality])
    lines = [f"{series.role}  {series.modality}  {', '.join(facts)}", f"    {series.series_uid}"]
    lines.append(f"    role: {series.role_reason}")
    return lines + [f"    ! {problem}" for problem in series.problems]
