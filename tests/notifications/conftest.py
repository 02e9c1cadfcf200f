"""What the tests of this room share."""

from __future__ import annotations

import pytest

from crisisdesk.organisation.models import User
from tests.factories.notifications import News
from tests.factories.organisation import make_user


@pytest.fixture(autouse=True)
def news() -> News:
    """The topic of the tests, registered afresh."""
    made = News()
    made.register()
    return made


@pytest.fixture
def sara(db: None) -> User:
    """Reads English."""
    return make_user("sara", language="en")


@pytest.fixture
def nadia(db: None) -> User:
    """Reads Arabic."""
    return make_user("nadia", language="ar")


@pytest.fixture
def dana(db: None) -> User:
    """Reads Hebrew."""
    return make_user("dana", language="he", zone="Asia/Jerusalem")
