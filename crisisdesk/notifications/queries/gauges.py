"""What a watch outside measures: how sending ended, what waits for whom, how long the sweeps take, who moved when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

from django.db.models import Count, Min, Q

from crisisdesk.notifications.enums import Hand, State
from crisisdesk.notifications.models import Delivery, Heartbeat, Notification, SendCount, SweepTime
from crisisdesk.notifications.models.sweep_time import BOUNDS
from crisisdesk.notifications.queries.heartbeat import WORKERS


@dataclass(frozen=True)
class Waiting:
    """Messages of one transport that should be on their way: how many, and since when the oldest waits."""

    transport: str
    count: int
    since: datetime


def sends() -> dict[tuple[str, str], int]:
    """Return how many attempts ended how, by transport and outcome, since the desk exists."""
    kept = list(SendCount.objects.values_list("transport", "outcome", "count", "counted_to"))
    found: Counter[tuple[str, str]] = Counter(
        {(transport, outcome): count for transport, outcome, count, _ in kept}
    )
    after = max((row[3] for row in kept), default=0)
    since = (
        Delivery.objects.filter(pk__gt=after)
        .order_by()
        .values_list("notification__transport", "outcome")
        .annotate(count=Count("pk"))
    )
    for transport, outcome, count in since:
        found[transport, outcome] += count
    return dict(sorted(found.items()))


def waiting(at: datetime) -> list[Waiting]:
    """Return what waits by transport: being sent, due, or tried already. What is held for later on purpose is not."""
    rows = (
        Notification.objects.filter(
            Q(state=State.SENDING)
            | Q(state=State.PENDING) & (Q(next_attempt_at__lte=at) | Q(attempts__gt=0))
        )
        .order_by("transport")
        .values_list("transport")
        .annotate(count=Count("pk"), since=Min("created_at"))
    )
    return [Waiting(*row) for row in rows]


@dataclass(frozen=True)
class Runs:
    """How long one hand's sweeps took: how many kept within each bound, all together, and the last."""

    name: str
    within: list[tuple[float, int]]
    runs: int
    seconds: float
    last_seconds: float


def sweeps() -> Iterator[Runs]:
    """Yield the sweeps of each hand, the bounds in order; each counts those below it too."""
    for row in SweepTime.objects.all():
        counts = list(accumulate(row.buckets))
        yield Runs(
            row.name,
            list(zip((*BOUNDS, float("inf")), counts, strict=False)),
            row.runs,
            row.seconds,
            row.last_seconds,
        )


def ages(at: datetime) -> tuple[dict[str, float], dict[str, float]]:
    """Return the seconds since each hand and each worker process moved; for a hand that never did, infinity."""
    beats = dict(
        Heartbeat.objects.filter(Q(name__in=Hand.values) | Q(name__startswith=WORKERS)).values_list(
            "name", "at"
        )
    )
    seconds = {name: (at - last).total_seconds() for name, last in beats.items()}
    hands = {hand: seconds.get(hand, float("inf")) for hand in Hand.values}
    workers = {
        name.removeprefix(WORKERS): age
        for name, age in sorted(seconds.items())
        if name.startswith(WORKERS)
    }
    return hands, workers
