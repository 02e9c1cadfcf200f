"""How far an incident has come: what the ways to the next status are held against, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from crisisdesk.core.queries.compiled import compiled
from crisisdesk.incidents.enums import (
    DeadlineState,
    ItemState,
    Phase,
    PublicationState,
    RevisionState,
    Stage,
)
from crisisdesk.incidents.models import (
    ActionItem,
    Deadline,
    Incident,
    Postmortem,
    Publication,
    RegulatorClock,
    StatementRevision,
)
from crisisdesk.incidents.queries.checklist import counted

_READ = "_standing"


@dataclass(frozen=True, slots=True)
class Standing:
    """Counts of what is still open, and what has been done; `review` is the post-mortem as far as closing asks it."""

    first_items: int
    in_review: int
    closing_lines: int
    notices: int
    is_published: bool
    is_resolution_said: bool
    has_prevention: bool
    review: dict[str, Any] | None


def with_standing(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """Return these incidents together with how far each has come at this moment."""
    return incidents.annotate(**{_READ: compiled(Incident, _standing)})


def _standing() -> JSONObject:
    here = OuterRef("pk")
    first = {"phase": Phase.FIRST_15_MINUTES, "required": True, "state": ItemState.TODO}
    said = Publication.objects.filter(incident=here, state=PublicationState.PUBLISHED)
    review = JSONObject(
        is_final="is_final",
        summary="summary",
        cause="cause",
        cause_known="cause_known",
        changes="changes",
    )
    return JSONObject(
        first_items=_count(counted(here).filter(**first)),
        in_review=_count(
            StatementRevision.objects.filter(
                statement__incident=here, state=RevisionState.IN_REVIEW
            ),
            "statement__incident",
        ),
        closing_lines=_count(
            Deadline.objects.filter(incident=here, state=DeadlineState.RUNNING, kind="closing_line")
        ),
        notices=_count(RegulatorClock.objects.filter(incident=here, applies=True, notices=None)),
        is_published=Exists(said),
        is_resolution_said=Exists(said.filter(statement__stage=Stage.RESOLUTION)),
        has_prevention=Exists(ActionItem.objects.filter(incident=here, is_prevention=True)),
        review=Subquery(Postmortem.objects.filter(incident=here).values(row=review)),
    )


def standing_of(incident: Incident) -> Standing:
    """Return how far this incident has come; one query unless `with_standing` has read it."""
    read: dict[str, Any] | None = incident.__dict__.get(_READ)
    if read is None:
        rows = with_standing(Incident.objects.filter(pk=incident.pk))
        read = rows.values_list(_READ, flat=True)[0]
    counts = ("first_items", "in_review", "closing_lines", "notices")
    return Standing(**read | {name: read[name] or 0 for name in counts})


def _count(rows: QuerySet[Any, Any], by: str = "incident") -> Subquery:
    return Subquery(rows.order_by().values(by).values(count=Count("pk")))
