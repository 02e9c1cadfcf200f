"""A person's webhooks, and what was sent there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from crisisdesk.notifications import registry
from crisisdesk.notifications.enums import State, Transport
from crisisdesk.notifications.models import Address, Delivery, Notification
from crisisdesk.notifications.queries.inbox import in_words

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

PAGE = 25


@dataclass(frozen=True)
class Sent:
    """One message to an endpoint with every attempt, the newest first.

    `said` is None for what its owner may no longer see: that something was sent is known, not what.
    """

    id: int
    said: registry.Rendered | None
    kind: str
    state: str
    created_at: datetime
    next_attempt_at: datetime | None
    attempts: tuple[Delivery, ...]
    may_see: bool

    @property
    def may_go_again(self) -> bool:
        """Whether its owner may send it once more, as far as the message goes."""
        return self.may_see and self.state not in (State.PENDING, State.SENDING)


@dataclass(frozen=True)
class SentPage:
    """Some messages, newest first; `older` is what to ask for next, `slowest` the longest attempt in milliseconds."""

    rows: tuple[Sent, ...]
    older: int | None

    @property
    def slowest(self) -> int:
        """The time that a full bar means."""
        took = [one.took_ms or 0 for row in self.rows for one in row.attempts]
        return max([1, *took])


def webhooks_of(user: Any) -> QuerySet[Address]:
    """Return the person's endpoints, the newest first."""
    return Address.objects.filter(
        user_id=user.pk, transport=Transport.WEBHOOK, removed_at=None
    ).order_by("-pk")


def sent_to(
    address: Address, user: Any, *, before: int | None = None, limit: int = PAGE
) -> SentPage:
    """Return what was sent there, or waits to be, in a bounded number of queries."""
    rows = Notification.objects.filter(address=address).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    tried = Prefetch("deliveries", Delivery.objects.order_by("-pk"))
    found = list(rows.prefetch_related(tried)[: limit + 1])
    shown = found[:limit]
    topics: dict[str, set[registry.Pair]] = defaultdict(set)
    for row in shown:
        topics[row.topic].add((user.pk, row.topic_id))
    seen = {
        topic: registry.allowed(topic, pairs, {user.pk: user}) for topic, pairs in topics.items()
    }
    return SentPage(
        rows=tuple(_sent(row, user, (user.pk, row.topic_id) in seen[row.topic]) for row in shown),
        older=shown[-1].pk if len(found) > limit else None,
    )


def _sent(row: Notification, user: Any, may_see: bool) -> Sent:
    return Sent(
        id=row.pk,
        said=in_words(row, user) if may_see else None,
        kind=row.kind,
        state=row.state,
        created_at=row.created_at,
        next_attempt_at=row.next_attempt_at,
        attempts=tuple(row.deliveries.all()),
        may_see=may_see,
    )
