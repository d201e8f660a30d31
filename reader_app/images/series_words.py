"""A series in words, for lists and tool tips."""

from __future__ import annotations

from viewer.imaging.series import Series

SIDES = {"L": "left", "R": "right"}


def title_of(series: Series) -> str:
    """Return what the header calls it, or what kind of image it is."""
    return series.description.strip() or f"{series.modality} without a description"


def facts_of(series: Series) -> str:
    """Return ``"coronal · 16 images · 2 mm · left"``: what it is made of."""
    step = series.spacing_mm[0]
    parts = [
        series.plane or "",
        plural(series.n_images, "image"),
        f"{step:.3g} mm" if step else "",
        SIDES.get(series.laterality or "", ""),
        "contrast" if series.contrast else "",
    ]
    return " · ".join(part for part in parts if part)


def details_of(series: Series) -> str:
    """Return everything a tool tip says: size, field, problems."""
    row, column = series.spacing_mm[1:]
    lines = [title_of(series), facts_of(series), f"{series.columns} × {series.rows} pixels"]
    if row and column:
        lines[-1] += f", field {series.columns * column:.0f} × {series.rows * row:.0f} mm"
    return "\n".join([*lines, *(f"⚠ {problem}" for problem in series.problems)])


def plural(count: int, one: str, many: str = "") -> str:
    """Return ``"1 file"`` or ``"1,204 files"``."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
