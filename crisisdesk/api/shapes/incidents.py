"""The incident: as a row, as the head of its room, and who is on duty."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from django.utils.translation import get_language

from crisisdesk.api.shapes.people import Person, people, person
from crisisdesk.api.shapes.rota import WatchAheadShape, ahead
from crisisdesk.core.words import word
from crisisdesk.incidents import rules
from crisisdesk.incidents.models import RoleAssignment
from crisisdesk.incidents.queries.listing import AtRisk as Risk
from crisisdesk.incidents.queries.listing import Row, names_of
from crisisdesk.incidents.queries.watching import watch_of

if TYPE_CHECKING:
    from crisisdesk.incidents.models import HandOver, Incident
    from crisisdesk.organisation.domain.actors import Actor


class BrandName(TypedDict):
    """The brand it is about."""

    key: str
    name: str


class AtRisk(TypedDict):
    """The running deadline due first; without an owner nobody has it."""

    kind: str
    label: dict[str, str]
    started_at: datetime
    due_at: datetime
    role: str
    owner: Person | None


class IncidentRow(TypedDict):
    """An incident in a list."""

    reference: str
    title: str
    title_language: str
    severity: str
    status: str
    is_drill: bool
    is_restricted: bool
    self_disclosed: bool
    brand: BrandName
    lead: Person | None
    opened_at: datetime
    detected_at: datetime
    last_event_at: datetime | None
    last_number: int
    at_risk: AtRisk | None


class OnDuty(TypedDict):
    """A role on this incident and who holds it now."""

    role: str
    label: str
    person: Person
    since: datetime


class PlanOrigin(TypedDict):
    """The playbook revision that the plan was copied from."""

    slug: str
    number: int
    title: dict[str, str]


class IncidentHead(TypedDict):
    """An incident with all that its head says; `may` names what the asker may do here. `watch` is null for a brand
    without a rota, for whoever has no role on the brand, once the incident is over, and where one of those named may
    not see a restricted one."""

    reference: str
    title: str
    title_language: str
    severity: str
    status: str
    status_label: str
    cancel_reason: str
    same_matter_as: str | None
    is_drill: bool
    is_restricted: bool
    self_disclosed: bool
    brand: BrandName
    lead: Person | None
    opened_by: Person | None
    on_duty: list[OnDuty]
    watch: WatchAheadShape | None
    playbook: PlanOrigin
    languages: list[str]
    channels: list[str]
    origin_channel: str
    origin_url: str
    first_signal_at: datetime | None
    detected_at: datetime
    opened_at: datetime
    activated_at: datetime | None
    contained_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    last_event_at: datetime | None
    last_number: int
    last_hash: str
    closing_line: str
    trap: dict[str, str]
    first_facts: dict[str, list[str]]
    avoid: dict[str, list[dict[str, str]]]
    may: list[str]
    version: int


class Reason(TypedDict):
    """What stands in the way of a step (`blocks`), or should be known before it."""

    code: str
    detail: str
    blocks: bool
    params: dict[str, Any]


class Transition(TypedDict):
    """A step to another status; `is_open` says that nothing stands in the way."""

    to: str
    label: str
    is_open: bool
    reasons: list[Reason]


class HandOverShape(TypedDict):
    """A role on its way from one person to the next."""

    id: int
    role: str
    giver: Person | None
    receiver: Person | None
    note: str
    note_language: str
    page: dict[str, Any]
    offered_at: datetime
    accepted_at: datetime | None
    withdrawn_at: datetime | None


def row(found: Row) -> IncidentRow:
    """Return a row of the list."""
    names = {found.lead_id or 0: found.lead_name}
    return {
        "reference": found.reference,
        "title": found.title,
        "title_language": found.title_language,
        "severity": found.severity,
        "status": found.status,
        "is_drill": found.is_drill,
        "is_restricted": found.is_restricted,
        "self_disclosed": found.self_disclosed,
        "brand": {"key": found.brand_key, "name": found.brand_name},
        "lead": person(names, found.lead_id),
        "opened_at": found.opened_at,
        "detected_at": found.detected_at,
        "last_event_at": found.last_event_at,
        "last_number": found.last_number,
        "at_risk": _at_risk(found.at_risk) if found.at_risk else None,
    }


def _at_risk(risk: Risk) -> AtRisk:
    return {
        "kind": risk.kind,
        "label": dict(risk.label),
        "started_at": risk.started_at,
        "due_at": risk.due_at,
        "role": risk.role,
        "owner": person({risk.owner_id or 0: risk.owner_name}, risk.owner_id),
    }


def head(
    incident: Incident, actor: Actor | None = None, *, at: datetime | None = None
) -> IncidentHead:
    """Return the head of the room; without an actor and a moment (the row of a stale save) `may` is empty and nothing
    is said of the watch."""
    holders = list(RoleAssignment.objects.filter(incident=incident, to_at=None).order_by("pk"))
    named = [incident.lead_id, incident.opened_by_id, *(holder.user_id for holder in holders)]
    names = names_of(named)
    plan = incident.plan
    other = incident.same_matter_as
    return {
        "reference": incident.reference,
        "title": incident.title,
        "title_language": incident.title_language,
        "severity": incident.severity,
        "status": incident.status,
        "status_label": word("status", incident.status),
        "cancel_reason": incident.cancel_reason,
        "same_matter_as": other.reference if other else None,
        "is_drill": incident.is_drill,
        "is_restricted": incident.is_restricted,
        "self_disclosed": incident.self_disclosed,
        "brand": {
            "key": incident.brand.key,
            "name": incident.brand.name_in(get_language() or "en"),
        },
        "lead": person(names, incident.lead_id),
        "opened_by": person(names, incident.opened_by_id),
        "on_duty": [
            {
                "role": holder.role,
                "label": word("duty", holder.role),
                "person": {"id": holder.user_id, "name": names.get(holder.user_id, "")},
                "since": holder.from_at,
            }
            for holder in holders
        ],
        "watch": _watch(incident, actor, at) if actor and at else None,
        "playbook": plan["playbook"],
        "languages": incident.languages,
        "channels": incident.channels,
        "origin_channel": incident.origin_channel,
        "origin_url": incident.origin_url,
        "first_signal_at": incident.first_signal_at,
        "detected_at": incident.detected_at,
        "opened_at": incident.opened_at,
        "activated_at": incident.activated_at,
        "contained_at": incident.contained_at,
        "resolved_at": incident.resolved_at,
        "closed_at": incident.closed_at,
        "last_event_at": incident.last_event_at,
        "last_number": incident.last_number,
        "last_hash": incident.last_hash,
        "closing_line": incident.closing_line,
        "trap": plan.get("trap", {}),
        "first_facts": plan.get("first_facts", {}),
        "avoid": plan.get("avoid", {}),
        "may": [name for name in rules.PERMISSIONS if actor and rules.may(actor, name, incident)],
        "version": incident.version,
    }


def _watch(incident: Incident, actor: Actor, at: datetime) -> WatchAheadShape | None:
    found = watch_of(incident, actor.user, at=at) if actor.user else None
    return ahead(found) if found else None


def handovers(rows: list[HandOver]) -> list[HandOverShape]:
    """Return these hand-overs."""
    names = people(rows, "giver", "receiver")
    return [
        {
            "id": found.pk,
            "role": found.role,
            "giver": person(names, found.giver_id),
            "receiver": person(names, found.receiver_id),
            "note": found.note,
            "note_language": found.note_language,
            "page": found.page,
            "offered_at": found.offered_at,
            "accepted_at": found.accepted_at,
            "withdrawn_at": found.withdrawn_at,
        }
        for found in rows
    ]
