"""Roles on an incident, and handing one over so that somebody is always on duty."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from crisisdesk.core.errors import Invalid, NotVisible
from crisisdesk.core.languages import guess_language
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import audience, timeline
from crisisdesk.incidents.domain.locking import incident_for_update, require_open
from crisisdesk.incidents.enums import EventKind, IncidentRole
from crisisdesk.incidents.models import HandOver, Incident, IncidentAccess, RoleAssignment
from crisisdesk.incidents.queries.visibility import may_see
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import User
from crisisdesk.organisation.queries.roles import brand_roles

_MAY_LEAD = frozenset({Role.LEAD})


def _check_fits(incident: Incident, role: str, user: User) -> None:
    """A person must work for the brand; only a PR lead leads, so that the room always has somebody who may decide."""
    held = brand_roles(user, incident.brand_id)
    if not user.is_active or not held:
        raise Invalid("person_not_of_brand", field="user", name=user.names())
    if role == IncidentRole.LEAD and not held & _MAY_LEAD:
        raise Invalid("person_may_not_lead", field="user", name=user.names())


def _give(incident: Incident, role: str, user: User, *, at: datetime) -> None:
    """End the present holder of a role that only one person holds, and start the new one."""
    if role in (
        IncidentRole.LEAD,
        IncidentRole.SPOKESPERSON,
        IncidentRole.SCRIBE,
        IncidentRole.MONITOR,
    ):
        RoleAssignment.objects.filter(incident=incident, role=role, to_at=None).exclude(
            user=user
        ).update(to_at=at)
    RoleAssignment.objects.get_or_create(
        incident=incident, role=role, user=user, to_at=None, defaults={"from_at": at}
    )
    if role == IncidentRole.LEAD:
        Incident.objects.filter(pk=incident.pk).update(lead=user)
        incident.lead = user
    audience.forget_holders(incident)


@transaction.atomic
def assign_role(*, incident_id: int, role: str, user: User, actor: Actor, at: datetime) -> Incident:
    """Give a role to a person at once; reminders follow it. Taking a free role oneself needs no lead.

    Raises Invalid("role_unknown" | "person_not_of_brand" | "person_may_not_lead").
    """
    incident = incident_for_update(incident_id, actor=actor)
    require_open(incident)
    if role not in set(IncidentRole):
        raise Invalid("role_unknown", field="role", value=role)
    taking_free = (
        actor.id == user.pk
        and not audience.holders(incident).get(role)
        and role != IncidentRole.LEAD
    )
    rules.require(actor, "work" if taking_free else "assign_role", incident)
    _check_fits(incident, role, user)
    before = audience.holders(incident).get(role, [])
    _give(incident, role, user, at=at)
    timeline.record(
        incident,
        EventKind.ROLE_ASSIGNED,
        actor=actor,
        at=at,
        data={"role": role, "user": user.pk, "name": user.names(), "before": before},
        tell=[user.pk],
    )
    return incident


@transaction.atomic
def offer_handover(
    *,
    incident_id: int,
    role: str,
    receiver: User,
    page: dict[str, Any],
    note: str,
    actor: Actor,
    at: datetime,
) -> HandOver:
    """Offer one's role to the next person with the page they will need; the giver stays on duty until it is accepted.

    Raises Invalid("role_unknown" | "role_not_yours" | "person_not_of_brand" | "person_may_not_lead" |
    "receiver_cannot_see" | "handover_to_self" | "handover_open").
    """
    incident = incident_for_update(incident_id, actor=actor)
    require_open(incident)
    rules.require(actor, "hand_over", incident)
    if role not in set(IncidentRole):
        raise Invalid("role_unknown", field="role", value=role)
    holders = audience.holders(incident).get(role, [])
    giver = actor.user if actor.id in holders else None
    if giver is None and not rules.may(actor, "assign_role", incident):
        raise Invalid("role_not_yours", field="role")
    if receiver.pk in holders:
        raise Invalid("handover_to_self", field="receiver")
    _check_fits(incident, role, receiver)
    if not may_see(receiver, incident.pk):
        # An offer opens no door: who may come into a restricted room is the lead's decision, and recorded.
        raise Invalid("receiver_cannot_see", field="receiver", name=receiver.names())
    try:
        with transaction.atomic():
            handover = HandOver.objects.create(
                incident=incident,
                role=role,
                giver=giver or (User.objects.get(pk=holders[0]) if holders else None),
                receiver=receiver,
                page=page,
                note=note.strip(),
                note_language=guess_language(note),
                offered_at=at,
            )
    except IntegrityError:
        raise Invalid("handover_open", field="role") from None
    timeline.record(
        incident,
        EventKind.HANDOVER_OFFERED,
        actor=actor,
        at=at,
        data={"handover": handover.pk, "role": role, "to": receiver.pk, "name": receiver.names()},
        tell=[receiver.pk],
    )
    return handover


@transaction.atomic
def accept_handover(*, handover_id: int, actor: Actor, at: datetime) -> HandOver:
    """ "I have it": from now the receiver holds the role. Only the receiver; a second press changes nothing."""
    found = HandOver.objects.filter(pk=handover_id).values_list("incident", flat=True).first()
    incident = incident_for_update(found or 0, actor=actor)
    handover = HandOver.objects.select_related("receiver", "giver").get(pk=handover_id)
    rules.require(actor, "view", incident)
    if handover.receiver_id != actor.id or not actor.may_write:
        raise Invalid("handover_not_yours")
    if handover.withdrawn_at:
        raise Invalid("handover_withdrawn")
    if handover.accepted_at:
        return handover
    require_open(incident)
    handover.accepted_at = at
    handover.save(update_fields=["accepted_at"])
    _give(incident, handover.role, handover.receiver, at=at)
    timeline.record(
        incident,
        EventKind.HANDOVER_ACCEPTED,
        actor=actor,
        at=at,
        data={
            "handover": handover.pk,
            "role": handover.role,
            "from": handover.giver_id,
            "to": handover.receiver_id,
            "name": handover.receiver.names(),
        },
        tell=[handover.giver_id or 0, incident.lead_id or 0],
    )
    return handover


@transaction.atomic
def withdraw_handover(*, handover_id: int, actor: Actor, at: datetime) -> HandOver:
    """Take an offer back before it is accepted; the giver or the lead may."""
    found = HandOver.objects.filter(pk=handover_id).values_list("incident", flat=True).first()
    incident = incident_for_update(found or 0, actor=actor)
    handover = HandOver.objects.select_related("receiver").get(pk=handover_id)
    is_giver = handover.giver_id == actor.id
    rules.require(actor, "hand_over" if is_giver else "assign_role", incident)
    if handover.accepted_at or handover.withdrawn_at:
        raise Invalid("handover_settled")
    handover.withdrawn_at = at
    handover.save(update_fields=["withdrawn_at"])
    timeline.record(
        incident,
        EventKind.HANDOVER_WITHDRAWN,
        actor=actor,
        at=at,
        data={
            "handover": handover.pk,
            "role": handover.role,
            "to": handover.receiver_id,
            "name": handover.receiver.names(),
        },
        tell=[handover.receiver_id],
    )
    return handover


@transaction.atomic
def restrict(*, incident_id: int, restricted: bool, actor: Actor, at: datetime) -> Incident:
    """Close the incident to all but its opener, role holders and named people, or open it again; recorded."""
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "restrict", incident)
    if incident.is_restricted == restricted:
        return incident
    incident.is_restricted = restricted
    incident.version += 1
    incident.save(update_fields=["is_restricted", "version"])
    if restricted and actor.user is not None:
        # Whoever closes the door stays inside it.
        IncidentAccess.objects.get_or_create(
            incident=incident, user=actor.user, defaults={"granted_at": at}
        )
    timeline.record(
        incident, EventKind.RESTRICTED, actor=actor, at=at, data={"restricted": restricted}
    )
    return incident


@transaction.atomic
def grant_access(*, incident_id: int, user: User, actor: Actor, at: datetime) -> Incident:
    """Let a named person of the brand see a restricted incident; recorded."""
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "restrict", incident)
    if not brand_roles(user, incident.brand_id):
        raise NotVisible("no_such_person", field="user")
    _, added = IncidentAccess.objects.get_or_create(
        incident=incident, user=user, defaults={"granted_at": at}
    )
    if added:
        timeline.record(
            incident,
            EventKind.ACCESS_GRANTED,
            actor=actor,
            at=at,
            data={"user": user.pk, "name": user.names()},
            tell=[user.pk],
        )
    return incident
