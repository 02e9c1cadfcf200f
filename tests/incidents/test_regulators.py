"""Duties to tell an authority: asked, answered, due, told, late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from crisisdesk.core.errors import Invalid, Stale
from crisisdesk.incidents.domain import lifecycle, regulators, timeline, transitions
from crisisdesk.incidents.domain.reminders import fire_due
from crisisdesk.incidents.domain.sentences import sentence
from crisisdesk.incidents.enums import Status
from crisisdesk.incidents.models import (
    Deadline,
    Incident,
    RegulatorClock,
    RegulatorNotice,
    TimelineEvent,
)
from crisisdesk.incidents.queries.head import head_of
from crisisdesk.incidents.queries.regulators import others, regulators_of
from playbooks.models import Regulator
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON

HOUR = timedelta(hours=1)


def ask(desk: Desk, incident: Incident, key: str = "gdpr-authority") -> RegulatorClock:
    """Ask about one authority as the lead."""
    return regulators.add_regulator(
        incident_id=incident.pk, key=key, actor=desk.actor("lead"), at=NOON
    )


def answer(desk: Desk, clock: RegulatorClock, applies: bool = True, **more: Any) -> RegulatorClock:
    """Answer it as the lead, in the version that stands."""
    values = {"version": clock.version, "actor": desk.actor("lead"), "at": NOON} | more
    return regulators.answer_regulator(clock_id=clock.pk, applies=applies, **values)


def tell(desk: Desk, clock: RegulatorClock, **more: Any) -> RegulatorNotice:
    """Record a notice as staff, now unless said otherwise."""
    at = more.pop("at", NOON + HOUR)
    values = {
        "sent_at": at,
        "contents": {"nature": "A list of names was copied"},
        "version": clock.version,
        "actor": desk.actor("staff"),
        "at": at,
    } | more
    return regulators.record_notice(clock_id=clock.pk, **values)


def last_event(incident: Incident) -> TimelineEvent:
    """The newest event."""
    return TimelineEvent.objects.filter(incident=incident).order_by("-number")[0]


def untouched(incident: Incident) -> tuple[Any, ...]:
    """What a refused command must leave as it was."""
    fresh = Incident.objects.get(pk=incident.pk)
    clocks = list(RegulatorClock.objects.order_by("pk").values())
    return fresh.last_number, clocks, RegulatorNotice.objects.count(), Deadline.objects.count()


def test_yes_starts_the_clock_from_when_we_knew(desk: Desk, incident: Incident) -> None:
    clock = answer(desk, ask(desk, incident))
    assert clock.deadline is not None
    assert clock.started_at == incident.aware_at
    assert clock.deadline.due_at == NOON + timedelta(hours=72)
    assert (clock.deadline.kind, clock.deadline.role) == ("regulator", "lead")
    assert clock.deadline.reminders.filter(state="pending").count() >= 3
    event = last_event(incident)
    assert event.kind == "regulator_answered"
    assert "clock runs" in sentence(event.kind, event.data)


def test_no_ends_a_clock_that_runs_and_says_so(desk: Desk, incident: Incident) -> None:
    clock = answer(desk, ask(desk, incident))
    clock = answer(desk, clock, applies=False)
    assert clock.deadline is None
    ended = Deadline.objects.get(kind="regulator")
    assert (ended.state, ended.reminders.filter(state="pending").count()) == ("cancelled", 0)
    event = last_event(incident)
    assert event.data["from"] and event.data["to"] is None
    assert sentence(event.kind, event.data).startswith("Does not apply")


def test_another_start_moves_the_clock(desk: Desk, incident: Incident) -> None:
    clock = answer(desk, ask(desk, incident))
    clock = answer(desk, clock, started_at=NOON - HOUR)
    assert clock.deadline is not None
    assert clock.deadline.due_at == NOON + timedelta(hours=71)
    assert Deadline.objects.filter(kind="regulator", state="running").count() == 1
    data = last_event(incident).data
    assert data["from"] != data["to"]


def test_business_days_are_counted_where_the_authority_sits(desk: Desk, incident: Incident) -> None:
    clock = ask(desk, incident, "sec-8k")
    with pytest.raises(Invalid) as refused:
        answer(desk, clock)
    assert (refused.value.code, refused.value.field) == ("started_missing", "started_at")
    clock = answer(desk, clock, started_at=NOON)  # Wednesday 18 November 2026
    assert clock.deadline is not None
    assert clock.deadline.due_at == NOON + timedelta(days=6)


def test_a_notice_meets_the_clock_and_later_parts_add(desk: Desk, incident: Incident) -> None:
    clock = answer(desk, ask(desk, incident))
    first = tell(desk, clock, receipt="DPA-77")
    assert (first.late_seconds, first.contents) == (0, {"nature": "A list of names was copied"})
    deadline = Deadline.objects.get(kind="regulator")
    assert (deadline.state, deadline.met_at) == ("met", NOON + HOUR)
    event = last_event(incident)
    assert (event.kind, event.occurred_at) == ("regulator_notified", NOON + HOUR)
    assert event.data["met"][0]["late_seconds"] == 0
    row = regulators_of(incident)[0]
    assert row.missing == ("people", "contact", "consequences", "measures")
    clock.refresh_from_db()
    tell(desk, clock, contents={"people": "About 400", "measures": ""}, at=NOON + 80 * HOUR)
    row = regulators_of(incident)[0]
    assert row.missing == ("contact", "consequences", "measures")
    assert (len(row.told), row.late_seconds) == (2, 0)
    assert not timeline.verify(Incident.objects.get(pk=incident.pk))


def test_a_late_notice_needs_its_reason(desk: Desk, incident: Incident) -> None:
    clock, late = answer(desk, ask(desk, incident)), NOON + 73 * HOUR
    before = untouched(incident)
    with pytest.raises(Invalid) as refused:
        tell(desk, clock, at=late)
    assert (refused.value.code, refused.value.field) == ("late_reason_missing", "late_reason")
    assert untouched(incident) == before
    notice = tell(desk, clock, at=late, late_reason="The count took three days")
    assert notice.late_seconds == 3600
    event = last_event(incident)
    assert event.data["met"][0]["late_seconds"] == 3600
    assert event.texts.get().text == "The count took three days"


def test_one_notice_starts_the_next_clock(desk: Desk, incident: Incident) -> None:
    first = answer(desk, ask(desk, incident, "nis2-notification"))
    final = answer(desk, ask(desk, incident, "nis2-final"))
    assert final.deadline is None and regulators_of(incident)[1].waits
    tell(desk, first, contents={"impact": "Orders stood still"})
    final.refresh_from_db()
    assert final.deadline is not None
    assert final.deadline.due_at == NOON.replace(month=12) + HOUR


def test_a_duty_answered_after_the_notice_before_it_runs_at_once(
    desk: Desk, incident: Incident
) -> None:
    first = answer(desk, ask(desk, incident, "nis2-notification"))
    tell(desk, first, contents={"impact": "Orders stood still"})
    final = answer(desk, ask(desk, incident, "nis2-final"), at=NOON + 2 * HOUR)
    assert final.started_at == NOON + HOUR and final.deadline is not None


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"sent_at": NOON + 5 * HOUR}, "sent_in_future", "sent_at"),
        ({"sent_at": NOON - HOUR}, "sent_before_start", "sent_at"),
        ({"contents": {}}, "contents_missing", "contents"),
        ({"contents": {"nature": "  "}}, "contents_missing", "contents"),
        ({"contents": {"colour": "red"}}, "field_unknown", "contents.colour"),
        ({"contents": {"nature": "x" * 4001}}, "text_too_long", "contents.nature"),
    ],
)
def test_a_refused_notice_writes_nothing(
    desk: Desk, incident: Incident, values: dict[str, Any], code: str, field: str
) -> None:
    clock = answer(desk, ask(desk, incident))
    before = untouched(incident)
    with pytest.raises(Invalid) as refused:
        tell(desk, clock, **values)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert untouched(incident) == before


def test_refused_answers_write_nothing(desk: Desk, incident: Incident) -> None:
    clock = ask(desk, incident)
    before = untouched(incident)
    with pytest.raises(Stale):
        answer(desk, clock, version=9)
    with pytest.raises(Invalid, match="started_in_future"):
        answer(desk, clock, started_at=NOON + HOUR)
    with pytest.raises(Invalid, match="duty_not_applying"):
        tell(desk, clock)
    with pytest.raises(Invalid, match="regulator_there"):
        ask(desk, incident)
    with pytest.raises(Invalid, match="regulator_unknown"):
        ask(desk, incident, "moon-authority")
    assert untouched(incident) == before
    clock = answer(desk, clock)
    tell(desk, clock)
    clock.refresh_from_db()
    with pytest.raises(Invalid, match="notice_sent"):
        answer(desk, clock, applies=False)


def test_the_clock_outlives_the_incident_and_closing_shows_it(
    desk: Desk, incident: Incident
) -> None:
    answer(desk, ask(desk, incident))
    lifecycle.change_severity(
        incident_id=incident.pk, to="sev4", reason="Small", actor=desk.actor("lead"), at=NOON
    )
    for status in (Status.ACTIVE, Status.RESOLVED):
        lifecycle.change_status(
            incident_id=incident.pk, to=status, actor=desk.actor("lead"), at=NOON
        )
    incident.refresh_from_db()
    reasons = {row.code: row for row in transitions.can_move_to(incident, Status.CLOSED)}
    assert not reasons["notices_unsent"].blocks
    Incident.objects.filter(pk=incident.pk).update(closing_line="Over")
    lifecycle.change_status(
        incident_id=incident.pk, to=Status.CLOSED, actor=desk.actor("lead"), at=NOON
    )
    deadline = Deadline.objects.get(kind="regulator")
    assert deadline.state == "running"
    fire_due(at=NOON + timedelta(hours=72))
    assert TimelineEvent.objects.filter(
        incident=incident, kind="reminder_due", data__kind="regulator"
    ).exists()


def test_the_list_offers_what_is_not_asked(desk: Desk, incident: Incident) -> None:
    ask(desk, incident)
    rows = regulators_of(incident)
    offered = {key for key, _ in others(rows)}
    assert offered == set(Regulator.objects.values_list("key", flat=True)) - {"gdpr-authority"}
    assert head_of(incident).laws_open == 1


def test_a_later_change_of_the_list_moves_no_clock(desk: Desk, incident: Incident) -> None:
    clock = ask(desk, incident)
    changed = Regulator.objects.get(key="gdpr-authority")
    changed.content["length"] = {"hours": 1}
    changed.save()
    clock = answer(desk, RegulatorClock.objects.get(pk=clock.pk))
    assert clock.deadline is not None
    assert clock.deadline.due_at == NOON + timedelta(hours=72)


def test_reading_costs_the_same_for_one_and_ten(
    desk: Desk, incident: Incident, django_assert_num_queries: Any
) -> None:
    clock = answer(desk, ask(desk, incident))
    tell(desk, clock)
    with django_assert_num_queries(2):
        regulators_of(incident)
    for key in Regulator.objects.exclude(key="gdpr-authority").values_list("key", flat=True):
        ask(desk, incident, key)
    with django_assert_num_queries(2):
        assert len(regulators_of(incident)) == 10
