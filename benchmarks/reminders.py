"""G9 and G10: due reminders claimed, recorded and marked done; and the mails they become."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from statistics import median

from django.core.management import call_command
from django.db import connection, transaction

from benchmarks import delivery
from benchmarks.table import Row
from crisisdesk.core import clock
from crisisdesk.incidents.domain.reminders import fire_due
from crisisdesk.incidents.enums import ReminderState
from crisisdesk.incidents.models import Reminder
from crisisdesk.notifications.models import Notification
from crisisdesk.organisation.models import User

BATCH = 500
ENOUGH = 10_000
_CLAIM = """
    UPDATE bench_due SET state = 1 FROM (
        SELECT id FROM bench_due WHERE state = 0 AND due_at <= now()
        ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED
    ) due WHERE bench_due.id = due.id RETURNING bench_due.id
"""


def table(fast: bool) -> list[Row]:
    """Alarms that crowd on few incidents, as after an outage of the worker, and alarms of many."""
    spread = _fired("spread over", most=1000 if fast else 3000)
    Reminder.objects.filter(state=ReminderState.PENDING).update(state=ReminderState.CANCELLED)
    call_command("bench_seed", incidents=1000 if fast else 2000, events=1, deadlines=100)
    return [_fired("of", most=ENOUGH, bar=10_000), spread]


def _fired(words: str, *, most: int, bar: int = 0) -> Row:
    """Fire what falls due within the hour, beside a bare claim of a sweep's rows."""
    soon = clock.now() + timedelta(hours=1)
    waiting = Reminder.objects.filter(state=ReminderState.PENDING, due_at__lte=soon)
    first = waiting.order_by("due_at", "pk").values_list("incident", flat=True)[:most]
    incidents = len(set(first))
    ours: list[float] = []
    bare: list[float] = []
    total, spent = 0, time.process_time()
    while total < most and (count := _sweep(soon, ours)):
        total += count
        if len(bare) < 5:
            between = time.process_time()
            bare.append(bare_claims(BATCH))
            spent += time.process_time() - between
    each = (time.process_time() - spent) / total * 1000
    rate, plain = median(ours), median(bare)
    return Row(
        "G9",
        f"{total:,} due reminders {words} {incidents} incidents",
        f"{rate:,.0f}/s, {each:.2f} CPU-ms each in the worker",
        f"{plain:,.0f}/s claimed and done",
        rate / plain,
        f">= {bar:,}/s" if bar else "",
        rate >= bar if bar else None,
    )


def _sweep(at: datetime, rates: list[float]) -> int:
    """Run one sweep and note its rate; returns how many were claimed."""
    started = time.perf_counter()
    count = fire_due(at=at, limit=BATCH)
    if count:
        rates.append(count / (time.perf_counter() - started))
    return count


def bare_claims(count: int) -> float:
    """Rows a second through one claim and one mark by hundreds, each in its own transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_due")
        cursor.execute(
            "CREATE TABLE bench_due (id bigserial PRIMARY KEY, state int NOT NULL, "
            "due_at timestamptz NOT NULL, fired_at timestamptz)"
        )
        cursor.execute(
            "INSERT INTO bench_due (state, due_at) "
            "SELECT 0, now() - n * interval '1 second' FROM generate_series(1, %s) n",
            [count],
        )
        cursor.execute("CREATE INDEX ON bench_due (due_at) WHERE state = 0")
        started = time.perf_counter()
        while True:
            with transaction.atomic():
                cursor.execute(_CLAIM, [100])
                claimed = [row[0] for row in cursor.fetchall()]
            if not claimed:
                break
            cursor.execute(
                "UPDATE bench_due SET state = 2, fired_at = now() WHERE id = ANY(%s)", [claimed]
            )
        rate = count / (time.perf_counter() - started)
        cursor.execute("DROP TABLE bench_due")
    return rate


def delivered(rows: int) -> Row:
    """Deliver this many reminders to the demo's people."""
    # What earlier measures left in the outbox is not what is measured.
    Notification.objects.filter(state="pending").delete()
    people = list(User.objects.filter(is_active=True).values_list("pk", flat=True)[:5])
    found = delivery.measure(rows, people)
    return Row(
        "G10",
        f"{rows:,} reminders rendered and handed to a dummy mail server",
        f"{found.per_second:,.0f}/s, {found.processor / rows * 1000:.2f} CPU-ms each in the worker",
        bar=">= 500/s",
        met=found.per_second >= 500,
    )
