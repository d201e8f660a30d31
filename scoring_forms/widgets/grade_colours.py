"""The colours of grades: one amber hue that grows lighter, readable to every kind of colour vision."""

from __future__ import annotations

from PySide6.QtGui import QColor

from scoring_forms.domain.scoring_system import Feature

NORMAL = QColor("#26323c")
_AS_FAR_FROM_BOTH = 0.179  # the luminance at which black and white ink have the same contrast
_STOPS = ((0.0, (92, 66, 42)), (0.5, (178, 122, 62)), (1.0, (240, 196, 126)))


def grade_colour(feature: Feature, value: float) -> QColor:
    """Return the fill of a grade: slate for the lowest one, then amber, the lighter the higher."""
    if value <= feature.minimum:
        return QColor(NORMAL)
    lowest = feature.minimum + feature.step
    span = feature.maximum - lowest
    share = (value - lowest) / span if span else 1.0
    (start, dark), (end, light) = _STOPS[:2] if share <= _STOPS[1][0] else _STOPS[1:]
    part = (share - start) / (end - start)
    mixed = [round(low + part * (high - low)) for low, high in zip(dark, light, strict=True)]
    return QColor(*mixed)


def ink_on(fill: QColor) -> QColor:
    """Return black or white ink, whichever reads better on *fill*."""
    return QColor("#000000") if luminance(fill) > _AS_FAR_FROM_BOTH else QColor("#ffffff")


def luminance(colour: QColor) -> float:
    """Return the relative luminance of WCAG 2, 0 to 1."""
    red, green, blue = (_linear(part) for part in (colour.redF(), colour.greenF(), colour.blueF()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
