"""Who is told about an event: one screen that answers "why did I get this?"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from crisisdesk.incidents.enums import EventKind, IncidentRole, Severity
from crisisdesk.incidents.models import Incident
from crisisdesk.incidents.queries import duty
from crisisdesk.notifications.domain.outbox import Message
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Membership

if TYPE_CHECKING:
    from crisisdesk.incidents.models import TimelineEvent

Who = Callable[[Incident], set[int]]
_GRAVE = (Severity.SEV1, Severity.SEV2)


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


def _nobody(incident: Incident) -> set[int]:
    return set()


def _lead(incident: Incident) -> set[int]:
    return set(holders(incident).get(IncidentRole.LEAD, []))


def _team(incident: Incident) -> set[int]:
    return {user for users in holders(incident).values() for user in users}


def _brand(incident: Incident, *roles: Role) -> set[int]:
    if incident.is_restricted:
        return set()
    return set(
        Membership.objects.filter(
            brand=incident.brand_id, role__in=roles, user__is_active=True
        ).values_list("user_id", flat=True)
    )


def _opening(incident: Incident) -> set[int]:
    """The team, the brand's leads and approvers; executives hear of SEV1–2 at once."""
    told = _team(incident) | _brand(incident, Role.LEAD, Role.APPROVER, Role.STAFF)
    return told | _brand(incident, Role.EXECUTIVE) if incident.severity in _GRAVE else told


def _team_and_executives(incident: Incident) -> set[int]:
    return _team(incident) | (
        _brand(incident, Role.EXECUTIVE) if incident.severity in _GRAVE else set()
    )


def _asked_people(incident: Incident) -> set[int]:
    return set(holders(incident).get(IncidentRole.SPOKESPERSON, [])) | _lead(incident)


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
) -> list[Message]:
    """Return one message per person told, with why where the caller says so; whoever did it is not told of it."""
    kind = EventKind(event.kind)
    why = tell if isinstance(tell, Mapping) else {}
    told = (AUDIENCE[kind](incident) | {user for user in tell if user}) - {event.actor_id}
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
            grave=incident.severity in _GRAVE,
            is_drill=incident.is_drill,
            why=why.get(user, ""),
            transports=(by or {}).get(user, ()),
        )
        for user in sorted(told)
    ]
