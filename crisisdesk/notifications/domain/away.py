"""Who is silent because a colleague is told in their place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model

from crisisdesk.notifications import registry
from crisisdesk.notifications.domain.outbox import IN_PLACE_OF
from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Notification, StandIn
from crisisdesk.notifications.rules.news import is_duty


def told_instead(rows: Sequence[Notification], *, at: datetime) -> dict[int, str]:
    """Return the rows that are not sent to their reader, who is silent, with a code that names the stand-in.

    What somebody has to do is silent only where the stand-in was told the same and may see it: silence never loses a
    thing to do. One query where nobody is silent.
    """
    silent = {
        row.person_id: row.stand_in_id
        for row in StandIn.objects.filter(
            person__in={row.recipient_id for row in rows},
            silent=True,
            ended_at=None,
            from_at__lte=at,
            until_at__gt=at,
        )
    }
    mine = [row for row in rows if row.recipient_id in silent]
    if not mine:
        return {}
    known = _know(mine, silent)
    return {
        row.pk: f"{IN_PLACE_OF}{silent[row.recipient_id]}"
        for row in mine
        if not is_duty(row.kind, urgent=row.urgent)
        or (silent[row.recipient_id], row.dedupe_key) in known
    }


def _know(rows: Sequence[Notification], silent: dict[int, int]) -> set[tuple[int, str]]:
    """Return who was told what and may see it."""
    people: dict[int, Any] = get_user_model()._default_manager.in_bulk(set(silent.values()))
    told = Notification.objects.filter(
        recipient__in=people,
        transport=Transport.INBOX,
        dedupe_key__in={row.dedupe_key for row in rows},
    )
    found = set(told.values_list("recipient_id", "dedupe_key"))
    by_topic: dict[str, list[Notification]] = defaultdict(list)
    for row in rows:
        by_topic[row.topic].append(row)
    known = set()
    for topic, group in by_topic.items():
        pairs = {(silent[row.recipient_id], row.topic_id) for row in group}
        seen = registry.allowed(topic, pairs, people)
        for row in group:
            other = silent[row.recipient_id]
            if (other, row.topic_id) in seen and (other, row.dedupe_key) in found:
                known.add((other, row.dedupe_key))
    return known
