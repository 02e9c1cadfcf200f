"""A plan of an announcement in which every kind of row exists, made through the product's own commands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from crisisdesk.incidents.domain import announcement_plans, plan_words
from crisisdesk.incidents.models import AnnouncementPlan, PlanDuty, PlanPoint, PlanText
from crisisdesk.incidents.queries.plans import board_of
from crisisdesk.organisation.domain.accounts import record_access_test
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.models import Brand, OfficialAccount, User
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON

ANNOUNCED = NOON + timedelta(days=2)


@dataclass(frozen=True)
class Planned:
    """The plan and one row of each kind."""

    plan: AnnouncementPlan
    group: PlanPoint
    question: PlanPoint
    misreading: PlanPoint
    answer: PlanText
    statement: PlanText
    duty: PlanDuty


def details(**fields: Any) -> announcement_plans.PlanDetails:
    """Return a decision that may be announced."""
    values: dict[str, Any] = {
        "title": "Returns need a receipt",
        "decision": "From 1 March returns need a receipt. Gift cards stay as they are.",
        "announce_at": ANNOUNCED,
    }
    return announcement_plans.PlanDetails(**{**values, **fields})


def make_plan(
    desk: Desk, *, lead: Actor | None = None, writer: Actor | None = None, at: datetime = NOON
) -> Planned:
    """Return a plan of the desk with one group, question, misreading, answer, statement and duty."""
    lead, writer = lead or desk.actor("lead"), writer or desk.actor("staff")
    return plan_for(desk.brand, lead, writer, desk.staff, at=at)


def plan_for(brand: Brand, lead: Actor, writer: Actor, on_duty: User, *, at: datetime) -> Planned:
    """Return a plan of this brand with one row of each kind, announced in two days."""
    when = at + (ANNOUNCED - NOON)
    plan = announcement_plans.open_plan(
        brand_id=brand.pk, details=details(announce_at=when), actor=lead, at=at
    )
    common: dict[str, Any] = {"plan_id": plan.pk, "at": at}
    group = plan_words.add_plan_point(
        kind="group", text="Students", detail="They buy without one", actor=lead, **common
    )
    question = plan_words.add_plan_point(kind="question", text="Why now?", actor=writer, **common)
    misreading = plan_words.add_plan_point(
        kind="misreading", text="Gift cards end", detail="They stay", actor=writer, **common
    )
    answer = plan_words.write_plan_answer(
        point_id=question.pk, language="en", text="Fraud grew.", version=0, actor=writer, at=at
    )
    statement = plan_words.prepare_plan_statement(
        key="holding", language="en", text="We hear you.", version=0, actor=writer, **common
    )
    duty = announcement_plans.add_plan_duty(
        person=on_duty,
        role="spokesperson",
        from_at=when,
        to_at=when + timedelta(hours=12),
        actor=lead,
        **common,
    )
    return Planned(plan, group, question, misreading, answer, statement, duty)


def complete(desk: Desk, planned: Planned, *, at: datetime = NOON) -> None:
    """Close every gap of the plan."""
    lead, staff, approver = desk.actor("lead"), desk.actor("staff"), desk.actor("approver")
    plan = planned.plan
    common: dict[str, Any] = {"plan_id": plan.pk, "at": at}
    for number in range(9):
        plan_words.add_plan_point(
            kind="question", text=f"Question {number}?", actor=staff, **common
        )
    board = board_of(plan)
    for point in board.questions:
        for language in plan.languages:
            text = board.newest((point.pk, "", language)) or plan_words.write_plan_answer(
                point_id=point.pk, language=language, text="Words", version=0, actor=staff, at=at
            )
            plan_words.approve_plan_answer(text_id=text.pk, actor=approver, at=at)
    for row in board.statements:
        for language in plan.languages:
            if not board.is_ready(row.key, language):
                plan_words.prepare_plan_statement(
                    key=row.key, language=language, text="Words", version=0, actor=staff, **common
                )
    announcement_plans.add_plan_duty(
        person=desk.deputy,
        role="monitor",
        from_at=ANNOUNCED + timedelta(hours=12),
        to_at=ANNOUNCED + timedelta(hours=48),
        actor=lead,
        **common,
    )
    for person in (desk.approver, desk.deputy):
        announcement_plans.record_plan_reach(person=person, reached=True, actor=lead, **common)
    for account in OfficialAccount.objects.filter(brand=desk.brand):
        record_access_test(account_id=account.pk, worked=True, actor=staff, at=at)
