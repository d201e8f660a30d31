import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
QT_FREE = [
    "viewer.imaging",
    "viewer.display",
    "scoring_forms.domain",
    "scoring_forms.analysis",
    "storage",
    "reader_app.workflow",
    "reader_app.cli",
    "reader_app.messages",
]
IMPORT_EVERYTHING_BELOW = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for module in pkgutil.walk_packages(getattr(package, "__path__", []), package.__name__ + "."):
    if ".migrations" not in module.name and not module.name.endswith("__main__"):
        importlib.import_module(module.name)
qt = sorted(name for name in sys.modules if name.split(".")[0] in {"PySide6", "shiboken6", "pyqtgraph"})
print(" ".join(qt))
"""


@pytest.mark.parametrize("package", QT_FREE)
def test_importing_a_package_without_windows_brings_no_qt(package: str):
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    imported = subprocess.run(
        [sys.executable, "-c", IMPORT_EVERYTHING_BELOW, package],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert imported.returncode == 0, imported.stderr
    assert imported.stdout.strip() == ""
