"""Steps of the escalation that would reach nobody as things stand: people leave, roles stand empty. Read together with
the incident, so that a page costs no query more; only a plan that calls whoever is on watch asks the rota."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import JSONObject

from crisisdesk.core.queries.compiled import compiled
from crisisdesk.incidents.models import EscalationStep, Incident, IncidentAccess, RoleAssignment
from crisisdesk.incidents.queries.calling import ON_DUTY
from crisisdesk.incidents.queries.ringing import StepNow, steps_now
from crisisdesk.organisation.models import BrandLanguage, Membership
from crisisdesk.organisation.queries.rota import on_watch
from playbooks.enums import BRAND_ROLES, EscalationTarget

if TYPE_CHECKING:
    from django.db.models import QuerySet

_READ = "_dead_steps"


@dataclass(frozen=True)
class DeadStep:
    """A step that reaches nobody; `way` says where that is mended: duty, people or watch."""

    position: int
    who: str
    name: str
    way: str


def with_dead_steps(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """Return these incidents together with their steps that reach nobody."""
    return incidents.annotate(**{_READ: compiled(Incident, _dead)})


def dead_steps(incident: Incident, *, at: datetime) -> list[DeadStep]:
    """Return the steps that reach nobody at this moment, in their order; no query where `with_dead_steps` has read
    them, and one more where a step calls whoever is on watch. Who may see a restricted incident is asked one by one."""
    if incident.is_restricted:
        return dead_among(steps_now(incident, at=at))
    rows: list[dict[str, Any]] | None = incident.__dict__.get(_READ)
    if rows is None:
        read = with_dead_steps(Incident.objects.filter(pk=incident.pk))
        rows = incident.__dict__[_READ] = read.values_list(_READ, flat=True)[0]
    found = []
    for row in rows:
        if row["who"] == EscalationTarget.ON_WATCH and on_watch(incident.brand_id, at=at):
            continue
        found.append(DeadStep(row["position"], row["who"], row["name"] or "", _way(row["who"])))
    return found


def dead_among(steps: Iterable[StepNow]) -> list[DeadStep]:
    """Return those of these steps that reach nobody, where a page has asked already whom each reaches. Whoever has a
    deadline is asked of the deadline, never of the plan."""
    return [
        DeadStep(
            row.step.position,
            row.step.who,
            row.step.person.full_name if row.step.person else "",
            _way(row.step.who),
        )
        for row in steps
        if not row.people and row.step.who != EscalationTarget.OWNER
    ]


def _way(who: str) -> str:
    if who in ON_DUTY:
        return "duty"
    return "watch" if who == EscalationTarget.ON_WATCH else "people"


def _dead() -> ArraySubquery:
    """Steps of the outer incident, which is not restricted, that name nobody who may see it; whether one on watch does,
    only the rota knows."""
    incident = OuterRef("incident")
    brand = OuterRef("incident__brand")
    person = OuterRef("person")
    member = Membership.objects.filter(brand=brand, user__is_active=True)
    sees = (
        Q(Exists(member.filter(user=person)))
        | Q(Exists(_held(incident).filter(user=person)))
        | Q(Exists(IncidentAccess.objects.filter(incident=incident, user=person)))
    )
    cases = [
        When(who__in=list(ON_DUTY), then=Exists(_held(incident).filter(role=OuterRef("who")))),
        When(
            who=EscalationTarget.DEPUTY,
            then=Exists(BrandLanguage.objects.filter(brand=brand, deputy__is_active=True)),
        ),
        When(Q(who=EscalationTarget.PERSON, person__is_active=True) & sees, then=Value(True)),
        When(who=EscalationTarget.PERSON, then=Value(False)),
        When(who=EscalationTarget.ON_WATCH, then=Value(False)),
        *(
            When(who=who, then=Exists(member.filter(role=role)))
            for who, role in BRAND_ROLES.items()
        ),
    ]
    reaches = Case(*cases, default=Value(True), output_field=BooleanField())
    rows = EscalationStep.objects.filter(incident=OuterRef("pk")).alias(reaches=reaches)
    row = JSONObject(position="position", who="who", name=F("person__full_name"))
    return ArraySubquery(rows.filter(reaches=False).order_by("position").values(row=row))


def _held(incident: OuterRef) -> QuerySet[RoleAssignment]:
    return RoleAssignment.objects.filter(incident=incident, to_at=None)
