"""A desk with an incident, and a caller per person."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import cache

from crisisdesk.incidents.models import Incident
from tests.api.caller import Caller
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[time_machine.Traveller]:
    """The API reads the clock; here it stands."""
    cache.clear()
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def room(incident: Incident) -> str:
    """The incident's address."""
    return f"incidents/{incident.reference}/"


@pytest.fixture
def lead(desk: Desk) -> Caller:
    """The PR lead with a write token."""
    return Caller(desk.lead)


@pytest.fixture
def staff(desk: Desk) -> Caller:
    """Comms staff with a write token."""
    return Caller(desk.staff)


@pytest.fixture
def approver(desk: Desk) -> Caller:
    """The approver with a write token."""
    return Caller(desk.approver)


@pytest.fixture
def stranger(desk: Desk) -> Caller:
    """Somebody without a role on the brand, with a write token."""
    return Caller(desk.stranger)
