"""Gaps of the rota, kept as dated rows, and told to the brand's leads before they happen (law 4)."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from crisisdesk.notifications.domain.outbox import Message, enqueue_many
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, Rota, WatchGap
from crisisdesk.organisation.queries.roles import people_with_role
from crisisdesk.organisation.queries.rota import AHEAD, rota_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

logger = logging.getLogger(__name__)

TOPIC = "rota"
GAP = "watch_gap"
WEEK, DAY = timedelta(days=7), timedelta(days=1)
# Whoever fills a rota makes gaps and closes them again: nothing is said of one that is just a moment old.
BREATH = timedelta(minutes=10)
MOST_LINES = 12


def keep_gaps(brand: Brand, *, at: datetime) -> list[WatchGap]:
    """Bring the brand's rows in line with its rota, in the caller's transaction, which holds the brand's row; returns
    the gaps that stand.

    A gap that lies over one that was known is the same gap: it is not told again because it moved.
    """
    rota = rota_of(brand.pk, start=at, end=at + AHEAD)
    spans = rota.gaps(at, at + AHEAD, at=at) if rota else []
    known = list(WatchGap.objects.filter(brand=brand, filled_at=None).order_by("starts_at", "pk"))
    fresh, left = [], {row.pk: row for row in known}
    kept = []
    for start, end in spans:
        old = next((row for row in known if row.starts_at < end and start < row.ends_at), None)
        if old is not None and old.pk in left:
            del left[old.pk]
            if start > at or start < old.starts_at:  # one that has begun keeps its beginning
                _move(old, start, at=at)
            old.ends_at = end
            kept.append(old)
        else:
            told = old.told_at if old else None
            row = WatchGap(brand=brand, starts_at=start, ends_at=end, found_at=at, told_at=told)
            row.due_at = _next(row, at=at)
            fresh.append(row)
    for row in left.values():
        row.filled_at = at
    WatchGap.objects.bulk_update(known, ("starts_at", "ends_at", "due_at", "filled_at"))
    WatchGap.objects.bulk_create(fresh)
    return sorted([*kept, *fresh], key=lambda row: row.starts_at)


def sweep_gaps(*, at: datetime) -> int:
    """Find the gaps of every rota and tell of those that are due; return how many were told here. Safe in any number
    of workers at once."""
    brands = Rota.objects.order_by("brand_id").values_list("brand_id", flat=True)
    return sum(_sweep_brand(brand_id, at=at) for brand_id in brands)


def _sweep_brand(brand_id: int, *, at: datetime) -> int:
    try:
        return _sweep(brand_id, at=at)
    except Exception:
        # One brand must not silence the others; the next sweep tries it again.
        logger.exception("gaps of the rota of brand %s failed", brand_id)
        return 0


@transaction.atomic
def _sweep(brand_id: int, *, at: datetime) -> int:
    # Whoever has the brand's row tells its people everything at once; a second sweep passes on.
    brand = (
        Brand.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=brand_id).first()
    )
    if brand is None:
        return 0
    due = [row for row in keep_gaps(brand, at=at) if row.due_at is not None and row.due_at <= at]
    if not due:
        return 0
    enqueue_many(_messages(brand, due), at=at)
    for row in due:
        row.told_at = at
        row.due_at = _next(row, at=at)
    WatchGap.objects.bulk_update(due, ("told_at", "due_at"))
    return len(due)


def _next(row: WatchGap, *, at: datetime) -> datetime | None:
    """When the leads are told of a gap next: seven days and one day before it, and of one found later, once."""
    wanted = [moment for moment in (row.starts_at - WEEK, row.starts_at - DAY) if moment > at]
    if row.told_at is None and len(wanted) < 2:  # noqa: PLR2004 - one of the two moments is past
        return at + BREATH
    return wanted[0] if wanted else None


def _move(row: WatchGap, start: datetime, *, at: datetime) -> None:
    """The gap begins at another moment, and is told of accordingly, unless that is about to happen."""
    if start != row.starts_at:
        row.starts_at = start
        if row.due_at is None or row.due_at > at + BREATH:
            row.due_at = _next(row, at=at)


def _messages(brand: Brand, rows: Sequence[WatchGap]) -> Iterable[Message]:
    shown = rows[:MOST_LINES]
    # Told a week and a day before: none of it is worth anybody's quiet hours.
    for lead in people_with_role(brand.pk, Role.LEAD):
        yield Message(
            recipient_id=lead.pk,
            topic=TOPIC,
            topic_id=brand.pk,
            kind=GAP,
            data={
                "brand": {"": brand.name, **brand.names},
                "key": brand.key,
                "gaps": [[row.starts_at.isoformat(), row.ends_at.isoformat()] for row in shown],
                "count": len(rows),
            },
            why="lead",
            dedupe_key=f"{TOPIC}:gap:{rows[0].pk}:{rows[0].due_at:%Y%m%dT%H%M%S}",
        )
