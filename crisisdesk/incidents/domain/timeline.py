"""The one way into the history. State and history commit together or not at all (laws 2 and 3)."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import F

from crisisdesk.core.errors import Invalid
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import audience
from crisisdesk.incidents.domain.locking import incident_for_update
from crisisdesk.incidents.enums import EventKind
from crisisdesk.incidents.models import Incident, TimelineEvent, TimelineText
from crisisdesk.notifications.domain import outbox

if TYPE_CHECKING:
    from crisisdesk.organisation.domain.actors import Actor

CHANNEL = "incident_events"  # LISTEN/NOTIFY: live news, numbers only


@dataclass(frozen=True)
class Text:
    """Free words of an event: they are kept apart and enter the chain only as a salted hash."""

    text: str
    language: str


@dataclass
class Draft:
    """An event about to be recorded."""

    kind: EventKind
    data: dict[str, Any] = field(default_factory=dict)
    texts: Mapping[str, Text] = field(default_factory=dict)
    occurred_at: datetime | None = None
    amends: int | None = None
    # People besides those that audience.AUDIENCE names for the kind; as a mapping with why each is told.
    tell: Iterable[int] | Mapping[int, str] = ()
    by: Mapping[int, tuple[str, ...]] = field(default_factory=dict)  # ways beyond their own choice
    called: Collection[int] = ()  # who of them is told because they are on watch


def record(
    incident: Incident,
    kind: EventKind,
    *,
    actor: Actor,
    at: datetime,
    data: dict[str, Any] | None = None,
    texts: Mapping[str, Text] | None = None,
    occurred_at: datetime | None = None,
    amends: int | None = None,
    tell: Iterable[int] | Mapping[int, str] = (),
) -> TimelineEvent:
    """Record one event in the caller's transaction, with the messages it causes; returns the event."""
    draft = Draft(kind, data or {}, texts or {}, occurred_at, amends, tell)
    return record_many(incident, [draft], actor=actor, at=at)[0]


def record_many(
    incident: Incident, drafts: Sequence[Draft], *, actor: Actor, at: datetime
) -> list[TimelineEvent]:
    """Record events in order and write their outbox rows; the incident must be locked by the caller."""
    events = append(incident, drafts, actor=actor, at=at)
    messages: list[outbox.Message] = []
    for draft, event in zip(drafts, events, strict=True):
        messages += audience.messages(
            incident, event, tell=draft.tell, by=draft.by, called=draft.called
        )
    if messages:
        outbox.enqueue_many(messages, at=at)
    return events


def append(
    incident: Incident, drafts: Sequence[Draft], *, actor: Actor, at: datetime
) -> list[TimelineEvent]:
    """Number, hash and insert events under the incident's row lock, keep the end of the chain on the incident, and
    tell listeners that there is news; one statement however many events there are."""
    if not drafts:
        return []
    if not connection.in_atomic_block:
        raise RuntimeError(
            "the timeline is written inside the transaction that changes the incident"
        )
    number, last_hash = incident.last_number, incident.last_hash
    events: list[TimelineEvent] = []
    for draft in drafts:
        number += 1
        data = dict(draft.data)
        words = []
        for name, said in draft.texts.items():
            salt = secrets.token_hex(16)
            data.setdefault("texts", {})[name] = text_hash(salt, said.text)
            words.append(TimelineText(name=name, language=said.language, text=said.text, salt=salt))
        event = TimelineEvent(
            incident=incident,
            number=number,
            kind=draft.kind,
            actor=actor.user,
            source=str(actor.source),
            data=data,
            occurred_at=draft.occurred_at or at,
            recorded_at=at,
            amends=draft.amends,
        )
        event.words = tuple(words)
        event.hash = last_hash = event_hash(last_hash, event)
        events.append(event)
    incident.last_number, incident.last_hash, incident.last_event_at = number, last_hash, at
    _insert(incident, events)
    return events


# Events, their words, the end of the chain and the news that numbers have moved on.
_INSERT = """
    WITH event AS (
        INSERT INTO incidents_timelineevent
            (incident_id, number, kind, actor_id, source, data, occurred_at, recorded_at, amends, hash)
        SELECT %(incident)s, number, kind, %(actor)s, %(source)s, data::jsonb, occurred_at, %(at)s, amends, hash
        FROM unnest(%(numbers)s::int[], %(kinds)s::text[], %(data)s::text[], %(occurred)s::timestamptz[],
                    %(amends)s::int[], %(hashes)s::text[])
            AS draft (number, kind, data, occurred_at, amends, hash)
        ORDER BY number
        RETURNING id, number
    ), words AS (
        INSERT INTO incidents_timelinetext (event_id, name, language, text, salt)
        SELECT event.id, name, language, text, salt
        FROM unnest(%(of)s::int[], %(names)s::text[], %(languages)s::text[], %(texts)s::text[], %(salts)s::text[])
            WITH ORDINALITY AS word (number, name, language, text, salt, place)
        JOIN event USING (number)
        ORDER BY place
    ), head AS (
        UPDATE incidents_incident
        SET last_number = %(last_number)s, last_hash = %(last_hash)s, last_event_at = %(at)s
        WHERE id = %(incident)s
        RETURNING pg_notify(%(channel)s, %(news)s)
    )
    SELECT event.id, head FROM event, head ORDER BY event.number
"""


def _insert(incident: Incident, events: Sequence[TimelineEvent]) -> None:
    first = events[0]
    words = [(event.number, text) for event in events for text in event.words]
    values = {
        "incident": incident.pk,
        "actor": first.actor_id,
        "source": first.source,
        "at": first.recorded_at,
        "numbers": [event.number for event in events],
        "kinds": [str(event.kind) for event in events],
        "data": [json.dumps(event.data) for event in events],
        "occurred": [event.occurred_at for event in events],
        "amends": [event.amends for event in events],
        "hashes": [event.hash for event in events],
        "of": [number for number, _ in words],
        "names": [text.name for _, text in words],
        "languages": [text.language for _, text in words],
        "texts": [text.text for _, text in words],
        "salts": [text.salt for _, text in words],
        "last_number": incident.last_number,
        "last_hash": incident.last_hash,
        "channel": CHANNEL,
        "news": f"{incident.pk}:{incident.last_number}",
    }
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        ids = [row[0] for row in cursor.fetchall()]
    for event, pk in zip(events, ids, strict=True):
        event.pk = pk
        event._state.adding, event._state.db = False, connection.alias


def text_hash(salt: str, text: str) -> str:
    """Return what stands for free words in the chain."""
    return hashlib.sha256((salt + text).encode()).hexdigest()


def event_hash(previous: str, event: TimelineEvent) -> str:
    """Return the link of the chain: SHA-256 of canonical JSON (sorted keys, no floats, UTC microseconds)."""
    canonical = json.dumps(
        [
            previous,
            event.incident_id,
            event.number,
            str(event.kind),
            event.actor_id,
            _moment(event.occurred_at),
            _moment(event.recorded_at),
            event.amends,
            event.data,
        ],
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@transaction.atomic
def erase_text(incident_id: int, number: int, *, reason: str, actor: Actor, at: datetime) -> None:
    """Empty the words of one event (an admin, with a reason); the chain still proves, and the erasing is an event."""
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "erase_text", incident)
    if not reason.strip():
        raise Invalid("reason_missing", field="reason")
    event = TimelineEvent.objects.filter(incident=incident, number=number).first()
    if event is None:
        raise Invalid("no_such_event", field="number", number=number)
    TimelineText.objects.filter(event=event).update(text="", salt="")
    record(
        incident,
        EventKind.TEXT_ERASED,
        actor=actor,
        at=at,
        data={"number": number, "reason": reason.strip()},
    )


@dataclass(frozen=True)
class Fault:
    """One place where the chain does not hold."""

    reference: str
    number: int
    what: str


@dataclass(frozen=True)
class Place:
    """How far a chain is proven: the last event looked at, and its hash."""

    number: int = 0
    hash: str = ""


def verify(incident: Incident) -> list[Fault]:
    """Return every fault of the incident's chain: a gap, a changed event, changed words, a cut tail. Empty
    means whole."""
    return verify_part(incident, Place(), limit=None)[0]


def verify_part(
    incident: Incident, place: Place, *, limit: int | None
) -> tuple[list[Fault], Place | None]:
    """Look at no more than `limit` events after this place; return their faults and how far we came, None at the end.

    The incident is the head as it was read: what was recorded since is left for the next time.
    """
    faults: list[Fault] = []
    previous, expected = place.hash, place.number
    events = TimelineEvent.objects.filter(
        incident=incident, number__gt=place.number, number__lte=incident.last_number
    ).order_by("number")
    said = TimelineText.objects.filter(
        event__incident=incident, event__number__gt=place.number
    ).exclude(salt="")
    if limit is not None:
        events = events[:limit]
        said = said.filter(event__number__lte=place.number + limit)
    words: dict[int, list[TimelineText]] = {}
    for text in said:
        words.setdefault(text.event_id, []).append(text)
    for event in events.iterator(chunk_size=2000):
        expected += 1
        if event.number != expected:
            faults.append(Fault(incident.reference, expected, "missing"))
            expected = event.number
        if event.hash != event_hash(previous, event):
            faults.append(Fault(incident.reference, event.number, "changed"))
        for text in words.get(event.pk, []):
            if event.data.get("texts", {}).get(text.name) != text_hash(text.salt, text.text):
                faults.append(Fault(incident.reference, event.number, "words changed"))
        previous = event.hash
    if limit is not None and expected - place.number >= limit and expected < incident.last_number:
        return faults, Place(expected, previous)
    if (expected, previous) != (incident.last_number, incident.last_hash):
        faults.append(Fault(incident.reference, incident.last_number, "tail"))
    # One statement sees events and head as they belong together, even while somebody writes.
    beyond = TimelineEvent.objects.filter(
        incident=incident, number__gt=F("incident__last_number")
    ).order_by("number")
    faults += [
        Fault(incident.reference, number, "beyond the end")
        for number in beyond.values_list("number", flat=True)[:1]
    ]
    return faults, None
