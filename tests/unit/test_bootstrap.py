import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import bootstrap

PROJECT = Path(bootstrap.__file__).parent
UNKNOWN_PACKAGE = f"ra-reader-knows-no-such-package==1 --hash=sha256:{'0' * 64}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the real script and description, whose one locked package is nowhere to be had."""
    for name in ("bootstrap.py", "pyproject.toml"):
        shutil.copy(PROJECT / name, tmp_path)
    (tmp_path / "requirements.lock").write_text(UNKNOWN_PACKAGE, encoding="utf-8")
    return tmp_path


def finish(project: Path) -> None:
    (project / ".venv").mkdir(exist_ok=True)
    bootstrap.write_stamp(project, bootstrap.wanted_stamp(project))


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(project / "bootstrap.py"), *arguments],
        env={**os.environ, "PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_that_is_too_old_is_named_in_one_sentence():
    with pytest.raises(bootstrap.SetupError, match=r"needs Python 3\.11 to 3\.13, but this is Python 3\.9\."):
        bootstrap.check_python((3, 9))


def test_a_python_without_packages_yet_is_named_too():
    with pytest.raises(bootstrap.SetupError, match=r"but this is Python 3\.14\."):
        bootstrap.check_python((3, 14))


def test_this_python_is_accepted():
    bootstrap.check_python(sys.version_info[:2])


def test_without_a_command_the_commands_are_shown_and_nothing_is_set_up(project: Path):
    shown = run(project)
    assert "bootstrap.py demo" in shown.stdout
    assert not (project / ".venv").exists()


def test_a_finished_environment_is_used_as_it_is(project: Path):
    finish(project)
    ready = run(project, "setup")
    assert ready.returncode == 0
    assert "nothing had changed" in ready.stderr


@pytest.mark.skipif(os.name == "nt", reason="a script stands for the environment's Python")
def test_all_tests_run_side_by_side_and_named_ones_as_they_were_named(project: Path):
    finish(project)
    python = bootstrap.program(project, "python")
    python.parent.mkdir()
    python.write_text('#!/bin/sh\necho "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    assert run(project, "test").stdout.split() == ["-m", "pytest", *bootstrap.SIDE_BY_SIDE]
    assert run(project, "test", "tests/unit", "-x").stdout == "-m pytest tests/unit -x\n"


@pytest.mark.slow
def test_an_unfinished_environment_is_made_anew_and_a_package_that_is_not_to_be_had_is_named(project: Path):
    leftover = project / ".venv" / "leftover"
    leftover.mkdir(parents=True)
    failed = run(project, "setup")
    assert failed.returncode == 1
    assert not leftover.exists()
    assert bootstrap.read_stamp(project) == {}
    assert failed.stderr.splitlines()[-1].startswith(
        "There is no wheel of ra-reader-knows-no-such-package==1"
    )


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_an_environment_is_outdated_once_its_ingredients_change(project: Path, name: str):
    finish(project)
    with (project / name).open("a", encoding="utf-8") as ingredient:
        ingredient.write("\n# another line\n")
    assert bootstrap.read_stamp(project) != bootstrap.wanted_stamp(project)


def test_an_environment_is_outdated_once_the_project_has_moved(project: Path, tmp_path: Path):
    finish(project)
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    for name in ("requirements.lock", "pyproject.toml", ".venv"):
        shutil.move(project / name, moved / name)
    assert bootstrap.read_stamp(moved) != bootstrap.wanted_stamp(moved)


@pytest.mark.skipif(shutil.which("apt-get") is None, reason="the command is that of Debian and Ubuntu")
def test_without_the_right_to_install_missing_system_packages_are_named_with_the_command():
    with pytest.raises(
        bootstrap.SetupError, match=r"sudo apt-get install -y --no-install-recommends libegl1 libgl1$"
    ):
        bootstrap.provide_system_packages(["libegl1", "libgl1"], as_root=False)


def test_a_library_that_is_not_there_is_noticed():
    assert not bootstrap.loads("libra-reader-knows-no-such-library.so.1")


def test_a_missing_network_is_said_in_one_sentence():
    lines = [
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...)': /numpy/",
        "ERROR: No matching distribution found for numpy==2.4.6",
    ]
    sentence = bootstrap.explain_failure(lines)
    assert sentence.startswith("The packages could not be fetched: connect to a network")
    assert "\n" not in sentence


def test_a_failure_that_is_no_missing_network_keeps_the_words_of_pip():
    lines = ["Collecting numpy", "ERROR: Could not install packages: No space left on device", ""]
    assert bootstrap.explain_failure(lines).endswith("No space left on device")


def test_fetched_and_already_present_packages_count_as_progress(capsys: pytest.CaptureFixture[str]):
    report = bootstrap.progress_of(4)
    for line in (
        "Ignoring colorama: markers 'os_name == \"nt\"' don't match your environment",
        "Collecting argon2-cffi-bindings==25.1.0 (from -r /some/where/requirements.lock (line 8))",
        "Processing /wheels/pyjpegls-1.5.1-cp311-cp311-linux_x86_64.whl (from -r /some/requirements.lock)",
        "Using cached numpy-2.4.6.whl",
        "Installing collected packages: pyjpegls, argon2-cffi-bindings",
    ):
        report(line)
    assert capsys.readouterr().err.splitlines() == [
        "  1/4 colorama",
        "  2/4 argon2-cffi-bindings",
        "  3/4 pyjpegls",
        "Installing them",
    ]


def test_the_lock_holds_every_package_the_project_asks_for_in_its_range():
    description = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [*description["project"]["dependencies"], *description["dependency-groups"]["dev"]]
    asked_for = [Requirement(requirement) for requirement in asked]
    locked = {name: version for name, version, _ in locked_packages()}
    assert [str(one) for one in asked_for if not one.specifier.contains(locked[one.name.lower()])] == []


def test_every_locked_package_has_a_hash_and_no_address():
    assert [name for name, _, rest in locked_packages() if "--hash=sha256:" not in rest] == []
    assert "://" not in (PROJECT / "requirements.lock").read_text(encoding="utf-8")


def locked_packages() -> list[tuple[str, str, str]]:
    text = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    return re.findall(r"^([\w.-]+)==(\S+)((?:.*\\\n)*.*)", text, flags=re.MULTILINE)
