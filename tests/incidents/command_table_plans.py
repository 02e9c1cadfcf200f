"""Commands on the plan of an announcement, and who may call them."""

from __future__ import annotations

from datetime import timedelta

from crisisdesk.incidents.domain import announcement_plans, announcing, plan_words
from tests.factories.plans import ANNOUNCED, details
from tests.incidents.command_case import APPROVE, LEAD, WORK, Case
from tests.incidents.command_room import AT

PLANS: dict[str, Case] = {
    "open_plan": Case(
        "plan an announcement", LEAD,
        lambda room, actor: announcement_plans.open_plan(
            brand_id=room.desk.brand.pk, details=details(lead=room.lead), actor=actor, at=AT
        ),
    ),
    "change_plan": Case(
        "change the plan of an announcement", LEAD,
        lambda room, actor: announcement_plans.change_plan(
            plan_id=room.planned.plan.pk, details=details(title="T", lead=room.lead),
            version=room.planned.plan.version, actor=actor, at=AT,
        ),
    ),
    "drop_plan": Case(
        "drop the plan of an announcement", LEAD,
        lambda room, actor: announcement_plans.drop_plan(
            plan_id=room.planned.plan.pk, reason="R", actor=actor, at=AT
        ),
    ),
    "add_plan_point": Case(
        "add a question or a misreading to a plan (an affected group: the lead)", WORK,
        lambda room, actor: plan_words.add_plan_point(
            plan_id=room.planned.plan.pk, kind="misreading", text="T", actor=actor, at=AT
        ),
    ),
    "change_plan_point": Case(
        "change a question or a misreading of a plan (an affected group: the lead)", WORK,
        lambda room, actor: plan_words.change_plan_point(
            point_id=room.planned.question.pk, text="T", version=1, actor=actor, at=AT
        ),
    ),
    "remove_plan_point": Case(
        "take a group, a question or a misreading off a plan", LEAD,
        lambda room, actor: plan_words.remove_plan_point(
            point_id=room.planned.question.pk, actor=actor, at=AT
        ),
    ),
    "write_plan_answer": Case(
        "write an answer for a plan", WORK,
        lambda room, actor: plan_words.write_plan_answer(
            point_id=room.planned.question.pk, language="ar", text="T", version=0,
            actor=actor, at=AT,
        ),
    ),
    "approve_plan_answer": Case(
        "approve an answer of a plan (never one's own, never an unread language)", APPROVE,
        lambda room, actor: plan_words.approve_plan_answer(
            text_id=room.planned.answer.pk, actor=actor, at=AT
        ),
    ),
    "prepare_plan_statement": Case(
        "prepare a statement for a plan", WORK,
        lambda room, actor: plan_words.prepare_plan_statement(
            plan_id=room.planned.plan.pk, key="holding", language="he", text="T", version=0,
            actor=actor, at=AT,
        ),
    ),
    "add_plan_duty": Case(
        "put somebody on duty in a plan", LEAD,
        lambda room, actor: announcement_plans.add_plan_duty(
            plan_id=room.planned.plan.pk, person=room.desk.staff, role="monitor",
            from_at=ANNOUNCED, to_at=ANNOUNCED + timedelta(hours=1), actor=actor, at=AT,
        ),
    ),
    "remove_plan_duty": Case(
        "take somebody off duty in a plan", LEAD,
        lambda room, actor: announcement_plans.remove_plan_duty(
            duty_id=room.planned.duty.pk, actor=actor, at=AT
        ),
    ),
    "record_plan_reach": Case(
        "record whether an approver was reached", LEAD,
        lambda room, actor: announcement_plans.record_plan_reach(
            plan_id=room.planned.plan.pk, person=room.desk.approver, reached=True,
            actor=actor, at=AT,
        ),
    ),
    "announce_plan": Case(
        "announce as planned, which opens the incident", LEAD,
        lambda room, actor: announcing.announce_plan(
            plan_id=room.planned.plan.pk, reason="R", actor=actor, at=AT
        ),
    ),
}  # fmt: skip
