"""What the asker is told, by which way, when it is quiet, and who stands in."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict

from crisisdesk.core.words import word
from crisisdesk.notifications.rules.news import DUTY, News

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from crisisdesk.notifications.models import Morning, MorningTime, StandIn
    from crisisdesk.notifications.rules.quiet import Span


class NewsShape(TypedDict):
    """One kind of news; `duty`: it waits for the asker to do something."""

    kind: str
    name: str
    duty: bool
    ways: list[str]


class ChoicesShape(TypedDict):
    """Every kind of news with the ways by which it comes, besides the inbox, which has all."""

    ways: list[str]
    kinds: list[NewsShape]


class SpanShape(TypedDict):
    """Quiet from this weekday (1 is Monday) at `begins` to `ends`; not after the beginning: on the next day."""

    weekday: int
    begins: str
    ends: str


class QuietShape(TypedDict):
    """The asker's quiet hours, by the clock of their zone."""

    zone: str
    spans: list[SpanShape]


class MorningShape(TypedDict):
    """When the digest of the morning comes by the clock of the asker's zone, and what became of the last one: sent,
    empty or skipped."""

    enabled: bool
    time: str
    last_day: date | None
    last_state: str | None


class AwayPerson(TypedDict):
    """One of the two."""

    id: int
    name: str


class StandInShape(TypedDict):
    """While it holds, `stand_in` gets what waits for `person` as well."""

    id: int
    person: AwayPerson
    stand_in: AwayPerson
    from_at: datetime
    until_at: datetime
    silent: bool
    ended_at: datetime | None


def choices(chosen: Mapping[str, list[str]], ways: Sequence[str]) -> ChoicesShape:
    """Return the table of kinds and ways."""
    return {
        "ways": [str(way) for way in ways],
        "kinds": [
            {
                "kind": kind.value,
                "name": word("news", kind.value),
                "duty": kind in DUTY,
                "ways": chosen[kind.value],
            }
            for kind in News
        ],
    }


def quiet(spans: Iterable[Span], zone: str) -> QuietShape:
    """Return the quiet hours in the order of the week."""
    return {
        "zone": zone,
        "spans": [
            {"weekday": span.weekday, "begins": _clock(span.begins), "ends": _clock(span.ends)}
            for span in spans
        ],
    }


def morning(chosen: MorningTime, last: Morning | None) -> MorningShape:
    """Return when the digest comes."""
    return {
        "enabled": chosen.enabled,
        "time": _clock(chosen.minute),
        "last_day": last.day if last else None,
        "last_state": last.state if last else None,
    }


def _clock(minute: int) -> str:
    hours, minutes = divmod(minute, 60)
    return f"{hours:02}:{minutes:02}"


def stand_in(row: StandIn, language: str) -> StandInShape:
    """Return one agreement."""
    return {
        "id": row.pk,
        "person": {"id": row.person_id, "name": row.person.name_in(language)},
        "stand_in": {"id": row.stand_in_id, "name": row.stand_in.name_in(language)},
        "from_at": row.from_at,
        "until_at": row.until_at,
        "silent": row.silent,
        "ended_at": row.ended_at,
    }
