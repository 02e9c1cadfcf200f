"""What stands in the head of every page of a room: counts, clocks and who has them, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from crisisdesk.core.queries.compiled import compiled
from crisisdesk.incidents.enums import ItemState
from crisisdesk.incidents.models import Deadline, HandOver, Incident, RegulatorClock, Statement
from crisisdesk.incidents.queries.checklist import counted
from crisisdesk.incidents.queries.desk import Promise, promises_of, without_twins
from crisisdesk.incidents.queries.visibility import one_of, visible_to
from crisisdesk.organisation.models import Rota

if TYPE_CHECKING:
    from crisisdesk.organisation.models import User

# What a page reads together with the incident.
Reading = Callable[["QuerySet[Incident]"], "QuerySet[Incident]"]
CHIPS = 3
_COUNTS = "_head_counts"


@dataclass
class Head:
    """The head of the room at one moment."""

    promises: tuple[Promise, ...]
    items_done: int
    items_all: int
    statements: int
    handovers: tuple[HandOver, ...]
    laws_open: int  # duties of which nobody has said whether they apply
    has_rota: bool  # whether the brand does, so that only then somebody asks who is on watch

    @cached_property
    def strip(self) -> tuple[Promise, ...]:
        """The clocks as things to do, the most urgent first: an item and the clock that it meets are one."""
        return tuple(without_twins(list(self.promises)))

    @property
    def clocks(self) -> list[Deadline]:
        """Every deadline that runs."""
        return [promise.deadline for promise in self.promises]

    @property
    def more(self) -> int:
        """How many clocks run besides those in sight."""
        return max(0, len(self.strip) - CHIPS)


def incident_of_room(user: User, reference: str, *readings: Reading) -> Incident:
    """Return the incident with all that its head counts, or raise NotVisible; one query. `readings` add what a page
    wants to know besides."""
    rows = _with_counts(visible_to(user))
    for reading in readings:
        rows = reading(rows)
    return one_of(rows, reference)


def head_of(incident: Incident, *, deadlines: Iterable[Deadline] | None = None) -> Head:
    """Return the head of this incident's room. One query besides who is on duty, none where the caller has read
    `deadlines_of` it; one more while a role is being handed over, and one for an incident that `incident_of_room` did
    not read."""
    counts: dict[str, Any] | None = incident.__dict__.get(_COUNTS)
    if counts is None:
        rows = _with_counts(Incident.objects.filter(pk=incident.pk))
        counts = rows.values_list(_COUNTS, flat=True)[0]
    return Head(
        promises=tuple(promises_of(incident, deadlines=deadlines)),
        items_done=counts["done"] or 0,
        items_all=counts["items"] or 0,
        statements=counts["statements"] or 0,
        handovers=_handovers(incident) if counts["is_offered"] else (),
        laws_open=counts["laws"] or 0,
        has_rota=counts["has_rota"],
    )


def _with_counts(rows: QuerySet[Incident]) -> QuerySet[Incident]:
    return rows.annotate(**{_COUNTS: compiled(Incident, _counts)})


def _counts() -> JSONObject:
    items = counted(OuterRef("pk")).order_by().values("incident")
    needed = Statement.objects.filter(incident=OuterRef("pk"), is_hidden=False)
    said = needed.order_by().values("incident")
    asked = RegulatorClock.objects.filter(incident=OuterRef("pk"), applies=None)
    laws = asked.order_by().values("incident")
    offered = HandOver.objects.filter(incident=OuterRef("pk"), accepted_at=None, withdrawn_at=None)
    return JSONObject(
        items=Subquery(items.values(count=Count("pk"))),
        done=Subquery(items.values(count=Count("pk", filter=Q(state=ItemState.DONE)))),
        statements=Subquery(said.values(count=Count("pk"))),
        laws=Subquery(laws.values(count=Count("pk"))),
        is_offered=Exists(offered),
        has_rota=Exists(Rota.objects.filter(brand=OuterRef("brand"))),
    )


def _handovers(incident: Incident) -> tuple[HandOver, ...]:
    rows = HandOver.objects.filter(incident=incident, accepted_at=None, withdrawn_at=None)
    return tuple(rows.select_related("giver", "receiver").order_by("offered_at"))
