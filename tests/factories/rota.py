"""Shifts and swaps for tests, made by the organisation's own commands."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from crisisdesk.organisation.domain.actors import SYSTEM
from crisisdesk.organisation.domain.rota import ShiftDetails, add_shift
from crisisdesk.organisation.models import Brand, BrandCalendar, User, WatchShift
from tests.factories.organisation import NOON

TODAY = date(2026, 11, 18)  # NOON is Wednesday 16:00 in Dubai
EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)


def make_shift(
    brand: Brand,
    person: User,
    starts: int | time | None = 8,
    ends: int | time | None = 20,
    *,
    at: datetime = NOON,
    **more: Any,
) -> WatchShift:
    """The person watches from one full hour to another, every day from today on unless told otherwise."""
    given: dict[str, Any] = {
        "person_id": person.pk,
        "weekdays": EVERY_DAY,
        "starts": time(starts) if isinstance(starts, int) else starts,
        "ends": time(ends) if isinstance(ends, int) else ends,
        "valid_from": TODAY,
    } | more
    return add_shift(brand_id=brand.pk, details=ShiftDetails(**given), actor=SYSTEM, at=at)


def keep_sunset(brand: Brand) -> BrandCalendar:
    """The brand keeps Shabbat and holidays by the sunset of Haifa."""
    brand.zone, brand.weekend, brand.week_start = "Asia/Jerusalem", [5, 6], 7
    brand.save()
    return BrandCalendar.objects.create(
        brand=brand, country="IL", by_sunset=True, latitude="32.7940", longitude="34.9900"
    )
