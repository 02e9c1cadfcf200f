"""Items of a plan that moves: they wait for others, count from them, and come back."""

from __future__ import annotations

from typing import Any

import pytest

from crisisdesk.core.errors import Stale
from crisisdesk.incidents.domain import checklist, lifecycle, screening
from crisisdesk.incidents.domain.reminders import fire_due
from crisisdesk.incidents.enums import Status
from crisisdesk.incidents.models import (
    ChecklistItem,
    Deadline,
    TimelineEvent,
)
from tests.factories.incidents import Desk
from tests.factories.moving import moving_folder
from tests.factories.moving_room import (
    answer,
    clock_of,
    item_of,
    later,
    make_moving,
    moving_content,
    question_of,
    replanned,
    state,
    tick,
)


def test_an_item_waits_for_another_and_then_runs(desk: Desk) -> None:
    incident = make_moving(desk)
    assert state(incident, "item-3") == ("none", "")
    tick(incident, desk, 4, at=later(7))
    row = clock_of(incident, "item-3")
    assert row is not None and (row.started_at, row.due_at) == (later(7), later(22))
    assert replanned(incident) == []  # a start in its course is no news of its own
    checklist.undo_item(item_id=item_of(incident, 4).pk, actor=desk.actor("staff"), at=later(8))
    assert state(incident, "item-3") == ("cancelled", "progress")
    assert state(incident, "item-4") == ("running", "")
    assert replanned(incident)[-1]["cause"] == "progress"
    checklist.skip_item(
        item_id=item_of(incident, 4).pk, reason="R", actor=desk.actor("staff"), at=later(9)
    )
    assert clock_of(incident, "item-3").started_at == later(9)  # type: ignore[union-attr]


def test_nobody_waits_for_what_is_not_needed(desk: Desk) -> None:
    files = moving_folder()
    files["playbook.yaml"]["items"][4]["when"] = {"answers": {"data_involved": True}}
    incident = make_moving(desk, revision=moving_content(files))
    assert state(incident, "item-3") == ("running", "")
    answer(incident, desk, "data_involved", "yes", at=later(2))
    assert state(incident, "item-3") == ("cancelled", "answers")
    answer(incident, desk, "data_involved", "no", at=later(3))
    assert state(incident, "item-3") == ("running", "")


def test_an_item_counts_from_another(desk: Desk) -> None:
    incident = make_moving(desk)
    tick(incident, desk, 0, at=later(20))
    assert clock_of(incident, "item-10").due_at == later(80)  # type: ignore[union-attr]


def test_an_item_comes_back_until_the_status(desk: Desk) -> None:
    incident = make_moving(desk)
    for count, minute in enumerate((10, 25), start=1):
        tick(incident, desk, 11, at=later(minute))
        item = item_of(incident, 11)
        assert (item.state, item.times_done, item.done_at) == ("todo", count, later(minute))
        row = clock_of(incident, "item-11")
        assert row is not None and (row.state, row.due_at) == ("running", later(minute + 30))
    assert Deadline.objects.filter(incident=incident, key="item-11", state="met").count() == 2
    done = TimelineEvent.objects.filter(incident=incident, kind="item_done").order_by("-number")
    assert done[0].data["times"] == 2
    lifecycle.change_status(
        incident_id=incident.pk, to=Status.CONTAINED, actor=desk.actor("lead"), at=later(30)
    )
    assert item_of(incident, 11).state == "done"
    assert state(incident, "item-11")[0] == "cancelled"
    lifecycle.change_status(
        incident_id=incident.pk, to=Status.ACTIVE, actor=desk.actor("lead"), at=later(40)
    )
    assert item_of(incident, 11).state == "todo"


def test_the_last_time_is_taken_back(desk: Desk) -> None:
    incident = make_moving(desk)
    staff = desk.actor("staff")
    first = clock_of(incident, "item-11")
    tick(incident, desk, 11, at=later(10))
    second = clock_of(incident, "item-11")
    tick(incident, desk, 11, at=later(25))
    item = checklist.undo_item(item_id=item_of(incident, 11).pk, actor=staff, at=later(26))
    assert (item.state, item.times_done, item.done_at) == ("todo", 1, later(10))
    assert first is not None and second is not None
    second.refresh_from_db()
    assert (second.state, second.due_at) == ("running", later(40))
    item = checklist.undo_item(item_id=item.pk, actor=staff, at=later(27))
    assert (item.state, item.times_done, item.done_at, item.done_by) == ("todo", 0, None, None)
    first.refresh_from_db()
    assert first.state == "running"
    running = Deadline.objects.filter(incident=incident, key="item-11", state="running")
    assert running.get() == first
    with pytest.raises(Stale, match="item_changed"):
        checklist.undo_item(item_id=item.pk, actor=staff, at=later(28))


def test_one_press_counts_once(desk: Desk) -> None:
    incident = make_moving(desk)
    tick(incident, desk, 11, at=later(10), times=0)
    before = TimelineEvent.objects.count()
    with pytest.raises(Stale, match="item_changed"):
        tick(incident, desk, 11, at=later(10), times=0)
    assert item_of(incident, 11).times_done == 1
    assert TimelineEvent.objects.count() == before


def test_nobody_is_reminded_of_what_is_hidden_or_waits(desk: Desk) -> None:
    incident = make_moving(desk)
    fire_due(at=later(24 * 60))
    reminded = TimelineEvent.objects.filter(incident=incident, kind="reminder_due")
    labels = {event.data["label"]["en"] for event in reminded}
    assert labels and not any(
        f"item-{number}," in label for label in labels for number in (3, 8, 9, 10, 13, 15)
    )


def test_opening_and_re_planning_cost_the_same_for_few_and_many_items(
    desk: Desk, django_assert_max_num_queries: Any
) -> None:
    costs = []
    for count in (1, 3):
        files = moving_folder()
        for number in range(20, 20 + 10 * (count - 1)):
            key = f"item-{number}"
            row = {**files["playbook.yaml"]["items"][8], "key": key}
            files["playbook.yaml"]["items"].append(row)
            for code in ("en", "ar", "he"):
                files[f"{code}.yaml"]["items"][key] = {"words": key, "detail": key}
        incident = make_moving(desk, revision=moving_content(files))
        question = question_of(incident, "data_involved")
        with django_assert_max_num_queries(60) as asked:
            screening.answer_screening_question(
                question_id=question.pk, answer="yes", actor=desk.actor("staff"), at=later(1)
            )
        costs.append(len(asked))
        assert ChecklistItem.objects.filter(incident=incident, is_hidden=False).count() >= 19
    assert costs[0] == costs[1]
