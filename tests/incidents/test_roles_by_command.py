"""Every role against every command: one table, which docs/who-may-what.md shows."""

from __future__ import annotations

import pytest
from django.db import transaction

from crisisdesk.core.errors import DomainError, NotVisible
from crisisdesk.incidents import domain
from crisisdesk.incidents.models import TimelineEvent
from crisisdesk.organisation.domain.actors import Actor
from tests.factories.incidents import Desk
from tests.incidents.command_case import PEOPLE, Case, commands_of, shown_under
from tests.incidents.command_room import Room, make_room
from tests.incidents.command_table import TABLE


@pytest.fixture
def room(desk: Desk) -> Room:
    """A room of other people, so that whoever is tested has only their brand role."""
    return make_room(desk)


class RolledBack(Exception):
    """Takes back what an allowed command did."""


def outcome(room: Room, case: Case, actor: Actor) -> str:
    """Call the command, take back what it did, and say how it ended."""
    before = TimelineEvent.objects.count()
    try:
        with transaction.atomic():
            case.act(room, actor)
            raise RolledBack
    except RolledBack:
        return "yes"
    except NotVisible:
        found = "404"
    except DomainError as refused:
        found = "no" if refused.code == "not_allowed" else refused.code
    assert TimelineEvent.objects.count() == before
    return found


@pytest.mark.parametrize("name", PEOPLE)
def test_every_command_by_role(name: str, room: Room) -> None:
    user = room.lead if name == "lead" else getattr(room.desk, name)
    place = PEOPLE.index(name)
    wanted = {command: case.may[place] for command, case in TABLE.items()}
    found = {command: outcome(room, case, Actor(user, "api")) for command, case in TABLE.items()}
    assert found == wanted


def test_a_read_token_commands_nothing(room: Room) -> None:
    reader = Actor(room.lead, "api", "read")
    refused = {command: outcome(room, case, reader) for command, case in TABLE.items()}
    by_person = {"accept_handover": "handover_not_yours", "confirm_phone_approval": "not_your_word"}
    assert refused == {command: by_person.get(command, "read_only_token") for command in TABLE}


def test_the_table_names_every_command() -> None:
    assert commands_of(domain) == set(TABLE)


def test_the_document_shows_this_table() -> None:
    assert shown_under("The response") == {
        name: (case.words, *case.may) for name, case in TABLE.items()
    }
