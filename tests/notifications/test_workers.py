"""Real worker processes: nothing is lost when one is killed or when the broker goes away."""

from __future__ import annotations

import signal
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from threading import Event

import pytest
from aiosmtpd.smtp import Envelope

from crisisdesk.celery import app
from crisisdesk.core import clock
from crisisdesk.notifications.domain import leasing
from crisisdesk.notifications.models import Delivery, Notification
from tests.brokers import BROKERS, Broker
from tests.factories.notifications import message, tell
from tests.factories.organisation import make_user
from tests.peers import Mailbox, Worker

pytestmark = pytest.mark.parametrize("broker", BROKERS, indirect=True)

ROWS = 200


@pytest.fixture(autouse=True)
def _knows_the_topic(worker: Worker) -> None:
    worker.environment["DJANGO_SETTINGS_MODULE"] = "tests.notifications.worker_settings"


def fill() -> None:
    """Put 200 reminders for ten people into the outbox, committed, with one ring of the bell."""
    people = [
        make_user(f"p{number}", language=("en", "ar", "he")[number % 3]) for number in range(10)
    ]
    tell([message(people[n % 10], n, urgent=True) for n in range(ROWS)], at=clock.now())


def wait_until_sent(*, seconds: float = 30) -> None:
    """Return when no mail waits any more."""
    until = time.monotonic() + seconds
    while Notification.objects.exclude(state="sent").exists():
        assert time.monotonic() < until, Counter(Notification.objects.values_list("state"))
        time.sleep(0.1)


def end_leases(at: datetime) -> int:
    """What the sweep does once the leases of the dead worker are over, without waiting for it."""
    return leasing.reclaim(at=at + leasing.LEASE + timedelta(seconds=1))


def ids(mailbox: Mailbox) -> Counter[str]:
    """How often each message came."""
    return Counter(str(letter["Message-ID"]) for letter in mailbox.messages)


def kill_and_start_again(
    worker: Worker, mailbox: Mailbox, capsys: pytest.CaptureFixture[str]
) -> int:
    """Kill the worker, end its leases, start another; return the doubles once all is sent."""
    worker.stop(signal.SIGKILL)
    came = len(mailbox.messages)
    assert came < ROWS, "the worker was done before it was killed"
    held = end_leases(clock.now())
    worker.start()
    Notification.objects.filter(state="pending").update(next_attempt_at=clock.now())
    app.send_task("notifications.sweep")
    wait_until_sent()
    counted = ids(mailbox)
    doubled = sum(counted.values()) - len(counted)
    with capsys.disabled():
        sys.stdout.write(
            f"\nkilled after {came} of {ROWS} mails, {held} rows held: "
            f"{len(counted)} distinct mails came, {doubled} doubled\n"
        )
    assert len(counted) == ROWS
    assert Delivery.objects.filter(outcome="sent").count() == ROWS
    return doubled


def test_worker_killed_while_sending_loses_nothing(
    worker: Worker, smtp_server: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    smtp_server.refuse = lambda envelope: time.sleep(0.005)  # type: ignore[func-returns-value]
    worker.start()
    fill()
    smtp_server.wait(130)
    assert kill_and_start_again(worker, smtp_server, capsys) <= 1


def test_worker_killed_before_the_server_took_the_mail_doubles_none(
    worker: Worker, smtp_server: Mailbox, capsys: pytest.CaptureFixture[str]
) -> None:
    reached, killed = Event(), Event()
    seen: list[str] = []

    def hold_the_sixtieth(envelope: Envelope) -> str | None:
        seen.extend(envelope.rcpt_tos)
        if len(seen) != 60:
            return None
        reached.set()
        killed.wait(20)
        return "451 nobody is there to hear this"

    smtp_server.refuse = hold_the_sixtieth
    worker.start()
    fill()
    assert reached.wait(20)
    stop = worker.stop

    def stop_and_tell(how: signal.Signals = signal.SIGTERM) -> None:
        stop(how)
        killed.set()

    worker.stop = stop_and_tell  # type: ignore[method-assign]
    assert kill_and_start_again(worker, smtp_server, capsys) == 0


def test_broker_that_was_away_delays_mail_and_loses_none(
    worker: Worker, broker: Broker, smtp_server: Mailbox
) -> None:
    worker.start()
    broker.stop()
    fill()
    assert Notification.objects.filter(transport="email", state="pending").count() == ROWS
    broker.start()
    app.send_task("notifications.sweep")
    wait_until_sent()
    counted = ids(smtp_server)
    assert (len(counted), set(counted.values())) == (ROWS, {1})
