"""Letting news wait while its reader is not to be disturbed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth import get_user_model

from crisisdesk.notifications.enums import Held, Outcome, Transport
from crisisdesk.notifications.models import Delivery, Notification
from crisisdesk.notifications.queries.preferences import quiet_rows
from crisisdesk.notifications.rules.quiet import Span, quiet_until


def hold_quiet(rows: Sequence[Notification], *, at: datetime) -> list[Notification]:
    """Let wait, until their reader's quiet hours end, what is not grave; return the rest in order.

    What is urgent waits, too: it is for somebody to do, not worth their night. Whoever must be called is on watch, and
    their calls are grave.

    In the caller's transaction, which holds the rows. The log says until when each of them waits.
    """
    calm = [row for row in rows if _may_wait(row)]
    ends = _quiet_until({row.recipient_id for row in calm}, at=at) if calm else {}
    if not ends:
        return list(rows)
    held: dict[datetime, list[Notification]] = defaultdict(list)
    for row in calm:
        if row.recipient_id in ends:
            held[ends[row.recipient_id]].append(row)
    for until, group in held.items():
        Notification.objects.filter(pk__in=[row.pk for row in group]).update(
            next_attempt_at=until, held=Held.QUIET
        )
        Delivery.objects.bulk_create(
            Delivery(
                notification_id=row.pk,
                at=at,
                outcome=Outcome.HELD,
                answer=f"{Held.QUIET}:{until.isoformat()}",
            )
            for row in group
        )
    waiting = {row.pk for group in held.values() for row in group}
    return [row for row in rows if row.pk not in waiting]


def _may_wait(row: Notification) -> bool:
    # A webhook is read by a program, which nobody disturbs.
    return not row.grave and row.transport != Transport.WEBHOOK


def _quiet_until(user_ids: set[int], *, at: datetime) -> dict[int, datetime]:
    """Return when the quiet ends of those for whom it is quiet; two queries, one where nobody has quiet hours."""
    spans: dict[int, list[Span]] = defaultdict(list)
    for row in quiet_rows(*user_ids):
        spans[row.user_id].append(Span(row.weekday, row.begins, row.ends))
    if not spans:
        return {}
    zones = get_user_model()._default_manager.filter(pk__in=spans).values_list("pk", "zone")
    found = {pk: quiet_until(spans[pk], zone=zone, at=at) for pk, zone in zones}
    return {pk: until for pk, until in found.items() if until is not None}
