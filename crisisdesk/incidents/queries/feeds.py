"""A person's calendar addresses, and the deadlines that stand in such a calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q

from crisisdesk.incidents.enums import DeadlineState, ReminderState
from crisisdesk.incidents.models import CalendarFeed, Deadline, Reminder
from crisisdesk.incidents.queries.listing import holder_of_deadline
from crisisdesk.incidents.queries.visibility import visible_to

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from crisisdesk.organisation.models import User

MOST_FEEDS = 20
MOST_ENTRIES = 500
# How long what is met still stands there as cancelled, so that every calendar has heard of it.
KEPT = timedelta(days=7)


def feeds_of(user: User) -> QuerySet[CalendarFeed]:
    """Return the person's open addresses, the newest first; one of an incident out of sight is left out."""
    seen = Q(incident=None) | Q(incident__in=visible_to(user))
    rows = CalendarFeed.objects.filter(seen, user=user, revoked_at=None)
    return rows.select_related("incident").order_by("-created_at", "-pk")


def feed_deadlines(feed: CalendarFeed, *, at: datetime) -> list[Deadline]:
    """Return the deadlines of this calendar with their incidents and the alarms that still lie ahead (`to_ring`), in
    two queries: what runs, and what ended in the last week; what the person may see now and no more (law 6)."""
    incidents = visible_to(feed.user)
    if feed.incident_id is not None:
        incidents = incidents.filter(pk=feed.incident_id)
    rows = Deadline.objects.filter(
        Q(state=DeadlineState.RUNNING) | Q(due_at__gt=at - KEPT) | Q(met_at__gt=at - KEPT),
        incident__in=incidents,
        missed_before_opening=False,
    )
    if feed.incident_id is None:
        rows = rows.annotate(holder=holder_of_deadline()).filter(holder=feed.user_id)
    ahead = Reminder.objects.filter(
        Q(person=None) | Q(person=feed.user_id), state=ReminderState.PENDING, step=0, due_at__gt=at
    )
    found: list[Deadline] = list(
        rows.select_related("incident")
        .prefetch_related(Prefetch("reminders", ahead.order_by("due_at"), to_attr="to_ring"))
        .order_by("-due_at", "-pk")[:MOST_ENTRIES]
    )
    for row in found:
        row.to_ring = _after_silence(row.to_ring)  # type: ignore[attr-defined]  # prefetched
    return found


def _after_silence(alarms: list[Reminder]) -> list[Reminder]:
    """Leave out what the person asked not to hear: everything before the alarm that rings for them alone."""
    own = next((alarm for alarm in alarms if alarm.person_id), None)
    return [alarm for alarm in alarms if own is None or alarm.due_at >= own.due_at]
