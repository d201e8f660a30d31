"""From the start of the process to its first painted window, against a script that imports everything."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable

from benchmarks import scenes
from benchmarks.compare import compare, goal

_REPORT = """
from pathlib import Path
lines = Path('/proc/self/status').read_text().splitlines()
peak = next(int(line.split()[1]) for line in lines if line.startswith('VmHWM')) / 1024
import json, sys
heavy = ('sqlalchemy.orm', 'alembic', 'scipy', 'pydicom', 'SimpleITK', 'imagecodecs')
print(json.dumps([peak, [name for name in heavy if name in sys.modules]]), flush=True)
import os
os._exit(0)  # ending is not measured
"""
_PROGRAMS = {
    "start screen": """
from reader_app.app import Program
from reader_app.start import StartWindow
program = Program()
program.show(StartWindow(program))
program.app.processEvents()
""",
    "first window of read": """
from reader_app.app import Program
program = Program()
window = program.opening("Opening the reading …")
window.__enter__()
""",
    "reading window with its case": """
import sys
from pathlib import Path
from reader_app.app import Program
program = Program()
program.open_reading(Path(sys.argv[1]))
program.app.processEvents()
""",
    "everything imported": """
import numpy, cv2, pydicom, SimpleITK, imagecodecs, sqlalchemy.orm, alembic.command, pyqtgraph
import PySide6.QtWidgets as q
app = q.QApplication([])
window = q.QMainWindow()
window.setCentralWidget(q.QLabel("hi"))
window.show()
app.processEvents()
""",
}


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    reports: dict[str, tuple[float, list[str]]] = {}
    variants = {name: _runner(name, reports) for name in _PROGRAMS}
    found = compare("process start to first window", variants, "everything imported", arguments.rounds)
    for name, (peak, heavy) in reports.items():
        print(f"{name}: {peak:.0f} MiB, imported: {', '.join(heavy) or 'nothing heavy'}")
    for name in list(_PROGRAMS)[:2]:
        goal(f"{name}, against importing everything", found[name].ratio, 0.3, "x")
        goal(f"{name}, memory", reports[name][0], 100, " MiB")


def _runner(name: str, reports: dict[str, tuple[float, list[str]]]) -> Callable[[], None]:
    code = _PROGRAMS[name] + _REPORT

    def run() -> None:
        folder = str(scenes.copy_of(scenes.mr_reading(12, "AB", 2)))
        command = [sys.executable, "-c", code, folder]
        done = subprocess.run(
            command,
            env={"QT_QPA_PLATFORM": "xcb" if "DISPLAY" in os.environ else "offscreen", **os.environ},
            capture_output=True,
            text=True,
            check=True,
        )
        peak, heavy = json.loads(done.stdout.splitlines()[-1])
        reports[name] = peak, heavy

    return run


if __name__ == "__main__":
    main()
