"""The drawings of hands, tendons and forefeet: an SVG with one path a site, told apart by its id.

Qt paints the anatomy of a drawing; the sites are read here, as their colour changes and the mouse has to
find them. All drawings show the right side; the left one is its mirror image.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from xml.etree import ElementTree as Xml

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

_SVG = "{http://www.w3.org/2000/svg}"
_BY_MODALITY = {
    "MR": ("hand_mri", "tendons", "hand_film", "forefoot"),
    "CR/DX": ("hand_film", "forefoot", "hand_mri", "tendons"),
}
_COMMAND = re.compile(r"([MCLZ])([^MCLZ]*)")


@dataclass(frozen=True, slots=True)
class SitePlace:
    """Where a drawing shows a site: its outline and where its grade is written, in units of the drawing."""

    outline: QPainterPath
    middle: QPointF


@dataclass(frozen=True, slots=True)
class Letter:
    """A word of the drawing, which is not mirrored with it."""

    text: str
    middle: QPointF


@dataclass(frozen=True, slots=True)
class Drawing:
    """One SVG, taken apart: the anatomy for Qt to paint, and what changes or must stay upright."""

    name: str
    box: QRectF
    anatomy: bytes
    sites: Mapping[str, SitePlace]
    letters: tuple[Letter, ...]


def drawing_for(site_ids: Iterable[str], modality: str) -> Drawing:
    """Return the drawing that shows most of these sites; the modality's own hand first where several do."""
    wanted = frozenset(site_ids)
    drawings = [load_drawing(name) for name in _BY_MODALITY[modality]]
    return max(drawings, key=lambda drawing: len(wanted & drawing.sites.keys()))


@cache
def load_drawing(name: str) -> Drawing:
    """Return the drawing ``resources/diagrams/NAME.svg``."""
    root = Xml.fromstring((files("resources") / "diagrams" / f"{name}.svg").read_text("utf-8"))
    left, top, width, height = (float(number) for number in root.attrib["viewBox"].split())
    groups = {group.attrib["id"]: group for group in root.findall(f"{_SVG}g")}
    sites = {
        path.attrib["id"]: SitePlace(outline(path.attrib["d"]), _point(path.attrib["data-label"]))
        for path in groups["sites"]
    }
    letters = tuple(
        Letter(text.text or "", QPointF(float(text.attrib["x"]), float(text.attrib["y"])))
        for text in groups["letters"]
    )
    for taken in ("sites", "letters"):
        root.remove(groups[taken])
    return Drawing(name, QRectF(left, top, width, height), Xml.tostring(root), sites, letters)


def outline(commands: str) -> QPainterPath:
    """Return the path that ``d`` of an SVG path describes, as far as the drawings use it: M, C, L and Z."""
    path = QPainterPath()
    for command, numbers in _COMMAND.findall(commands):
        coordinates = [float(number) for number in re.split(r"[ ,]+", numbers) if number]
        points = [QPointF(x, y) for x, y in zip(coordinates[::2], coordinates[1::2], strict=True)]
        if command == "M":
            path.moveTo(points[0])
        elif command == "C":
            path.cubicTo(*points)
        elif command == "L":
            path.lineTo(points[0])
        else:
            path.closeSubpath()
    return path


def _point(text: str) -> QPointF:
    x, y = text.split(",")
    return QPointF(float(x), float(y))
