"""A brand and an incident at a fixed hour, and what must not change when something is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crisisdesk.incidents.domain import lifecycle
from crisisdesk.incidents.enums import Status
from crisisdesk.incidents.models import ActionItem, HandOver, Incident, Postmortem, RoleAssignment
from crisisdesk.organisation.models import User
from crisisdesk.reports.models import RenderedReport
from tests.factories.incidents import Desk, make_desk
from tests.factories.organisation import NOON

MINUTE = timedelta(minutes=1)
WORDS = {
    "version": "0",
    "cause_known": "no",
    "affected": "Two customers.",
    "business_effect_unknown": "on",
    "verdict": "Nine minutes.",
    "summary": "A fake account answered.",
    "went_well": "Fast.",
    "went_badly": "Instagram.",
}


@pytest.fixture
def desk(db: None, time_machine: Any) -> Desk:
    """A brand with one person per role, at a fixed hour."""
    time_machine.move_to(NOON, tick=False)
    return make_desk()


def signed_in(user: User) -> Client:
    """Return a browser in which this person is signed in."""
    client = Client()
    client.force_login(user)
    return client


def at(incident: Incident, path: str) -> str:
    """Return an address inside the room."""
    return f"/incidents/{incident.reference}/{path}"


def resolve(desk: Desk, incident: Incident) -> None:
    """Move the incident to resolved."""
    for to in (Status.ACTIVE, Status.RESOLVED):
        lifecycle.change_status(incident_id=incident.pk, to=to, actor=desk.actor("lead"), at=NOON)


def rows(incident: Incident) -> list[Any]:
    """Return everything that this area can write, and the end of the timeline."""
    kept: list[Any] = [list(Incident.objects.filter(pk=incident.pk).values())]
    for model in (HandOver, Postmortem, ActionItem, RenderedReport, RoleAssignment):
        kept.append(list(model._default_manager.order_by("pk").values()))
    return kept


def cost(client: Client, path: str) -> int:
    """Return how many queries the page takes once it is warm."""
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)
