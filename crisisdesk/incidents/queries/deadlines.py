"""What became of the promises about time that no longer run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from crisisdesk.incidents.enums import DeadlineState
from crisisdesk.incidents.models import Commitment, Deadline, Incident

MOST = 100


@dataclass(frozen=True)
class Settled:
    """A deadline that ended, and how far beside its time it was met (below zero: early)."""

    deadline: Deadline
    beside: timedelta | None

    @property
    def is_late(self) -> bool:
        """Whether it was met after its time, or not at all."""
        if self.beside is not None:
            return self.beside > timedelta(0)
        return self.deadline.state == DeadlineState.MISSED


def settled(incident: Incident) -> list[Settled]:
    """Return the deadlines that ended, the last due first, in one query; cancelled ones are left out."""
    rows = (
        Deadline.objects.filter(incident=incident)
        .exclude(state__in=[DeadlineState.RUNNING, DeadlineState.CANCELLED])
        .order_by("-due_at", "-pk")[:MOST]
    )
    return [Settled(row, row.met_at - row.due_at if row.met_at else None) for row in rows]


def commitments(incident: Incident) -> list[Commitment]:
    """Return what we promised in public, the open ones first, in the order they are due."""
    rows = Commitment.objects.filter(incident=incident).order_by("due_at", "pk")[:MOST]
    return sorted(rows, key=lambda row: row.kept_at is not None)
