"""The time zones people choose from."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

_AREAS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def zone_choices() -> list[tuple[str, str]]:
    """Return UTC and every place of the zone database as choices, in the order of their names."""
    places = sorted(zone for zone in available_timezones() if zone.split("/")[0] in _AREAS)
    return [(zone, zone.replace("_", " ")) for zone in ("UTC", *places)]
