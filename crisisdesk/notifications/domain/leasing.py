"""Taking what is due, transport by transport, and putting back what its worker did not finish."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q

from crisisdesk.notifications.domain.bundling import bundle
from crisisdesk.notifications.domain.holding import LEASE, Hold
from crisisdesk.notifications.domain.quieting import hold_quiet
from crisisdesk.notifications.domain.settling import STUBBORN
from crisisdesk.notifications.enums import Outcome, State, Transport
from crisisdesk.notifications.models import Delivery, Notification
from crisisdesk.notifications.rules import retries

BATCH = 100
# After a restart of the database a living worker needs a moment to hold its rows again.
SETTLING = timedelta(seconds=10)

_OUTSIDE = [transport.value for transport in Transport if transport is not Transport.INBOX]
# One probe of the index a transport, however many rows wait.
_DUE = f"""
SELECT way.transport FROM unnest(%(transports)s::text[]) WITH ORDINALITY AS way(transport, place)
WHERE EXISTS (SELECT FROM {Notification._meta.db_table} n
              WHERE n.transport = way.transport AND n.state = '{State.PENDING}'
                AND n.next_attempt_at <= %(at)s)
ORDER BY way.place
"""  # noqa: S608 - built from our own names; every value is a parameter


def due_transports(*, at: datetime, without: Collection[str] = ()) -> list[Transport]:
    """Return the transports by which something is due, e-mail first."""
    asked = [transport for transport in _OUTSIDE if transport not in without]
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"transports": asked, "at": at})
        return [Transport(row[0]) for row in cursor.fetchall()]


@transaction.atomic
def lease(
    *, at: datetime, transport: Transport = Transport.EMAIL, size: int = BATCH
) -> list[Notification]:
    """Take due rows of this transport that nobody else holds, urgent ones first; they are ours until
    `lease_until`.
    """
    due = Notification.objects.filter(
        transport=transport, state=State.PENDING, next_attempt_at__lte=at
    )
    in_order = due.order_by("-urgent", "next_attempt_at", "pk")
    rows: list[Notification] = []
    # What waits for the end of quiet hours, or goes out in a digest, is not due any more.
    while not rows and (found := list(in_order.select_for_update(skip_locked=True)[:size])):
        rows = bundle(hold_quiet(found, at=at), at=at)
    until = at + LEASE
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=State.SENDING,
        lease_until=until,
        next_attempt_at=None,
        held="",
        attempts=F("attempts") + 1,
    )
    for row in rows:
        row.state, row.lease_until, row.attempts = State.SENDING, until, row.attempts + 1
    return rows


@transaction.atomic
def reclaim(*, at: datetime) -> int:
    """Put rows whose worker died back in the queue, give up those that have had every attempt, and
    return how many.

    A lease that ran out while the database was away proves nothing until its worker could have come
    back.
    """
    over = Q(lease_until__lt=at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_postmaster_start_time()")
        began: datetime = cursor.fetchone()[0]
    if began <= at < began + SETTLING:
        over = Q(lease_until__lt=began - timedelta(seconds=STUBBORN))
    lost = list(
        Notification.objects.filter(over, state=State.SENDING)
        .select_for_update(skip_locked=True)
        .only("pk", "attempts")
    )
    spent = [row.pk for row in lost if row.attempts >= retries.MOST_ATTEMPTS]
    again = [row.pk for row in lost if row.attempts < retries.MOST_ATTEMPTS]
    Notification.objects.filter(pk__in=spent).update(state=State.FAILED, lease_until=None)
    Notification.objects.filter(digest__in=spent, state=State.BUNDLED).update(state=State.FAILED)
    Notification.objects.filter(pk__in=again).update(
        state=State.PENDING, lease_until=None, next_attempt_at=at
    )
    Delivery.objects.bulk_create(
        Delivery(notification_id=row.pk, at=at, outcome=Outcome.LOST) for row in lost
    )
    return len(lost)


def give_back(hold: Hold, *, at: datetime) -> None:
    """Let go of what was not tried, due again at this time: it costs no message an attempt, however
    often it happens.
    """
    Notification.objects.filter(
        pk__in=hold.left(), state=State.SENDING, lease_until=hold.until
    ).update(
        state=State.PENDING,
        lease_until=None,
        next_attempt_at=at,
        attempts=F("attempts") - 1,
    )


def put_off(row: Notification, *, at: datetime) -> None:
    """Let go of one row that was not tried, due again at this time: it costs no attempt."""
    Notification.objects.filter(pk=row.pk, state=State.SENDING, attempts=row.attempts).update(
        state=State.PENDING, lease_until=None, next_attempt_at=at, attempts=F("attempts") - 1
    )
