"""The timeline in parts: onwards from a number, or back from the newest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crisisdesk.incidents.models import TimelineEvent, TimelineText
from crisisdesk.incidents.queries.listing import names_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

_FIELDS = (
    "id", "number", "kind", "actor_id", "source", "occurred_at", "recorded_at", "amends", "data",
    "hash",
)  # fmt: skip


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
    """Return the events after this number in their order, in three queries."""
    rows = TimelineEvent.objects.filter(incident_id=incident_id, number__gt=number)
    return part_of(rows.order_by("number"), limit)


def newest(incident_id: int, *, before: int | None = None, limit: int) -> Part:
    """Return the newest events, or those before a number, newest first, in three queries."""
    rows = TimelineEvent.objects.filter(incident_id=incident_id)
    if before is not None:
        rows = rows.filter(number__lt=before)
    return part_of(rows.order_by("-number"), limit)


def numbered(incident_id: int, number: int) -> EventRow | None:
    """Return one event."""
    rows = TimelineEvent.objects.filter(incident_id=incident_id, number=number)
    return next(iter(part_of(rows, 1).events), None)


def written(event: TimelineEvent, *, actor_name: str) -> EventRow:
    """Return an event that was just recorded, with its words, in one query."""
    texts = TimelineText.objects.filter(event=event).order_by("pk")
    return EventRow(
        actor_name=actor_name,
        texts=tuple(texts.values_list("name", "language", "text")),
        **{name: getattr(event, name) for name in _FIELDS if name != "id"},
    )


def part_of(rows: QuerySet[TimelineEvent], limit: int) -> Part:
    """Return the first events of an ordered selection with words and names, in three queries."""
    found = list(rows.values(*_FIELDS)[: limit + 1])
    shown = found[:limit]
    texts = _texts(rows, [row["number"] for row in shown])
    names = names_of(row["actor_id"] for row in shown)
    events = [
        EventRow(
            actor_name=names.get(row["actor_id"], ""),
            texts=tuple(texts[row.pop("id")]),
            **row,
        )
        for row in shown
    ]
    return Part(events, events[-1].number if len(found) > limit else None)


def _texts(
    rows: QuerySet[TimelineEvent], numbers: list[int]
) -> Mapping[int, list[tuple[str, str, str]]]:
    """Return the words of these events of a selection, found by where they begin and end: a thousand
    ids in a list cost more than the words themselves."""
    texts: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    if numbers:
        within = rows.order_by().filter(number__range=(min(numbers), max(numbers))).values("pk")
        found = TimelineText.objects.filter(event__in=within).order_by("pk")
        for event, name, language, text in found.values_list(
            "event_id", "name", "language", "text"
        ):
            texts[event].append((name, language, text))
    return texts
