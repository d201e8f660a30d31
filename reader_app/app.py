"""What the command line opens: each function shows windows until they are closed and returns a status."""

from __future__ import annotations

from pathlib import Path

from reader_app.program import Program, has_display

_PICTURE = (1600, 960)
"""Width and height of the demo's picture: a workstation's, as what stands in for a display is small."""


def run_start() -> int:
    """Show the start screen until everything is closed."""
    from reader_app.start import StartWindow

    program = Program()
    program.show(StartWindow(program))
    return program.run()


def run_reading(folder: Path, case: str | None) -> int:
    """Read one reading.

    Raises:
        StorageError: It is no reading that can be opened.
    """
    program = Program()
    with program.opening("Opening the reading …"):
        program.open_reading(folder, case)
    return program.run()


def run_viewer(paths: list[Path]) -> int:
    """Look at images without a study."""
    program = Program()
    program.look_at(paths)
    return program.run()


def run_demo(folder: Path | None, subjects: int) -> int:
    """Build the demo or find it, and open its first case, ready to score.

    Without a display the window is painted offscreen into a picture whose path is printed; nothing is scored.
    """
    from reader_app.waiting import DemoBuilder, DemoDialog

    if not has_display():
        return _picture_of_demo(folder, subjects)
    program = Program()
    builder = DemoBuilder(program.jobs)
    dialog = DemoDialog(builder)
    builder.start(folder, subjects)
    accepted = dialog.exec()
    if dialog.error is not None:
        program.close()
        raise dialog.error
    if not accepted or dialog.demo is None:
        program.close()
        return 1
    program.open_reading(dialog.demo.readings[0])
    return program.run()


def _picture_of_demo(folder: Path | None, subjects: int) -> int:
    from reader_app.cli.output import progress
    from reader_app.workflow.demo import build_demo

    demo = build_demo(folder, subjects, progress("demo"))
    program = Program()
    window = program.open_reading(demo.readings[0])
    window.resize(*_PICTURE)
    program.app.processEvents()
    picture = demo.folder / "reading-window.png"
    window.grab().save(str(picture))
    program.close()
    print(f"No display: the reading window was painted into {picture}")  # noqa: T201
    return 0
