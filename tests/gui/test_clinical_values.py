import pytest

from tests.gui.analysed_windows import (
    LONG,
    analysed,
    sheets_behind,
    study_windows,
    tables_of,
    text_of,
    words_of,
)
from tests.unit.workflow.analysed_trials import SUBJECTS, trial

pytestmark = pytest.mark.gui
FEW = SUBJECTS[:5]
CLINICAL = 4


@pytest.fixture
def tab(qtbot, tmp_path):
    """The tab of clinical values of a locked round."""
    with study_windows(qtbot) as open_window:
        folder = trial(subjects=FEW, features=("bone_erosion",)).write(tmp_path / "study")
        page = analysed(qtbot, open_window(folder))
        page.tabs.setCurrentIndex(CLINICAL)
        yield page.tabs.clinical


def table(tmp_path, rows):
    path = tmp_path / "clinic.csv"
    path.write_text("\n".join(["subject,visit,tjc28,sjc28,esr,gh", *rows]), "utf-8")
    return path


def test_before_a_table_is_open_the_tab_says_which_one_it_wants(tab):
    assert "No table of clinical values is open" in words_of(tab)
    assert not tab.feature_box.isEnabled()
    assert tab.open_button.isEnabled()


def test_a_table_of_clinical_values_stands_beside_the_scores(tab, tmp_path, qtbot):
    rows = [
        f"{subject},{visit},{10 - number},{8 - number},{30 + number},{60 - 9 * number * later}"
        for number, subject in enumerate(FEW)
        for later, visit in enumerate(("Baseline", "Week 12"))
    ]
    tab.open_table(table(tmp_path, rows))
    qtbot.waitUntil(lambda: bool(tab.grids.tables), timeout=LONG)
    correlated = tables_of(tab.grids)["Correlation with clinical values"]
    assert text_of(correlated, "n") == "5"
    assert "DAS28-ESR" in {correlated.table.item(i, 1).text() for i in range(correlated.table.rowCount())}
    lines = sheets_behind(qtbot, correlated, "n")
    assert {line["Visit"] for line in lines} == {"Baseline"}
    before = tab.grids.tables
    tab.feature_box.setCurrentIndex(1)
    qtbot.waitUntil(lambda: tab.grids.tables not in ([], before), timeout=LONG)


def test_a_table_that_cannot_be_used_is_told_in_one_sentence(tab, tmp_path, qtbot):
    tab.open_table(table(tmp_path, ["P01,Baseline,99,1,1,1"]))
    qtbot.waitUntil(lambda: "This table cannot be used" in words_of(tab), timeout=LONG)
    assert any("clinic.csv, line 2: tjc28 has to be between 0 and 28." in one for one in words_of(tab))
    tab.open_table(tmp_path / "gone.csv")
    qtbot.waitUntil(lambda: any("No such file" in one for one in words_of(tab)), timeout=LONG)
