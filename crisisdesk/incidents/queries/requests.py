"""Who waits for an update from the lead, and the last update that was given."""

from __future__ import annotations

from dataclasses import dataclass

from crisisdesk.incidents.enums import DeadlineKind, DeadlineState, EventKind
from crisisdesk.incidents.models import Deadline, Incident, TimelineEvent, TimelineText
from crisisdesk.organisation.models import User


@dataclass(frozen=True)
class Asked:
    """A request that runs: who asked, and what they want to know (None: they did not say)."""

    deadline: Deadline
    person: User
    question: TimelineText | None


@dataclass(frozen=True)
class Requests:
    """The requests of an incident at one moment."""

    running: tuple[Asked, ...]
    last: TimelineEvent | None
    last_words: TimelineText | None

    def of(self, user: User) -> Asked | None:
        """Return the person's own request."""
        return next((row for row in self.running if row.person.pk == user.pk), None)


def requests_now(incident: Incident) -> Requests:
    """Return what is asked and the newest answer with its words, in four queries at most."""
    rows = list(
        Deadline.objects.filter(
            incident=incident, kind=DeadlineKind.UPDATE_REQUEST, state=DeadlineState.RUNNING
        ).order_by("due_at", "pk")
    )
    people = User.objects.in_bulk([row.subject_id for row in rows])
    words = TimelineText.objects.filter(
        event__incident=incident,
        event__kind=EventKind.UPDATE_REQUESTED,
        event__data__deadline__in=[row.pk for row in rows],
    ).select_related("event")
    questions = {text.event.data["deadline"]: text for text in words} if rows else {}
    last = (
        TimelineEvent.objects.filter(incident=incident, kind=EventKind.UPDATE_ANSWERED)
        .select_related("actor")
        .order_by("-number")
        .first()
    )
    return Requests(
        tuple(Asked(row, people[row.subject_id], questions.get(row.pk)) for row in rows),
        last,
        TimelineText.objects.filter(event=last).first() if last else None,
    )
