"""Who is told about an event, and by which reason: one screen that answers "why did I get this?".

A reason is a code on the outbox row; `domain/because.py` says it in words. Where several hold for one person, the most
specific one counts: what the command says of them ("owner", "step:2", …), or else that it named them ("named"), then
their role on the incident ("lead", "scribe" …), then their role on the brand ("brand:approver").
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from crisisdesk.incidents.enums import EventKind, IncidentRole, Severity
from crisisdesk.incidents.models import Incident
from crisisdesk.incidents.queries import duty
from crisisdesk.notifications.domain.outbox import Message
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Membership

if TYPE_CHECKING:
    from crisisdesk.incidents.models import TimelineEvent

Whys = dict[int, str]
Who = Callable[[Incident], Whys]
NAMED = "named"
ON_WATCH = "on_watch"
TOO = "team"  # reminders of the deadline reach them, too
BRAND = "brand:"
_GRAVE = (Severity.SEV1, Severity.SEV2)
# The first of these that somebody has on the brand is the reason they are told.
_BRAND_ROLES = (Role.LEAD, Role.APPROVER, Role.STAFF, Role.EXECUTIVE)


def holders(incident: Incident) -> dict[str, list[int]]:
    """Return the present role holders by role; read once per incident object."""
    found: dict[str, list[int]] = {}
    for role, user in duty.holder_ids(incident):
        found.setdefault(role, []).append(user)
    return found


def forget_holders(incident: Incident) -> None:
    """Read role holders again: roles have just changed in this transaction."""
    duty.forget(incident)
    incident.__dict__.pop("_roles_by_user", None)


def _nobody(incident: Incident) -> Whys:
    return {}


def _holding(incident: Incident, *roles: IncidentRole) -> Whys:
    """Who holds one of these roles; who holds several is told for the first."""
    held = holders(incident)
    return {user: str(role) for role in reversed(roles) for user in held.get(role, [])}


def _lead(incident: Incident) -> Whys:
    return _holding(incident, IncidentRole.LEAD)


def _team(incident: Incident) -> Whys:
    return _holding(incident, *IncidentRole)


def _brand(incident: Incident, *roles: Role) -> Whys:
    if incident.is_restricted:
        return {}
    held = Membership.objects.filter(
        brand=incident.brand_id, role__in=roles, user__is_active=True
    ).values_list("role", "user_id")
    return {
        user: f"{BRAND}{role}"
        for role, user in sorted(held, key=lambda row: -_BRAND_ROLES.index(Role(row[0])))
    }


def _opening(incident: Incident) -> Whys:
    """The team, the brand's leads and approvers; executives hear of SEV1–2 at once."""
    roles = [Role.LEAD, Role.APPROVER, Role.STAFF]
    if incident.severity in _GRAVE:
        roles.append(Role.EXECUTIVE)
    return _brand(incident, *roles) | _team(incident)


def _team_and_executives(incident: Incident) -> Whys:
    executives = _brand(incident, Role.EXECUTIVE) if incident.severity in _GRAVE else {}
    return executives | _team(incident)


def _asked_people(incident: Incident) -> Whys:
    return _holding(incident, IncidentRole.SPOKESPERSON, IncidentRole.LEAD)


# Kinds that stand with _nobody tell only whom the command itself names (the asked approver, the new owner …).
_NOBODY: dict[EventKind, Who] = {kind: _nobody for kind in EventKind}
AUDIENCE: dict[EventKind, Who] = _NOBODY | {
    EventKind.DECLARED: _opening,
    EventKind.STATUS_CHANGED: _team_and_executives,
    EventKind.SEVERITY_CHANGED: _team_and_executives,
    EventKind.REOPENED: _team_and_executives,
    EventKind.ITEMS_TAKEN_OVER: _team,
    EventKind.CANCELLED: _team,
    EventKind.QUESTION_ASKED: _asked_people,
    EventKind.DEPUTY_ASKED: _lead,
    EventKind.STATEMENT_APPROVED: _asked_people,
    EventKind.PUBLISHED: _lead,
    EventKind.OVERRIDDEN: _team_and_executives,
    EventKind.POSTMORTEM_FINALISED: _team_and_executives,
    EventKind.REGULATOR_ANSWERED: _lead,
    EventKind.REGULATOR_NOTIFIED: _team_and_executives,
}

URGENT = frozenset(
    {
        EventKind.APPROVAL_REQUESTED,
        EventKind.DEPUTY_ASKED,
        EventKind.REMINDER_DUE,
        EventKind.ESCALATED,
        EventKind.HANDOVER_OFFERED,
        EventKind.WATCH_CHANGED,
        EventKind.OVERRIDDEN,
        EventKind.STATEMENT_SENT_BACK,
        EventKind.REMINDERS_STOPPED,
        EventKind.UPDATE_REQUESTED,
    }
)


def messages(
    incident: Incident,
    event: TimelineEvent,
    *,
    tell: Iterable[int] | Mapping[int, str] = (),
    by: Mapping[int, tuple[str, ...]] | None = None,
    called: Collection[int] = (),
) -> list[Message]:
    """Return one message per person told, each with the most specific reason; whoever did it is not told of it.

    `tell` names people besides those of the kind; a mapping says by which reason. `by`: ways beyond their own choice.
    `called`: who is told because they are on watch; being on watch is agreeing to be called, also in quiet hours.
    """
    kind = EventKind(event.kind)
    named = tell if isinstance(tell, Mapping) else dict.fromkeys(tell, NAMED)
    told = AUDIENCE[kind](incident) | {user: why for user, why in named.items() if user}
    told.pop(event.actor_id or 0, None)
    if not told:
        return []
    data: dict[str, Any] = {
        **event.data,
        "reference": incident.reference,
        "title": incident.title,
        "title_language": incident.title_language,
        "severity": incident.severity,
        "number": event.number,
        "actor": event.actor.names() if event.actor else "",
    }
    data.pop("texts", None)
    return [
        Message(
            recipient_id=user,
            topic="incident",
            topic_id=incident.pk,
            kind=str(kind),
            data=data,
            dedupe_key=f"incident:{incident.pk}:{event.number}",
            urgent=kind in URGENT or incident.severity == Severity.SEV1,
            grave=incident.severity in _GRAVE or user in called,
            is_drill=incident.is_drill,
            why=why,
            transports=(by or {}).get(user, ()),
        )
        for user, why in sorted(told.items())
    ]
