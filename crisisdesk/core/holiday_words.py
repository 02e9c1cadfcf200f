"""Public holidays of the region in the reader's language.

The library knows them in English and in their country's language; these words are ours, so that every reader has all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import Promise

_ADDED = re.compile(r"\s*\(([a-z, ]+)\)$")
_HOLIDAY = re.compile(r"\s+Holiday$")
_SAME = {"New Year's": "New Year's Day", "Qatar National Day": "National Day"}

NAMES: dict[str, str | Promise] = {
    "Armed Forces Day": _("Armed Forces Day"),
    "Ashura": _("Ashura"),
    "Christmas Day": _("Christmas Day"),
    "Coptic Christmas Day": _("Coptic Christmas Day"),
    "Day of Arafah": _("Day of Arafah"),
    "Eid al-Adha": _("Eid al-Adha"),
    "Eid al-Fitr": _("Eid al-Fitr"),
    "Founding Day": _("Founding Day"),
    "Independence Day": _("Independence Day"),
    "Islamic New Year": _("Islamic New Year"),
    "Isra' and Mi'raj": _("Isra and Miraj"),
    "January 25th Revolution and National Police Day": _("Revolution and Police Day"),
    "July 23 Revolution Day": _("July 23 Revolution Day"),
    "June 30 Revolution Day": _("June 30 Revolution Day"),
    "Labor Day": _("Labour Day"),
    "Liberation Day": _("Liberation Day"),
    "National Day": _("National Day"),
    "National Sports Day": _("National Sports Day"),
    "New Year's Day": _("New Year's Day"),
    "Pesach": _("Passover"),
    "Prophet's Birthday": _("The Prophet's Birthday"),
    "Rosh Hashanah": _("Rosh Hashanah"),
    "Seventh day of Pesach": _("Seventh day of Passover"),
    "Shavuot": _("Shavuot"),
    "Simchat Torah / Shemini Atzeret": _("Simchat Torah"),
    "Sinai Liberation Day": _("Sinai Liberation Day"),
    "Spring Festival": _("Sham el-Nessim"),
    "Sukkot": _("Sukkot"),
    "Sultan's Accession Day": _("The Sultan's Accession Day"),
    "Yom Kippur": _("Yom Kippur"),
}
# They follow the sighting of the moon: what stands here is expected and may move by a day.
BY_THE_MOON = frozenset(
    {
        "Ashura",
        "Day of Arafah",
        "Eid al-Adha",
        "Eid al-Fitr",
        "Islamic New Year",
        "Isra' and Mi'raj",
        "Prophet's Birthday",
    }
)


def plain(name: str) -> tuple[str, bool]:
    """Return the library's English name without its additions, and whether the day stands in for another one."""
    added = _ADDED.search(name)
    bare = _HOLIDAY.sub("", _ADDED.sub("", name))
    return _SAME.get(bare, bare), bool(added and "observed" in added[1])
