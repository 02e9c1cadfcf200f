"""The brand's calendar as the rules of the core want it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from crisisdesk.core.working_calendar import WorkCalendar
from crisisdesk.organisation.models import BrandCalendar, Membership

if TYPE_CHECKING:
    from collections.abc import Collection

    from crisisdesk.organisation.models import Brand


def kept_calendar(brand: Brand) -> BrandCalendar:
    """Return the brand's row, or an unsaved one with the defaults where nobody has set it; no query when the brand
    was read with it."""
    found: BrandCalendar | None = getattr(brand, "calendar", None)
    return found or BrandCalendar(brand_id=brand.pk, version=0)


def calendar_of(brand: Brand) -> WorkCalendar:
    """Return the days that this brand works."""
    return calendar_from(brand, kept_calendar(brand))


def calendars_of(user_ids: Collection[int]) -> dict[int, list[WorkCalendar]]:
    """Return the days that the brands of each of these people work, by person; one query however many they are."""
    found: dict[int, list[WorkCalendar]] = defaultdict(list)
    rows = Membership.objects.filter(user__in=user_ids).select_related("brand__calendar")
    calendars: dict[int, WorkCalendar] = {}
    for row in rows.order_by("user_id", "brand_id").distinct("user_id", "brand_id"):
        if row.brand_id not in calendars:
            calendars[row.brand_id] = calendar_of(row.brand)
        found[row.user_id].append(calendars[row.brand_id])
    return found


def calendar_from(brand: Brand, row: BrandCalendar) -> WorkCalendar:
    """Return the days that the brand would work with this row, saved or not."""
    return WorkCalendar(
        zone=brand.zone,
        weekend=tuple(brand.weekend),
        week_start=brand.week_start,
        country=row.country,
        latitude=float(row.latitude or 0),
        longitude=float(row.longitude or 0),
        by_sunset=row.by_sunset,
        short_day=row.short_day,
        short_until=row.short_until,
        work_from=row.work_from,
        work_until=row.work_until,
        ramadan=row.ramadan,
        ramadan_from=row.ramadan_from,
        ramadan_until=row.ramadan_until,
        own_days=tuple(
            (date.fromisoformat(day), tuple(sorted(names.items())))
            for day, names in sorted(row.own_days.items())
        ),
        switched_off=tuple(row.switched_off),
    )
