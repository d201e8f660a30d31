"""Pictures as SVG, the same bytes for the same picture."""

from __future__ import annotations

from html import escape

from reader_app.workflow.plot_shapes import Box, Dot, Line, Picture, Shape, Word

_FONT = "DejaVu Sans, Helvetica, Arial, sans-serif"


def picture_svg(picture: Picture) -> str:
    """Return the picture as one SVG element, which is also a file of its own."""
    width, height = _number(picture.width), _number(picture.height)
    body = "".join(_element(shape) for shape in picture.shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}pt" '
        f'height="{height}pt" font-family="{_FONT}" role="img" '
        f'aria-label="{escape(picture.title)}">{body}</svg>'
    )


def _element(shape: Shape) -> str:
    match shape:
        case Line():
            points = " ".join(f"{_number(x)},{_number(y)}" for x, y in shape.points)
            dashes = ' stroke-dasharray="4 3"' if shape.dashed else ""
            return (
                f'<polyline points="{points}" fill="none" stroke="{shape.colour}" '
                f'stroke-width="{_number(shape.width)}"{dashes}/>'
            )
        case Dot():
            return (
                f'<circle cx="{_number(shape.x)}" cy="{_number(shape.y)}" r="{_number(shape.radius)}" '
                f'fill="{shape.colour}" fill-opacity="0.8"/>'
            )
        case Box():
            return (
                f'<rect x="{_number(shape.x)}" y="{_number(shape.y)}" width="{_number(shape.width)}" '
                f'height="{_number(shape.height)}" fill="{shape.colour}"/>'
            )
        case Word():
            x, y = _number(shape.x), _number(shape.y)
            turned = f' transform="rotate(-90 {x} {y})"' if shape.turned else ""
            return (
                f'<text x="{x}" y="{y}" font-size="{_number(shape.size)}" text-anchor="{shape.anchor}" '
                f'fill="{shape.colour}"{turned}>{escape(shape.text)}</text>'
            )


def _number(value: float) -> str:
    return f"{round(value, 2) + 0.0:g}"
