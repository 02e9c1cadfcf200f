"""What every test may ask for: its own database, real peers, a live desk, a browser, people and an incident."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from pytest_django import DjangoDbBlocker, Settings

from crisisdesk.incidents.models import Incident
from tests import database
from tests.factories.incidents import Desk, make_desk, make_incident
from tests.factories.receivers import Receiver, echo, receiving

pytest_plugins = ["tests.peers", "tests.browser"]


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """This process's own database, cloned from the migrated template, dropped at the end."""
    entry = settings.DATABASES["default"]

    def migrate(name: str) -> None:
        own = entry["NAME"]
        entry["NAME"] = name
        connections["default"].close()
        try:
            call_command("migrate", interactive=False, verbosity=0)
        finally:
            connections["default"].close()
            entry["NAME"] = own

    with database.running_server(), django_db_blocker.unblock(), database.own_database(migrate):
        yield
        connections.close_all()


@pytest.fixture
def desk(db: None) -> Desk:
    """A brand with one person per role."""
    return make_desk()


@pytest.fixture
def incident(desk: Desk) -> Incident:
    """An open SEV2 incident, seen just now on X."""
    return make_incident(desk)


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """A receiver that proves itself, at a host that whoever runs the desk has named."""
    settings.OUTBOUND_PRIVATE_HOSTS = ["127.0.0.1"]
    with receiving() as made:
        made.reply = echo
        yield made
