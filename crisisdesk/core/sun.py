"""When the sun sets somewhere, and when three stars can be seen."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from astral import Observer
from astral.sun import dusk
from astral.sun import sunset as astral_sunset

NIGHTFALL = 8.5  # degrees below the horizon: the end of Shabbat in common calendars
_WITHOUT_SUNSET = time(
    18
)  # where the sun does not set on that day, the evening begins all the same


@lru_cache(maxsize=4096)
def sunset(day: date, *, latitude: float, longitude: float, zone: str) -> datetime:
    """Return the moment of sunset on that local day, to the minute, in UTC."""
    return _moment(astral_sunset, day, latitude, longitude, zone)


@lru_cache(maxsize=4096)
def nightfall(day: date, *, latitude: float, longitude: float, zone: str) -> datetime:
    """Return the moment of nightfall on that local day, to the minute, in UTC."""
    return _moment(dusk, day, latitude, longitude, zone, depression=NIGHTFALL)


def _moment(  # type: ignore[no-untyped-def]
    what, day: date, latitude: float, longitude: float, zone: str, **more: float
) -> datetime:
    local = ZoneInfo(zone)
    try:
        found: datetime = what(Observer(latitude, longitude), day, tzinfo=local, **more)
    except ValueError:
        found = datetime.combine(day, _WITHOUT_SUNSET, tzinfo=local)
    return found.astimezone(UTC).replace(second=0, microsecond=0)
