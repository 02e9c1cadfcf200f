"""Many hands on one moving plan: each press is one change, and the clocks are those of the last state."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections

from crisisdesk.core.errors import Stale
from crisisdesk.incidents.domain import checklist, publishing, screening
from crisisdesk.incidents.domain.approving import record_phone_approval, submit
from crisisdesk.incidents.domain.drafting import save_draft
from crisisdesk.incidents.domain.timeline import verify
from crisisdesk.incidents.models import Deadline, Incident, TimelineEvent
from tests.factories.incidents import Desk, make_desk, words_of
from tests.factories.moving_room import clock_of, hidden_items, item_of, make_moving, question_of
from tests.factories.organisation import NOON


def alone(act: Callable[[], Any]) -> Any:
    """Run on a connection of this thread alone, and close it."""
    try:
        return act()
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
class TestManyHands:
    """Threads with connections of their own against real rows."""

    def test_two_answers_to_one_question_are_one_change_and_one_refusal(self) -> None:
        desk = make_desk()
        incident = make_moving(desk)
        question = question_of(incident, "data_involved")

        def say(answer: str) -> str:
            try:
                screening.answer_screening_question(
                    question_id=question.pk, answer=answer, expected="unknown",
                    actor=desk.actor("staff"), at=NOON,
                )  # fmt: skip
            except Stale as refused:
                return refused.code
            return "changed"

        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(lambda answer: alone(lambda: say(answer)), ("yes", "no")))
        assert sorted(said) == ["answer_changed", "changed"]
        kinds = TimelineEvent.objects.filter(incident=incident)
        assert kinds.filter(kind="screening_answered").count() == 1

    def test_two_questions_at_once_are_two_changes_that_both_hold(self) -> None:
        desk = make_desk()
        incident = make_moving(desk)
        given = {"people_harmed": "no", "data_involved": "yes"}

        def say(key: str) -> None:
            screening.answer_screening_question(
                question_id=question_of(incident, key).pk, answer=given[key], expected="unknown",
                actor=desk.actor("staff"), at=NOON,
            )  # fmt: skip

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda key: alone(lambda: say(key)), given))
        assert hidden_items(incident) == {6, 13}
        running = Deadline.objects.filter(incident=incident, state="running")
        assert running.filter(key="item-8").count() == 1
        assert not running.filter(key="item-6").exists()
        found = Incident.objects.get(pk=incident.pk)
        assert verify(found) == []

    def test_two_people_on_an_item_that_comes_back_count_once(self) -> None:
        desk = make_desk()
        incident = make_moving(desk)
        item = item_of(incident, 11)

        def tick(_: int) -> str:
            try:
                checklist.tick_item(item_id=item.pk, times=0, actor=desk.actor("staff"), at=NOON)
            except Stale as refused:
                return refused.code
            return "done"

        with ThreadPoolExecutor(4) as pool:
            done = list(pool.map(lambda each: alone(lambda: tick(each)), range(4)))
        assert sorted(done) == ["done", *["item_changed"] * 3]
        assert item_of(incident, 11).times_done == 1
        running = Deadline.objects.filter(incident=incident, key="item-11", state="running")
        assert running.count() == 1


@pytest.mark.django_db
def test_an_item_counts_from_the_first_publication_of_its_stage(desk: Desk) -> None:
    incident = make_moving(desk)
    staff = desk.actor("staff")
    words = words_of(incident, "holding", "ar")
    text = save_draft(statement_language_id=words.pk, text="نص", version=1, actor=staff, at=NOON)
    submit(statement_language_id=words.pk, version=2, actor=staff, at=NOON)
    record_phone_approval(
        revision_id=text.pk, approver=desk.approver, said_at=NOON, actor=desk.actor("lead"), at=NOON
    )
    assert clock_of(incident, "item-9") is None
    for place, channel in enumerate(("x", "facebook")):
        publishing.record_publication(
            revision_id=text.pk, channel=channel,
            posting=publishing.Posting(link_to_follow=True), actor=staff,
            at=NOON + timedelta(minutes=10 + place),
        )  # fmt: skip
    row = clock_of(incident, "item-9")
    assert row is not None and row.due_at == NOON + timedelta(minutes=70)
    assert Deadline.objects.filter(incident=incident, key="item-9").count() == 1
