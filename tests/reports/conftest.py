"""A brand and its finished sale day; a reader for the PDFs."""

from __future__ import annotations

import pytest

from crisisdesk.incidents.models import Incident
from tests.factories.incidents import Desk
from tests.reports.story import sale_day


@pytest.fixture
def closed(desk: Desk) -> Incident:
    """The closed incident of the sale day, reviewed in English."""
    return sale_day(desk)
