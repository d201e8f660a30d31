"""The drawings reach every site, and the diagram says the grade by colour and number."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt

from scoring_forms.domain.form import compose_form
from scoring_forms.domain.known import known_sites
from scoring_forms.domain.score import Cell, Score
from scoring_forms.domain.systems import available_systems, load_system
from scoring_forms.widgets.drawing import drawing_for, load_drawing
from scoring_forms.widgets.grade_colours import grade_colour, ink_on, luminance
from scoring_forms.widgets.hand_diagram import HandDiagram
from scoring_forms.widgets.score_panel import ScorePanel

pytestmark = pytest.mark.gui

SCORED = [
    (system, feature)
    for system in map(load_system, available_systems())
    for feature in system.features
    if not feature.count_of
]
NAMES = [f"{system.id}-{feature.id}" for system, feature in SCORED]
RAMRIS = load_system("ramris_2003")
EROSION = RAMRIS.feature("bone_erosion")


@pytest.fixture
def diagram(qtbot):
    widget = HandDiagram()
    qtbot.addWidget(widget)
    widget.resize(440, 400)
    return widget


def cell_of(system, feature, number=0, timepoint="A"):
    side = system.side_values[-1]
    return Cell(timepoint, system.id, feature.id, side, feature.scored_sites[number].id)


def show(diagram, system, feature, cell, sheet=None, side=None):
    diagram.show_case(side, sheet or {})
    diagram.show_current(system, feature, cell)
    diagram.show()


def picture_at(diagram, cell):
    """Return the grey and colour of a patch around a site."""
    middle = diagram.place_of(cell.site, cell.side)
    image = diagram.grab().toImage()
    return [
        image.pixelColor(round(middle.x()) + column, round(middle.y()) + row).rgb()
        for row in range(-6, 7)
        for column in range(-6, 7)
    ]


@pytest.mark.parametrize(("system", "feature"), SCORED, ids=NAMES)
def test_every_site_of_every_system_is_drawn(system, feature):
    sites = {site.id for site in feature.scored_sites}
    assert sites <= drawing_for(sites, system.modality).sites.keys()


@pytest.mark.parametrize(("system", "feature"), SCORED, ids=NAMES)
def test_a_click_in_the_middle_of_a_site_means_that_site(qtbot, diagram, system, feature):
    show(diagram, system, feature, cell_of(system, feature))
    chosen = []
    diagram.site_chosen.connect(lambda *place: chosen.append(place))
    expected = [(site.id, side) for side in system.side_values for site in feature.scored_sites]
    for site_id, side in expected:
        middle = diagram.place_of(site_id, side).toPoint()
        qtbot.mouseClick(diagram, Qt.MouseButton.LeftButton, pos=middle)
    assert chosen == expected


def test_a_click_just_beside_a_small_joint_means_that_joint(qtbot, diagram):
    system = load_system("sharp_1985")
    show(diagram, system, system.features[0], cell_of(system, system.features[0]))
    joint = diagram.place_of("pip3", "R").toPoint()
    with qtbot.waitSignal(diagram.site_chosen) as chosen:
        qtbot.mouseClick(diagram, Qt.MouseButton.LeftButton, pos=joint + QPoint(0, 10))
    assert chosen.args == ["pip3", "R"]


def test_the_diagram_says_whose_timepoint_it_shows(diagram):
    seen = []
    for letter in "AB":
        cell = cell_of(RAMRIS, EROSION, timepoint=letter)
        show(diagram, RAMRIS, EROSION, cell)
        seen.append(diagram.grab(QRect(0, 0, 24, 24)).toImage())
    assert seen[0] != seen[1]


def test_a_click_beside_the_hand_means_nothing(qtbot, diagram):
    show(diagram, RAMRIS, EROSION, cell_of(RAMRIS, EROSION))
    with qtbot.assertNotEmitted(diagram.site_chosen):
        qtbot.mouseClick(diagram, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))


def test_the_left_hand_is_the_right_one_mirrored(diagram):
    cell = cell_of(RAMRIS, EROSION)
    show(diagram, RAMRIS, EROSION, cell, side="R")
    right = {site.id: diagram.place_of(site.id, None) for site in EROSION.sites}
    show(diagram, RAMRIS, EROSION, cell, side="L")
    for site in EROSION.sites:
        left = diagram.place_of(site.id, None)
        assert left.y() == pytest.approx(right[site.id].y())
        assert left.x() == pytest.approx(diagram.width() - right[site.id].x())


def test_films_show_the_right_hand_on_the_left_of_the_screen(diagram):
    system = load_system("sharp_1985")
    show(diagram, system, system.features[0], cell_of(system, system.features[0]))
    for site in system.features[0].sites:
        assert diagram.place_of(site.id, "R").x() < diagram.width() / 2 < diagram.place_of(site.id, "L").x()


def test_empty_zero_and_not_assessable_look_different(diagram):
    shown = cell_of(RAMRIS, EROSION)
    cell = cell_of(RAMRIS, EROSION, 7)
    seen = []
    for score in (None, Score(0.0), Score(1.0), Score(10.0), Score(not_assessable="surgery")):
        show(diagram, RAMRIS, EROSION, shown, {cell: score} if score else {})
        seen.append(picture_at(diagram, cell))
    for number, picture in enumerate(seen):
        assert all(picture != other for other in seen[number + 1 :])


def test_grades_of_another_timepoint_or_feature_are_not_shown(diagram):
    cell = cell_of(RAMRIS, EROSION, 7)
    show(diagram, RAMRIS, EROSION, cell_of(RAMRIS, EROSION))
    empty = picture_at(diagram, cell)
    elsewhere = {
        Cell("B", cell.system, cell.feature, None, cell.site): Score(9.0),
        Cell("A", cell.system, "bone_oedema", None, cell.site): Score(3.0),
    }
    show(diagram, RAMRIS, EROSION, cell_of(RAMRIS, EROSION), elsewhere)
    assert picture_at(diagram, cell) == empty


def test_the_current_site_has_a_ring(diagram):
    cell = cell_of(RAMRIS, EROSION, 7)
    show(diagram, RAMRIS, EROSION, cell_of(RAMRIS, EROSION))
    before = diagram.grab().toImage()
    diagram.show_current(RAMRIS, EROSION, cell)
    assert diagram.grab().toImage() != before


@pytest.mark.parametrize(("system", "feature"), SCORED, ids=NAMES)
def test_higher_grades_are_lighter_and_every_number_is_legible(system, feature):
    values = [float(grade) for grade, _text in feature.scale]
    fills = [grade_colour(feature, value) for value in values]
    shades = [luminance(fill) for fill in fills]
    assert shades == sorted(set(shades))
    for fill in fills:
        darker, lighter = sorted([luminance(fill), luminance(ink_on(fill))])
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_the_tool_tip_says_site_timepoint_and_grade(diagram):
    cell = cell_of(RAMRIS, EROSION, 7)
    show(diagram, RAMRIS, EROSION, cell_of(RAMRIS, EROSION), {cell: Score(4.0)})
    assert diagram.tip_at(diagram.place_of(cell.site, None)) == "Capitate, timepoint A, Bone erosion: 4"


def test_the_diagram_is_read_out_with_the_current_site_and_timepoint(diagram):
    system = load_system("sharp_1985")
    cell = cell_of(system, system.features[0], 12, "B")
    show(diagram, system, system.features[0], cell)
    assert diagram.accessibleName() == (
        "Hand diagram. Scaphoid (navicular), right hand, timepoint B, Erosion: empty"
    )


def test_a_click_on_a_bone_moves_the_table_within_the_timepoint(qtbot):
    panel = ScorePanel()
    qtbot.addWidget(panel)
    panel.resize(420, 760)
    panel.show()
    form = compose_form(["sharp_1985"])
    panel.show_case(form, "AB", {}, locked=False)
    panel.go_to(Cell("B", "sharp_1985", "erosion", "R", "pip2"))
    middle = panel.diagram.place_of("lunate", "L").toPoint()
    qtbot.mouseClick(panel.diagram, Qt.MouseButton.LeftButton, pos=middle)
    assert panel.current_cell == Cell("B", "sharp_1985", "erosion", "L", "lunate")


def test_every_site_that_an_own_system_may_name_is_in_a_drawing():
    drawn = {
        name
        for drawing in ("hand_mri", "hand_film", "tendons", "forefoot")
        for name in load_drawing(drawing).sites
    }
    known = known_sites().values()
    assert {part.id for site in known for part in (site, *site.components)} <= drawn
