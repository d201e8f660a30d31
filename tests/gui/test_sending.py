from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox

from storage.reading.reading import Reading
from tests.gui.windows import CODES, PASSWORD, Answer
from tests.unit.storage.readings import fill

LONG = 30000


def test_signed_cases_are_written_for_the_coordinator_by_keys(qtbot, opened, folder, tmp_path):
    with Reading.open(folder) as reading:
        fill(reading, CODES[0])
        reading.sign(CODES[0], PASSWORD)
    window = opened(folder)
    told = []
    told_about = Answer(QMessageBox, lambda box: [told.append(box.text()), box.accept()])
    chosen = Answer(QFileDialog, lambda dialog: [dialog.setDirectory(str(tmp_path)), dialog.accept()])
    control_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window.panel.table, Qt.Key.Key_S, control_shift)
    assert chosen.given
    qtbot.waitUntil(lambda: told_about.given, timeout=LONG)
    (file,) = tmp_path.glob("*.result.zip")
    assert str(file) in told[0]
    assert "Send this file to the coordinator" in told[0]


def test_nothing_is_written_while_no_case_is_signed(qtbot, window, tmp_path):
    told = []
    told_about = Answer(QMessageBox, lambda box: [told.append(box.text()), box.accept()])
    window.sending.send_into(tmp_path)
    qtbot.waitUntil(lambda: told_about.given, timeout=LONG)
    assert "No case of this reading is signed yet" in told[0]
    assert not list(tmp_path.glob("*.zip"))
