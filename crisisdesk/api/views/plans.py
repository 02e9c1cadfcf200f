"""Plans of announcements: what is made ready before a decision is announced, and the gaps."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import get_language
from rest_framework import serializers

from crisisdesk.api.inputs import Id, Input, Key, Moment, Paged, Text, Versioned
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.paging import newest_first
from crisisdesk.api.shapes import plans as shapes
from crisisdesk.core.errors import Invalid, NotVisible
from crisisdesk.incidents.domain import announcement_plans, announcing
from crisisdesk.incidents.models import AnnouncementPlan, PlanDuty
from crisisdesk.incidents.queries.plan_gaps import readiness
from crisisdesk.incidents.queries.plans import (
    board_of,
    boards_of,
    changes_of,
    listed,
    plans_visible_to,
    visible_plan,
)
from crisisdesk.incidents.queries.visibility import visible_ids
from crisisdesk.organisation.models import Brand
from crisisdesk.organisation.queries.visibility import brands_visible_to

WORDS = ("text_missing", "text_too_long")
PERSON = ("no_such_person", "person_not_of_brand")


@read(
    "List plans of announcements",
    answer=shapes.PlanRow,
    many=True,
    query=Paged,
    refuses=("cursor_wrong",),
)
def list_plans(call: Call) -> Page:
    """The newest first, each with how ready it is."""
    plans, following = newest_first(listed(call.user), call.query)
    boards = boards_of(plans)
    seen = _seen(call, plans)
    return {
        "results": [
            shapes.row(board, readiness(board, at=call.at), seen, _language()) for board in boards
        ],
        "next": following,
    }


class PlanBody(Input):
    """The decision; without a lead it is who asks, without languages the brand's."""

    title = Text()
    decision = Text()
    announce_at = Moment()
    lead = Id(required=False)
    languages = serializers.ListField(child=serializers.CharField(max_length=5), required=False)


class PlanOpened(PlanBody):
    """The decision, and whose it is."""

    brand = serializers.SlugField()


_DETAILS = (
    *WORDS,
    *PERSON,
    "announced_in_past",
    "language_unknown",
    "person_may_not_lead",
)


@write(
    "Open a plan",
    answer=shapes.PlanDetail,
    status=201,
    body=PlanOpened,
    refuses=("no_such_brand", *_DETAILS, "playbook_not_published"),
)
def open_plan(call: Call) -> shapes.PlanDetail:
    """Begin to prepare a decision before it is announced."""
    brand = _brand(call, call.body["brand"])
    plan = announcement_plans.open_plan(
        brand_id=brand.pk, details=_details(call), actor=call.actor, at=call.at
    )
    return _detail(call, plan.pk)


@read("Read a plan", answer=shapes.PlanDetail)
def get_plan(call: Call, plan_id: int) -> shapes.PlanDetail:
    """Everything on it, with its gaps as they are now."""
    return _detail(call, plan_id)


class PlanChanged(PlanBody, Versioned):
    """The decision as it should read."""


@write(
    "Change a plan",
    answer=shapes.PlanDetail,
    body=PlanChanged,
    refuses=(*_DETAILS, "plan_ended"),
    stale=("stale",),
    versioned=True,
)
def change_plan(call: Call, plan_id: int) -> shapes.PlanDetail:
    """Its title, decision, time, lead and languages."""
    plan = visible_plan(call.user, plan_id)
    announcement_plans.change_plan(
        plan_id=plan_id,
        details=_details(call),
        version=call.version(plan),
        actor=call.actor,
        at=call.at,
    )
    return _detail(call, plan_id)


class PlanDropped(Input):
    """Why nothing will be announced."""

    reason = Text()


@write(
    "Drop a plan",
    answer=shapes.PlanDetail,
    body=PlanDropped,
    refuses=("reason_missing", "plan_ended"),
)
def drop_plan(call: Call, plan_id: int) -> shapes.PlanDetail:
    """The decision will not be announced; the plan stays as it is."""
    announcement_plans.drop_plan(
        plan_id=plan_id, reason=call.body["reason"], actor=call.actor, at=call.at
    )
    return _detail(call, plan_id)


class PlanAnnounced(Input):
    """Why, where something is missing; without a severity the playbook's."""

    reason = Text(required=False)
    severity = Key(required=False)


@write(
    "Announce, and open the incident",
    answer=shapes.PlanDetail,
    body=PlanAnnounced,
    refuses=("gaps_need_reason", "text_too_long", "severity_unknown", "plan_ended"),
)
def announce_plan(call: Call, plan_id: int) -> shapes.PlanDetail:
    """Everything prepared is carried over; the plan then never changes. Gaps want a reason."""
    announcing.announce_plan(
        plan_id=plan_id, actor=call.actor, at=call.at, **call.given("reason", "severity")
    )
    return _detail(call, plan_id)


@read("Read the history of a plan", answer=shapes.PlanChangeShape, many=True)
def list_plan_changes(call: Call, plan_id: int) -> Page:
    """Who changed what, the newest first; at most 200 lines."""
    plan = visible_plan(call.user, plan_id)
    rows = [shapes.change(row, _language(), plan.brand.zone) for row in changes_of(plan)]
    return {"results": rows, "next": None}


class DutyAdded(Input):
    """Who, as what, from when to when."""

    person = Id()
    role = Key()
    from_at = Moment()
    to_at = Moment()


@write(
    "Put somebody on duty",
    answer=shapes.PlanDutyShape,
    status=201,
    body=DutyAdded,
    refuses=(
        *PERSON, "role_unknown", "person_may_not_lead", "duty_without_length", "plan_ended",
    ),
)  # fmt: skip
def add_plan_duty(call: Call, plan_id: int) -> shapes.PlanDutyShape:
    """For a part of the hours after the announcement."""
    visible_plan(call.user, plan_id)
    row = announcement_plans.add_plan_duty(
        plan_id=plan_id,
        person=call.somebody(call.body["person"], name="person"),
        actor=call.actor,
        at=call.at,
        **call.given("role", "from_at", "to_at"),
    )
    return shapes.duty(row, _language())


@write("Take somebody off duty", refuses=("plan_ended",))
def remove_plan_duty(call: Call, plan_id: int, duty_id: int) -> None:
    """The history keeps that they were on it."""
    child_of_plan(call, PlanDuty.objects.all(), plan_id, duty_id)
    announcement_plans.remove_plan_duty(duty_id=duty_id, actor=call.actor, at=call.at)


class Reached(Input):
    """Which approver or deputy, and whether they answered."""

    person = Id()
    reached = serializers.BooleanField()


@write(
    "Record whether an approver was reached",
    answer=shapes.PlanReachShape,
    body=Reached,
    refuses=("no_such_person", "not_an_approver", "plan_ended"),
)
def record_plan_reach(call: Call, plan_id: int) -> shapes.PlanReachShape:
    """Somebody tried just now; it counts for thirty days."""
    visible_plan(call.user, plan_id)
    row = announcement_plans.record_plan_reach(
        plan_id=plan_id,
        person=call.somebody(call.body["person"], name="person"),
        reached=call.body["reached"],
        actor=call.actor,
        at=call.at,
    )
    return shapes.reach(row)


def _detail(call: Call, plan_id: int) -> shapes.PlanDetail:
    plan = visible_plan(call.user, plan_id)
    board = board_of(plan)
    return shapes.detail(board, readiness(board, at=call.at), _seen(call, [plan]), _language())


def _seen(call: Call, plans: list[AnnouncementPlan]) -> set[int]:
    """Return which incidents of these plans the asker may see."""
    wanted = [plan.incident_id for plan in plans if plan.incident_id is not None]
    return set(visible_ids(call.user).filter(pk__in=wanted)) if wanted else set()


def _details(call: Call) -> announcement_plans.PlanDetails:
    lead = call.body.get("lead")
    return announcement_plans.PlanDetails(
        title=call.body["title"],
        decision=call.body["decision"],
        announce_at=call.body["announce_at"],
        lead=call.somebody(lead, name="lead") if lead else None,
        languages=tuple(call.body.get("languages", ())),
    )


def _brand(call: Call, key: str) -> Brand:
    found = brands_visible_to(call.user).filter(key=key).first()
    if found is None:
        raise Invalid("no_such_brand", field="brand")
    return found


def child_of_plan(call: Call, rows: QuerySet[Any], plan_id: int, pk: int) -> Model:
    """Return one of these rows if it stands on this plan and the asker may see it, or raise NotVisible."""
    seen = plans_visible_to(call.user).filter(pk=plan_id)
    found: Model | None = rows.filter(pk=pk, plan__in=seen).first()
    if found is None:
        raise NotVisible
    return found


def _language() -> str:
    return (get_language() or "en")[:2]


PLAN = "plans/<int:plan_id>/"
ROUTES = {
    "plans/": endpoint(get=list_plans, post=open_plan),
    PLAN: endpoint(get=get_plan, put=change_plan),
    f"{PLAN}drop/": endpoint(post=drop_plan),
    f"{PLAN}announce/": endpoint(post=announce_plan),
    f"{PLAN}changes/": endpoint(get=list_plan_changes),
    f"{PLAN}duties/": endpoint(post=add_plan_duty),
    f"{PLAN}duties/<int:duty_id>/remove/": endpoint(post=remove_plan_duty),
    f"{PLAN}reached/": endpoint(post=record_plan_reach),
}
