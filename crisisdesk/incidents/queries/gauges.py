"""What a watch outside measures of the clocks: how late alarms are, how many deadlines run and are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from crisisdesk.incidents.enums import DeadlineState, ReminderState
from crisisdesk.incidents.models import Deadline, Reminder


@dataclass(frozen=True)
class Clocks:
    """Alarms whose time is over and that nobody has claimed, the lag of the oldest, and the deadlines that run."""

    due_alarms: int
    due_lag: float
    running: int
    late: int


def clocks(at: datetime) -> Clocks:
    """Return the clocks of every incident in figures, in two queries; exercises count as well."""
    alarms = Reminder.objects.filter(state=ReminderState.PENDING, due_at__lte=at).aggregate(
        count=Count("pk"), oldest=Min("due_at")
    )
    deadlines = Deadline.objects.filter(state=DeadlineState.RUNNING).aggregate(
        running=Count("pk"), late=Count("pk", filter=Q(due_at__lte=at))
    )
    oldest = alarms["oldest"]
    return Clocks(
        due_alarms=alarms["count"],
        due_lag=(at - oldest).total_seconds() if oldest else 0.0,
        running=deadlines["running"],
        late=deadlines["late"],
    )
