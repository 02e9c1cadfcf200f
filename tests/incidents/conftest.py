"""The people and the incident that most tests of the response start from."""

from __future__ import annotations

import pytest

from crisisdesk.incidents.models import Incident
from tests.factories.incidents import Desk, make_desk, make_incident


@pytest.fixture
def desk(db: None) -> Desk:
    """A brand with one person per role."""
    return make_desk()


@pytest.fixture
def incident(desk: Desk) -> Incident:
    """An open SEV2 incident, seen just now on X."""
    return make_incident(desk)
