"""The four plots of a feature, drawn by pyqtgraph; a click on a point opens its score sheets.

This module brings pyqtgraph with it, so it is imported when the first plot is shown.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QRectF, Signal, Slot
from PySide6.QtGui import QColor, QCursor, QFont
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from reader_app.study.plot_card import PlotCard, pg
from reader_app.workflow.agreement_tables import agreement_source, what_text
from reader_app.workflow.analyse import RoundAnalysis
from reader_app.workflow.analysis_plots import (
    bland_altman_picture,
    courses,
    courses_picture,
    cumulative_curves,
    cumulative_picture,
)
from reader_app.workflow.analysis_tables import Source, readers_of
from reader_app.workflow.figure_words import number_text
from reader_app.workflow.heat_maps import (
    HeatMap,
    cut_words,
    heat_choices,
    heat_colour,
    heat_map,
    heat_map_picture,
)
from reader_app.workflow.plot_shapes import BLUE, FAINT, INK, RED, SERIES, SOFT, Picture
from scoring_forms.analysis.agreement import AgreementRow
from scoring_forms.analysis.bland_altman import BlandAltman
from scoring_forms.analysis.paper_table import FINAL
from scoring_forms.domain.measures import Measure

_COURSE = "#9db9d1"
_LONGEST_SITE = 28
_LABELS_AT_MOST = 26
_LETTERS_BELOW = 100
"""So many letters, spaces between names counted, stand below a heat map in a window of 1280 pixels."""
_SMALL = 8


class PlotsView(QWidget):
    """Cumulative probability, Bland–Altman, individual courses and heat map of one feature."""

    picked = Signal(str, object)  # what was clicked, its Source

    def __init__(self, analysis: RoundAnalysis, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._analysis = analysis
        self._mapped: HeatMap | None = None
        self.feature, self.compared, self.mapped = (QComboBox(self) for _ in range(3))
        self.feature.setAccessibleName("Feature")
        self.compared.setAccessibleName("Bland–Altman of")
        self.mapped.setAccessibleName("Heat map of")
        for measure in analysis.cube.measures:
            self.feature.addItem(measure.label, measure.name)
        self.feature.setEnabled(self.feature.count() > 1)
        for what, words in heat_choices(analysis).items():
            self.mapped.addItem(words, what)
        self.mapped.setCurrentIndex(self.mapped.count() - 1)  # the last change
        self.mapped.setEnabled(self.mapped.count() > 1)
        tools = QHBoxLayout()
        for words, box in (
            ("Feature", self.feature),
            ("Bland–Altman of", self.compared),
            ("Heat map of", self.mapped),
        ):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            label = QLabel(words, self)
            label.setBuddy(box)
            tools.addWidget(label)
            tools.addWidget(box)
        tools.addStretch()
        self.cumulative, self.bland_altman, self.courses, self.heat = (PlotCard(self) for _ in range(4))
        grid = QGridLayout()
        grid.setSpacing(14)
        for place, card in enumerate((self.cumulative, self.bland_altman, self.courses, self.heat)):
            grid.addWidget(card, place // 2, place % 2)
        for place in (0, 1):
            grid.setColumnStretch(place, 1)
            grid.setRowStretch(place, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(10)
        column.addLayout(tools)
        column.addLayout(grid, 1)
        erosion = next((i for i, one in enumerate(analysis.cube.measures) if "erosion" in one.feature), 0)
        self.feature.setCurrentIndex(erosion)
        self.feature.currentIndexChanged.connect(self._on_feature)
        self.compared.currentIndexChanged.connect(self._show_bland_altman)
        self.mapped.currentIndexChanged.connect(self._show_heat_map)
        self.heat.plot.scene().sigMouseMoved.connect(self._on_moved)
        self.heat.plot.setMouseEnabled(False, False)
        self._on_feature()

    @property
    def measure(self) -> Measure:
        """The feature that is shown."""
        return self._analysis.measure(self.feature.currentData())

    def pictures(self) -> tuple[Picture, ...]:
        """Return what is shown as pictures to save."""
        found: list[Picture] = []
        if self._has_change():
            found.append(cumulative_picture(self._analysis, self.measure))
        found.append(courses_picture(self._analysis, self.measure))
        if self._has_grades():
            found.append(heat_map_picture(self._analysis, self.measure, self.mapped.currentData()))
        chosen = self._chosen_pair()
        if chosen is not None:
            found.append(bland_altman_picture(*chosen))
        return tuple(found)

    def _has_grades(self) -> bool:
        return any(visit.summary.n for visit in self._analysis.row(self.measure).visits)

    def _has_change(self) -> bool:
        changes = self._analysis.row(self.measure).changes
        return bool(changes) and any(change.directions.n for change in changes)

    @Slot()
    def _on_feature(self) -> None:
        self.compared.blockSignals(True)
        self.compared.clear()
        for row in self._pairs():
            self.compared.addItem(f"{what_text(row.what)}: {' / '.join(row.readers)}", row)
        self.compared.setEnabled(self.compared.count() > 1)
        self.compared.blockSignals(False)
        self._show_cumulative()
        self._show_bland_altman()
        self._show_courses()
        self._show_heat_map()

    def _pairs(self) -> Sequence[AgreementRow]:
        rows = (*self._analysis.agreement, *self._analysis.intra_reader)
        return [row for row in rows if row.measure == self.measure and row.bland_altman is not None]

    def _chosen_pair(self) -> tuple[AgreementRow, BlandAltman] | None:
        row: AgreementRow | None = self.compared.currentData()
        if row is None or row.bland_altman is None or row.bland_altman.n < 2:
            return None
        return row, row.bland_altman

    def _show_cumulative(self) -> None:
        card = self.cumulative
        there = self._has_change()
        picture = cumulative_picture(self._analysis, self.measure) if there else None
        if not card.begin(picture, "Cumulative probability: no subject has two visits"):
            return
        card.plot.setLabel("bottom", "cumulative % of subjects")
        card.plot.setLabel("left", "change")
        card.level(0, SOFT, dashed=False)
        legend = card.legend()
        first = self._analysis.cube.visits[0]
        for number, curve in enumerate(cumulative_curves(self._analysis, self.measure)):
            colour = SERIES[number % len(SERIES)]
            visits = (first, curve.label)
            legend.addItem(pg.ScatterPlotItem(size=7, pen=None, brush=pg.mkBrush(colour)), curve.words)
            self._points(card, curve.percent, curve.change, colour, list(curve.subjects), visits)
            for limit in curve.limits:
                card.level(limit, colour)

    def _points(
        self, card: PlotCard, x: Any, y: Any, colour: str, subjects: list[str], visits: tuple[str, ...]
    ) -> None:
        scatter = pg.ScatterPlotItem(
            x=x, y=y, data=subjects, size=7, pen=None, brush=pg.mkBrush(colour), hoverable=True
        )
        measure, readers = self.measure, readers_of(self._analysis, FINAL)

        def clicked(_plot: object, points: Any, _event: object) -> None:
            if len(points):
                subject = points[0].data()
                source = Source(measure.name, readers, visits, subjects=(subject,))
                self.picked.emit(f"{measure.label} · {subject}", source)

        scatter.sigClicked.connect(clicked)
        card.plot.addItem(scatter)

    @Slot()
    def _show_bland_altman(self) -> None:
        card, chosen = self.bland_altman, self._chosen_pair()
        picture = bland_altman_picture(*chosen) if chosen else None
        if not card.begin(picture, "Bland–Altman: it takes two readers and two subjects") or chosen is None:
            return
        row, found = chosen
        first, second = row.readers
        card.plot.setLabel("bottom", f"mean of {first} and {second}")
        card.plot.setLabel("left", f"{first} − {second}")
        card.level(0, FAINT, dashed=False)
        if found.bias.value is not None:
            card.level(found.bias.value, BLUE, number_text(found.bias.value), dashed=False)
        for limit in found.limits.ends or ():
            card.level(limit, RED, number_text(limit))
        source = agreement_source(self._analysis, row)
        compared = source.subjects or self._analysis.cube.subjects
        there = np.flatnonzero(~np.isnan(row.totals).any(axis=1))
        counts = _how_many(found)
        scatter = pg.ScatterPlotItem(
            x=found.mean,
            y=found.difference,
            data=[compared[i] for i in there.tolist()],
            size=6 * np.sqrt(counts),
            pen=None,
            brush=pg.mkBrush(BLUE),
            hoverable=True,
        )

        def clicked(_plot: object, points: Any, _event: object) -> None:
            subjects = tuple(point.data() for point in points)  # several may lie at the same place
            if subjects:
                title = f"{row.measure.label} · {', '.join(subjects)}"
                self.picked.emit(title, replace(source, subjects=subjects))

        scatter.sigClicked.connect(clicked)
        card.plot.addItem(scatter)

    def _show_courses(self) -> None:
        card = self.courses
        if not card.begin(courses_picture(self._analysis, self.measure), ""):
            return
        times, scores = courses(self._analysis, self.measure)
        labels = list(zip(times.tolist(), self._analysis.weeks, strict=True))
        card.plot.getAxis("bottom").setTicks([labels])
        card.plot.setXRange(times.min(), times.max(), padding=0.14)  # room for the outer labels
        card.plot.setLabel("left", "score")
        gap = np.full((len(scores), 1), np.nan)
        x = np.tile(np.append(times, np.nan), len(scores))
        y = np.hstack([scores, gap]).ravel()
        card.plot.addItem(pg.PlotDataItem(x, y, pen=pg.mkPen(_COURSE, width=1), connect="finite"))
        visits = self._analysis.cube.visits
        for place, time in enumerate(times.tolist()):
            there = np.flatnonzero(~np.isnan(scores[:, place]))
            subjects = [self._analysis.cube.subjects[i] for i in there.tolist()]
            self._points(card, np.full(len(there), time), scores[there, place], _COURSE, subjects, visits)
        medians = [visit.summary.median.value for visit in self._analysis.row(self.measure).visits]
        line = np.array([np.nan if one is None else one for one in medians])
        card.plot.addItem(pg.PlotDataItem(times, line, pen=pg.mkPen(INK, width=2.5), connect="finite"))

    @Slot()
    def _show_heat_map(self) -> None:
        card, what = self.heat, self.mapped.currentData()
        found = heat_map(self._analysis, self.measure, what)
        picture = heat_map_picture(self._analysis, self.measure, what) if found.columns else None
        self._mapped = None
        if not card.begin(picture, f"Heat map of sites, {found.words}: no subject has final grades"):
            return
        colours = [
            [QColor(heat_colour(value, found.largest)).getRgb() for value in column]
            for column in found.values
        ]
        pixels = np.array(colours, np.uint8).reshape(len(found.columns), len(found.sites), 4)
        image = pg.ImageItem(pixels, levels=(0, 255))  # or else the colours would be stretched
        image.setRect(QRectF(0, 0, len(found.columns), len(found.sites)))
        card.plot.addItem(image)
        card.plot.invertY(True)
        axis = card.plot.getAxis("left")
        every = math.ceil(len(found.sites) / _LABELS_AT_MOST)
        sites = [
            (i + 0.5, cut_words(site, _LONGEST_SITE)) for i, site in enumerate(found.sites) if i % every == 0
        ]
        axis.setTicks([sites])
        font = QFont(self.font())
        font.setPixelSize(_SMALL)
        axis.setStyle(tickFont=font, autoExpandTextSpace=True)
        every = math.ceil(sum(len(name) + 1 for name in found.columns) / _LETTERS_BELOW)
        columns = [(i + 0.5, name) for i, name in enumerate(found.columns) if i % every == 0]
        card.plot.getAxis("bottom").setTicks([columns])
        card.plot.getAxis("bottom").setStyle(tickFont=font)
        card.plot.setXRange(0, len(found.columns), padding=0)
        card.plot.setYRange(0, len(found.sites), padding=0)
        self._mapped = found

    @Slot(object)
    def _on_moved(self, place: Any) -> None:
        """Tell the site, subject and change under the mouse."""
        view, found = self.heat.plot.getViewBox(), self._mapped
        if found is None or not view.sceneBoundingRect().contains(place):
            QToolTip.hideText()
            return
        point = view.mapSceneToView(place)
        column, site = math.floor(point.x()), math.floor(point.y())
        if 0 <= column < len(found.columns) and 0 <= site < len(found.sites):
            value = float(found.values[column, site])
            words = number_text(value) if value == value else "no grade"
            QToolTip.showText(
                QCursor.pos(), f"{found.columns[column]}, {found.sites[site]}: {words}", self.heat
            )


def _how_many(found: BlandAltman) -> Any:
    """Return how many points lie at the place of each."""
    places = np.stack([found.mean, found.difference], axis=1)
    _, where, counts = np.unique(places, axis=0, return_inverse=True, return_counts=True)
    return counts[where.ravel()]
