"""How one command is written down in the table of who may what."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings

from crisisdesk.organisation.domain.actors import Actor
from tests.incidents.command_room import Room

PEOPLE = ("observer", "executive", "staff", "approver", "lead", "admin", "stranger")
WORK = ("no", "no", "yes", "no", "yes", "no", "404")
DUTY = ("no", "no", "yes", "yes", "yes", "no", "404")
# A promise in public is reminded of at the lead (not another of the brand's), the deputy approver, the executives.
_NOT = "not_reminded"
REMINDED = (_NOT, "yes", _NOT, _NOT, _NOT, _NOT, "404")
ASK = ("no", "yes", "no", "yes", "yes", "no", "404")
APPROVE = ("no", "no", "no", "yes", "yes", "no", "404")
LEAD = ("no", "no", "no", "no", "yes", "no", "404")
ADMIN = ("no", "no", "no", "no", "no", "yes", "404")
MEMBER = ("yes", "yes", "yes", "yes", "yes", "yes", "404")


Act = Callable[[Room, Actor], Any]


@dataclass(frozen=True)
class Case:
    """One command: what it is called for people, who may, and how it is called here."""

    words: str
    may: tuple[str, ...]
    act: Act


def commands_of(domain: ModuleType) -> set[str]:
    """Return the names of a room's commands: what runs in a transaction of its own for an actor at a moment."""
    commands = set()
    for module in pkgutil.iter_modules(domain.__path__):
        found = importlib.import_module(f"{domain.__name__}.{module.name}")
        for name, function in inspect.getmembers(found, inspect.isfunction):
            asked = inspect.signature(function).parameters
            is_own = inspect.unwrap(function).__module__ == found.__name__
            if is_own and hasattr(function, "__wrapped__") and {"actor", "at"} <= set(asked):
                commands.add(name)
    return commands


def shown_under(heading: str) -> dict[str, tuple[str, ...]]:
    """Return the rows of the table under this heading of docs/who-may-what.md, by command."""
    page = (Path(settings.BASE_DIR) / "docs" / "who-may-what.md").read_text(encoding="utf-8")
    part = page.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", part, re.MULTILINE)
    return {name: tuple(cell.strip() for cell in cells.split("|")) for name, cells in rows}
