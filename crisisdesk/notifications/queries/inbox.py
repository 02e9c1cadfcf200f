"""A person's inbox."""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from crisisdesk.notifications import registry
from crisisdesk.notifications.enums import State, Transport
from crisisdesk.notifications.models import Notification

logger = logging.getLogger(__name__)

PAGE = 30


@dataclass(frozen=True)
class Item:
    """One line of the inbox, rendered in the reader's language."""

    id: int
    topic: str
    topic_id: int
    kind: str
    urgent: bool
    is_drill: bool
    created_at: datetime
    read_at: datetime | None
    rendered: registry.Rendered


@dataclass(frozen=True)
class Page:
    """Some lines, newest first; `older` is what to ask for next, `refused` what may no longer be
    seen.
    """

    items: tuple[Item, ...]
    older: int | None
    refused: tuple[int, ...]


def mine(user: Any) -> QuerySet[Notification]:
    """Return the rows of this person's inbox."""
    return Notification.objects.filter(
        recipient_id=user.pk, transport=Transport.INBOX, state=State.SENT
    )


def unread_count(user: Any) -> int:
    """Return how many unread lines this person may see."""
    return unread(user).count()


def unread(user: Any) -> QuerySet[Notification]:
    """Return the unread lines that this person may see; every topic's own answer is part of the query."""
    seen = Q(pk__in=[])
    if user.is_active:
        for topic in registry.topics():
            seen |= Q(topic=topic.name, topic_id__in=topic.visible(user))
    return mine(user).filter(seen, read_at__isnull=True).order_by()


def page(user: Any, *, before: int | None = None, limit: int = PAGE) -> Page:
    """Return the newest lines, or those older than `before`, in a bounded number of queries."""
    rows = mine(user).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: limit + 1])
    shown = found[:limit]
    topics: dict[str, set[int]] = defaultdict(set)
    for row in shown:
        topics[row.topic].add(row.topic_id)
    visible = {topic: _visible(user, topic, ids) for topic, ids in topics.items()}
    items = [_item(row, user) for row in shown if row.topic_id in visible[row.topic]]
    return Page(
        items=tuple(item for item in items if item is not None),
        older=shown[-1].pk if len(found) > limit else None,
        refused=tuple(row.pk for row in shown if row.topic_id not in visible[row.topic]),
    )


def one(user: Any, row: Notification) -> Item | None:
    """Return one line as this person may read it, whatever its transport; None where they no longer may."""
    if row.topic_id not in _visible(user, row.topic, {row.topic_id}):
        return None
    return _item(row, user)


def because(user: Any, row: Notification) -> registry.Because | None:
    """Return why this person was told; None for a topic that cannot say."""
    explain = registry.topic(row.topic).explain
    if explain is None:
        return None
    return explain(
        why=row.why,
        kind=row.kind,
        data=row.data,
        topic_id=row.topic_id,
        user=user,
        told_at=row.created_at,
    )


def _visible(user: Any, topic: str, topic_ids: Any) -> set[int]:
    pairs = {(user.pk, topic_id) for topic_id in topic_ids}
    return {topic_id for _, topic_id in registry.allowed(topic, pairs, {user.pk: user})}


def _item(row: Notification, user: Any) -> Item | None:
    rendered = in_words(row, user)
    if rendered is None:
        return None
    return Item(
        id=row.pk,
        topic=row.topic,
        topic_id=row.topic_id,
        kind=row.kind,
        urgent=row.urgent,
        is_drill=row.is_drill,
        created_at=row.created_at,
        read_at=row.read_at,
        rendered=rendered,
    )


def in_words(row: Notification, user: Any) -> registry.Rendered | None:
    """Return the news in this person's language; None where it cannot be written, which must not hide other lines."""
    try:
        return registry.written(row, user)
    except Exception:
        logger.exception("Notification %s could not be written", row.pk)
        return None
