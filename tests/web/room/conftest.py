"""A desk at a fixed hour, and an incident that was opened just now."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.incidents.models import Incident
from tests.factories.incidents import Desk, make_desk
from tests.factories.moving_room import make_moving
from tests.factories.organisation import NOON


@pytest.fixture
def desk(db: None, time_machine: Any) -> Desk:
    """A brand with one person per role, at a fixed hour."""
    time_machine.move_to(NOON, tick=False)
    return make_desk()


@pytest.fixture
def moving(desk: Desk) -> Incident:
    """An incident from the moving playbook, opened just now."""
    return make_moving(desk)
