"""The shelf's writers: a desk at a fixed hour, and browsers signed in to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.factories.incidents import Desk, make_desk
from tests.factories.organisation import NOON

SignIn = Callable[[str], Client]


@pytest.fixture
def desk(db: None, time_machine: Any) -> Desk:
    """A brand with one person per role, at a fixed hour."""
    time_machine.move_to(NOON, tick=False)
    return make_desk()


@pytest.fixture
def signed_in(desk: Desk) -> SignIn:
    """Sign the named person in and return the browser."""

    def sign_in(name: str) -> Client:
        client = Client()
        client.force_login(getattr(desk, name))
        return client

    return sign_in
