"""How one command is written down in the table of who may what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

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
