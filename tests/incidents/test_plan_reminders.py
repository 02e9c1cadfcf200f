"""Owners of gaps are told before the announcement, once; their desk shows the same gaps as the plan."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from crisisdesk.incidents.domain import announcement_plans, announcing, plan_reminders, plan_words
from crisisdesk.incidents.domain.plan_messages import render
from crisisdesk.incidents.enums import ReminderState
from crisisdesk.incidents.models import PlanChange, PlanReminder
from crisisdesk.incidents.queries.plan_desk import gaps_of
from crisisdesk.incidents.queries.plan_gaps import readiness
from crisisdesk.incidents.queries.plans import board_of, may_see_plan, may_see_plans
from crisisdesk.notifications import registry
from crisisdesk.notifications.models import Notification
from crisisdesk.organisation.models import OfficialAccount
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON
from tests.factories.plans import ANNOUNCED, Planned, complete, details, make_plan

DAY = timedelta(days=1)


@pytest.fixture
def planned(desk: Desk) -> Planned:
    """A plan announced in two days, with one row of each kind."""
    return make_plan(desk)


def told(desk: Desk) -> list[tuple[int, str]]:
    rows = Notification.objects.filter(topic="plan").order_by("pk")
    return [(row.recipient_id, row.transport) for row in rows]


def moments(planned: Planned) -> list[Any]:
    rows = PlanReminder.objects.filter(plan=planned.plan, state=ReminderState.PENDING)
    return list(rows.order_by("due_at").values_list("due_at", flat=True))


def test_alarms_are_rows_and_those_already_past_are_not_made(planned: Planned) -> None:
    assert moments(planned) == [ANNOUNCED - DAY, ANNOUNCED - timedelta(hours=3)]


def test_whoever_owns_a_gap_is_told_of_it_once(desk: Desk, planned: Planned) -> None:
    plan_words.change_plan_point(
        point_id=planned.question.pk,
        text="Why now?",
        detail="",
        owner=desk.staff,
        version=planned.question.version,
        actor=desk.actor("lead"),
        at=NOON,
    )
    due = ANNOUNCED - DAY
    assert plan_reminders.fire_due(at=due - timedelta(minutes=1)) == 0
    assert plan_reminders.fire_due(at=due) == 1
    assert plan_reminders.fire_due(at=due) == 0
    assert sorted(told(desk)) == sorted(
        (person.pk, how) for person in (desk.lead, desk.staff) for how in ("email", "inbox")
    )
    theirs = Notification.objects.filter(topic="plan", recipient=desk.staff)[0]
    assert [gap["code"] for gap in theirs.data["gaps"]] == ["answers_missing"]
    line = PlanChange.objects.get(plan=planned.plan, kind="reminded")
    assert line.actor is None and len(line.data["names"]) == 2


def test_several_alarms_that_came_due_while_nothing_ran_are_one_piece_of_news(
    desk: Desk, planned: Planned
) -> None:
    assert plan_reminders.fire_due(at=ANNOUNCED) == 2
    assert told(desk) == [(desk.lead.pk, "email"), (desk.lead.pk, "inbox")]


def test_nobody_is_told_when_nothing_is_missing(desk: Desk, planned: Planned) -> None:
    complete(desk, planned)
    assert plan_reminders.fire_due(at=ANNOUNCED - DAY) == 1
    assert told(desk) == [] and not PlanChange.objects.filter(kind="reminded").exists()


def test_another_hour_moves_the_alarms_and_the_end_stops_them(desk: Desk, planned: Planned) -> None:
    lead, later = desk.actor("lead"), ANNOUNCED + 5 * DAY
    announcement_plans.change_plan(
        plan_id=planned.plan.pk, details=details(announce_at=later), version=1, actor=lead, at=NOON
    )
    assert moments(planned) == [later - 3 * DAY, later - DAY, later - timedelta(hours=3)]
    announcement_plans.change_plan(
        plan_id=planned.plan.pk,
        details=details(announce_at=later, title="Other words"),
        version=2,
        actor=lead,
        at=later - 2 * DAY,
    )
    assert len(moments(planned)) == 3  # words alone move no alarm
    announcing.announce_plan(plan_id=planned.plan.pk, reason="The date stands", actor=lead, at=NOON)
    assert moments(planned) == [] and plan_reminders.fire_due(at=later) == 0
    other = make_plan(desk)
    announcement_plans.drop_plan(plan_id=other.plan.pk, reason="Not now", actor=lead, at=NOON)
    assert moments(other) == []


def test_one_plan_that_fails_does_not_silence_the_others(
    desk: Desk, planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_plan(desk)
    real = board_of

    def broken(plan: Any) -> Any:
        if plan.pk == planned.plan.pk:
            raise RuntimeError("unreadable")
        return real(plan)

    monkeypatch.setattr(plan_reminders, "board_of", broken)
    assert plan_reminders.fire_due(at=ANNOUNCED - DAY) == 1
    assert {row.topic_id for row in Notification.objects.filter(topic="plan")} == {other.plan.pk}
    assert ANNOUNCED - DAY in moments(planned)  # the next sweep tries it again


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_the_news_reads_in_every_language(desk: Desk, planned: Planned, language: str) -> None:
    plan_reminders.fire_due(at=ANNOUNCED - DAY)
    row = Notification.objects.filter(topic="plan")[0]
    with override(language):
        words = render(
            kind=row.kind,
            data=row.data,
            topic_id=row.topic_id,
            language=language,
            zone="Asia/Dubai",
        )
    assert planned.plan.title in words.lines[0] and planned.plan.title in words.subject
    assert len(words.lines) == 7  # the title, five gaps, and how many more
    assert words.path == f"/plans/{planned.plan.pk}/" and words.due_line
    assert (language == "en") == ("still missing" in words.headline)


def test_only_who_has_a_role_on_the_brand_may_be_told(desk: Desk, planned: Planned) -> None:
    pk = planned.plan.pk
    assert may_see_plan(desk.lead, pk) and not may_see_plan(desk.stranger, pk)
    asked = [(desk.lead.pk, pk), (desk.stranger.pk, pk), (desk.lead.pk, 0)]
    assert may_see_plans(asked) == {(desk.lead.pk, pk)}
    visible = registry.topic("plan").visible
    assert list(visible(desk.staff)) == [pk] and list(visible(desk.stranger)) == []


def test_the_desk_shows_the_gaps_of_the_plan_that_are_mine(desk: Desk, planned: Planned) -> None:
    account = OfficialAccount.objects.filter(brand=desk.brand).first()
    assert account is not None
    account.owner = desk.staff
    account.save()
    whole = readiness(board_of(planned.plan), at=NOON).gaps
    for person in (desk.lead, desk.staff):
        (row,) = gaps_of(person, at=NOON)
        assert row.plan.pk == planned.plan.pk
        assert [(gap.code, gap.params, gap.subject) for gap in row.gaps] == [
            (gap.code, gap.params, gap.subject) for gap in whole if gap.owner.pk == person.pk
        ]
    assert gaps_of(desk.observer, at=NOON) == [] and gaps_of(desk.stranger, at=NOON) == []
    complete(desk, planned)
    assert gaps_of(desk.lead, at=NOON) == []


def test_the_nearest_announcement_comes_first_in_two_queries(desk: Desk, planned: Planned) -> None:
    lead = desk.actor("lead")
    for days in (9, 1):
        announcement_plans.open_plan(
            brand_id=desk.brand.pk,
            details=details(announce_at=NOON + days * DAY),
            actor=lead,
            at=NOON,
        )
    with CaptureQueriesContext(connection) as seen:
        rows = gaps_of(desk.lead, at=NOON)
    assert len(seen) == 2
    assert [row.plan.announce_at for row in rows] == [NOON + DAY, ANNOUNCED, NOON + 9 * DAY]
    assert all(row.gaps for row in rows)
