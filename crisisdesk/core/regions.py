"""What a brand's country brings along: its weekend, its week, its short days, and the places whose sunset counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import Promise

MON, FRI, SAT, SUN = 1, 5, 6, 7  # ISO weekdays


@dataclass(frozen=True)
class Place:
    """A town with its position, as far as a sunset needs it."""

    name: str | Promise
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Region:
    """A country's week and the hours of its Ramadan; all of it can be changed for one brand."""

    name: str | Promise
    zone: str
    weekend: tuple[int, ...]
    week_start: int
    places: dict[str, Place]
    short_day: int | None = None
    short_until: time | None = None
    by_sunset: bool = False
    ramadan: bool = False
    ramadan_until: time = time(15)


def _gulf(
    name: str | Promise, zone: str, places: dict[str, Place], *, until: time = time(15)
) -> Region:
    return Region(name, zone, (FRI, SAT), SUN, places, ramadan=True, ramadan_until=until)


REGIONS: dict[str, Region] = {
    "IL": Region(
        _("Israel"),
        "Asia/Jerusalem",
        (FRI, SAT),
        SUN,
        {
            "jerusalem": Place(_("Jerusalem"), 31.778, 35.235),
            "tel-aviv": Place(_("Tel Aviv"), 32.080, 34.781),
            "haifa": Place(_("Haifa"), 32.794, 34.990),
        },
        by_sunset=True,
    ),
    "SA": _gulf(
        _("Saudi Arabia"),
        "Asia/Riyadh",
        {
            "riyadh": Place(_("Riyadh"), 24.713, 46.675),
            "jeddah": Place(_("Jeddah"), 21.543, 39.173),
        },
        until=time(16),
    ),
    "AE": Region(
        _("United Arab Emirates"),
        "Asia/Dubai",
        (SAT, SUN),
        MON,
        {
            "dubai": Place(_("Dubai"), 25.205, 55.271),
            "abu-dhabi": Place(_("Abu Dhabi"), 24.454, 54.377),
        },
        short_day=FRI,
        short_until=time(12),
        ramadan=True,
        ramadan_until=time(14, 30),
    ),
    "KW": _gulf(_("Kuwait"), "Asia/Kuwait", {"kuwait": Place(_("Kuwait City"), 29.376, 47.977)}),
    "QA": _gulf(_("Qatar"), "Asia/Qatar", {"doha": Place(_("Doha"), 25.286, 51.535)}),
    "BH": _gulf(_("Bahrain"), "Asia/Bahrain", {"manama": Place(_("Manama"), 26.228, 50.586)}),
    "OM": _gulf(_("Oman"), "Asia/Muscat", {"muscat": Place(_("Muscat"), 23.588, 58.383)}),
    "EG": _gulf(_("Egypt"), "Africa/Cairo", {"cairo": Place(_("Cairo"), 30.044, 31.236)}),
    "JO": _gulf(_("Jordan"), "Asia/Amman", {"amman": Place(_("Amman"), 31.954, 35.911)}),
}
OWN = ""  # a country that is none of these: its week and its days are the brand's own words
OTHER = Region(_("Another country: our own days"), "UTC", (SAT, SUN), MON, {})


def region(country: str) -> Region:
    """Return what the country brings along; nothing but a week from Monday for one we do not keep."""
    return REGIONS.get(country, OTHER)
