"""Rounds with a coordinator's own system and with named sums, from the command line to the tables."""

from pathlib import Path

import pytest

from tests.e2e.trials import (
    VISITS,
    full_rows,
    keys_of,
    new_study,
    read_table,
    table_of,
    write_films,
)

FINGERS = """\
id = "fingers"
title = "Fingers"
modality = "CR/DX"
sides = 2

[[features]]
id = "osteophyte"
label = "Osteophyte"
abbreviation = "OST"
maximum = 3
step = 0.5
roles = ["xr_pa_left", "xr_pa_right"]
sites = ["pip2", "dip2"]

[sites.dip2]
label = "2nd distal interphalangeal joint"
abbreviation = "DIP2"
group = "dip"
"""


@pytest.fixture
def study(ra, tmp_path):
    folder = new_study(tmp_path / "study", VISITS[:1])
    write_films(tmp_path / "films", "P01", VISITS[0][2])
    place = ("--subject", "P01", "--visit", "Baseline")
    assert ra("study", "import", folder, tmp_path / "films", *place)["imported"] == 2
    return folder


def define(ra, study, *systems, status=0):
    return ra(
        "study", "round", study, "--title", "Films", "--reader", "Ann", "--system", *systems, status=status
    )


def test_an_own_system_and_named_sums_come_out_in_the_tables(ra, tmp_path, study):
    own = tmp_path / "fingers.toml"
    own.write_text(FINGERS, "utf-8")
    (reading,) = define(ra, study, own, "svdh_hands_feet", own, "svdh_hands_feet")["readings"]
    own.unlink()  # the round keeps what the file said
    shown = ra("reading", "show", reading["path"])
    assert len(shown["form"]) == 4 + 98
    assert {"fingers.dip2", "svdh_hands_feet.mtp1_distal"} <= {
        f"{item['system']}.{item['site']}" for item in shown["form"]
    }

    def value_of(_subject, _visit, _side, item):
        if item["feature"] == "erosion_feet" and item["site"] == "mtp5_distal":
            return "obscured"
        return item["max"] - item["step"]

    rows = full_rows(shown, keys_of(study, Path(reading["path"])), value_of)
    (tmp_path / "scores.csv").write_text(table_of(rows), "utf-8")
    report = ra("reading", "enter", reading["path"], tmp_path / "scores.csv")
    assert report == {"entered": len(rows), "refused": []}
    ra("reading", "submit", reading["path"], "--all")
    ra("study", "collect", study)
    ra("study", "lock", study, "--round", "Films")
    ra("study", "export", study, "--round", "Films", "--out", tmp_path / "out")
    totals = {
        (row["system"], row["feature"]): (row["total"], row["n_sites"], row["n_missing"])
        for row in read_table(tmp_path / "out" / "totals.csv")
        if row["reader"] == "Ann"
    }
    svdh = {feature: told for (system, feature), told in totals.items() if system == "svdh_hands_feet"}
    assert totals["fingers", "osteophyte"] == ("10", "4", "0")
    assert svdh == {
        "erosion_hands": ("128", "32", "0"),
        "joint_space_narrowing_hands": ("90", "30", "0"),
        "erosion_feet": ("", "24", "2"),
        "joint_space_narrowing_feet": ("36", "12", "0"),
        "sens": ("", "86", "2"),
        "erosion": ("", "56", "2"),
        "joint_space_narrowing": ("126", "42", "0"),
        "hands": ("218", "62", "0"),
        "feet": ("", "36", "2"),
        "total": ("", "98", "2"),
    }
    codebook = read_table(tmp_path / "out" / "codebook.csv")
    assert any("recalled" in row["certainty"] for row in codebook)
    of_sens = [row for row in codebook if (row["column"], row["feature"]) == ("total", "sens")]
    assert [row["maximum"] for row in of_sens] == ["86"]
    assert "counted once" in of_sens[0]["definition"]


def test_a_mistake_in_a_system_file_is_one_line_that_names_line_and_field(ra, tmp_path, study):
    own = tmp_path / "fingers.toml"
    own.write_text(FINGERS.replace('"dip2"]', '"dip3"]'), "utf-8")
    define(ra, study, own, status=1)
    assert ra.printed.err.count("\n") == 1
    assert "fingers.toml, line 13, features.osteophyte.sites #2: there is no site 'dip3'" in ra.printed.err
    own.write_text(FINGERS.replace('"fingers"', '"sharp_1985"'), "utf-8")
    define(ra, study, own, status=1)
    assert "'sharp_1985' is taken" in ra.printed.err
    own.write_text(FINGERS.replace('"Fingers"', '"Fingers at baseline"'), "utf-8")
    define(ra, study, own, status=1)
    assert "holds a visit's label" in ra.printed.err
    define(ra, study, tmp_path / "nowhere.json", status=1)
    assert "nowhere.json" in ra.printed.err
    define(ra, study, "fingers", status=1)
    assert "no scoring system 'fingers'" in ra.printed.err


def test_feet_are_expected_where_the_study_has_films_of_feet_or_a_round_reads_them(ra, study):
    (subject,) = ra("study", "check", study)["subjects"]
    assert set(subject["visits"][0]["roles"]) == {"xr_pa_left", "xr_pa_right"}
    define(ra, study, "svdh_hands_feet")
    (subject,) = ra("study", "check", study)["subjects"]
    assert subject["visits"][0]["roles"]["xr_foot_left"] == "missing"
