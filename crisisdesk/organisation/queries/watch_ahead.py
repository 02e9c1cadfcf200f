"""What a room says of its brand's watch: who has it now, until when, who comes next, and a gap within the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from crisisdesk.organisation.queries.rota import AHEAD, people_by_id, rotas_of
from crisisdesk.organisation.queries.visibility import brands_visible_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.contrib.auth.models import AnonymousUser

    from crisisdesk.organisation.models import User

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WatchAhead:
    """One brand's watch from now on. `until` is when the first of those who have it goes; `coming` take it at
    `coming_at`, which is later than `until` where nobody watches in between, and earlier where they join. `gap_at`
    begins a time within a day when somebody has to watch and nobody does; `is_gap` says that it has begun."""

    people: list[User]
    until: datetime | None
    coming: list[User]
    coming_at: datetime | None
    gap_at: datetime | None
    is_gap: bool = False


def watch_ahead(user: User | AnonymousUser, brand_id: int, *, at: datetime) -> WatchAhead | None:
    """Return what this person may know of the brand's watch, or None where it has no rota; two queries, one where
    there is none or where nobody watches."""
    brands = brands_visible_to(user).filter(pk=brand_id)
    rota = rotas_of(brands, start=at, end=at + AHEAD).get(brand_id)
    if rota is None:
        return None
    now = rota.watching(at)
    goes = comes = None
    for change in rota.changes(at, at + AHEAD):
        goes = goes or (change if change.going & set(now) else None)
        comes = comes or (change if change.coming else None)
        if comes and (goes or not now):
            break
    gaps = rota.gaps(at, at + A_DAY, at=at)
    people = people_by_id([*now, *(comes.coming if comes else ())])

    def known(ids: Iterable[int]) -> list[User]:
        return [people[each] for each in ids if each in people]

    return WatchAhead(
        known(now),
        goes.at if goes else None,
        known(sorted(comes.coming)) if comes else [],
        comes.at if comes else None,
        gaps[0][0] if gaps else None,
        bool(gaps) and gaps[0][0] <= at,
    )
