"""A brand and its finished sale day; a reader for the PDFs."""

from __future__ import annotations

import pytest

from crisisdesk.incidents.models import Incident
from tests.factories.incidents import Desk, make_desk
from tests.reports.story import sale_day


@pytest.fixture
def desk(db: None) -> Desk:
    """A brand with one person per role."""
    return make_desk()


@pytest.fixture
def closed(desk: Desk) -> Incident:
    """The closed incident of the sale day, reviewed in English."""
    return sale_day(desk)
