"""A whole form typed without a pause: keys a second, keys an item, marks, and what the diagram costs."""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest

from benchmarks import scenes
from benchmarks.compare import compare, goal, per_event, percentile
from benchmarks.windows import application, close_reading, mouse, open_reading, pictures_of, settle
from reader_app.reading.window import ReadingWindow
from scoring_forms.domain.form import Form, compose_form
from scoring_forms.domain.score import Cell, Score, Sheet
from scoring_forms.domain.systems import available_systems
from scoring_forms.widgets.score_panel import ScorePanel
from storage.reading.reading import Reading
from tests.gui.windows import build


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--marks", type=int, default=100)
    arguments = parser.parse_args()
    application()
    _form_alone(arguments.rounds)
    _window()
    _marks(arguments.marks)
    _diagram(arguments.rounds)


class _Owner:
    """Shows what was entered and stores nothing: the form's own share of the time."""

    def __init__(self, panel: ScorePanel) -> None:
        self.panel = panel
        self.sheet: dict[Cell, Score] = {}
        panel.table.score_entered.connect(self.enter)

    def enter(self, cell: Cell, score: Score) -> None:
        """Keep and show a score."""
        self.sheet = {**self.sheet, cell: score}
        self.panel.show_scores(self.sheet, locked=False)


def _form_alone(rounds: int) -> None:
    """Time a key in the form of every system: three timepoints, half of the cells filled."""
    keys = 40
    panels: dict[str, ScorePanel] = {}
    owners: list[_Owner] = []
    for system in available_systems():
        panel = panels[system] = ScorePanel()
        owners.append(_Owner(panel))
        panel.resize(420, 760)
        panel.show_case(compose_form([system]), "ABC", {}, locked=False)
        panel.show()
        for _ in range(len(panel.cells()) // 2):
            _press(panel, "0")
    settle()

    def run(panel: ScorePanel) -> None:
        panel.go_to(panel.cells()[0])
        for _ in range(keys):
            _press(panel, random.choice("01"))
            QCoreApplication.processEvents()

    variants = {name: lambda panel=panel: run(panel) for name, panel in panels.items()}
    compare("one key in the form, handled and painted", variants, "sharp_1985", rounds, keys)
    for panel in panels.values():
        panel.close()


def _window() -> None:
    """Type a case in the real program and look whether all of it is stored."""
    with tempfile.TemporaryDirectory() as folder:
        form = compose_form(["ramris_2003"])
        window = open_reading(build(Path(folder), form, letters="A"))
        _type_case(window, form)


def _type_case(window: ReadingWindow, form: Form) -> None:
    panel = window.panel
    cells = panel.cells()
    draw = random.Random(7)
    truth = {cell: draw.choice(_grades(form.item(cell).feature.maximum)) for cell in cells}
    keys = [
        key
        for cell, following in zip(cells, [*cells[1:], None], strict=True)
        for key in _keys(truth, cell, following)
    ]
    panel.go_to(cells[0])
    times: list[float] = []
    begun = time.perf_counter()
    for key in keys:
        start = time.perf_counter()
        _press(panel, key)
        times.append((time.perf_counter() - start) * 1000)
    seconds = time.perf_counter() - begun
    lost = _lost(window, truth)
    close_reading(window)
    per_event("a key until its score is on the disk, sent without a pause", {"RAMRIS, all features": times})
    print(
        f"{len(keys)} keys for {len(cells)} items in {seconds:.2f} s: {len(keys) / seconds:.0f} keys a second"
    )
    goal("keys lost", lost, 0)
    goal("keys an item", len(keys) / len(cells), 1.2)


def _marks(count: int) -> None:
    """Time the key that marks the place at the cursor, until the mark is stored and the key handled."""
    window = open_reading(scenes.copy_of(scenes.mr_reading(letters="AB")))
    pane = pictures_of(window)[0]
    table, draw = window.panel.table, random.Random(7)
    times: list[float] = []
    for _ in range(count):
        place = QPointF(pane.width() * draw.uniform(0.3, 0.7), pane.height() * draw.uniform(0.3, 0.7))
        mouse(pane, QEvent.Type.MouseMove, place, Qt.MouseButton.NoButton)
        settle()
        start = time.perf_counter()
        QTest.keyClick(table, Qt.Key.Key_E)
        times.append((time.perf_counter() - start) * 1000)
    folder = window._reading.folder
    close_reading(window)
    per_event("the key E until its mark is on the disk", {f"{count} marks, one after the other": times})
    with Reading.open(folder, read_only=True) as reading:
        goal("marks lost", count - sum(len(reading.marks(case.code)) for case in reading.cases()), 0)
    goal("key to stored mark, p99", percentile(times, 99), 50, " ms")


def _lost(window: ReadingWindow, truth: dict[Cell, int]) -> int:
    scores = window.scoring.scores
    sheet: Sheet = scores.sheet if scores else {}
    return sum(cell not in sheet or sheet[cell].value != value for cell, value in truth.items())


def _grades(maximum: float) -> list[int]:
    """Return grades as they come in a trial: most bones are normal."""
    return [*[0] * 6, *range(1, int(maximum) + 1)]


def _keys(truth: dict[Cell, int], cell: Cell, following: Cell | None) -> list[str]:
    """Return the keys of one item; a one before a nought needs Enter, as it would become ten."""
    grows = cell.feature == "bone_erosion" and truth[cell] == 1
    ends = grows and (following is None or truth[following] == 0)
    return [*str(truth[cell]), *(["\r"] if ends else [])]


def _press(panel: ScorePanel, text: str) -> None:
    key = Qt.Key.Key_Return if text == "\r" else Qt.Key(ord(text))
    event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text)
    QCoreApplication.sendEvent(panel.table, event)


def _diagram(rounds: int) -> None:
    """Time the grades on the kept picture of both hands against painting the SVG anew."""
    panel = ScorePanel()
    panel.resize(520, 900)
    panel.show_case(compose_form(["xray_eroded_bones"]), "A", {}, locked=False)
    owner = _Owner(panel)
    panel.show()
    for _ in range(70):
        QTest.keyClick(panel.table, "1")
    settle()
    diagram = panel.diagram
    assert len(owner.sheet) == 70

    def anew() -> None:
        diagram._still = None
        diagram.repaint()

    def one() -> None:
        place = diagram.place_of("lunate", "L")
        assert place is not None
        diagram.repaint(QRect(place.toPoint() - QPoint(8, 8), QSize(16, 16)))

    variants = {"its SVG painted anew": anew, "on a kept picture": diagram.repaint, "one grade": one}
    found = compare("the diagram of both hands, 70 grades", variants, "its SVG painted anew", rounds)
    panel.close()
    goal("one grade, against the whole diagram", found["one grade"].ratio, 0.2, "x")


if __name__ == "__main__":
    main()
