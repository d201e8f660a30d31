"""The scoring systems there are: those that ship with the program, and a coordinator's own files."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from scoring_forms.domain.errors import BadSystemError, SystemTakenError, UnknownSystemError
from scoring_forms.domain.scoring_system import ScoringSystem
from scoring_forms.domain.system_file import Kind, parse_system

SYSTEM_FILES: dict[str, Kind] = {".toml": "toml", ".json": "json"}
LARGEST_FILE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a site could not be scored."""

    id: str
    label: str
    needs_comment: bool = False


@cache
def available_systems() -> tuple[str, ...]:
    """Return the ids of the systems that ship with the program, sorted."""
    folder = files("resources") / "scoring_systems"
    return tuple(
        sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml"))
    )


@cache
def load_system(system_id: str) -> ScoringSystem:
    """Return a system that ships with the program.

    Raises:
        UnknownSystemError: There is none with this id.
    """
    if system_id not in available_systems():
        raise UnknownSystemError(system_id, available_systems())
    name = f"{system_id}.toml"
    return parse_system((files("resources") / "scoring_systems" / name).read_text("utf-8"), name)


def load_system_file(path: Path) -> ScoringSystem:
    """Return the system that a coordinator describes in a TOML or JSON file.

    Raises:
        BadSystemError: The file describes no scoring system; names line and field.
        SystemTakenError: Its id is that of a system of the program.
        OSError: It cannot be read.
    """
    kind = SYSTEM_FILES.get(path.suffix.lower())
    if kind is None:
        raise BadSystemError(path.name, None, "", "a scoring system is a .toml or .json file")
    if path.exists() and not path.is_file():
        raise BadSystemError(path.name, None, "", "this is no file")
    with path.open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise BadSystemError(path.name, None, "", f"it is larger than {LARGEST_FILE // 1024} KiB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadSystemError(path.name, line, "", "this is not UTF-8 text") from None
    system = parse_system(text, path.name, kind)
    if system.id in available_systems():
        raise SystemTakenError(system.id, "the program has a system of this id; give yours another one")
    return system


@cache
def reasons() -> tuple[Reason, ...]:
    """Return the not-assessable reasons in the order they are offered."""
    table = tomllib.loads((files("resources") / "not_assessable.toml").read_text("utf-8"))
    return tuple(Reason(**reason) for reason in table["reasons"])
