"""The page of who must be told by law: questions, clocks, notices, refusals."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from crisisdesk.incidents.domain import regulators
from crisisdesk.incidents.models import Incident, RegulatorClock, RegulatorNotice
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON
from tests.web.desk.test_desk import signed_in


@pytest.fixture
def clock(desk: Desk, incident: Incident) -> RegulatorClock:
    """One question that nobody has answered."""
    return regulators.add_regulator(
        incident_id=incident.pk, key="gdpr-authority", actor=desk.actor("lead"), at=NOON
    )


def page(incident: Incident) -> str:
    return f"/incidents/{incident.reference}/regulators/"


def answered(desk: Desk, clock: RegulatorClock) -> RegulatorClock:
    return regulators.answer_regulator(
        clock_id=clock.pk, applies=True, version=1, actor=desk.actor("lead"), at=NOON
    )


def test_the_lead_is_led_to_the_open_question_and_answers_it(
    desk: Desk, incident: Incident, clock: RegulatorClock
) -> None:
    lead = signed_in(desk.lead)
    now = lead.get(f"/incidents/{incident.reference}/").content.decode()
    assert "1 question whether the law wants somebody told is open" in now
    shown = lead.get(page(incident)).content.decode()
    assert "Not answered yet" in shown and "Confirm with counsel" in shown
    sent = lead.post(f"{page(incident)}{clock.pk}/", {"applies": "yes", "version": "1"})
    assert sent.headers["Location"] == f"{page(incident)}#regulator-{clock.pk}"
    shown = lead.get(page(incident)).content.decode()
    assert "Runs from" in shown and "Record the notice" in shown
    now = lead.get(f"/incidents/{incident.reference}/").content.decode()
    assert "whether the law wants" not in now


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_the_page_speaks_the_language_of_its_reader(
    desk: Desk, incident: Incident, clock: RegulatorClock, language: str
) -> None:
    type(desk.lead).objects.filter(pk=desk.lead.pk).update(language=language)
    desk.lead.refresh_from_db()
    answered(desk, clock)
    shown = signed_in(desk.lead).get(page(incident)).content.decode()
    wanted = {
        "en": "Data protection authority",
        "ar": "هيئة حماية البيانات",
        "he": "רשות הגנת המידע",
    }
    assert wanted[language] in shown
    section = re.search(rf'id="regulator-{clock.pk}".*?</section>', shown, re.S)
    assert section is not None
    if language != "en":
        assert "Confirm with counsel" not in section[0]


def test_a_late_notice_without_its_reason_keeps_what_was_typed(
    desk: Desk, incident: Incident, clock: RegulatorClock, time_machine: Any
) -> None:
    clock = answered(desk, clock)
    time_machine.move_to(NOON + timedelta(hours=80), tick=False)
    staff = signed_in(desk.staff)
    given = {
        "version": str(clock.version),
        "contents.nature": "A list of names",
        "receipt": "DPA-7",
    }
    refused = staff.post(f"{page(incident)}{clock.pk}/notices/", given)
    words = refused.content.decode()
    assert refused.status_code == 422
    assert "It was sent late." in words
    assert "A list of names" in words and 'value="DPA-7"' in words
    assert not RegulatorNotice.objects.exists()
    given["late_reason"] = "The count took three days"
    staff.post(f"{page(incident)}{clock.pk}/notices/", given)
    shown = staff.get(page(incident)).content.decode()
    assert "Told, 8 h late" in shown and "The count took three days" in shown


def test_a_time_that_cannot_be_read_is_refused(
    desk: Desk, incident: Incident, clock: RegulatorClock
) -> None:
    given = {"applies": "yes", "version": "1", "started_at": "yesterday"}
    refused = signed_in(desk.lead).post(f"{page(incident)}{clock.pk}/", given)
    assert refused.status_code == 422 and 'value="yesterday"' in refused.content.decode()
    clock.refresh_from_db()
    assert clock.applies is None


def test_a_stale_answer_is_not_taken(desk: Desk, incident: Incident, clock: RegulatorClock) -> None:
    answered(desk, clock)
    again = signed_in(desk.lead).post(
        f"{page(incident)}{clock.pk}/", {"applies": "no", "version": "1"}
    )
    assert again.status_code == 409
    clock.refresh_from_db()
    assert clock.applies is True


def test_the_clock_of_another_room_does_not_exist_here(
    desk: Desk, incident: Incident, clock: RegulatorClock
) -> None:
    from tests.factories.incidents import make_incident

    other = make_incident(desk)
    given = {"applies": "no", "version": "1"}
    assert signed_in(desk.lead).post(f"{page(other)}{clock.pk}/", given).status_code == 404


def test_staff_read_and_record_but_do_not_answer(
    desk: Desk, incident: Incident, clock: RegulatorClock
) -> None:
    staff = signed_in(desk.staff)
    assert "It applies" not in staff.get(page(incident)).content.decode()
    given = {"applies": "no", "version": "1"}
    assert staff.post(f"{page(incident)}{clock.pk}/", given).status_code == 403
