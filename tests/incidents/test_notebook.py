"""Facts, decisions and questions, and the clocks that they start."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crisisdesk.core.errors import Invalid, Stale
from crisisdesk.incidents.domain import notebook
from crisisdesk.incidents.models import Deadline, Decision, Fact, Incident, Question
from tests.factories.incidents import LINK, Desk
from tests.factories.organisation import NOON


def test_a_known_fact_that_proves_wrong_starts_the_correction_clock(
    desk: Desk, incident: Incident
) -> None:
    staff = desk.actor("staff")
    fact = notebook.state_fact(
        incident_id=incident.pk, text="31 replies", is_known=True, actor=staff, at=NOON
    )
    assert not Deadline.objects.filter(incident=incident, kind="correction").exists()
    notebook.change_fact(
        fact_id=fact.pk, version=1, text="47 replies", actor=staff, at=NOON + timedelta(minutes=5)
    )
    clock = Deadline.objects.get(incident=incident, kind="correction")
    assert clock.due_at == NOON + timedelta(minutes=65)


def test_settling_what_was_not_known_needs_no_correction(desk: Desk, incident: Incident) -> None:
    staff = desk.actor("staff")
    fact = notebook.state_fact(
        incident_id=incident.pk, text="Who runs it", is_known=False, actor=staff, at=NOON
    )
    notebook.change_fact(
        fact_id=fact.pk, version=1, is_known=True, text="A stranger runs it", actor=staff, at=NOON
    )
    assert not Deadline.objects.filter(incident=incident, kind="correction").exists()


def test_a_stale_fact_is_not_overwritten(desk: Desk, incident: Incident) -> None:
    staff = desk.actor("staff")
    fact = notebook.state_fact(
        incident_id=incident.pk, text="One", is_known=True, actor=staff, at=NOON
    )
    notebook.change_fact(fact_id=fact.pk, version=1, text="Two", actor=staff, at=NOON)
    with pytest.raises(Stale) as caught:
        notebook.change_fact(fact_id=fact.pk, version=1, text="Three", actor=staff, at=NOON)
    assert caught.value.current.text == "Two"
    assert Fact.objects.get(pk=fact.pk).text == "Two"


@pytest.mark.parametrize("field", ["question", "choice", "reason"])
def test_a_decision_has_question_choice_and_reason(
    desk: Desk, incident: Incident, field: str
) -> None:
    words = {"question": "Answer it?", "choice": "No", "reason": "It wants a quarrel"} | {
        field: "  "
    }
    with pytest.raises(Invalid) as caught:
        notebook.make_decision(incident_id=incident.pk, **words, actor=desk.actor("staff"), at=NOON)
    assert (caught.value.code, caught.value.field) == ("text_missing", field)
    assert not Decision.objects.exists()


def test_a_question_runs_until_it_is_answered(desk: Desk, incident: Incident) -> None:
    staff = desk.actor("staff")
    row = notebook.ask_question(
        incident_id=incident.pk,
        text="Is it yours?",
        asker="press",
        channel="x",
        actor=staff,
        at=NOON,
    )
    clock = Deadline.objects.get(subject_kind="question", subject_id=row.pk)
    assert clock.due_at == NOON + timedelta(minutes=60)
    notebook.answer_question(
        question_id=row.pk,
        answer="No.",
        url=LINK,
        version=1,
        actor=staff,
        at=NOON + timedelta(minutes=9),
    )
    clock.refresh_from_db()
    assert clock.state == "met"
    assert Deadline.objects.get(incident=incident, kind="complaint_reply").state == "met"


def test_a_private_conversation_owes_a_public_closing_line(desk: Desk, incident: Incident) -> None:
    staff = desk.actor("staff")
    row = notebook.ask_question(
        incident_id=incident.pk, text="Hello?", asker="customer", actor=staff, at=NOON
    )
    with pytest.raises(Invalid, match="not_private"):
        notebook.post_closing_line(question_id=row.pk, url=LINK, version=1, actor=staff, at=NOON)
    row = notebook.take_private(question_id=row.pk, version=1, actor=staff, at=NOON)
    assert Deadline.objects.get(subject_kind="closing_line", subject_id=row.pk).state == "running"
    notebook.post_closing_line(
        question_id=row.pk, url=LINK, version=row.version, actor=staff, at=NOON
    )
    assert Question.objects.get(pk=row.pk).closed_publicly_at == NOON
    assert Deadline.objects.get(subject_kind="closing_line", subject_id=row.pk).state == "met"
