"""What several commands are told in the same words."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

Commands = Any  # argparse's class for this has no public name
Parents = Sequence[argparse.ArgumentParser]  # of every command of a group: what it is about, and --json


def add_round_title(command: argparse.ArgumentParser) -> None:
    """Add the round that a command is about."""
    command.add_argument("--round", required=True, metavar="R", help="title or id")
