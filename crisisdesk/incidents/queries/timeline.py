"""The timeline as a page shows it: a part of it, narrowed by kind, with amendments under what they amend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from crisisdesk.incidents.enums import EventKind
from crisisdesk.incidents.models import Incident, TimelineEvent
from crisisdesk.incidents.queries.events import EventRow, part_of

PAGE = 50
MOST_AMENDMENTS = 200

# What a reader narrows by; every kind stands in one group.
GROUPS: dict[str, tuple[str, ...]] = {
    "words": (
        EventKind.STATEMENT_ADDED,
        EventKind.STATEMENT_REVISED,
        EventKind.LANGUAGE_PLANNED,
        EventKind.APPROVAL_REQUESTED,
        EventKind.DEPUTY_ASKED,
        EventKind.NO_ANSWER,
        EventKind.REACHED,
        EventKind.STATEMENT_APPROVED,
        EventKind.PHONE_APPROVAL_RECORDED,
        EventKind.PHONE_APPROVAL_CONFIRMED,
        EventKind.STATEMENT_SENT_BACK,
        EventKind.STATEMENT_TAKEN_BACK,
        EventKind.POSTING_CLAIMED,
        EventKind.POSTING_TAKEN_OVER,
        EventKind.POSTING_RELEASED,
        EventKind.PUBLISHED,
        EventKind.PUBLICATION_LINKED,
        EventKind.OVERRIDDEN,
    ),
    "notes": (
        EventKind.NOTE_ADDED,
        EventKind.FACT_STATED,
        EventKind.FACT_CHANGED,
        EventKind.DECISION_MADE,
        EventKind.EVIDENCE_ADDED,
        EventKind.AMENDED,
        EventKind.COMMITMENT_MADE,
        EventKind.COMMITMENT_KEPT,
        EventKind.JOINED,
        EventKind.LINKED,
        EventKind.TEXT_ERASED,
        EventKind.UPDATE_REQUESTED,
        EventKind.UPDATE_ANSWERED,
    ),
    "questions": (
        EventKind.QUESTION_ASKED,
        EventKind.QUESTION_ANSWERED,
        EventKind.TAKEN_PRIVATE,
        EventKind.CLOSING_LINE_POSTED,
    ),
    "items": (
        EventKind.ITEM_DONE,
        EventKind.ITEM_REOPENED,
        EventKind.ITEM_SKIPPED,
        EventKind.ITEM_ASSIGNED,
        EventKind.ITEMS_TAKEN_OVER,
    ),
    "reminders": (
        EventKind.REMINDER_DUE,
        EventKind.ESCALATED,
        EventKind.REMINDERS_STOPPED,
        EventKind.DEADLINE_SNOOZED,
        EventKind.DEADLINE_ACKNOWLEDGED,
        EventKind.DEADLINE_WAIVED,
        EventKind.DEADLINES_REPLANNED,
    ),
    "course": (
        EventKind.DECLARED,
        EventKind.PLAN_CARRIED,
        EventKind.STATUS_CHANGED,
        EventKind.SEVERITY_CHANGED,
        EventKind.TITLE_CHANGED,
        EventKind.REACH_CHANGED,
        EventKind.SCREENING_ANSWERED,
        EventKind.REOPENED,
        EventKind.CANCELLED,
        EventKind.ROLE_ASSIGNED,
        EventKind.HANDOVER_OFFERED,
        EventKind.HANDOVER_ACCEPTED,
        EventKind.HANDOVER_WITHDRAWN,
        EventKind.WATCH_CHANGED,
        EventKind.RESTRICTED,
        EventKind.ACCESS_GRANTED,
        EventKind.POSTMORTEM_SAVED,
        EventKind.POSTMORTEM_FINALISED,
        EventKind.ACTION_ITEM_ADDED,
        EventKind.ACTION_ITEM_DONE,
        EventKind.REGULATOR_ADDED,
        EventKind.REGULATOR_ANSWERED,
        EventKind.REGULATOR_NOTIFIED,
    ),
}


@dataclass(frozen=True)
class Line:
    """One event with the amendments that set it right."""

    event: EventRow
    amendments: tuple[EventRow, ...]


@dataclass(frozen=True)
class Page:
    """Some lines, newest first; `older` is the number to ask for next, None at the end."""

    lines: tuple[Line, ...]
    older: int | None


def page_of(incident: Incident, *, before: int | None = None, group: str = "") -> Page:
    """Return a part of the timeline with its amendments; two queries however long it is."""
    rows = TimelineEvent.objects.filter(incident=incident)
    if before is not None:
        rows = rows.filter(number__lt=before)
    if group in GROUPS:
        rows = rows.filter(kind__in=GROUPS[group])
    part = part_of(rows.order_by("-number"), PAGE)
    amending = TimelineEvent.objects.filter(
        incident=incident, amends__in=[event.number for event in part.events]
    )
    amendments: dict[int, list[EventRow]] = {}
    for event in part_of(amending.order_by("number"), MOST_AMENDMENTS).events:
        amendments.setdefault(event.amends or 0, []).append(event)
    return Page(
        tuple(Line(event, tuple(amendments.get(event.number, ()))) for event in part.events),
        part.next,
    )


def number_at(incident: Incident, moment: datetime) -> int:
    """Return the number of the last event that had happened by then; 0 before the first."""
    rows = TimelineEvent.objects.filter(incident=incident, occurred_at__lte=moment)
    return rows.aggregate(last=Max("number"))["last"] or 0
