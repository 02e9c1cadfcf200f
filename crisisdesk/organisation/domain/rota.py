"""When a brand has to be watched, and by whom every week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction

from crisisdesk.core import watch
from crisisdesk.core.errors import Invalid, NotVisible, Stale
from crisisdesk.organisation.domain.locking import brand_for_update
from crisisdesk.organisation.domain.watch_gaps import keep_gaps
from crisisdesk.organisation.models import Brand, Rota, User, WatchShift
from crisisdesk.organisation.queries.calendars import calendar_of
from crisisdesk.organisation.queries.rota import as_shift, members_of
from crisisdesk.organisation.rules import require

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from crisisdesk.organisation.domain.actors import Actor

WEEKDAYS = frozenset(range(1, 8))
LONGEST_CYCLE = 8
_LOOKED_THROUGH = timedelta(weeks=LONGEST_CYCLE * 7)  # every pair of cycles meets within it


@dataclass(frozen=True)
class RotaDetails:
    """When somebody has to watch: local times, equal for around the clock."""

    weekdays: Collection[int] = tuple(sorted(WEEKDAYS))
    starts: time = time(0)
    ends: time = time(0)
    on_days_off: bool = True


@dataclass(frozen=True)
class ShiftDetails:
    """One person's weekly shift; an empty time is sunset."""

    person_id: int
    weekdays: Collection[int]
    starts: time | None
    ends: time | None
    valid_from: date
    valid_until: date | None = None
    every: int = 1
    together: bool = False


@transaction.atomic
def set_rota(
    *, brand_id: int, details: RotaDetails, version: int, actor: Actor, at: datetime
) -> Rota:
    """The brand has to be watched at these times; its gaps are counted anew.

    Raises Stale when somebody saved first, Invalid("weekdays_missing" | "weekday_unknown").
    """
    brand = brand_for_update(brand_id, actor=actor)
    require(actor, "organisation.change_rota", brand.pk)
    row = _rota(brand, at=at)
    if row.version != version:
        raise Stale(current=row)
    row.weekdays = _weekdays(details.weekdays)
    row.starts, row.ends = details.starts, details.ends
    row.on_days_off = details.on_days_off
    row.version += 1
    row.save()
    keep_gaps(brand, at=at)
    return row


@transaction.atomic
def add_shift(*, brand_id: int, details: ShiftDetails, actor: Actor, at: datetime) -> WatchShift:
    """The person watches at these times every week from now on; a brand without a rota has one now.

    Raises Invalid("watch_without_role" | "weekdays_missing" | "weekday_unknown" | "shift_in_past" |
    "dates_reversed" | "every_wrong" | "sunset_unknown" | "slot_twice" | "slot_taken"); two people in one slot only
    with `together`.
    """
    brand = brand_for_update(brand_id, actor=actor)
    require(actor, "organisation.change_rota", brand.pk)
    person = member(brand, details.person_id, field="person")
    row = WatchShift(
        brand=brand,
        person=person,
        weekdays=_weekdays(details.weekdays),
        starts=details.starts,
        ends=details.ends,
        valid_from=details.valid_from,
        valid_until=details.valid_until,
        every=details.every,
        together=details.together,
        made_by=actor.user,
        made_at=at,
    )
    _require_times(brand, row, at=at)
    _require_free(brand, row)
    row.save()
    rota = _rota(brand, at=at)
    if not rota.version:
        rota.version = 1
        rota.save()
    keep_gaps(brand, at=at)
    return row


@transaction.atomic
def end_shift(*, shift_id: int, actor: Actor, at: datetime) -> WatchShift | None:
    """The shift does not begin again from today on; one that never began is gone. Returns what stays of it.

    Raises NotVisible, Invalid("shift_ended").
    """
    found = WatchShift.objects.filter(pk=shift_id).values_list("brand", flat=True).first()
    brand = brand_for_update(found or 0, actor=actor)
    require(actor, "organisation.change_rota", brand.pk)
    row = WatchShift.objects.filter(pk=shift_id).first()
    if row is None:
        raise NotVisible
    day = today(brand, at=at)
    if row.valid_until is not None and row.valid_until < day:
        raise Invalid("shift_ended")
    if row.valid_from >= day:
        row.delete()
        keep_gaps(brand, at=at)
        return None
    row.valid_until = day - timedelta(days=1)
    row.save(update_fields=["valid_until"])
    keep_gaps(brand, at=at)
    return row


def today(brand: Brand, *, at: datetime) -> date:
    """Return the day that it is for the brand."""
    return at.astimezone(ZoneInfo(brand.zone)).date()


def member(brand: Brand, user_id: int, *, field: str) -> User:
    """Return an active person with a role on the brand. Raises Invalid("watch_without_role")."""
    found = User.objects.filter(pk=user_id, is_active=True, memberships__brand=brand).first()
    if found is None:
        raise Invalid("watch_without_role", field=field)
    return found


def _rota(brand: Brand, *, at: datetime) -> Rota:
    return Rota.objects.filter(brand=brand).first() or Rota(brand_id=brand.pk, since=at, version=0)


def _weekdays(days: Collection[int]) -> list[int]:
    if not days:
        raise Invalid("weekdays_missing", field="weekdays")
    if not set(days) <= WEEKDAYS:
        raise Invalid("weekday_unknown", field="weekdays")
    return sorted(set(days))


def _require_times(brand: Brand, row: WatchShift, *, at: datetime) -> None:
    if row.valid_from < today(brand, at=at):
        raise Invalid("shift_in_past", field="valid_from")
    if row.valid_until is not None and row.valid_until < row.valid_from:
        raise Invalid("dates_reversed", field="valid_until")
    if not 1 <= row.every <= LONGEST_CYCLE:
        raise Invalid("every_wrong", field="every", most=LONGEST_CYCLE)
    for name in ("starts", "ends"):
        if getattr(row, name) is None and not calendar_of(brand).by_sunset:
            raise Invalid("sunset_unknown", field=name)


def _require_free(brand: Brand, row: WatchShift) -> None:
    """Two people in one slot are refused unless meant, and one person never twice."""
    calendar = calendar_of(brand)
    day = datetime.combine(row.valid_from, time.min, tzinfo=ZoneInfo(brand.zone))
    end = day + _LOOKED_THROUGH
    others = WatchShift.objects.filter(
        brand=brand,
        person__in=members_of(brand.pk),  # who left holds no slot
    ).exclude(valid_until__lt=row.valid_from)
    wanted = watch.slots_of([as_shift(row)], calendar, day, end)
    standing = watch.slots_of(map(as_shift, others), calendar, day, end)
    own = [slot for slot in standing if slot.person == row.person_id]
    if watch.clash(wanted, own):
        raise Invalid("slot_twice", field="weekdays")
    found = None if row.together else watch.clash(wanted, standing)
    if found:
        raise taken(found[1], found[0], brand)


def taken(other: watch.Slot, wanted: watch.Slot, brand: Brand) -> Invalid:
    """Return the refusal that says who has the slot, and from when."""
    start = max(other.start, wanted.start).astimezone(ZoneInfo(brand.zone))
    person = User.objects.get(pk=other.person)
    return Invalid(
        "slot_taken",
        field="together",
        name=person.names(),
        date=start.date(),
        time=f"{start:%H:%M}",
    )
