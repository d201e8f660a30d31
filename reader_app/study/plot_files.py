"""Plots as files: SVG as in the report, and PNG drawn from it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

from reader_app.workflow.plot_shapes import Picture
from reader_app.workflow.report import file_stem
from reader_app.workflow.svg import picture_svg
from storage.arrays import disk_errors
from storage.tables.errors import ExportExistsError

_PIXELS_PER_POINT = 300 / 72
_DOTS_PER_METRE = 11811  # 300 dpi


def save_pictures(folder: Path, pictures: Sequence[Picture]) -> tuple[Path, ...]:
    """Write each picture as SVG and as PNG of 300 dpi, and return the paths.

    Raises:
        ExportExistsError: One of the files is there; nothing was written.
        StorageFullError, StorageUnavailableError: The disk is full or gone.
    """
    files: dict[Path, bytes] = {}
    for picture in pictures:
        svg = picture_svg(picture).encode()
        stem = folder / file_stem(picture.title)
        files[stem.with_suffix(".svg")] = svg
        files[stem.with_suffix(".png")] = _png(picture, svg)
    for path in files:
        if path.exists():
            raise ExportExistsError(path.name)
    for path, content in files.items():
        with disk_errors(path):
            path.write_bytes(content)
    return tuple(files)


def _png(picture: Picture, svg: bytes) -> bytes:
    size = (round(picture.width * _PIXELS_PER_POINT), round(picture.height * _PIXELS_PER_POINT))
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.setDotsPerMeterX(_DOTS_PER_METRE)
    image.setDotsPerMeterY(_DOTS_PER_METRE)
    image.fill(QColor("white"))
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg)).render(painter)
    painter.end()
    out = QBuffer()
    out.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(out, QByteArray(b"png")).write(image)
    return bytes(out.data().data())
