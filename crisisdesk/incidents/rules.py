"""Who may do what to an incident. One table; commands, pages and serializers ask the same one
(docs/who-may-what.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.core.errors import NotAllowed
from crisisdesk.incidents.enums import IncidentRole
from crisisdesk.incidents.queries.duty import holder_ids, read_with_roles
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.queries.roles import brand_roles

if TYPE_CHECKING:
    from crisisdesk.incidents.models import Incident
    from crisisdesk.organisation.domain.actors import Actor
    from crisisdesk.organisation.models import User

_READERS = frozenset(Role)
_WORKERS = frozenset({Role.STAFF, Role.LEAD})
_APPROVERS = frozenset({Role.APPROVER, Role.LEAD})
_DUTY = _WORKERS | _APPROVERS
_LEADS = frozenset({Role.LEAD})

PERMISSIONS: dict[str, frozenset[Role]] = {
    "view": _READERS,
    "request_report": _READERS,
    "work": _WORKERS,  # tick, skip, assign, evidence, notes, facts, decisions, questions, answers
    "draft": _WORKERS,
    "submit": _WORKERS,
    "publish": _WORKERS,
    "hand_over": _DUTY,
    "snooze": _READERS,  # their own alarms only; the command asks whom they reach
    "acknowledge": _DUTY,
    "ask_update": frozenset({Role.EXECUTIVE, Role.APPROVER, Role.LEAD}),
    "answer_update": _LEADS,
    "approve": _APPROVERS,
    "record_phone_approval": _DUTY,
    "write_postmortem": _WORKERS,
    "open": _LEADS,
    "change_status": _LEADS,
    "change_severity": _LEADS,
    "change_title": _LEADS,
    "change_reach": _LEADS,
    "take_over": _LEADS,  # parts of a newer revision of the playbook
    "assign_role": _LEADS,
    "waive": _LEADS,
    "override": _LEADS,
    "restrict": _LEADS,
    "cancel": _LEADS,
    "reopen": _LEADS,
    "chase_approver": _LEADS,
    "take_back": _LEADS,  # from review; who wrote or sent the words may too
    "finalise_postmortem": _LEADS,
    "answer_regulator": _LEADS,  # whether a law applies is no matter for whoever happens to be on duty
    "erase_text": frozenset({Role.ADMIN}),
    # before there is an incident, on the plan of an announcement:
    "plan": _LEADS,
    "prepare": _WORKERS,
    "approve_answer": _APPROVERS,
}

# What a role on one incident adds there, in terms of the brand roles above.
ROLE_GIVES: dict[str, Role] = {
    IncidentRole.LEAD: Role.LEAD,
    IncidentRole.SPOKESPERSON: Role.STAFF,
    IncidentRole.MONITOR: Role.STAFF,
    IncidentRole.SCRIBE: Role.STAFF,
    IncidentRole.APPROVER: Role.APPROVER,
}


def roles_on(user: User, incident: Incident) -> frozenset[Role]:
    """Return the person's brand roles and what their roles on this incident add; kept for the life of the
    incident object."""
    if incident._state.adding:  # it is just being opened: nobody has a role on it yet
        return brand_roles(user, incident.brand_id)
    cache: dict[int, frozenset[Role]] = incident.__dict__.setdefault("_roles_by_user", {})
    if user.pk not in cache:
        brand = read_with_roles(incident, user)
        if brand is None:
            brand = brand_roles(user, incident.brand_id)
        held = {ROLE_GIVES[role] for role, pk in holder_ids(incident) if pk == user.pk}
        cache[user.pk] = brand | held
    return cache[user.pk]


def may(actor: Actor, permission: str, incident: Incident) -> bool:
    """Whether the actor may do this here; the desk itself (no person) may everything it has code for."""
    if actor.user is None:
        return True
    if permission not in ("view", "request_report") and not actor.may_write:
        return False
    return bool(roles_on(actor.user, incident) & PERMISSIONS[permission])


def require(actor: Actor, permission: str, incident: Incident) -> None:
    """Return if the actor may do this here, or raise NotAllowed ("read_only_token" or "not_allowed")."""
    if actor.user is not None and permission != "view" and not actor.may_write:
        raise NotAllowed("read_only_token")
    if not may(actor, permission, incident):
        raise NotAllowed("not_allowed", permission=permission)


def may_for_brand(actor: Actor, permission: str, brand_id: int) -> bool:
    """Whether the actor may do this for the brand, where there is no incident yet."""
    if actor.user is None:
        return True
    return actor.may_write and bool(brand_roles(actor.user, brand_id) & PERMISSIONS[permission])


def require_for_brand(actor: Actor, permission: str, brand_id: int) -> None:
    """Return if the actor may do this for the brand, or raise NotAllowed ("read_only_token" or "not_allowed")."""
    if actor.user is not None and not actor.may_write:
        raise NotAllowed("read_only_token")
    if not may_for_brand(actor, permission, brand_id):
        raise NotAllowed("not_allowed", permission=permission)
