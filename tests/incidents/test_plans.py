"""A decision is prepared before it is announced: gaps, approvals, and everything carried over in one press."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from crisisdesk.core.errors import DomainError, Invalid, NotAllowed, Stale
from crisisdesk.incidents.domain import (
    announcement_plans,
    announcing,
    approving,
    notebook,
    plan_words,
    timeline,
)
from crisisdesk.incidents.domain.plan_sentences import change_sentence, gap_sentence
from crisisdesk.incidents.models import (
    AnnouncementPlan,
    Decision,
    Incident,
    PlanChange,
    PlanDuty,
    Question,
    RoleAssignment,
    ScreeningQuestion,
    StatementRevision,
    TimelineText,
)
from crisisdesk.incidents.queries.plan_gaps import Gap, hours_covered, readiness
from crisisdesk.incidents.queries.plans import board_of, boards_of
from crisisdesk.organisation.models import BrandLanguage, OfficialAccount
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON
from tests.factories.plans import ANNOUNCED, Planned, complete, details, make_plan

HOUR = timedelta(hours=1)


@pytest.fixture
def planned(desk: Desk) -> Planned:
    """A plan with one row of each kind."""
    return make_plan(desk)


def gaps(planned: Planned, **when: Any) -> dict[str, list[Gap]]:
    """What is missing now, by code."""
    found: dict[str, list[Gap]] = {}
    for gap in readiness(board_of(planned.plan), at=when.get("at", NOON)).gaps:
        found.setdefault(gap.code, []).append(gap)
    return found


def announce(desk: Desk, planned: Planned, **fields: Any) -> Incident:
    return announcing.announce_plan(
        plan_id=planned.plan.pk, actor=desk.actor("lead"), at=ANNOUNCED, **fields
    )


def test_an_empty_plan_names_every_gap_with_its_owner(desk: Desk) -> None:
    OfficialAccount.objects.filter(channel__key="x").update(owner=desk.staff)
    plan = announcement_plans.open_plan(
        brand_id=desk.brand.pk, details=details(), actor=desk.actor("lead"), at=NOON
    )
    ready = readiness(board_of(plan), at=NOON)
    assert ready.percent == 0
    assert [section.done for section in ready.sections] == [0] * 7
    codes = [gap.code for gap in ready.gaps]
    assert codes[:4] == [
        "groups_missing",
        "questions_few",
        "misreadings_missing",
        "hours_without_duty",
    ]
    assert codes.count("statement_missing") == 4 and codes.count("approver_not_reached") == 2
    owners = {gap.params.get("channel", ""): gap.owner for gap in ready.gaps}
    assert owners == {"": desk.lead, "x": desk.staff, "facebook": desk.lead}


def test_each_gap_closes_by_what_it_asks_for(desk: Desk, planned: Planned) -> None:
    found = gaps(planned)
    assert "groups_missing" not in found and "misreadings_missing" not in found
    (answers,) = found["answers_missing"]
    assert answers.params["languages"] == ["ar", "he", "en"]
    (hours,) = found["hours_without_duty"]
    assert hours.params["from"] == (ANNOUNCED + 12 * HOUR).isoformat()
    plan_words.approve_plan_answer(text_id=planned.answer.pk, actor=desk.actor("approver"), at=NOON)
    assert gaps(planned)["answers_missing"][0].params["languages"] == ["ar", "he"]
    complete_rest(desk, planned)
    assert gaps(planned) == {}
    assert readiness(board_of(planned.plan), at=NOON).percent == 100
    later = gaps(planned, at=NOON + timedelta(days=91))
    assert set(later) == {"approver_not_reached", "account_untested"}
    BrandLanguage.objects.filter(language="he").update(deputy=None)
    assert gaps(planned)["deputy_unnamed"][0].params == {"language": "he"}


def complete_rest(desk: Desk, planned: Planned) -> None:
    """Write the first answer anew, so that closing every gap approves it as well."""
    plan_words.write_plan_answer(
        point_id=planned.question.pk, language="en", text="Fraud grew by a third.", version=1,
        actor=desk.actor("staff"), at=NOON,
    )  # fmt: skip
    complete(desk, planned)


def test_a_gap_speaks_in_three_languages(desk: Desk, planned: Planned) -> None:
    for gap in readiness(board_of(planned.plan), at=NOON).gaps:
        said = set()
        for language in ("en", "ar", "he"):
            with override(language):
                said.add(gap_sentence(gap.code, gap.params, zone="Asia/Dubai"))
        assert len(said) == 3 and not any("%(" in words for words in said)
    for change in PlanChange.objects.filter(plan=planned.plan):
        assert change_sentence(change.kind, change.data) != change.kind


def test_an_hour_counts_only_when_it_is_covered_all_through() -> None:
    def duty(start: float, end: float) -> PlanDuty:
        return PlanDuty(from_at=ANNOUNCED + start * HOUR, to_at=ANNOUNCED + end * HOUR)

    assert hours_covered(ANNOUNCED, []) == [False] * 48
    assert sum(hours_covered(ANNOUNCED, [duty(0, 1.5), duty(1.5, 3)])) == 3
    assert sum(hours_covered(ANNOUNCED, [duty(0.5, 2.5)])) == 1
    assert all(hours_covered(ANNOUNCED, [duty(24, 60), duty(-5, 24)]))


def test_no_author_of_any_edition_approves_and_only_who_reads(desk: Desk, planned: Planned) -> None:
    common: dict[str, Any] = {"point_id": planned.question.pk, "language": "en", "at": NOON}
    second = plan_words.write_plan_answer(
        text="Fraud, again.", version=1, actor=desk.actor("lead"), **common
    )

    def approve(name: str, pk: int) -> Any:
        return plan_words.approve_plan_answer(text_id=pk, actor=desk.actor(name), at=NOON)

    with pytest.raises(NotAllowed, match="own_text"):
        approve("lead", second.pk)
    with pytest.raises(Invalid, match="newer_revision"):
        approve("approver", planned.answer.pk)
    desk.approver.reads = ["ar"]
    desk.approver.save()
    with pytest.raises(NotAllowed, match="language_not_read"):
        approve("approver", second.pk)
    assert approve("deputy", second.pk).approved_by == desk.deputy
    with pytest.raises(Invalid, match="already_approved"):
        approve("deputy", second.pk)
    with pytest.raises(Stale) as stale:
        plan_words.write_plan_answer(text="Mine", version=1, actor=desk.actor("staff"), **common)
    assert stale.value.current == second
    third = plan_words.write_plan_answer(
        text="Once more.", version=2, actor=desk.actor("staff"), **common
    )
    assert third.approved_at is None


def test_going_out_with_gaps_needs_a_reason_and_is_a_decision(desk: Desk, planned: Planned) -> None:
    before = PlanChange.objects.count()
    with pytest.raises(Invalid, match="gaps_need_reason"):
        announce(desk, planned)
    assert not Incident.objects.exists() and PlanChange.objects.count() == before
    incident = announce(desk, planned, reason="The law starts tomorrow")
    decision = Decision.objects.get(incident=incident)
    assert decision.reason == "The law starts tomorrow"
    plan = AnnouncementPlan.objects.get(pk=planned.plan.pk)
    assert (plan.status, plan.incident) == ("announced", incident)
    assert {gap["code"] for gap in plan.gaps} >= {"questions_few", "hours_without_duty"}


def test_everything_is_carried_over_in_one_transaction(desk: Desk, planned: Planned) -> None:
    complete_rest(desk, planned)
    incident = announce(desk, planned, severity="sev2")
    assert incident.playbook_revision.playbook.slug == "planned-announcement"
    assert (incident.title, incident.severity) == ("Returns need a receipt", "sev2")
    assert incident.plan["announcement"] == planned.plan.pk
    made = ScreeningQuestion.objects.get(incident=incident, key="plan_was_made")
    assert made.answer is True
    assert not Decision.objects.filter(incident=incident).exists()
    question = Question.objects.get(incident=incident, text="Why now?")
    assert question.times_asked == 0 and question.answered_at is None
    assert question.prepared == {"ar": "Words", "he": "Words", "en": "Fraud grew by a third."}
    assert Question.objects.filter(incident=incident).count() == 10
    assert not incident.deadlines.filter(kind="question").exists()
    duty = RoleAssignment.objects.filter(incident=incident, to_at=None)
    held = set(duty.values_list("role", "user__full_name"))
    assert held == {("lead", "Lead"), ("spokesperson", "Staff"), ("monitor", "Deputy")}
    note = TimelineText.objects.get(event__incident=incident, event__kind="plan_carried").text
    assert "Students: They buy without one" in note and "Gift cards end: They stay" in note
    assert incident.facts.get().text.startswith("From 1 March")
    assert timeline.verify(Incident.objects.get(pk=incident.pk)) == []


def test_a_prepared_question_waits_until_somebody_asks_it(desk: Desk, planned: Planned) -> None:
    incident = announce(desk, planned, reason="R")
    question = Question.objects.get(incident=incident)
    answered = notebook.answer_question(
        question_id=question.pk, answer="Fraud.", version=1, actor=desk.actor("staff"), at=ANNOUNCED
    )
    assert answered.times_asked == 1


def test_whoever_wrote_before_does_not_approve_after(desk: Desk, planned: Planned) -> None:
    plan_words.prepare_plan_statement(
        plan_id=planned.plan.pk, key="holding", language="en", text="We hear you all.", version=1,
        actor=desk.actor("lead"), at=NOON,
    )  # fmt: skip
    incident = announce(desk, planned, reason="R")
    first, second = StatementRevision.objects.filter(statement__incident=incident).order_by(
        "number"
    )
    assert (first.state, first.author, second.state) == ("superseded", desk.staff, "draft")
    approving.submit(
        statement_language_id=second.statement_language_id,
        version=1,
        actor=desk.actor("staff"),
        at=ANNOUNCED,
    )
    with pytest.raises(NotAllowed, match="own_text"):
        approving.approve(revision_id=second.pk, actor=desk.actor("lead"), at=ANNOUNCED)
    assert approving.approve(revision_id=second.pk, actor=desk.actor("approver"), at=ANNOUNCED)


def test_an_announced_plan_is_frozen(desk: Desk, planned: Planned) -> None:
    announce(desk, planned, reason="R")
    lead, approver = desk.actor("lead"), desk.actor("approver")
    plan, at = planned.plan.pk, ANNOUNCED
    presses: list[Any] = [
        lambda: announcement_plans.change_plan(
            plan_id=plan, details=details(), version=2, actor=lead, at=at
        ),
        lambda: announcement_plans.drop_plan(plan_id=plan, reason="R", actor=lead, at=at),
        lambda: plan_words.add_plan_point(
            plan_id=plan, kind="question", text="T", actor=lead, at=at
        ),
        lambda: plan_words.approve_plan_answer(text_id=planned.answer.pk, actor=approver, at=at),
        lambda: announcement_plans.remove_plan_duty(duty_id=planned.duty.pk, actor=lead, at=at),
        lambda: announcing.announce_plan(plan_id=plan, reason="R", actor=lead, at=at),
    ]
    before = PlanChange.objects.count()
    for press in presses:
        with pytest.raises(DomainError, match="plan_ended"):
            press()
    assert PlanChange.objects.count() == before
    with pytest.raises(DatabaseError), transaction.atomic():
        PlanChange.objects.update(kind="other")


def test_a_plan_costs_the_same_with_one_row_and_fifty(desk: Desk, planned: Planned) -> None:
    def cost(plans: list[AnnouncementPlan]) -> int:
        with CaptureQueriesContext(connection) as caught:
            for board in boards_of(plans):
                readiness(board, at=NOON)
        return len(caught)

    one = cost([AnnouncementPlan.objects.select_related("brand", "lead").get()])
    for number in range(50):
        plan_words.add_plan_point(
            plan_id=planned.plan.pk,
            kind="question",
            text=f"Q {number}",
            owner=desk.staff,
            actor=desk.actor("staff"),
            at=NOON,
        )
    for _ in range(9):
        make_plan(desk)
    assert cost(list(AnnouncementPlan.objects.select_related("brand", "lead"))) == one == 7
