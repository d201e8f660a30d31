"""Panes on a screen with QT_SCALE_FACTOR: writes how many device pixels differ from what was rendered.

A program of its own, as Qt takes the scale factor from its environment when it starts.
"""

import sys
from dataclasses import replace

from PySide6.QtWidgets import QApplication

from tests.gui.test_image_pane import seen, state_of
from viewer.display.orientation import Letters
from viewer.widgets.image_pane import ImagePane


def main() -> None:
    """Compare panes of odd and even sizes, larger and smaller than their pictures."""
    application = QApplication([])
    different = 0
    for size in ((240, 200), (241, 198)):
        for zoom in (1.0, 2.37, 9.0):
            pane = ImagePane()
            pane.resize(*size)
            pane.show_state(replace(state_of(1, zoom=zoom), badge="", title="", letters=Letters()))
            painted, rendered = seen(pane)[:, :, 0], pane.grey()
            rows, columns = rendered.shape
            different += (painted[:rows, :columns] != rendered).sum()
            different += painted[rows:].any() + painted[:, columns:].any()
    sys.stdout.write(f"ratio {pane.devicePixelRatioF():g}, {different} pixels differ\n")
    application.quit()


if __name__ == "__main__":
    main()
