"""Real windows for the benchmarks: the reading window itself, and rivals of the same size."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QWidget

from reader_app.jobs import JobRunner
from reader_app.reading.window import ReadingWindow
from reader_app.theme import apply_theme
from storage.reading.reading import Reading
from viewer.widgets.image_pane import ImagePane

GRID = (1900, 1040)


def application() -> QApplication:
    """Return the application as the program sets it up."""
    cv2.setNumThreads(1)
    known = QApplication.instance()
    app = known if isinstance(known, QApplication) else QApplication([])
    apply_theme(app)
    return app


def settle() -> None:
    """Let everything that is waiting happen."""
    for _ in range(5):
        QApplication.processEvents()


class Painted(QObject):
    """Counts which of some widgets were painted."""

    def __init__(self, widgets: Sequence[QWidget]) -> None:
        super().__init__()
        self._missing: set[int] = set()
        self._all = {id(widget) for widget in widgets}
        self._panes = [widget for widget in widgets if isinstance(widget, ImagePane)]
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note a paint event."""
        if event.type() == QEvent.Type.Paint:
            self._missing.discard(id(watched))
        return False

    def time_of(self, act: Callable[[], object], patience: float = 2.0) -> float:
        """Return the milliseconds from *act* until every widget was painted and the screen was told.

        A pane that shows the same as before need not be painted.

        Raises:
            TimeoutError: A widget was not painted.
        """
        self._missing = set(self._all)
        before = {pane: pane.state for pane in self._panes}
        start = time.perf_counter()
        act()
        self._missing -= {id(pane) for pane, state in before.items() if pane.state == state}
        while self._missing:
            QApplication.processEvents()
            if time.perf_counter() - start > patience:
                raise TimeoutError(f"{len(self._missing)} of {len(self._all)} panes were not painted")
        QGuiApplication.sync()  # pyright: ignore[reportAttributeAccessIssue]
        return (time.perf_counter() - start) * 1000


def open_reading(folder: Path, layout: str | None = None, grid: tuple[int, int] = GRID) -> ReadingWindow:
    """Return a shown reading window whose pictures take a size of about *grid*."""
    window = ReadingWindow(Reading.open(folder), JobRunner())
    window.show()
    window.open_first()
    if layout is not None:
        window.layouts.show(next(one for one in window.layouts.standard if one.id == layout))
    settle()
    missing = grid[0] - window.grid.width(), grid[1] - window.grid.height()
    window.resize(window.width() + missing[0], window.height() + missing[1])
    settle()
    return window


def become_idle(window: ReadingWindow) -> None:
    """Wait until nothing goes on in the background of a reading window any more."""
    jobs = window._jobs
    while jobs._resting.isActive():
        QApplication.processEvents()
    for _ in range(3):  # what is done may ask for more
        for pool, threads in ((jobs._pool, 2), (jobs._queue, 1)):
            for waiting in [pool.submit(int) for _ in range(threads)]:
                waiting.result()
        settle()


def close_reading(window: ReadingWindow) -> None:
    """Close a reading window and its jobs."""
    window.close()
    window._jobs.close()


def wheel(
    pane: QWidget, notches: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    """Turn the mouse wheel over a pane; down goes to later slices."""
    middle = QPointF(pane.width() / 2, pane.height() / 2)
    event = QWheelEvent(
        middle,
        pane.mapToGlobal(middle),
        QPoint(),
        QPoint(0, -120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(pane, event)


def mouse(pane: QWidget, kind: QEvent.Type, place: QPointF, button: Qt.MouseButton) -> None:
    """Press, move or release a mouse button over a pane."""
    held = button if kind != QEvent.Type.MouseButtonRelease else Qt.MouseButton.NoButton
    pressed = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else button
    event = QMouseEvent(kind, place, pane.mapToGlobal(place), pressed, held, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(pane, event)


def pictures_of(window: ReadingWindow) -> tuple[ImagePane, ...]:
    """Return the panes that show a picture."""
    return tuple(pane for pane in window.grid.visible_panes if pane.state.picture is not None)


class ReadyPicture(QWidget):
    """The limit of any display: copies the pixels of a slice and paints a picture that is ready."""

    def __init__(self, volume: np.ndarray) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._volume = volume
        self._copy = np.empty_like(volume[0])
        self._image = QImage()

    def show_slice(self, index: int) -> None:
        """Copy the pixels of a slice and ask for a paint."""
        np.copyto(self._copy, self._volume[index])
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the ready picture."""
        if self._image.size() != self.size():
            self._image = QImage(self.size(), QImage.Format.Format_RGB32)
            self._image.fill(0x808080)
        painter = QPainter(self)
        painter.drawImage(0, 0, self._image)
        painter.end()


def ready_pictures(
    volumes: Sequence[np.ndarray], columns: int, size: tuple[int, int] = GRID
) -> tuple[QWidget, list[ReadyPicture]]:
    """Return a shown window of the *size* of the pictures in :func:`open_reading`."""
    window = QWidget()
    layout = QGridLayout(window)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2)
    panes = [ReadyPicture(volume) for volume in volumes]
    for number, pane in enumerate(panes):
        layout.addWidget(pane, number // columns, number % columns)
    window.resize(*size)
    window.show()
    settle()
    return window, panes


def pyqtgraph_views(
    volumes: Sequence[np.ndarray],
    columns: int,
    levels: tuple[float, float],
    size: tuple[int, int] = GRID,
    *,
    smooth: bool,
) -> tuple[Any, list[Any]] | None:
    """Return a shown pyqtgraph window and its image items; None where pyqtgraph is not installed."""
    try:
        import pyqtgraph
    except ImportError:
        print("pyqtgraph is not installed: the comparison with it is left out (pip install pyqtgraph)")
        return None
    pyqtgraph.setConfigOptions(imageAxisOrder="row-major")
    window = pyqtgraph.GraphicsLayoutWidget()
    window.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    items = []
    for number, volume in enumerate(volumes):
        view = window.addViewBox(
            number // columns, number % columns, lockAspect=True, invertY=True, enableMouse=False
        )
        item = pyqtgraph.ImageItem(volume[0], autoLevels=False)
        item.setLevels(levels)
        view.addItem(item)
        items.append(item)
    window.resize(*size)
    window.show()
    settle()
    return window, items
