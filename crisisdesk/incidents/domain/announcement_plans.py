"""Plans of announcements: open one, change it, drop it; who is on duty, and whether approvers can be reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from crisisdesk.core.errors import Invalid, NotVisible, Stale
from crisisdesk.core.languages import LANGUAGES, guess_language
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain.plan_reminders import set_reminders, stop_reminders
from crisisdesk.incidents.enums import IncidentRole, PlanStatus
from crisisdesk.incidents.models import (
    AnnouncementPlan,
    PlanChange,
    PlanDuty,
    PlanReach,
)
from crisisdesk.incidents.queries.plans import plans_visible_to
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand, BrandLanguage, User
from crisisdesk.organisation.queries.roles import brand_roles
from crisisdesk.organisation.queries.visibility import brands_visible_to
from playbooks.models import PlaybookRevision

PLAYBOOK = "planned-announcement"
LONGEST = 300
LONGEST_TITLE = 200


@dataclass(frozen=True)
class PlanDetails:
    """What a person says of the decision; without languages the audience is the brand's."""

    title: str
    decision: str
    announce_at: datetime
    lead: User | None = None
    languages: tuple[str, ...] = ()


def plan_for_update(pk: int, *, actor: Actor, permission: str) -> AnnouncementPlan:
    """Return the plan under its row lock, or raise NotVisible, NotAllowed, Invalid("plan_ended")."""
    rows = AnnouncementPlan.objects.all() if actor.user is None else plans_visible_to(actor.user)
    plan = (
        rows.select_related("brand", "lead").select_for_update(of=("self",)).filter(pk=pk).first()
    )
    if plan is None:
        raise NotVisible
    rules.require_for_brand(actor, permission, plan.brand_id)
    if not plan.is_preparing:
        raise Invalid("plan_ended")
    return plan


def note_change(
    plan: AnnouncementPlan, kind: str, /, *, actor: Actor, at: datetime, **data: Any
) -> None:
    """Write one line of the plan's history, in the caller's transaction."""
    PlanChange.objects.create(plan=plan, kind=kind, data=data, actor=actor.user, at=at)


def clean_line(text: str, *, field: str, most: int = LONGEST) -> str:
    """Return words without blanks around them. Raises Invalid("text_missing" | "text_too_long")."""
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise Invalid("text_missing", field=field)
    if len(words) > most:
        raise Invalid("text_too_long", field=field, limit=most, length=len(words))
    return words


@transaction.atomic
def open_plan(
    *, brand_id: int, details: PlanDetails, actor: Actor, at: datetime
) -> AnnouncementPlan:
    """Begin to prepare a decision before it is announced, from the words the shelf has now.

    Raises NotVisible("no_such_brand"), NotAllowed, and Invalid with the field: text_missing, text_too_long,
    announced_in_past, language_unknown, person_not_of_brand, person_may_not_lead, playbook_not_published.
    """
    rows = Brand.objects.all() if actor.user is None else brands_visible_to(actor.user)
    brand = rows.filter(pk=brand_id).first()
    if brand is None:
        raise NotVisible("no_such_brand", field="brand")
    rules.require_for_brand(actor, "plan", brand.pk)
    revision = _revision(brand)
    plan = AnnouncementPlan(
        brand=brand, playbook_revision=revision, opened_by=actor.user, opened_at=at
    )
    _fill(plan, details, actor=actor, at=at)
    plan.save()
    set_reminders(plan, at=at)
    note_change(plan, "opened", actor=actor, at=at, announce_at=plan.announce_at.isoformat())
    return plan


def _revision(brand: Brand) -> PlaybookRevision:
    rows = PlaybookRevision.objects.filter(
        playbook__slug=PLAYBOOK, playbook__is_published=True
    ).select_related("playbook")
    own = rows.filter(playbook__brand=brand).order_by("-number").first()
    found = own or rows.filter(playbook__brand=None).order_by("-number").first()
    if found is None:
        raise Invalid("playbook_not_published")
    return found


def _fill(plan: AnnouncementPlan, details: PlanDetails, *, actor: Actor, at: datetime) -> None:
    plan.title = " ".join(clean_line(details.title, field="title", most=LONGEST_TITLE).split())
    plan.decision = clean_line(details.decision, field="decision")
    plan.language = guess_language(plan.title)
    if details.announce_at != plan.announce_at and details.announce_at <= at:
        raise Invalid("announced_in_past", field="announce_at")
    plan.announce_at = details.announce_at
    for language in details.languages:
        if language not in LANGUAGES:
            raise Invalid("language_unknown", field="languages", value=language)
    plan.languages = list(dict.fromkeys(details.languages or plan.brand.languages))
    lead = details.lead or actor.user
    if lead is None:
        raise Invalid("no_such_person", field="lead")
    held = brand_roles(lead, plan.brand_id)
    if not held:
        raise Invalid("person_not_of_brand", field="lead", name=lead.names())
    if Role.LEAD not in held:
        raise Invalid("person_may_not_lead", field="lead", name=lead.names())
    plan.lead = lead


@transaction.atomic
def change_plan(
    *, plan_id: int, details: PlanDetails, version: int, actor: Actor, at: datetime
) -> AnnouncementPlan:
    """Change what is decided, when it is announced, who leads. Raises Stale, and what open_plan raises."""
    plan = plan_for_update(plan_id, actor=actor, permission="plan")
    if plan.version != version:
        raise Stale(current=plan)
    before = _told(plan)
    _fill(plan, details, actor=actor, at=at)
    plan.version += 1
    plan.save()
    after = _told(plan)
    if after["announce_at"] != before["announce_at"]:
        set_reminders(plan, at=at)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    note_change(plan, "changed", actor=actor, at=at, fields=changed)
    return plan


def _told(plan: AnnouncementPlan) -> dict[str, str]:
    return {
        "title": plan.title,
        "decision": plan.decision,
        "announce_at": plan.announce_at.isoformat(),
        "languages": " ".join(plan.languages),
        "lead": plan.lead.full_name,
    }


@transaction.atomic
def drop_plan(*, plan_id: int, reason: str, actor: Actor, at: datetime) -> AnnouncementPlan:
    """The decision will not be announced; the plan stays as it is. Raises Invalid("reason_missing")."""
    plan = plan_for_update(plan_id, actor=actor, permission="plan")
    if not reason.strip():
        raise Invalid("reason_missing", field="reason")
    plan.status, plan.reason, plan.ended_at = PlanStatus.DROPPED, reason.strip(), at
    plan.version += 1
    plan.save()
    stop_reminders(plan)
    note_change(plan, "dropped", actor=actor, at=at, reason=plan.reason)
    return plan


@transaction.atomic
def add_plan_duty(
    *,
    plan_id: int,
    person: User,
    role: str,
    from_at: datetime,
    to_at: datetime,
    actor: Actor,
    at: datetime,
) -> PlanDuty:
    """Put somebody on duty for a part of the hours after the announcement.

    Raises Invalid("role_unknown" | "person_not_of_brand" | "person_may_not_lead" | "duty_without_length").
    """
    plan = plan_for_update(plan_id, actor=actor, permission="plan")
    if role not in set(IncidentRole):
        raise Invalid("role_unknown", field="role", value=role)
    held = brand_roles(person, plan.brand_id)
    if not held:
        raise Invalid("person_not_of_brand", field="person", name=person.names())
    if role == IncidentRole.LEAD and Role.LEAD not in held:
        raise Invalid("person_may_not_lead", field="person", name=person.names())
    if from_at >= to_at:
        raise Invalid("duty_without_length", field="to_at")
    duty = PlanDuty.objects.create(
        plan=plan, person=person, role=role, from_at=from_at, to_at=to_at
    )
    note_change(plan, "duty_added", actor=actor, at=at, **_hours(duty))
    return duty


def _hours(duty: PlanDuty) -> dict[str, Any]:
    return {
        "name": duty.person.names(),
        "role": duty.role,
        "from": duty.from_at.isoformat(),
        "to": duty.to_at.isoformat(),
    }


@transaction.atomic
def remove_plan_duty(*, duty_id: int, actor: Actor, at: datetime) -> AnnouncementPlan:
    """Take somebody off the duty again; the history keeps that they were on it."""
    found = PlanDuty.objects.filter(pk=duty_id).values_list("plan", flat=True).first()
    plan = plan_for_update(found or 0, actor=actor, permission="plan")
    duty = PlanDuty.objects.select_related("person").filter(pk=duty_id).first()
    if duty is None:
        raise NotVisible
    note_change(plan, "duty_removed", actor=actor, at=at, **_hours(duty))
    duty.delete()
    return plan


@transaction.atomic
def record_plan_reach(
    *, plan_id: int, person: User, reached: bool, actor: Actor, at: datetime
) -> PlanReach:
    """It is on record that somebody tried just now to reach an approver. Raises Invalid("not_an_approver")."""
    plan = plan_for_update(plan_id, actor=actor, permission="plan")
    asked = BrandLanguage.objects.filter(brand=plan.brand_id).values_list("approver", "deputy")
    if person.pk not in {pk for row in asked for pk in row}:
        raise Invalid("not_an_approver", field="person", name=person.names())
    row, _ = PlanReach.objects.update_or_create(
        plan=plan, person=person, defaults={"reached": reached, "tested_at": at}
    )
    note_change(plan, "reached", actor=actor, at=at, name=person.names(), reached=reached)
    return row
