"""The timeline in parts: onwards from a number, or back from the newest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.utils.translation import get_language

from crisisdesk.incidents.models import TimelineEvent, TimelineText
from crisisdesk.organisation.models import NAMED, User

if TYPE_CHECKING:
    from django.db.models import QuerySet

_FIELDS = (
    "number", "kind", "actor_id", "source", "occurred_at", "recorded_at", "amends", "data",
    "hash",
)  # fmt: skip
_NAMES = tuple(f"actor__{name}" for name in NAMED)
_TEXT = JSONObject(n="name", l="language", t="text")


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event with its words as (name, language, text) and its actor's name."""

    number: int
    kind: str
    actor_id: int | None
    actor_name: str
    source: str
    occurred_at: datetime
    recorded_at: datetime
    amends: int | None
    data: Mapping[str, Any]
    hash: str
    texts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Some events; `next` is the number to go on from, None at the end."""

    events: list[EventRow]
    next: int | None


def after(incident_id: int, number: int, *, limit: int) -> Part:
    """Return the events after this number in their order, in one query."""
    rows = TimelineEvent.objects.filter(incident_id=incident_id, number__gt=number)
    return part_of(rows.order_by("number"), limit)


def newest(incident_id: int, *, before: int | None = None, limit: int) -> Part:
    """Return the newest events, or those before a number, newest first, in one query."""
    rows = TimelineEvent.objects.filter(incident_id=incident_id)
    if before is not None:
        rows = rows.filter(number__lt=before)
    return part_of(rows.order_by("-number"), limit)


def numbered(incident_id: int, number: int) -> EventRow | None:
    """Return one event."""
    rows = TimelineEvent.objects.filter(incident_id=incident_id, number=number)
    return next(iter(part_of(rows, 1).events), None)


def written(event: TimelineEvent, *, actor_name: str) -> EventRow:
    """Return an event that was just recorded, with its words, without asking for them again."""
    return EventRow(
        actor_name=actor_name,
        texts=tuple((text.name, text.language, text.text) for text in event.words),
        **{name: getattr(event, name) for name in _FIELDS},
    )


def part_of(rows: QuerySet[TimelineEvent], limit: int) -> Part:
    """Return the first events of an ordered selection with words and names, in one query."""
    texts = TimelineText.objects.filter(event=OuterRef("pk")).order_by("pk").values(row=_TEXT)
    found = list(rows.values(*_FIELDS, *_NAMES, words=ArraySubquery(texts))[: limit + 1])
    language = get_language() or "en"
    names: dict[int | None, str] = {None: ""}
    events = []
    for row in found[:limit]:
        actor_id = row["actor_id"]
        person = {name: row.pop(f"actor__{name}") for name in NAMED}
        if actor_id not in names:
            names[actor_id] = User(**person).name_in(language)
        texts_of_it = tuple((text["n"], text["l"], text["t"]) for text in row.pop("words"))
        events.append(EventRow(actor_name=names[actor_id], texts=texts_of_it, **row))
    return Part(events, events[-1].number if len(found) > limit else None)
