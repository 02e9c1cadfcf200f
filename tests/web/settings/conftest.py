"""A brand, its administrator, and a second browser."""

from __future__ import annotations

import pytest
from django.test import Client

from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, User
from tests.factories.organisation import make_brand, make_member


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
