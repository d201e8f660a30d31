"""The chosen cell of the matrix: its series with pictures, what each is for and why, and the last word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from reader_app.images.series_loader import SeriesLoader
from reader_app.images.series_words import facts_of
from reader_app.images.thumbnail import pixmap_of
from reader_app.jobs import JobRunner
from reader_app.messages import words_for
from reader_app.study.role_words import full_name
from reader_app.workflow.series_roles import ROLES
from reader_app.workflow.stored_series import restore_series
from storage.study.records import StoredSeries
from storage.study.store import Study
from viewer.imaging.series import Series

_EDGE = 84
_HANDS = (("from the headers", None), ("left", "L"), ("right", "R"))


class Inspector(QScrollArea):
    """Shows the series of one subject and visit."""

    role_picked = Signal(str, str)  # series UID, role
    side_picked = Signal(str, object)  # subject, side or None

    def __init__(self, study: Study, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(300)
        self.setAccessibleName("Series of the chosen visit")
        self._study = study
        self._pictures: dict[str, QPixmap] = {}
        self._subject = ""
        self.cards: dict[str, SeriesCard] = {}
        self.loader = SeriesLoader(jobs, self)
        self.loader.ready.connect(self._on_picture)
        self.loader.failed.connect(self._on_no_picture)
        self.title = _label(self, "inspectorTitle")
        self._words = _label(self, "inspectorNote")
        self._hand = QComboBox(self)
        self._hand.setAccessibleName("Imaged hand of this subject")
        self._hand.setToolTip("Which hand MRI rounds read: what the headers say, or your word")
        for text, side in _HANDS:
            self._hand.addItem(f"Hand: {text}", side)
        self._hand.activated.connect(self._on_hand)
        self._body = QWidget(self)
        self._body.setObjectName("inspectorBody")
        self._column = QVBoxLayout(self._body)
        self._column.setContentsMargins(16, 14, 14, 14)
        self._column.setSpacing(8)
        for widget in (self.title, self._words):
            self._column.addWidget(widget)
        self._column.addWidget(self._hand, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)  # takes what the cards do not need
        self.setWidget(self._body)
        self.show_nothing()

    def show_nothing(self) -> None:
        """Say what to do."""
        self._clear()
        self.title.setText("Nothing chosen")
        self._words.setText("Choose a visit of a subject to see its series, what each is for, and why.")
        self._hand.hide()

    def show_place(
        self, subject: str, visit: str, side: str | None, problem: str, series: Sequence[StoredSeries]
    ) -> None:
        """Show what is filed under a subject and visit; ``side`` is the coordinator's word on the hand."""
        self._clear()
        self._subject = subject
        self.title.setText(f"{subject} · {visit}")
        count = "1 series" if len(series) == 1 else f"{len(series)} series"
        nothing = "No series is filed here."
        self._words.setText(". ".join(part for part in (count if series else nothing, problem) if part))
        self._hand.setCurrentIndex([value for _, value in _HANDS].index(side))
        self._hand.show()
        for one in sorted(series, key=_order):
            self._add_card(one)

    def _add_card(self, stored: StoredSeries) -> None:
        series = restore_series(stored, self._study.originals)
        card = SeriesCard(stored, series, self._body)
        card.role_picked.connect(self.role_picked)
        self.cards[stored.series_uid] = card
        self._column.insertWidget(self._column.count() - 1, card)
        known = self._pictures.get(stored.series_uid)
        if known is not None:
            card.show_picture(known)
        else:
            self.loader.load_thumbnail(stored.series_uid, series)

    def _clear(self) -> None:
        self.loader.forget()
        for card in self.cards.values():
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = {}
        self.verticalScrollBar().setValue(0)

    @Slot(object, object)
    def _on_picture(self, series_uid: Any, grey: Any) -> None:
        pixmap = pixmap_of(grey)
        self._pictures[series_uid] = pixmap
        if series_uid in self.cards:
            self.cards[series_uid].show_picture(pixmap)

    @Slot(object, object)
    def _on_no_picture(self, series_uid: Any, error: Exception) -> None:
        words = words_for(error)
        if series_uid in self.cards:
            self.cards[series_uid].show_no_picture(words)

    @Slot(int)
    def _on_hand(self, row: int) -> None:
        self.side_picked.emit(self._subject, self._hand.itemData(row))


class SeriesCard(QFrame):
    """One series: picture, role to overrule, facts, the reason for the role, problems."""

    role_picked = Signal(str, str)  # series UID, role

    def __init__(self, stored: StoredSeries, series: Series, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("series-card")
        self.setProperty("question", bool(stored.problems))
        self._stored = stored
        self.picture = QLabel("…", self)
        self.picture.setObjectName("thumbnail")
        self.picture.setFixedSize(_EDGE, _EDGE)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.role = QComboBox(self)
        self.role.setAccessibleName("What this series is for")
        self.role.setToolTip("What this series is for; choose another role to overrule")
        self.role.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.role.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.role.wheelEvent = _leave_alone  # scrolling must not change a role
        for role in ROLES:
            self.role.addItem(full_name(role), role)
        self.role.setCurrentIndex(ROLES.index(stored.role))
        self.role.activated.connect(self._on_activated)
        column = QVBoxLayout()
        column.setSpacing(3)
        column.addWidget(self.role)
        for text, style in self._lines(series):
            label = _label(self, style)
            label.setText(text)
            column.addWidget(label)
        column.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 8, 8)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)

    def _lines(self, series: Series) -> list[tuple[str, str]]:
        stored = self._stored
        lines = [(series.description.strip(), "seriesName"), (facts_of(series), "seriesFacts")]
        if stored.overruled:
            recognised = full_name(stored.recognised_role)
            lines.append((f"Set by hand. Recognised as {recognised}: {stored.role_reason}", "seriesReason"))
        else:
            lines.append((stored.role_reason, "seriesReason"))
        lines += [(f"⚠ {problem}", "seriesProblem") for problem in stored.problems]
        return [(text, style) for text, style in lines if text]

    def show_picture(self, pixmap: QPixmap) -> None:
        """Show the middle slice."""
        ratio = self.devicePixelRatioF()
        edge = round(_EDGE * ratio)
        scaled = pixmap.scaled(
            edge, edge, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        scaled.setDevicePixelRatio(ratio)
        self.picture.setPixmap(scaled)

    def show_no_picture(self, reason: str) -> None:
        """Say why there is no picture."""
        self.picture.setText("no picture")
        self.picture.setToolTip(reason)

    @Slot(int)
    def _on_activated(self, row: int) -> None:
        role = ROLES[row]
        if role != self._stored.role:
            self.role_picked.emit(self._stored.series_uid, role)


def _order(stored: StoredSeries) -> tuple[int, str]:
    return ROLES.index(stored.role), stored.series_uid


def _label(parent: QWidget, style: str) -> QLabel:
    label = QLabel(parent)
    label.setObjectName(style)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _leave_alone(event: Any) -> None:
    event.ignore()
