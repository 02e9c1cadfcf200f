"""More than three messages to one person by one way within a minute become one digest.

The first three go at once. What follows within the minute waits for its end and goes out in one message: a row of the
outbox of its own, the digest, with a key of its own. The rows that go out in it stay in the ledger and share its fate
in one commit, so each piece of news is still told exactly once. Nobody joins a digest that has been tried: what may
already have arrived does not change. A digest is as grave as the gravest news in it. What is urgent is not bundled,
unless it had to wait for the end of quiet hours: then a night's reminders would come all at once. A drill has nothing
to bundle.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Exists, Min, OuterRef, Q

from crisisdesk.notifications.enums import Held, Outcome, State, Transport
from crisisdesk.notifications.models import Delivery, Notification
from crisisdesk.notifications.rules.news import DIGEST

AT_ONCE = 3
MINUTE = timedelta(minutes=1)
_LOCKS = 0x4E575344  # a number of our own among advisory locks: one reader at a time

Place = tuple[int, int | None]  # who, and at which address


@dataclass
class _Lately:
    count: int = 0
    first: datetime | None = None


def bundle(rows: Sequence[Notification], *, at: datetime) -> list[Notification]:
    """Put into digests what is more than three to one place within a minute, and return what goes now, in order.

    In the caller's transaction, which holds the rows; all are of one transport.
    """
    fresh = [row for row in rows if _may_wait(row)]
    if not fresh:
        return list(rows)
    _one_at_a_time({row.recipient_id for row in fresh})
    lately = _sent_lately(fresh, at=at)
    joins: dict[Place, list[Notification]] = defaultdict(list)
    for row in sorted(fresh, key=lambda row: (not row.urgent, row.pk)):
        place = (row.recipient_id, row.address_id)
        if lately[place].count < AT_ONCE:
            lately[place].count += 1
        else:
            joins[place].append(row)
    for place, group in joins.items():
        _join(group, ends=(lately[place].first or at) + MINUTE, at=at)
    waiting = {row.pk for group in joins.values() for row in group}
    return [row for row in rows if row.pk not in waiting]


def _may_wait(row: Notification) -> bool:
    # A webhook is read by a program, which wants each event by itself.
    return (
        (not row.urgent or row.held == Held.QUIET)
        and row.attempts == 0
        and row.topic != DIGEST
        and row.transport != Transport.WEBHOOK
    )


def _one_at_a_time(user_ids: set[int]) -> None:
    """Wait until no other worker counts for these readers; in the order of their numbers, so never in a ring."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, id)"
            " FROM (SELECT unnest(%s::int[]) AS id ORDER BY 1) AS readers",
            [_LOCKS, sorted(pk % 2**31 for pk in user_ids)],
        )


def _sent_lately(rows: Sequence[Notification], *, at: datetime) -> dict[Place, _Lately]:
    """Return how many that may be bundled went to each place within the minute, or are on their way."""
    found: dict[Place, _Lately] = defaultdict(_Lately)
    went = Notification.objects.filter(
        Q(sent_at__gt=at - MINUTE, digest=None) | Q(state=State.SENDING),
        recipient__in={row.recipient_id for row in rows},
        transport=rows[0].transport,
    ).order_by()
    parts = [went.filter(urgent=False)]
    if any(row.held == Held.QUIET for row in rows):  # asked apart: by day nothing urgent was held
        held = Delivery.objects.filter(
            notification=OuterRef("pk"), outcome=Outcome.HELD, answer__startswith=f"{Held.QUIET}:"
        )
        parts.append(went.filter(Exists(held), urgent=True))
    for part in parts:
        counted = part.values_list("recipient_id", "address_id").annotate(
            Count("pk"), Min("sent_at")
        )
        for recipient, address, count, first in counted:
            lately = found[recipient, address]
            lately.count += count
            lately.first = min(filter(None, (lately.first, first)), default=None)
    return found


def _join(group: Sequence[Notification], *, ends: datetime, at: datetime) -> None:
    """Let these rows of one place go out in its open digest, or in a new one when the minute ends."""
    first = group[0]
    place = {
        "recipient_id": first.recipient_id,
        "transport": first.transport,
        "address_id": first.address_id,
    }
    digest = (
        Notification.objects.select_for_update(skip_locked=True)
        .filter(**place, topic=DIGEST, state=State.PENDING, attempts=0, next_attempt_at__gt=at)
        .filter(held=Held.DIGEST)  # not one that waits for the end of quiet hours
        .first()
    )
    grave = any(row.grave for row in group)
    if digest is None:
        digest = Notification.objects.create(
            **place,
            topic=DIGEST,
            topic_id=first.recipient_id,
            kind=DIGEST,
            dedupe_key=f"{DIGEST}:{first.pk}",
            held=Held.DIGEST,
            grave=grave,
            created_at=at,
            next_attempt_at=ends,
        )
    elif grave and not digest.grave:
        digest.grave = True
        digest.save(update_fields=["grave"])
    # That they waited through quiet hours stays said: what is over by then is left out of the digest.
    Notification.objects.filter(pk__in=[row.pk for row in group]).update(
        state=State.BUNDLED, digest=digest, next_attempt_at=None
    )
    Delivery.objects.bulk_create(
        Delivery(
            notification_id=row.pk, at=at, outcome=Outcome.HELD, answer=f"{Held.DIGEST}:{digest.pk}"
        )
        for row in group
    )
