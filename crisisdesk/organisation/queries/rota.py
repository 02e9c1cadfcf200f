"""Who watches a brand, when, and where nobody does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from crisisdesk.core import watch
from crisisdesk.organisation.enums import Role, SwapState
from crisisdesk.organisation.models import Brand, Membership, Rota, User, WatchShift, WatchSwap
from crisisdesk.organisation.queries.calendars import calendar_of
from crisisdesk.organisation.queries.roles import brand_roles
from crisisdesk.organisation.queries.visibility import brands_visible_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from crisisdesk.core.working_calendar import WorkCalendar

AHEAD = timedelta(weeks=4)  # how far gaps are looked for
_A_MOMENT = timedelta(seconds=1)
_TWO_DAYS = timedelta(days=2)  # what may lie between a local date and a moment of its shift


@dataclass(frozen=True)
class BrandRota:
    """One brand's rota as it was read for a stretch of time."""

    brand: Brand
    kept: Rota
    calendar: WorkCalendar
    shifts: Sequence[watch.Shift]
    covers: Sequence[watch.Cover]
    members: frozenset[int]

    def slots(self, start: datetime, end: datetime, *, at: datetime) -> list[watch.Slot]:
        """Return who watches between two moments, covers in force, without the time ahead of those who left."""
        laid = watch.covered(watch.slots_of(self.shifts, self.calendar, start, end), self.covers)
        gone = {slot.person for slot in laid} - self.members
        kept = watch.without(laid, gone, at=at)
        return [slot for slot in kept if slot.start < end and slot.end > start]

    def changes(self, start: datetime, end: datetime) -> Iterator[watch.Change]:
        """Yield the moments up to `end` at which the watch passes to others; who has left since neither goes nor
        comes."""
        laid = watch.slots_of(self.shifts, self.calendar, start, end + _A_MOMENT)
        slots = [slot for slot in watch.covered(laid, self.covers) if slot.person in self.members]
        return watch.changes(slots, start, end)

    def watching(self, at: datetime) -> list[int]:
        """Return who watches at this moment."""
        return watch.watching(self.slots(at, at + _A_MOMENT, at=at), at)

    def gaps(self, start: datetime, end: datetime, *, at: datetime) -> list[watch.Span]:
        """Return the times when somebody has to watch and nobody does."""
        wanted = watch.needed_times(_needed(self.kept), self.calendar, start, end)
        return watch.gaps(wanted, self.slots(start, end, at=at))


def rotas_of(brands: QuerySet[Brand], *, start: datetime, end: datetime) -> dict[int, BrandRota]:
    """Return the rotas of those of these brands that have one, by brand; one query, whatever stands in them."""
    rows = Rota.objects.filter(brand__in=brands).select_related("brand__calendar")
    read = rows.annotate(
        laid=ArraySubquery(_shifts(start, end)),
        agreed=ArraySubquery(_covers(start, end)),
        active=ArraySubquery(_members()),
    )
    return {
        row.brand_id: BrandRota(
            row.brand,
            row,
            calendar_of(row.brand),
            [_shift(found) for found in row.laid],
            [_cover(found) for found in row.agreed],
            frozenset(row.active),
        )
        for row in read.order_by("brand__name", "brand_id")
    }


def rota_of(brand_id: int, *, start: datetime, end: datetime) -> BrandRota | None:
    """Return one brand's rota for this stretch of time, or None where it has none."""
    return rotas_of(Brand.objects.filter(pk=brand_id), start=start, end=end).get(brand_id)


def on_watch(brand_id: int, *, at: datetime) -> list[int]:
    """Return the ids of the people who watch the brand at this moment; nobody for a brand without a rota."""
    found = rota_of(brand_id, start=at, end=at + _A_MOMENT)
    return found.watching(at) if found else []


@dataclass(frozen=True)
class WatchNow:
    """Who watches a brand now, until when, and the gaps ahead for whoever answers for them."""

    brand: Brand
    people: list[User]
    until: datetime | None
    gaps: list[watch.Span]
    leads: bool


def watch_now(user: User | AnonymousUser, *, at: datetime) -> list[WatchNow]:
    """Return who watches each brand of the person that has a rota; three queries, one where none has."""
    rotas = rotas_of(brands_visible_to(user), start=at, end=at + AHEAD)
    now = {
        pk: watch.watching(rota.slots(at, at + _A_MOMENT, at=at), at) for pk, rota in rotas.items()
    }
    people = people_by_id(pk for ids in now.values() for pk in ids)
    found = []
    for pk, rota in rotas.items():
        change = next(rota.changes(at, at + AHEAD), None)
        leads = bool(brand_roles(user, pk) & {Role.LEAD, Role.ADMIN})
        found.append(
            WatchNow(
                rota.brand,
                [people[each] for each in now[pk]],
                change.at if change else None,
                rota.gaps(at, at + AHEAD, at=at) if leads else [],
                leads,
            )
        )
    return found


def people_by_id(ids: Iterable[int]) -> dict[int, User]:
    """Return these people by their ids; one query, and none for nobody."""
    wanted = set(ids)
    return {person.pk: person for person in User.objects.filter(pk__in=wanted)} if wanted else {}


def members_of(brand_id: int) -> list[User]:
    """Return the active people with any role on the brand, in the order of their names: who may be put on watch."""
    rows = User.objects.filter(is_active=True, memberships__brand_id=brand_id)
    return list(rows.distinct().order_by("full_name", "pk"))


def shifts_of(brand_id: int, *, on: date) -> list[WatchShift]:
    """Return the shifts that are in force on this day or later, the first to begin first."""
    rows = WatchShift.objects.filter(brand_id=brand_id).exclude(valid_until__lt=on)
    return list(rows.select_related("person").order_by("starts", "valid_from", "pk"))


def swaps_of(brand_id: int, *, at: datetime) -> list[WatchSwap]:
    """Return the swaps that are asked or agreed and not over, the next first; an exchange as one, as long as either
    half of it is ahead."""
    states = (SwapState.ASKED, SwapState.ACCEPTED)
    rows = WatchSwap.objects.filter(
        Q(ends_at__gt=at, state__in=states)
        | Q(in_return__ends_at__gt=at, in_return__state__in=states),
        brand_id=brand_id,
        in_return_of=None,
    )
    named = rows.select_related("away", "cover", "asked_by", "in_return__away", "in_return__cover")
    return list(named.order_by("starts_at", "pk"))


def as_shift(row: WatchShift) -> watch.Shift:
    """Return the shift as the axis of time wants it."""
    return watch.Shift(
        row.pk,
        row.person_id,
        frozenset(row.weekdays),
        row.starts,
        row.ends,
        row.valid_from,
        row.valid_until,
        row.every,
        row.together,
    )


def _shifts(start: datetime, end: datetime) -> QuerySet[WatchShift, Any]:
    """The shifts of the outer rota that may lie between two moments."""
    rows = WatchShift.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=(start - _TWO_DAYS).date()),
        brand=OuterRef("brand"),
        valid_from__lte=(end + _TWO_DAYS).date(),
    )
    names = (
        "id", "person_id", "weekdays", "starts", "ends", "valid_from", "valid_until", "every",
        "together",
    )  # fmt: skip
    return rows.order_by("pk").values(row=JSONObject(**{name: name for name in names}))


def _shift(found: dict[str, Any]) -> watch.Shift:
    starts, ends, until = found["starts"], found["ends"], found["valid_until"]
    return watch.Shift(
        found["id"],
        found["person_id"],
        frozenset(found["weekdays"]),
        time.fromisoformat(starts) if starts else None,
        time.fromisoformat(ends) if ends else None,
        date.fromisoformat(found["valid_from"]),
        date.fromisoformat(until) if until else None,
        found["every"],
        found["together"],
    )


def _covers(start: datetime, end: datetime) -> QuerySet[WatchSwap, Any]:
    """The swaps of the outer rota that hold between two moments, in the order in which they were agreed."""
    rows = WatchSwap.objects.filter(
        brand=OuterRef("brand"), state=SwapState.ACCEPTED, starts_at__lt=end, ends_at__gt=start
    )
    names = ("id", "away_id", "cover_id", "starts_at", "ends_at")
    ordered = rows.order_by("answered_at", "pk")
    return ordered.values(row=JSONObject(**{name: name for name in names}))


def _cover(found: dict[str, Any]) -> watch.Cover:
    start, end = (
        datetime.fromisoformat(found[name]).astimezone(UTC) for name in ("starts_at", "ends_at")
    )
    return watch.Cover(found["id"], found["away_id"], found["cover_id"], start, end)


def _members() -> QuerySet[Membership, Any]:
    rows = Membership.objects.filter(brand=OuterRef("brand"), user__is_active=True)
    return rows.order_by().values("user_id")


def _needed(rota: Rota) -> watch.Needed:
    return watch.Needed(
        frozenset(rota.weekdays), rota.starts, rota.ends, rota.on_days_off, rota.since
    )
