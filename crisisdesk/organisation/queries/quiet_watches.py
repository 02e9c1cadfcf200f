"""Where somebody's quiet hours lie over their own watch: nothing is refused for it, but it is said."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from crisisdesk.notifications.queries.preferences import quiet_rows
from crisisdesk.notifications.rules.quiet import Span, stretches
from crisisdesk.organisation.queries.rota import AHEAD, rotas_of
from crisisdesk.organisation.queries.visibility import brands_visible_to

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from crisisdesk.core import watch
    from crisisdesk.organisation.models import Brand, User
    from crisisdesk.organisation.queries.rota import BrandRota


@dataclass(frozen=True)
class QuietWatch:
    """The first time within four weeks at which a person watches a brand in their own quiet hours."""

    person: User
    brand: Brand
    starts_at: datetime
    ends_at: datetime


def quiet_watches_of(rota: BrandRota, people: Iterable[User], *, at: datetime) -> list[QuietWatch]:
    """Return for those of these people whose quiet hours lie over their watch the first time; one query."""
    known = {person.pk: person for person in people}
    spans: dict[int, list[Span]] = defaultdict(list)
    for row in quiet_rows(*known):
        spans[row.user_id].append(Span(row.weekday, row.begins, row.ends))
    slots = rota.slots(at, at + AHEAD, at=at) if spans else []
    found = [_first(rota, slots, known[pk], own, at=at) for pk, own in spans.items()]
    return [each for each in found if each]


def own_quiet_watches(user: User, spans: Collection[Span], *, at: datetime) -> list[QuietWatch]:
    """Return for each brand where these quiet hours of the person lie over their watch the first time; one query, and
    none without quiet hours."""
    if not spans:
        return []
    rotas = rotas_of(brands_visible_to(user), start=at, end=at + AHEAD).values()
    found = [_first(rota, rota.slots(at, at + AHEAD, at=at), user, spans, at=at) for rota in rotas]
    return [each for each in found if each]


def _first(
    rota: BrandRota,
    slots: Sequence[watch.Slot],
    person: User,
    spans: Collection[Span],
    *,
    at: datetime,
) -> QuietWatch | None:
    for slot in slots:
        if slot.person != person.pk:
            continue
        start = max(slot.start, at)
        for begins, stops in stretches(spans, zone=person.zone, start=start, end=slot.end):
            return QuietWatch(person, rota.brand, max(begins, start), min(stops, slot.end))
    return None
