"""Figures for a watch outside: who may ask, that the official parser reads them, that they move with the work."""

from __future__ import annotations

from datetime import timedelta

import pytest
from aiosmtpd.smtp import Envelope
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from crisisdesk.core import clock
from crisisdesk.incidents import tasks as incident_tasks
from crisisdesk.incidents.models import Incident
from crisisdesk.notifications import tasks
from crisisdesk.notifications.domain import delivery, figures, heartbeat
from crisisdesk.notifications.models import Delivery, SendCount, SweepTime
from crisisdesk.notifications.queries.heartbeat import WORKERS
from crisisdesk.web import exposition
from tests.factories.incidents import Desk, make_incident
from tests.factories.notifications import News, message, tell
from tests.peers import Mailbox

pytestmark = pytest.mark.django_db

Figures = dict[tuple[str, str], float]


def read(client: Client, **headers: str) -> Figures:
    """Return each figure by its name and its labels' values, as the official parser reads them."""
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    return {
        (sample.name.removeprefix("crisisdesk_"), ",".join(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


def test_only_this_machine_is_answered_without_a_token(client: Client) -> None:
    assert client.get("/metrics").status_code == 200
    for asked in (
        {"REMOTE_ADDR": "203.0.113.7"},
        {"REMOTE_ADDR": "10.0.0.4"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
    ):
        refused = client.get("/metrics", **asked)
        assert refused.status_code == 404, asked
        assert b"crisisdesk_" not in refused.content
    assert client.post("/metrics").status_code == 405


def test_with_a_token_only_who_brings_it(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "a-long-secret-of-the-watch"  # noqa: S105
    assert client.get("/metrics").status_code == 404
    for given in ("", "Bearer", "Bearer a-long", "Basic a-long-secret-of-the-watch", "Bearer é"):
        assert client.get("/metrics", headers={"Authorization": given}).status_code == 404, given
    answer = client.get(
        "/metrics",
        headers={"Authorization": "Bearer a-long-secret-of-the-watch"},
        REMOTE_ADDR="203.0.113.7",
        HTTP_X_FORWARDED_PROTO="https",
    )
    assert answer.status_code == 200


def test_sends_move_the_figures(client: Client, desk: Desk, smtp_mail: Mailbox) -> None:
    News().register()
    at = clock.now() - timedelta(minutes=3)
    tell([message(desk.staff), message(desk.executive)], at=at)
    before = read(client)
    assert before["pending", "email"] == 2
    assert 180 <= before["oldest_pending_seconds", "email"] < 240
    assert ("sends_total", "sent,email") not in before

    def refuse(envelope: Envelope) -> str | None:
        return "451 later" if desk.executive.email in envelope.rcpt_tos else None

    smtp_mail.refuse = refuse
    tasks.sweep()
    after = read(client)
    assert after["sends_total", "sent,email"] == 1
    assert after["sends_total", "retry,email"] == 1
    assert after["retries_total", "email"] == 1
    # What was refused still waits, although its next attempt lies ahead.
    assert after["pending", "email"] == 1
    assert after["sweep_seconds_count", "delivery"] == 1
    assert after["sweep_seconds_bucket", "delivery,+Inf"] == 1
    assert after["sweep_seconds_sum", "delivery"] == after["last_sweep_seconds", "delivery"] > 0
    smtp_mail.refuse = lambda envelope: None
    delivery.deliver_all(clock=lambda: clock.now() + timedelta(minutes=1))
    last = read(client)
    assert last["sends_total", "sent,email"] == 2
    assert ("pending", "email") not in last


def test_what_is_held_for_later_on_purpose_does_not_wait(client: Client, desk: Desk) -> None:
    News().register()
    tell([message(desk.staff)], at=clock.now() + timedelta(hours=1))
    assert ("pending", "email") not in read(client)


def test_clocks_and_their_lag(client: Client, desk: Desk) -> None:
    incident: Incident = make_incident(desk, at=clock.now() - timedelta(hours=2))
    late = read(client)
    assert late["due_alarms", ""] > 0
    assert late["due_lag_seconds", ""] > 3600
    assert late["deadlines", "late"] > 0
    incident_tasks.fire_due_reminders()
    fired = read(client)
    assert (fired["due_alarms", ""], fired["due_lag_seconds", ""]) == (0, 0)
    assert fired["deadlines", "late"] + fired["deadlines", "running"] == (
        incident.deadlines.filter(state="running").count()
    )
    assert fired["sweep_seconds_count", "reminders"] == 1


def test_a_hand_that_never_moved_is_infinitely_old(client: Client) -> None:
    heartbeat.stamp("beat", at=clock.now() - timedelta(seconds=40))
    heartbeat.stamp(WORKERS + 'desk@"one"', at=clock.now() - timedelta(minutes=9))
    ages = read(client)
    assert 40 <= ages["heartbeat_age_seconds", "beat"] < 60
    assert ages["heartbeat_age_seconds", "auditor"] == float("inf")
    assert 540 <= ages["worker_age_seconds", 'desk@"one"'] < 560


def test_the_sums_stay_whole_while_the_log_is_counted(client: Client, desk: Desk) -> None:
    News().register()
    tell([message(desk.staff, number) for number in range(7)])
    row = desk.staff.notifications.filter(transport="email").first()
    now = clock.now()
    for minutes, outcome in [
        (30, "retry"),
        (29, "retry"),
        (28, "sent"),
        (2, "sent"),
        (1, "failed"),
    ]:
        Delivery.objects.create(
            notification=row, at=now - timedelta(minutes=minutes), outcome=outcome
        )
    wanted = {"sent": 2, "retry": 2, "failed": 1}
    for at in (now, now, now + timedelta(minutes=20), now + timedelta(minutes=30)):
        found = read(client)
        assert {name: found["sends_total", f"{name},email"] for name in wanted} == wanted
        figures.fold_sends(at=at)
    assert sum(SendCount.objects.values_list("count", flat=True)) == 5
    with CaptureQueriesContext(connection) as asked:
        assert (
            figures.fold_sends(at=now + timedelta(minutes=40)) == Delivery.objects.latest("pk").pk
        )
    assert not [query for query in asked.captured_queries if "INSERT" in query["sql"]]


@pytest.mark.parametrize(
    ("seconds", "place"), [(0.0, 0), (0.05, 0), (0.06, 1), (4.0, 6), (99.0, 10)]
)
def test_a_run_is_counted_under_the_bound_it_keeps_within(seconds: float, place: int) -> None:
    at = clock.now()
    for _ in range(2):
        figures.count_run("delivery", began=at - timedelta(seconds=seconds), at=at)
    row = SweepTime.objects.get()
    assert row.buckets == [2 if number == place else 0 for number in range(11)]
    assert (row.runs, row.last_seconds) == (2, pytest.approx(seconds))
    assert row.seconds == pytest.approx(2 * seconds)


def test_what_is_asked_of_the_database_does_not_grow(client: Client, desk: Desk) -> None:
    News().register()

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            read(client)
        return len(asked)

    few = cost()
    tell([message(desk.staff, number) for number in range(50)])
    make_incident(desk)
    assert cost() == few <= 14


def test_a_database_that_is_away_is_said_so(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(at: object) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(exposition, "clocks", away)
    assert client.get("/metrics").status_code == 503
