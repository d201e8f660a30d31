"""The look of every window: Fusion, a dark palette, the style sheet in resources."""

from __future__ import annotations

from importlib.resources import files

from PySide6.QtCore import QDir
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

_COLOURS = {
    QPalette.ColorRole.Window: "#14181c",
    QPalette.ColorRole.WindowText: "#d7dde3",
    QPalette.ColorRole.Base: "#1c2228",
    QPalette.ColorRole.AlternateBase: "#181d22",
    QPalette.ColorRole.Text: "#e6ebef",
    QPalette.ColorRole.PlaceholderText: "#7d8994",
    QPalette.ColorRole.Button: "#252c33",
    QPalette.ColorRole.ButtonText: "#e6ebef",
    QPalette.ColorRole.ToolTipBase: "#2a323a",
    QPalette.ColorRole.ToolTipText: "#e6ebef",
    QPalette.ColorRole.Highlight: "#2b5f8f",
    QPalette.ColorRole.HighlightedText: "#ffffff",
    QPalette.ColorRole.Link: "#6aa8d8",
    QPalette.ColorRole.Mid: "#3b4650",
    QPalette.ColorRole.Dark: "#0c0f12",
    QPalette.ColorRole.Light: "#3b4650",
}
_DISABLED = (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText)


def apply_theme(app: QApplication) -> None:
    """Give *app* the look of RA Reader."""
    app.setStyle("Fusion")
    palette = QPalette()
    for role, colour in _COLOURS.items():
        palette.setColor(role, QColor(colour))
    for role in _DISABLED:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor("#5c6873"))
    app.setPalette(palette)
    QDir.setSearchPaths("icons", [str(files("resources") / "icons")])  # the style sheet names them so
    app.setStyleSheet((files("resources") / "style.qss").read_text("utf-8"))
