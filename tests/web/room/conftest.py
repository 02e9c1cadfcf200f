"""A desk at a fixed hour, and an incident that was opened just now."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.incidents.models import Incident
from tests.factories.incidents import Desk, make_desk, make_incident
from tests.factories.organisation import NOON


@pytest.fixture
def desk(db: None, time_machine: Any) -> Desk:
    """A brand with one person per role, at a fixed hour."""
    time_machine.move_to(NOON, tick=False)
    return make_desk()


@pytest.fixture
def incident(desk: Desk) -> Incident:
    """An open SEV2 incident, seen just now on X."""
    return make_incident(desk)
