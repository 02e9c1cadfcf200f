"""`manage.py doctor`: each thing that is missing, in words, with the way to mend it."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from crisisdesk.core import clock
from crisisdesk.notifications.domain import heartbeat
from crisisdesk.notifications.enums import Hand
from tests.brokers import Broker
from tests.peers import Mailbox, free_port


def doctor(*arguments: str) -> str:
    out = StringIO()
    call_command("doctor", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _own_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", str(free_port()))


def test_well_desk_lacks_nothing(
    db: None, broker: Broker, smtp_mail: Mailbox, tmp_path: Path
) -> None:
    for hand in Hand:
        heartbeat.stamp(hand, at=clock.now())
    assert doctor() == "✓ Nothing is missing.\n"


def test_silent_worker_dead_queue_and_dead_mail_server_are_named(
    db: None, broker: Broker, smtp_mail: Mailbox, settings: Settings
) -> None:
    heartbeat.stamp(Hand.BEAT, at=clock.now())
    broker.stop()
    settings.EMAIL_PORT = free_port()

    said = doctor()

    assert f"No sign of life from {Hand.WORKER}" in said
    assert f"No sign of life from {Hand.BEAT}" not in said
    assert "The queue does not answer" in said and "Nothing is lost" in said
    assert "The mail server does not answer" in said and "EMAIL_URL" in said


def test_desk_that_was_never_started_is_said_to_be(settings: Settings) -> None:
    settings.DATABASE_URL = ""
    assert "No desk was started in this folder yet" in doctor()
    assert doctor("--machine") == "✓ Nothing is missing.\n"
