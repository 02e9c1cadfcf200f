"""Who knew: who was told of an event of the timeline, or by every alarm of a deadline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crisisdesk.incidents.enums import EventKind
from crisisdesk.incidents.models import Deadline, Incident, TimelineEvent
from crisisdesk.incidents.queries.events import EventRow, part_of
from crisisdesk.notifications.queries.receipts import Receipt, told_of
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.queries.roles import brand_roles

if TYPE_CHECKING:
    from crisisdesk.organisation.models import User

TOPIC = "incident"
MOST_ALARMS = 100
# What is recorded about a deadline while it runs; each keeps the deadline's number in its data.
ABOUT_DEADLINES = (
    EventKind.REMINDER_DUE,
    EventKind.ESCALATED,
    EventKind.DEADLINE_SNOOZED,
    EventKind.DEADLINE_ACKNOWLEDGED,
    EventKind.REMINDERS_STOPPED,
    EventKind.DEADLINE_WAIVED,
)


@dataclass(frozen=True, slots=True)
class Knew:
    """One event with everybody who was told of it; `is_cut`: there are more than are shown."""

    event: EventRow
    receipts: list[Receipt]
    is_cut: bool


def key_of(incident_id: int, number: int) -> str:
    """Return the name under which an event's news stands in the outbox."""
    return f"{TOPIC}:{incident_id}:{number}"


def who_knew(incident: Incident, events: Sequence[EventRow], *, reader: User) -> list[Knew]:
    """Return these events with who was told of each, in two queries; the caller has asked who may see the incident.

    Addresses are shown whole to administrators of the brand, and to everybody their own.
    """
    keys = {event.number: key_of(incident.pk, event.number) for event in events}
    told = told_of(
        TOPIC,
        incident.pk,
        list(keys.values()),
        reader=reader,
        sees_addresses=Role.ADMIN in brand_roles(reader, incident.brand_id),
    )
    return [Knew(event, told.of(keys[event.number]), told.is_cut) for event in events]


def alarms_of(deadline: Deadline) -> list[EventRow]:
    """Return what was recorded about a deadline while it ran, the newest first, in one query."""
    rows = TimelineEvent.objects.filter(
        incident=deadline.incident_id, kind__in=ABOUT_DEADLINES, data__deadline=deadline.pk
    )
    return part_of(rows.order_by("-number"), MOST_ALARMS).events
