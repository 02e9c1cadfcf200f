"""Every role against every command of the organisation: one table, which docs/who-may-what.md shows."""

from __future__ import annotations

import pytest
from django.db import transaction

from crisisdesk.core.errors import DomainError, NotVisible
from crisisdesk.organisation import domain
from crisisdesk.organisation.domain.actors import Actor
from tests.incidents.command_case import PEOPLE, commands_of, shown_under
from tests.organisation.command_room import Office, make_office
from tests.organisation.command_table import TABLE, Case
from tests.organisation.refusals import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Office:
    return make_office()


class RolledBack(Exception):
    """Takes back what an allowed command did."""


def outcome(office: Office, case: Case, actor: Actor) -> str:
    """Call the command, take back what it did, and say how it ended."""
    try:
        with transaction.atomic():
            case.act(office, actor)
            raise RolledBack
    except RolledBack:
        return "yes"
    except NotVisible:
        return "404"
    except DomainError as refused:
        return "no" if refused.code == "not_allowed" else refused.code


@pytest.mark.parametrize("name", PEOPLE)
def test_every_command_by_role(name: str, office: Office) -> None:
    actor = Actor(office.people[name], "api")
    wanted = {command: case.may[PEOPLE.index(name)] for command, case in TABLE.items()}
    before = rows()
    assert {command: outcome(office, case, actor) for command, case in TABLE.items()} == wanted
    assert rows() == before


def test_a_read_token_commands_nothing(office: Office) -> None:
    reader = Actor(office.people["admin"], "api", "read")
    refused = {command: outcome(office, case, reader) for command, case in TABLE.items()}
    # A link that came by mail is a way in of its own; a sign-in link is the desk's alone.
    otherwise = {"accept_invitation": "yes", "make_sign_in_link": "no"}
    assert refused == {command: otherwise.get(command, "read_only_token") for command in TABLE}


def test_the_table_names_every_command() -> None:
    assert commands_of(domain) == set(TABLE)


def test_the_document_shows_this_table() -> None:
    shown = shown_under("The organisation")
    assert shown == {name: (case.words, *case.may) for name, case in TABLE.items()}
