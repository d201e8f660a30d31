import json
import os
import tomllib
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring_forms.domain.errors import BadSystemError, SystemTakenError
from scoring_forms.domain.form import compose_form, form_from_dict
from scoring_forms.domain.lines import json_lines, toml_lines
from scoring_forms.domain.score import Score
from scoring_forms.domain.system_file import parse_system
from scoring_forms.domain.systems import LARGEST_FILE, available_systems, load_system_file
from scoring_forms.domain.totals import totals

OWN = """\
# What our hospital scores on films of the fingers.
id = "fingers"
title = "Fingers of our own"
modality = "CR/DX"
sides = 2

[[features]]
id = "osteophyte"
label = "Osteophyte"
abbreviation = "OST"
maximum = 3.5
step = 0.5
roles = ["xr_pa_left", "xr_pa_right"]
sites = [
  "pip2",  # of the program
  "dip2",
  { id = "dip3", components = ["dip3_base", "dip3_head"] },
]
[features.grades]
0 = "none"
"0.5" = "doubtful"

[[features]]
id = "erosion"
label = "Erosion"
abbreviation = "ERO"
maximum = 5
roles = ["xr_pa_left"]
sites = ["pip3"]

[[features]]
id = "touched"
label = "Joints with an osteophyte"
abbreviation = "N"
count_of = "osteophyte"
count_at_least = 0.5

[[sums]]
id = "both"
label = "Osteophytes and erosions"
features = ["osteophyte", "erosion"]

[sites.dip2]
label = "2nd distal interphalangeal joint"
abbreviation = "DIP2"
group = "dip"

[sites.dip3]
label = "3rd distal interphalangeal joint"
abbreviation = "DIP3"
group = "dip"

[sites.dip3_base]
label = "3rd distal interphalangeal joint, base"
abbreviation = "DIP3b"
group = "dip"

[sites.dip3_head]
label = "3rd distal interphalangeal joint, head"
abbreviation = "DIP3h"
group = "dip"
"""

MISTAKES = [
    ('id = "fingers"', 'id = "Our fingers"', "id", "small letters"),
    ('title = "Fingers of our own"', 'title = ""', "title", "empty"),
    ('title = "Fingers of our own"', "title = 12", "title", "text in quotes"),
    ('title = "Fingers of our own"', 'title = "Fingers\\nof our own"', "title", "one line"),
    ('title = "Fingers of our own"', f'title = "{"x" * 200}"', "title", "200 characters"),
    ('modality = "CR/DX"', 'modality = "CT"', "modality", "MR, CR/DX"),
    ('modality = "CR/DX"', 'modality = ["MR"]', "modality", "MR, CR/DX"),
    ("sides = 2", "sides = 3", "sides", "1 (the imaged hand) or 2"),
    ("sides = 2", "sides = true", "sides", "1 (the imaged hand) or 2"),
    ("sides = 2", 'sides = 2\ngrand_total = "yes"', "grand_total", "true or false"),
    ("sides = 2", 'sides = 2\ncolour = "red"', "colour", "no such field"),
    ("sides = 2", 'sides = 2\ntitel = "x"', "titel", "did you mean title?"),
    ("maximum = 3.5", "maxmum = 3.5", "features.osteophyte.maxmum", "did you mean maximum?"),
    ("maximum = 3.5", 'maximum = "3.5"', "features.osteophyte.maximum", "use a number"),
    ("maximum = 3.5", "maximum = true", "features.osteophyte.maximum", "use a number"),
    ("maximum = 3.5", "maximum = nan", "features.osteophyte.maximum", "use a number"),
    ("maximum = 3.5", "maximum = inf", "features.osteophyte.maximum", "use a number"),
    ("maximum = 3.5", f"maximum = 1{'0' * 400}", "features.osteophyte.maximum", "use a number"),
    ("maximum = 3.5", "maximum = -1", "features.osteophyte.maximum", "above 0"),
    ("maximum = 3.5", "maximum = 0", "features.osteophyte.maximum", "above 0"),
    ("maximum = 3.5", "maximum = 100", "features.osteophyte.maximum", "up to 99"),
    ("maximum = 3.5", "maximum = 3.3", "features.osteophyte.maximum", "steps of 0.5"),
    ("step = 0.5", "step = -0.5", "features.osteophyte.step", "0.5 or a whole number"),
    ("step = 0.5", "step = 0", "features.osteophyte.step", "0.5 or a whole number"),
    ("step = 0.5", "step = 0.25", "features.osteophyte.step", "0.5 or a whole number"),
    ("step = 0.5", "step = 0.5\nminimum = -1", "features.osteophyte.minimum", "from 0 to 99"),
    ("step = 0.5", "step = 0.5\nminimum = 4", "features.osteophyte.maximum", "above 4"),
    ("step = 0.5", "step = 0.5\nminimum = 0.25", "features.osteophyte.minimum", "whole or half"),
    ("step = 0.5", 'step = 0.5\nevidence = "film"', "features.osteophyte.evidence", "two_planes"),
    ("step = 0.5", "step = 0.5\nneeds_contrast = 1", "features.osteophyte.needs_contrast", "true or false"),
    ("step = 0.5", 'step = 0.5\nvolume_scale = "thirds"', "features.osteophyte.volume_scale", "0 to 3"),
    ('"xr_pa_left", "xr_pa_right"]', '"xr_pa_lef"]', "features.osteophyte.roles #1", "'xr_pa_left'?"),
    ('"xr_pa_left", "xr_pa_right"]', '"cor_stir"]', "features.osteophyte.roles #1", "no series role"),
    ('"xr_pa_left", "xr_pa_right"]', "]", "features.osteophyte.roles", "at least one"),
    ('  "dip2",', '  "dip22",', "features.osteophyte.sites #2", "did you mean 'dip2'?"),
    ('  "dip2",', '  "pip2",', "features.osteophyte.sites #2", "twice"),
    ('  "dip2",', "  7,", "features.osteophyte.sites #2", "no site '7'"),
    ('  "dip2",', "  [],", "features.osteophyte.sites #2", "no site"),
    ('"dip3_base", "dip3_head"', '"dip3_base", "pip2"', "features.osteophyte.sites.dip3", "twice"),
    ('"dip3_base", "dip3_head"', '"dip3_base", "toe"', "sites.dip3.components #2", "no site 'toe'"),
    ('"dip3_base", "dip3_head"', "", "features.osteophyte.sites.dip3.components", "at least one"),
    ('0 = "none"', '4 = "none"', "features.osteophyte.grades.4", "no grade"),
    ('0 = "none"', 'none = "0"', "features.osteophyte.grades.none", "no grade"),
    ('0 = "none"', "0 = 0", "features.osteophyte.grades.0", "text in quotes"),
    ('"0.5" = "doubtful"', '1.5 = "mild"', "features.osteophyte.grades.1", '"1.5"'),
    ('id = "erosion"', 'id = "osteophyte"', "features.osteophyte.id", "earlier feature"),
    ('id = "erosion"', 'id = "total"', "features.total.id", "grand total"),
    ('sites = ["pip3"]', "sites = []", "features.erosion.sites", "at least one"),
    ('sites = ["pip3"]', 'sites = "pip3"', "features.erosion.sites", "list"),
    ('count_of = "osteophyte"', 'count_of = "rust"', "features.touched.count_of #1", "scored feature"),
    ('count_of = "osteophyte"', 'count_of = "touched"', "features.touched.count_of #1", "no earlier scored"),
    ('count_of = "osteophyte"', "count_of = []", "features.touched.count_of", "at least one"),
    ("count_at_least = 0.5", "maximum = 3", "features.touched.maximum", "no such field"),
    ("count_at_least = 0.5", 'count_at_least = "one"', "features.touched.count_at_least", "use a number"),
    ("count_at_least = 0.5", 'sites = ["pip3"]', "features.touched.sites #1", "no counted site"),
    ("count_at_least = 0.5", 'count_side = "left"', "features.touched.count_side", "L, R"),
    ('id = "both"', 'id = "erosion"', "sums.erosion.id", "has this id"),
    ('["osteophyte", "erosion"]', '["osteophyte", "touched"]', "sums.both.features #2", "no scored feature"),
    ("[sites.dip2]", "[sites.lunate]", "sites.lunate", "the program has a site"),
    ("[sites.dip2]", '[sites."=1+1"]', "sites.=1+1", "small letters"),
    ('abbreviation = "DIP2"', 'abbreviation = "pip2"', "features.osteophyte.sites #2", "abbreviation of"),
    ('abbreviation = "DIP2"', 'short = "DIP2"', "sites.dip2.short", "no such field"),
    ('abbreviation = "DIP2"', f'abbreviation = "{"D" * 17}"', "sites.dip2.abbreviation", "17 characters"),
]  # fmt: skip


def refusal(text, kind="toml"):
    with pytest.raises(BadSystemError) as refused:
        parse_system(text, f"own.{kind}", kind)
    message = str(refused.value)
    assert "\n" not in message
    assert len(message) < 400
    assert message.startswith(f"own.{kind}")
    return refused.value


def line_of(text, part):
    return text[: text.index(part)].count("\n") + 1


def test_a_coordinators_own_file_is_a_system_like_any_other(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(OWN, "utf-8")
    system = load_system_file(path)
    form = compose_form(["sharp_1985", system])
    assert form_from_dict(json.loads(json.dumps(form.to_dict()))) == form
    osteophyte = system.feature("osteophyte")
    assert [site.id for site in osteophyte.scored_sites] == ["pip2", "dip2", "dip3_base", "dip3_head"]
    assert osteophyte.has_half_steps
    highest = {cell: Score(form.item(cell).feature.maximum) for cell in form.cells(["A"])}
    found = {total.feature: total.value for total in totals(form, highest, "A") if total.system == "fingers"}
    assert found == {"osteophyte": 28, "erosion": 10, "touched": 6, "both": 38}


def test_json_says_the_same_as_toml(tmp_path):
    path = tmp_path / "OWN.JSON"
    path.write_text(json.dumps(tomllib.loads(OWN), indent=2), "utf-8-sig")
    assert load_system_file(path) == parse_system(OWN, "own.toml")


@pytest.mark.parametrize(("old", "new", "field", "words"), MISTAKES)
def test_a_mistake_is_named_by_line_and_field(old, new, field, words):
    assert OWN.count(old) == 1
    text = OWN.replace(old, new)
    refused = refusal(text)
    assert refused.field.endswith(field)
    assert words in refused.problem
    elsewhere = {"above 4": "maximum = 3.5", "abbreviation of": '"dip2",'}.get(words)
    line = line_of(OWN, elsewhere) if elsewhere else line_of(OWN, old) + new.count("\n")
    assert refused.line == line
    assert f"line {line}, " in str(refused)


@pytest.mark.parametrize(
    "old", ['title = "Fingers of our own"\n', "sides = 2\n", "maximum = 3.5\n", 'label = "Osteophyte"\n']
)
def test_a_field_that_is_missing_is_named_with_the_line_its_table_begins_in(old):
    name = old.partition(" =")[0]
    refused = refusal(OWN.replace(old, ""))
    assert refused.field.rpartition(".")[2] == name
    assert "missing" in refused.problem
    own_table = OWN.index(old) > OWN.index("[[features]]")
    assert refused.line == (line_of(OWN, "[[features]]") - ("sides" in old) if own_table else 1)


def test_the_same_mistakes_are_found_in_json():
    table = tomllib.loads(OWN)
    table["features"][0]["sites"][1] = "dip22"
    text = json.dumps(table, indent=1)
    refused = refusal(text, "json")
    assert (refused.field, refused.line) == ("features.osteophyte.sites #2", line_of(text, '"dip22"'))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("id = 'x'\ntitle = \n", 2, "not TOML"),
        ("id = 'x'\nid = 'y'\n", 2, "not TOML"),
        ("id = 'x'\n[[features]]\nlabel = \"no end\n", 3, "not TOML"),
        ("a = [1,", 1, "not TOML"),
        ("", 1, "missing"),
        ("features = 3", 1, "missing"),
        (f"id = {'1' * 5000}", None, "too long"),
    ],
)
def test_what_is_no_toml_is_said_with_its_line(text, line, words):
    refused = refusal(text)
    assert refused.line == line
    assert words in refused.problem


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("{", 1, "not JSON"),
        ('{"id": "x",\n "title": }', 2, "not JSON"),
        ("[1, 2]", 1, "use a table"),
        ("null", 1, "use a table"),
        ('{"id": NaN}', None, "not JSON"),
        (f'{{"id": {"1" * 5000}}}', None, "not JSON"),
        ('{"id": "x",\n "title": "y",\n "id": "z"}', 3, "twice"),
        ('{"id": "x"}', 1, "missing"),
    ],
)
def test_what_is_no_json_is_said_with_its_line(text, line, words):
    refused = refusal(text, "json")
    assert refused.line == line
    assert words in refused.problem


@pytest.mark.parametrize("kind", ["toml", "json"])
def test_lists_in_lists_without_end_are_one_clear_sentence(kind):
    depth = 50_000
    text = "[" * depth + "]" * depth
    assert "nested too deeply" in refusal(f"a = {text}" if kind == "toml" else text, kind).problem


def test_more_features_sites_and_cells_than_a_form_can_show_are_refused():
    feature = OWN[OWN.index("[[features]]") : OWN.index("[[features]]", OWN.index('id = "erosion"') - 20)]
    many = "".join(feature.replace('"osteophyte"', f'"f{number}"') for number in range(60))
    head, tail = OWN[: OWN.index("[[features]]")], OWN[OWN.index("[sites.dip2]") :]
    assert "62 entries" not in str(refusal(head + many + tail))
    assert "60 entries are too many" in refusal(head + many + tail).problem
    sites = "".join(
        f'[sites.s{number}]\nlabel = "s"\nabbreviation = "s{number}"\ngroup = "g"\n' for number in range(150)
    )
    wide = feature.replace('"dip2",', ", ".join(f'"s{number}"' for number in range(150)) + ",")
    many = "".join(wide.replace('"osteophyte"', f'"f{number}"') for number in range(4))
    assert "1224 cells" in refusal(head + many + tail + sites).problem


def test_a_file_that_cannot_be_a_system_is_refused_before_it_is_read_whole(tmp_path):
    big = tmp_path / "big.toml"
    big.write_text("#" * (LARGEST_FILE + 1))
    with pytest.raises(BadSystemError, match="larger than 256 KiB"):
        load_system_file(big)
    latin = tmp_path / "latin.toml"
    latin.write_bytes(b"id = 'x'\ntitle = '\xe9'\n")
    with pytest.raises(BadSystemError, match=r"latin\.toml, line 2: this is not UTF-8"):
        load_system_file(latin)
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(BadSystemError, match="no file"):
        load_system_file(tmp_path / "folder.toml")
    with pytest.raises(BadSystemError, match=r"\.toml or \.json"):
        load_system_file(tmp_path / "own.xlsx")
    with pytest.raises(FileNotFoundError):
        load_system_file(tmp_path / "nowhere.toml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_no_system_file_and_nobody_waits_for_it(tmp_path):
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(BadSystemError, match="no file"):
        load_system_file(tmp_path / "pipe.toml")


def test_an_own_system_cannot_have_the_id_of_one_of_the_program(tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(OWN.replace('"fingers"', '"sharp_1985"'))
    with pytest.raises(SystemTakenError, match="sharp_1985"):
        load_system_file(path)


def entries(value, path=()):
    yield path, value
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in inside:
        yield from entries(entry, (*path, key))


@pytest.mark.parametrize("system_id", available_systems())
def test_every_field_of_the_shipped_files_is_found_in_its_line(system_id):
    text = (files("resources") / "scoring_systems" / f"{system_id}.toml").read_text("utf-8")
    document = tomllib.loads(text)
    as_json = json.dumps(document, indent=1, ensure_ascii=False)
    for lines, rows in ((toml_lines(text), text.split("\n")), (json_lines(as_json), as_json.split("\n"))):
        for path, value in entries(document):
            if isinstance(value, str):
                assert json.dumps(value, ensure_ascii=False) in rows[lines[path] - 1]
            elif path:
                assert path in lines


def read_or_refuse(text, kind):
    try:
        parse_system(text, "own", kind)
        words = "read"
    except BadSystemError as error:
        words = str(error)
    assert words.isprintable()
    assert 0 < len(words) < 1000


texts = st.text(max_size=8)
documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "sites", "features", "sums", "maximum", "grades"]) | texts, inside
        )
    ),
    max_leaves=8,
)


@given(documents, st.integers(0, 80))
def test_any_value_anywhere_in_a_file_is_read_or_refused_in_one_sentence(value, place):
    table = tomllib.loads(OWN)
    paths = [path for path, _ in entries(table) if path]
    *above, last = paths[place % len(paths)]
    holder = table
    for key in above:
        holder = holder[key]
    holder[last] = value
    read_or_refuse(json.dumps(table), "json")


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_text_after_a_good_beginning_is_read_or_refused(more):
    text = OWN + more.decode("utf-8", "replace")
    read_or_refuse(text, "toml")
