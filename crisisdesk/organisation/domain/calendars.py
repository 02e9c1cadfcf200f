"""The brand's calendar, changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from crisisdesk.core.errors import Invalid, Stale
from crisisdesk.core.regions import REGIONS, region
from crisisdesk.notifications.domain.mornings import plan_again
from crisisdesk.organisation.domain import cleaning
from crisisdesk.organisation.domain.locking import brand_for_update
from crisisdesk.organisation.models import Brand, BrandCalendar, Membership
from crisisdesk.organisation.queries.calendars import calendar_from, kept_calendar
from crisisdesk.organisation.rules import require

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from crisisdesk.core.working_calendar import WorkCalendar
    from crisisdesk.organisation.domain.actors import Actor

WEEKDAYS = frozenset(range(1, 8))
MOST_OWN_DAYS = 60


@dataclass(frozen=True)
class CalendarDetails:
    """Everything a person may say about the days a brand works."""

    country: str = ""
    weekend: Collection[int] = (6, 7)
    week_start: int = 1
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    by_sunset: bool = False
    short_day: int | None = None
    short_until: time | None = None
    work_from: time = time(9)
    work_until: time = time(18)
    ramadan: bool = False
    ramadan_from: time = time(9)
    ramadan_until: time = time(15)
    own_days: Mapping[date, Mapping[str, str]] = field(default_factory=dict)
    switched_off: Collection[date] = ()


def details_of(country: str) -> CalendarDetails:
    """Return what a country brings along, with its first place; for a brand to take and to change."""
    found = region(country)
    place = next(iter(found.places.values()), None)
    return CalendarDetails(
        country=country if country in REGIONS else "",
        weekend=found.weekend,
        week_start=found.week_start,
        latitude=Decimal(str(place.latitude)) if place else None,
        longitude=Decimal(str(place.longitude)) if place else None,
        by_sunset=found.by_sunset,
        short_day=found.short_day,
        short_until=found.short_until,
        ramadan=found.ramadan,
        ramadan_until=found.ramadan_until,
    )


def drafted(brand: Brand, details: CalendarDetails) -> WorkCalendar:
    """Return the days that the brand would work with these details; nothing is written. Refuses as saving does."""
    row = BrandCalendar(brand_id=brand.pk)
    _fill(row, details)
    draft = Brand(zone=brand.zone)
    _set_week(draft, details)
    return calendar_from(draft, row)


@transaction.atomic
def set_brand_calendar(
    *, brand_id: int, details: CalendarDetails, version: int, actor: Actor, at: datetime
) -> Brand:
    """The brand works these days from now on; its people's next morning digests are set anew.

    Raises Stale when somebody saved first, Invalid("country_unknown" | "weekday_unknown" | "no_working_day" |
    "place_missing" | "place_wrong" | "short_day_half" | "hours_reversed" | "own_days_many" |
    "name_missing" | "language_unknown").
    """
    brand = brand_for_update(brand_id, actor=actor)
    require(actor, "organisation.change_calendar", brand.pk)
    row = kept_calendar(brand)
    if row.version != version:
        raise Stale(current=row)
    _fill(row, details)
    _set_week(brand, details)
    row.version += 1
    row.save()
    brand.save(update_fields=["weekend", "week_start"])
    plan_again(*Membership.objects.filter(brand=brand).values_list("user_id", flat=True), at=at)
    return brand


def _set_week(brand: Brand, details: CalendarDetails) -> None:
    weekend = set(details.weekend)
    if not weekend <= WEEKDAYS or details.week_start not in WEEKDAYS:
        raise Invalid("weekday_unknown", field="weekend")
    if weekend == WEEKDAYS:
        raise Invalid("no_working_day", field="weekend")
    brand.weekend, brand.week_start = sorted(weekend), details.week_start


def _fill(row: BrandCalendar, details: CalendarDetails) -> None:
    if details.country and details.country not in REGIONS:
        raise Invalid("country_unknown", field="country")
    if (details.short_day is None) != (details.short_until is None):
        raise Invalid("short_day_half", field="short_until")
    if details.short_day is not None and details.short_day not in WEEKDAYS:
        raise Invalid("weekday_unknown", field="short_day")
    for name in ("work", "ramadan"):
        if getattr(details, f"{name}_from") >= getattr(details, f"{name}_until"):
            raise Invalid("hours_reversed", field=f"{name}_until")
    row.latitude, row.longitude = _place(details)
    row.country, row.by_sunset = details.country, details.by_sunset
    row.short_day, row.short_until = details.short_day, details.short_until
    row.work_from, row.work_until = details.work_from, details.work_until
    row.ramadan = details.ramadan
    row.ramadan_from, row.ramadan_until = details.ramadan_from, details.ramadan_until
    row.own_days = _own_days(details.own_days)
    row.switched_off = sorted(set(details.switched_off))


def _place(details: CalendarDetails) -> tuple[Decimal | None, Decimal | None]:
    latitude, longitude = details.latitude, details.longitude
    if (latitude is None) != (longitude is None):
        missing = "latitude" if latitude is None else "longitude"
        raise Invalid("place_missing", field=missing)
    if latitude is None or longitude is None:
        if details.by_sunset:
            raise Invalid("place_missing", field="latitude")
        return None, None
    if abs(latitude) > 90:  # noqa: PLR2004 - the poles
        raise Invalid("place_wrong", field="latitude")
    if abs(longitude) > 180:  # noqa: PLR2004 - the other side
        raise Invalid("place_wrong", field="longitude")
    return latitude, longitude


def _own_days(days: Mapping[date, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    if len(days) > MOST_OWN_DAYS:
        raise Invalid("own_days_many", field="own_days", most=MOST_OWN_DAYS)
    found = {}
    for day, names in sorted(days.items()):
        words = cleaning.clean_words(names, field="own_days")
        if not words:
            raise Invalid("name_missing", field="own_days")
        found[day.isoformat()] = words
    return found
