"""Plots as files: SVG as in the report, and PNG drawn from it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter
from PySide6.QtSvg import QSvgRenderer

from reader_app.jobs import Checkpoint
from reader_app.workflow.plot_shapes import Picture
from reader_app.workflow.report import file_stem
from reader_app.workflow.svg import picture_svg
from reader_app.workflow.written_files import refuse_existing, write_files

_PIXELS_PER_POINT = 300 / 72
_DOTS_PER_METRE = 11811  # 300 dpi


def save_pictures(
    folder: Path, pictures: Sequence[Picture], checkpoint: Checkpoint = lambda _done, _total: None
) -> tuple[Path, ...]:
    """Write each picture as SVG and as PNG of 300 dpi, and return the paths.

    Args:
        folder: Is there.
        pictures: With titles of their own, which name the files.
        checkpoint: Called for each picture. What it raises stops the saving.

    Raises:
        ExportExistsError: One of the files is there.
        StorageFullError, StorageUnavailableError: The disk is full or gone.
            After any of these, and after a stop, none of the files is there.
    """
    stems = [folder / file_stem(picture.title) for picture in pictures]
    refuse_existing(stem.with_suffix(ending) for stem in stems for ending in (".svg", ".png"))
    files: dict[Path, bytes] = {}
    for number, (stem, picture) in enumerate(zip(stems, pictures, strict=True)):
        checkpoint(number, len(pictures))
        svg = picture_svg(picture).encode()
        files[stem.with_suffix(".svg")] = svg
        files[stem.with_suffix(".png")] = _png(picture, svg)
    checkpoint(len(pictures), len(pictures))
    write_files(files)
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
