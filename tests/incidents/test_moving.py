"""A plan that moves: what is shown, what runs, and what an answer, a severity or a tick changes."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crisisdesk.core.errors import Invalid, NotAllowed, NotVisible, Stale
from crisisdesk.incidents.domain import checklist, drafting, lifecycle, screening
from crisisdesk.incidents.domain.timeline import verify
from crisisdesk.incidents.enums import Status
from crisisdesk.incidents.models import (
    Deadline,
    Incident,
    Reminder,
    Statement,
    StatementLanguage,
    TimelineEvent,
)
from playbooks.models import PlaybookRevision
from tests.factories.incidents import Desk
from tests.factories.moving import moving_folder
from tests.factories.moving_room import (
    answer,
    clock_of,
    hidden_items,
    item_of,
    later,
    make_moving,
    moving_content,
    question_of,
    replanned,
    state,
    tick,
)
from tests.factories.organisation import NOON

# --- opening ---


def test_opening_copies_questions_conditions_and_starts(desk: Desk) -> None:
    revision = moving_content()
    incident = make_moving(desk, revision=revision)
    questions = list(incident.screening.order_by("position"))
    assert [(row.key, row.unknown, row.answer) for row in questions] == [
        ("people_harmed", True, None),
        ("data_involved", False, None),
    ]
    assert questions[0].yes["en"] == "Shown because people may be harmed."
    assert hidden_items(incident) == {8, 13}  # no data so far; nothing contained yet
    assert item_of(incident, 9).starts == {"event": "publication", "key": "holding"}
    assert item_of(incident, 3).after == ["item-4"]
    assert incident.plan["moves"] == {
        "items": ["item-0", "item-4"],
        "stages": ["holding"],
        "status": True,
    }
    # The shelf moves on; the response does not.
    moving_content(
        {**moving_folder(), "playbook.yaml": moving_folder()["playbook.yaml"] | {"questions": []}}
    )
    assert incident.screening.count() == 2
    assert PlaybookRevision.objects.filter(playbook=revision.playbook).count() == 2


def test_answers_given_at_opening_hold_from_the_start(desk: Desk) -> None:
    incident = make_moving(desk, answers={"people_harmed": False, "data_involved": True})
    assert hidden_items(incident) == {6, 13}
    assert state(incident, "tell-the-people") == ("running", "")
    row = question_of(incident, "data_involved")
    assert (row.answer, row.answered_by, row.answered_at) == (True, desk.lead, NOON)
    declared = TimelineEvent.objects.get(incident=incident, kind="declared")
    assert declared.data["answers"] == {"people_harmed": False, "data_involved": True}
    assert replanned(incident) == []


def test_an_answer_to_what_is_not_asked_opens_nothing(desk: Desk) -> None:
    with pytest.raises(Invalid) as refused:
        make_moving(desk, answers={"fire": True})
    assert (refused.value.code, refused.value.field) == ("question_unknown", "answers")
    assert Incident.objects.count() == 0


def test_what_counts_from_something_else_starts_then(desk: Desk) -> None:
    incident = make_moving(desk, at=later(30), detected_at=NOON)
    assert clock_of(incident, "item-6").started_at == later(30)  # type: ignore[union-attr]  # from opening
    assert [state(incident, f"item-{number}")[0] for number in (9, 10, 15, 3)] == ["none"] * 4
    assert clock_of(incident, "item-11").started_at == NOON  # type: ignore[union-attr]


# --- answers ---


def test_an_answer_shows_starts_and_says_so_in_one_event(desk: Desk) -> None:
    incident = make_moving(desk)
    row = answer(incident, desk, "data_involved", "yes", at=later(10))
    assert (row.answer, row.answered_by, row.answered_at) == (True, desk.staff, later(10))
    assert hidden_items(incident) == {13}
    told = TimelineEvent.objects.get(incident=incident, kind="screening_answered")
    assert (told.data["from"], told.data["to"]) == ("unknown", "yes")
    (event,) = replanned(incident)
    assert event["cause"] == "answers"
    assert {change["label"]["en"].split(",")[0] for change in event["changes"]} == {
        "words of item-8",
        "words for tell-the-people",
    }
    assert all(change["from"] is None and change["to"] for change in event["changes"])
    assert len(event["shown"]) == 2 and event["hidden"] == []  # the item and the words for partners
    assert clock_of(incident, "tell-the-people").due_at == later(90)  # type: ignore[union-attr]
    assert not Statement.objects.get(incident=incident, key="for-partners").is_hidden
    incident.refresh_from_db()
    assert verify(incident) == []


def test_the_answer_taken_back_drops_what_it_brought(desk: Desk) -> None:
    incident = make_moving(desk)
    answer(incident, desk, "data_involved", "yes")
    due = clock_of(incident, "item-8").due_at  # type: ignore[union-attr]
    answer(incident, desk, "data_involved", "unknown", at=later(5))
    assert hidden_items(incident) == {8, 13}
    assert state(incident, "tell-the-people") == ("cancelled", "answers")
    assert not Reminder.objects.filter(
        deadline=clock_of(incident, "item-8"), state="pending"
    ).exists()
    change = next(
        row for row in replanned(incident)[-1]["changes"] if "item-8" in row["label"]["en"]
    )
    assert (datetime.fromisoformat(change["from"]), change["to"]) == (due, None)
    answer(incident, desk, "data_involved", "yes", at=later(6))
    assert state(incident, "tell-the-people") == ("running", "")
    assert clock_of(incident, "item-8").due_at == due  # type: ignore[union-attr]


def test_met_and_missed_clocks_do_not_change(desk: Desk) -> None:
    incident = make_moving(desk, answers={"data_involved": True})
    tick(incident, desk, 8, at=later(5))
    missed = clock_of(incident, "tell-the-people")
    assert missed is not None
    Deadline.objects.filter(pk=missed.pk).update(state="missed")
    answer(incident, desk, "data_involved", "no", at=later(10))
    answer(incident, desk, "data_involved", "yes", at=later(20))
    assert state(incident, "item-8") == ("met", "")
    assert state(incident, "tell-the-people") == ("missed", "")


def test_what_somebody_worked_on_stays(desk: Desk) -> None:
    incident = make_moving(desk)
    staff = desk.actor("staff")
    files = moving_folder()
    for number in (14, 16, 17):
        files["playbook.yaml"]["items"][number]["when"] = {"answers": {"people_harmed": True}}
    incident = make_moving(desk, revision=moving_content(files))
    tick(incident, desk, 6, at=later(1))
    checklist.assign_items(
        incident_id=incident.pk, item_ids=[item_of(incident, 14).pk], owner=desk.staff,
        actor=staff, at=later(1),
    )  # fmt: skip
    checklist.add_evidence(
        incident_id=incident.pk, item_id=item_of(incident, 16).pk, url="https://a.example/",
        actor=staff, at=later(1),
    )  # fmt: skip
    answer(incident, desk, "people_harmed", "no", at=later(2))
    assert hidden_items(incident) == {8, 13, 17}
    assert state(incident, "item-14") == (
        "cancelled",
        "answers",
    )  # kept, but nobody is reminded of it


def test_work_on_a_hidden_item_brings_it_back_and_undoing_hides_it(desk: Desk) -> None:
    incident = make_moving(desk)
    tick(incident, desk, 8, at=later(1))
    assert hidden_items(incident) == {13}
    undone = checklist.undo_item(
        item_id=item_of(incident, 8).pk, actor=desk.actor("staff"), at=later(2)
    )
    assert undone.is_hidden and hidden_items(incident) == {8, 13}


def test_words_are_hidden_only_while_nobody_writes_them(desk: Desk) -> None:
    incident = make_moving(desk)
    statement = Statement.objects.get(incident=incident, key="for-partners")
    assert statement.is_hidden
    words = StatementLanguage.objects.get(statement=statement, language="ar")
    drafting.save_draft(
        statement_language_id=words.pk, text="نص", version=1, actor=desk.actor("staff"), at=NOON
    )
    statement.refresh_from_db()
    assert not statement.is_hidden
    answer(incident, desk, "data_involved", "no")
    statement.refresh_from_db()
    assert not statement.is_hidden


def test_the_same_answer_again_is_nothing(desk: Desk) -> None:
    incident = make_moving(desk)
    answer(incident, desk, "data_involved", "yes")
    before = TimelineEvent.objects.count()
    answer(incident, desk, "data_involved", "yes", expected="yes")
    assert TimelineEvent.objects.count() == before


def test_an_answer_is_refused_with_nothing_written(desk: Desk) -> None:
    incident = make_moving(desk)
    answer(incident, desk, "data_involved", "yes", expected="unknown")
    before = TimelineEvent.objects.count()
    with pytest.raises(Stale) as stale:
        answer(incident, desk, "data_involved", "no", expected="unknown")
    assert (stale.value.code, stale.value.params["answer"]) == ("answer_changed", "yes")
    with pytest.raises(Invalid, match="answer_unknown"):
        answer(incident, desk, "data_involved", "perhaps")
    question = question_of(incident, "data_involved")
    for name, refusal in (
        ("observer", NotAllowed),
        ("approver", NotAllowed),
        ("stranger", NotVisible),
    ):
        with pytest.raises(refusal):
            screening.answer_screening_question(
                question_id=question.pk, answer="no", actor=desk.actor(name), at=NOON
            )
    with pytest.raises(NotVisible):
        screening.answer_screening_question(
            question_id=0, answer="no", actor=desk.actor("lead"), at=NOON
        )
    lifecycle.cancel_incident(
        incident_id=incident.pk, reason="false_alarm", line="L", actor=desk.actor("lead"), at=NOON
    )  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="incident_ended"):
        answer(incident, desk, "data_involved", "no")
    assert question_of(incident, "data_involved").answer is True
    assert TimelineEvent.objects.count() == before + 1


# --- severity and status ---


def test_severity_moves_shows_and_drops_in_one_event(desk: Desk) -> None:
    incident = make_moving(desk, answers={"data_involved": True})
    lifecycle.change_severity(
        incident_id=incident.pk, to="sev3", reason="R", actor=desk.actor("lead"), at=later(5)
    )
    assert hidden_items(incident) == {5, 13}
    (event,) = replanned(incident)
    assert event["cause"] == "severity"
    changes = {row["label"]["en"].split(",")[0]: row for row in event["changes"]}
    assert changes["words for tell-the-people"]["to"] is None  # SEV3 makes no such promise
    moved = changes["words of item-8"]
    assert datetime.fromisoformat(moved["from"]) == later(60)
    assert datetime.fromisoformat(moved["to"]) == later(120)
    lifecycle.change_severity(
        incident_id=incident.pk, to="sev1", actor=desk.actor("lead"), at=later(6)
    )
    assert hidden_items(incident) == {13}
    assert state(incident, "tell-the-people") == ("running", "")
    assert clock_of(incident, "tell-the-people").due_at == later(45)  # type: ignore[union-attr]


def test_an_optional_item_keeps_its_one_alarm_when_the_severity_moves_it(desk: Desk) -> None:
    incident = make_moving(desk)
    lifecycle.change_severity(
        incident_id=incident.pk, to="sev3", reason="R", actor=desk.actor("lead"), at=later(5)
    )
    alarms = Reminder.objects.filter(deadline=clock_of(incident, "item-11"))
    assert [alarm.percent for alarm in alarms] == [100]


def test_the_status_shows_and_hides(desk: Desk) -> None:
    incident = make_moving(desk)
    lead = desk.actor("lead")
    for to in (Status.ACTIVE, Status.CONTAINED):
        lifecycle.change_status(incident_id=incident.pk, to=to, actor=lead, at=later(5))
    assert hidden_items(incident) == {8}
    assert replanned(incident)[-1]["cause"] == "status"
    lifecycle.change_status(incident_id=incident.pk, to=Status.ACTIVE, actor=lead, at=later(6))
    assert hidden_items(incident) == {8, 13}
    for to in (Status.CONTAINED, Status.RESOLVED):
        lifecycle.change_status(incident_id=incident.pk, to=to, actor=lead, at=later(10))
    row = clock_of(incident, "item-15")
    assert row is not None and (row.started_at, row.due_at) == (later(10), later(70))


def test_a_tick_that_nothing_waits_for_reads_no_plan(desk: Desk) -> None:
    incident = make_moving(desk)
    tick(incident, desk, 1, at=later(1))  # the first tick makes it active
    with CaptureQueriesContext(connection) as asked:
        tick(incident, desk, 2, at=later(2))
    assert not [query for query in asked if "screening" in query["sql"]]


# --- waiting, counting from others, coming back ---
