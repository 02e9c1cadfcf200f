"""The gaps of prepared words: what the desk already knows, what was written elsewhere, and what is
still wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from django.db.models import FilteredRelation, Q

from crisisdesk.core import formats, placeholders
from crisisdesk.core.languages import fold
from crisisdesk.incidents.models import Incident, Statement, StatementLanguage
from crisisdesk.organisation.models import Channel, OfficialAccount

FIVE_MINUTES = timedelta(minutes=5)
# Facts that read the same in every language; a link leads to a page of its own in each.
_SHARED = ("handle",)
_SAME_LANGUAGE = ("handle", "link", "number", "phrase", "channel")
# A zone as people say it. Where nothing stands here, the name of the country is short enough.
_SHORT = {
    "Asia/Dubai": {"en": "UAE", "ar": "الإمارات", "he": "איחוד האמירויות"},
    "Asia/Riyadh": {"en": "Saudi", "ar": "السعودية", "he": "סעודיה"},
    "Europe/London": {"en": "UK", "ar": "بريطانيا", "he": "בריטניה"},
}
_PHRASES = {"en": "{time} {place} time", "ar": "{time} بتوقيت {place}", "he": "{time} שעון {place}"}
_COMMA = re.compile(r"[,،]")
_CLITICS = {
    "ar": "(?:وال|بال|كال|فال|لل|ال|و|ف|ب|ل|ك)?",
    "he": "(?:וה|שה|כש|ה|ו|ב|ל|מ|ש|כ)?",
}


@dataclass(slots=True)
class Known:
    """What the desk knows for filling gaps, read once per page."""

    channels: dict[str, Channel]
    accounts: dict[str, OfficialAccount]
    written: list[tuple[int, str, dict[str, str]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Blank:
    """One placeholder of the words in one language, with what stands in it."""

    name: str
    kind: str
    label: dict[str, str]
    prompt: dict[str, str]
    unknown: str
    value: str
    is_prefilled: bool


def read_known(incident: Incident) -> Known:
    """Return channels, our accounts and what was already filled in on this incident; two queries."""
    ours = FilteredRelation("accounts", condition=Q(accounts__brand=incident.brand_id))
    places = Channel.objects.annotate(ours=ours).select_related("ours")  # type: ignore[misc]
    channels: dict[str, Channel] = {}
    accounts: dict[str, OfficialAccount] = {}
    for channel in places.order_by("position", "key", "ours__pk"):
        channels.setdefault(channel.key, channel)
        if account := getattr(channel, "ours", None):
            accounts.setdefault(channel.key, account)
    rows = StatementLanguage.objects.filter(statement__incident=incident).exclude(values={})
    written = list(rows.order_by("pk").values_list("statement_id", "language", "values"))
    return Known(channels, accounts, written)


def blanks(
    known: Known,
    incident: Incident,
    statement: Statement,
    row: StatementLanguage,
    *,
    at: datetime,
    promised: datetime | None = None,
) -> list[Blank]:
    """Return the gaps of these words in the order of the template, each with its value or with what is known of it.

    `promised` is the moment of the next update that another language of the same statement already names.
    """
    found = []
    for name in names_of(row):
        blank = statement.placeholders.get(name, {})
        kept = row.values.get(name, "")
        value = kept or _automatic(known, incident, statement, row, blank, at=at, promised=promised)
        value = value or _carried(known, statement, row, name, blank.get("kind", ""))
        found.append(
            Blank(
                name=name,
                kind=blank.get("kind", "phrase"),
                label=blank.get("label", {}),
                prompt=blank.get("prompt", {}),
                unknown=blank.get("unknown", {}).get(row.language, ""),
                value=value,
                is_prefilled=bool(value and not kept),
            )
        )
    return found


def names_of(row: StatementLanguage) -> list[str]:
    """Return the names of the gaps of the prepared words, in their order."""
    return placeholders.names(row.template)


def filled(blank: Blank, value: str) -> Blank:
    """Return the gap with what a person typed into it."""
    return replace(blank, value=value, is_prefilled=False)


def account_for(known: Known, incident: Incident, statement: Statement) -> OfficialAccount | None:
    """Return our account where these words go first: on the origin's channel if they go there, else on the first."""
    places = sorted(statement.channels, key=lambda key: key != incident.origin_channel)
    return next((known.accounts[key] for key in places if key in known.accounts), None)


def _automatic(
    known: Known,
    incident: Incident,
    statement: Statement,
    row: StatementLanguage,
    blank: Mapping[str, Any],
    *,
    at: datetime,
    promised: datetime | None,
) -> str:
    kind = blank.get("autofill")
    if kind in ("next_update", "now"):
        moment = promised or next_update_at(incident, at=at) if kind == "next_update" else at
        return clock_phrase(moment, row.language, incident) if moment else ""
    if kind == "brand":
        return incident.brand.name_in(row.language)
    if kind == "origin_channel":
        channel = known.channels.get(incident.origin_channel)
        return channel.name_in(row.language) if channel else ""
    account = account_for(known, incident, statement) if kind else None
    if account is None:
        return ""
    return {"official_account": account.handle, "contact_link": account.contact_url}.get(
        str(kind), ""
    )


def _carried(
    known: Known, statement: Statement, row: StatementLanguage, name: str, kind: str
) -> str:
    """What somebody already wrote for the same gap: in this language, or, for a name, in any."""
    for _, language, values in reversed(known.written):
        if values.get(name) and (
            kind in _SHARED or (language == row.language and kind in _SAME_LANGUAGE)
        ):
            return values[name]
    return ""


def next_update_at(incident: Incident, *, at: datetime) -> datetime | None:
    """Return now plus the plan's cadence at this severity, up to the next five minutes; None without a cadence."""
    for clock in incident.plan.get("clocks", []):
        minutes = (
            clock.get("minutes", {}).get(incident.severity) if clock["kind"] == "update" else None
        )
        if minutes:
            due = at + timedelta(minutes=minutes)
            over = timedelta(
                minutes=due.minute % 5, seconds=due.second, microseconds=due.microsecond
            )
            return due + (FIVE_MINUTES - over) if over else due
    return None


def clock_phrase(moment: datetime, language: str, incident: Incident) -> str:
    """Return the hour as readers of this language say it, with their own zone: 15:30 UAE time is 13:30 Israel time."""
    zone = incident.brand.zone_for(language)
    time = f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"
    if language == "ar":
        time = formats.digits(time, incident.brand.digit_style)
    if zone in ("UTC", "Etc/UTC"):
        return f"{time} UTC"
    return _PHRASES[language].format(time=time, place=_place(zone, language))


def _place(zone: str, language: str) -> str:
    """The country of the zone as this language names it; the city where the zone has no country."""
    if zone in _SHORT:
        return _SHORT[zone][language]
    country = get_global("zone_territories").get(zone, "")
    city = zone.rpartition("/")[2].replace("_", " ")
    return str(Locale.parse(language).territories.get(country, city))


def refill(template: str, text: str, before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """Return the text with changed values in place of the old ones.

    Where the text is still the template with its values, it is filled anew. Where somebody has changed other words,
    open gaps are filled, and an old value is replaced where it stands as a whole word.
    """
    if template and text.strip() == placeholders.fill(template, before).text.strip():
        return placeholders.fill(template, after).text
    for name, new in after.items():
        old = before.get(name, "")
        if old and new and old != new and len(old) > 1:
            text = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _, new=new: new, text)  # type: ignore[misc]
    return placeholders.fill(text, after).text


@dataclass(frozen=True, slots=True)
class Avoided:
    """An entry of the playbook's list of words to avoid, and what of it stands in the text."""

    words: str
    because: str
    found: tuple[str, ...]


def words_to_avoid(incident: Incident, language: str, text: str) -> list[Avoided]:
    """Return the playbook's list for this language with what of it the text holds."""
    folded = fold(text)
    entries = incident.plan.get("avoid", {}).get(language, [])
    return [
        Avoided(
            entry["words"],
            entry["because"],
            tuple(part for part in _parts(entry["words"]) if _holds(folded, part, language)),
        )
        for entry in entries
    ]


def _parts(words: str) -> list[str]:
    return [part.strip() for part in _COMMA.split(words) if part.strip()]


def _holds(folded: str, part: str, language: str) -> bool:
    """Whether the folded text holds these words; Arabic and Hebrew ones also with a clitic before
    and an ending after."""
    end = "" if language in _CLITICS else r"(?!\w)"
    return (
        re.search(rf"(?<!\w){_CLITICS.get(language, '')}{re.escape(fold(part))}{end}", folded)
        is not None
    )
