"""What stands in the head of every page of a room: counts, clocks and who has them, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Count, Q

from crisisdesk.incidents.enums import ItemState
from crisisdesk.incidents.models import HandOver, Incident, Statement
from crisisdesk.incidents.queries.checklist import counted
from crisisdesk.incidents.queries.desk import Promise, running_promises, without_twins

CHIPS = 3


@dataclass
class Head:
    """The head of the room at one moment."""

    promises: tuple[Promise, ...]
    items_done: int
    items_all: int
    statements: int
    handovers: tuple[HandOver, ...]

    @cached_property
    def strip(self) -> tuple[Promise, ...]:
        """The clocks as things to do, the most urgent first: an item and the clock that it meets are one."""
        return tuple(without_twins(list(self.promises)))

    @property
    def more(self) -> int:
        """How many clocks run besides those in sight."""
        return max(0, len(self.strip) - CHIPS)


def head_of(incident: Incident, *, at: datetime) -> Head:
    """Return the head of this incident's room."""
    counts = counted(incident).aggregate(
        all=Count("pk"), done=Count("pk", filter=Q(state=ItemState.DONE))
    )
    return Head(
        promises=tuple(running_promises([incident])),
        items_done=counts["done"],
        items_all=counts["all"],
        statements=Statement.objects.filter(incident=incident).count(),
        handovers=tuple(
            HandOver.objects.filter(incident=incident, accepted_at=None, withdrawn_at=None)
            .select_related("giver", "receiver")
            .order_by("offered_at")
        ),
    )
