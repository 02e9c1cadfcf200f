"""A dead or hanging broker is noticed, logged and never waited for."""

from __future__ import annotations

import logging
import signal
import time
from collections.abc import Iterator

import pytest
from django.db import transaction

from crisisdesk.core import clock, jobs
from crisisdesk.notifications import tasks
from crisisdesk.notifications.models import Notification
from tests.brokers import BROKERS, Broker
from tests.factories.notifications import message, tell
from tests.factories.organisation import make_user
from tests.peers import Mailbox

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("broker", BROKERS, indirect=True),
]


@pytest.fixture(autouse=True)
def _rested(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(jobs, "_silent_until", 0.0)
    yield


def test_bell_is_heard_after_commit_and_only_then(broker: Broker) -> None:
    with transaction.atomic():
        jobs.after_commit("notifications.deliver")
        jobs.after_commit("notifications.deliver")
        assert broker.queued() == 0
    assert broker.queued() == 1


def test_dead_broker_loses_nothing_and_the_sweep_sends(
    broker: Broker, smtp_mail: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    sara = make_user()
    broker.stop(signal.SIGKILL)
    started = time.monotonic()
    with caplog.at_level(logging.WARNING, "crisisdesk.core.jobs"):
        tell([message(sara)], at=clock.now())
    assert time.monotonic() - started < 1.5
    assert "notifications.deliver was not queued" in caplog.text
    assert Notification.objects.get(transport="email").state == "pending"
    tasks.sweep()
    assert len(smtp_mail.wait(1)) == 1


def test_hanging_broker_costs_a_second_once_and_then_nothing(broker: Broker) -> None:
    with transaction.atomic():
        jobs.after_commit("notifications.deliver")
    broker.hang()
    try:
        started = time.monotonic()
        with transaction.atomic():
            jobs.after_commit("notifications.deliver")
        first = time.monotonic() - started
        started = time.monotonic()
        for _ in range(20):
            with transaction.atomic():
                jobs.after_commit("notifications.deliver")
        rest = time.monotonic() - started
    finally:
        broker.go_on()
    assert first < 2
    assert rest < 0.2


def test_bell_rings_again_when_the_broker_is_back(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker.stop()
    with transaction.atomic():
        jobs.after_commit("notifications.deliver")
    broker.start()
    monkeypatch.setattr(jobs, "_silent_until", 0.0)
    with transaction.atomic():
        jobs.after_commit("notifications.deliver")
    assert broker.queued() == 1
