"""A brand, its administrator, and a second browser."""

from __future__ import annotations

import pytest
from django.test import Client

from crisisdesk.incidents.models import Incident
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import (
    Brand,
    User,
)
from tests.factories.incidents import Desk, make_desk, make_incident
from tests.factories.organisation import (
    make_brand,
    make_member,
)


@pytest.fixture
def desk(db: None) -> Desk:
    """A brand with one person per role."""
    return make_desk()


@pytest.fixture
def incident(desk: Desk) -> Incident:
    """An open incident of that brand."""
    return make_incident(desk)


@pytest.fixture
def brand() -> Brand:
    return make_brand()


@pytest.fixture
def admin(brand: Brand, client: Client) -> User:
    """An administrator, signed in with the test's browser."""
    person = make_member(brand, Role.ADMIN)
    client.force_login(person)
    return person


def browser(person: User) -> Client:
    """Return another browser in which the person is signed in."""
    other = Client()
    other.force_login(person)
    return other
