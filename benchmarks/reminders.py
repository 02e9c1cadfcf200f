"""G9 and G10: due reminders claimed, recorded and marked done; and the mails they become."""

from __future__ import annotations

import time
from datetime import timedelta
from statistics import median

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


def fired() -> Row:
    """Fire up to ten thousand that fall due within the hour, beside a bare claim of a sweep's rows."""
    soon = clock.now() + timedelta(hours=1)
    waiting = Reminder.objects.filter(state=ReminderState.PENDING, due_at__lte=soon)
    incidents = waiting.values("incident").distinct().count()
    ours, bare, total = [], [], 0
    while total < ENOUGH and (count := fired_in_one_sweep(soon, ours)):
        total += count
        if len(bare) < 5:
            bare.append(_bare(BATCH))
    rate, plain = median(ours), median(bare)
    return Row(
        "G9",
        f"{total:,} due reminders of {incidents} incidents",
        f"{rate:,.0f}/s",
        f"{plain:,.0f}/s claimed and done",
        rate / plain,
        ">= 10,000/s",
        rate >= 10_000,
    )


def fired_in_one_sweep(at: object, rates: list[float]) -> int:
    """Run one sweep and note its rate; returns how many were claimed."""
    started = time.perf_counter()
    count = fire_due(at=at, limit=BATCH)  # type: ignore[arg-type]
    if count:
        rates.append(count / (time.perf_counter() - started))
    return count


def _bare(count: int) -> float:
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
        f"{found.per_second:,.0f}/s",
        bar=">= 500/s",
        met=found.per_second >= 500,
    )
