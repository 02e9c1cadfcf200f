"""The deadline stands on the thing it is about: question, statement, post without a link."""

from __future__ import annotations

import pytest
from django.test import Client

from crisisdesk.incidents.domain import labels, notebook
from crisisdesk.incidents.models import Deadline, Incident
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON


def test_a_question_and_a_statement_say_by_when(desk: Desk, incident: Incident) -> None:
    question = notebook.ask_question(
        incident_id=incident.pk, text="Yours?", asker="press", actor=desk.actor("lead"), at=NOON
    )
    room = f"/incidents/{incident.reference}/"
    client = Client()
    client.force_login(desk.staff)
    asked = Deadline.objects.get(subject_kind="question", subject_id=question.pk)
    holding = Deadline.objects.get(
        incident=incident, kind="holding", subject_kind="incident", state="running"
    )
    for path, clock in (
        (room, asked),
        (f"{room}questions/{question.pk}/", asked),
        (f"{room}statements/", holding),
    ):
        body = client.get(path).content.decode()
        link = f'<span class="owed" data-clock><a href="{room}deadlines/{clock.pk}/">'
        assert body.count(link) == 1, path
    notebook.answer_question(
        question_id=question.pk, version=question.version, answer="No", url="",
        actor=desk.actor("lead"), at=NOON,
    )  # fmt: skip
    body = client.get(f"{room}questions/{question.pk}/").content.decode()
    assert 'class="owed"' not in body


@pytest.mark.parametrize(("language", "direction"), [("en", "rtl"), ("ar", "ltr"), ("he", "ltr")])
def test_a_long_label_is_cut_at_its_own_end(
    desk: Desk, incident: Incident, language: str, direction: str
) -> None:
    text = "A load test, in English" if direction == "ltr" else "اختبار تحمّل بالعربية"
    Deadline.objects.filter(incident=incident).update(label=labels.action_item(text))
    desk.lead.language = language
    desk.lead.save()
    client = Client()
    client.force_login(desk.lead)
    head = client.get(f"/incidents/{incident.reference}/head/").content.decode()
    told = head.count('class="clock-what"') + 1  # the strip, and the one line of a phone
    assert told > 3
    assert head.count(f'<span dir="{direction}">{text}</span>') == told
