"""Handing over, closing, learning and exporting in the browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from crisisdesk.incidents.domain import lifecycle, reviewing
from crisisdesk.incidents.enums import Status
from crisisdesk.incidents.models import ActionItem, HandOver, Incident, Postmortem, RoleAssignment
from crisisdesk.reports.domain import rendering
from crisisdesk.reports.models import RenderedReport
from tests.factories.incidents import Desk, make_desk, make_incident
from tests.factories.organisation import NOON
from tests.web.desk.test_desk import signed_in


@pytest.fixture
def desk(db: None, time_machine: Any) -> Desk:
    """A brand with one person per role, at a fixed hour."""
    time_machine.move_to(NOON, tick=False)
    return make_desk()


@pytest.fixture
def incident(desk: Desk) -> Incident:
    """An open SEV2 incident, seen just now on X."""
    return make_incident(desk)


def _room(incident: Incident) -> str:
    return f"/incidents/{incident.reference}/"


def _resolve(desk: Desk, incident: Incident) -> None:
    for to in (Status.ACTIVE, Status.RESOLVED):
        lifecycle.change_status(incident_id=incident.pk, to=to, actor=desk.actor("lead"), at=NOON)


WORDS = {
    "version": "0",
    "cause_known": "no",
    "verdict": "Nine minutes.",
    "summary": "A fake account answered.",
    "went_well": "Fast.",
    "went_badly": "Instagram.",
}


@pytest.mark.parametrize("language", ["en", "ar", "he"])
@pytest.mark.parametrize("tab", ["handover/", "report/"])
def test_the_pages_answer_in_every_language(
    desk: Desk, incident: Incident, tab: str, language: str
) -> None:
    desk.lead.language = language
    desk.lead.save()
    page = signed_in(desk.lead).get(_room(incident) + tab)
    body = page.content.decode()
    assert page.status_code == 200
    assert "<c-" not in body
    assert "style=" not in body


def test_a_stranger_finds_neither_report_nor_hand_over(desk: Desk, incident: Incident) -> None:
    client = signed_in(desk.stranger)
    for tab in ("handover/", "report/", "report/exports/"):
        assert client.get(_room(incident) + tab).status_code == 404
    for tab, given in (("report/save/", WORDS), ("report/export/", {"language": "en"})):
        assert client.post(_room(incident) + tab, given).status_code == 404
    assert not Postmortem.objects.exists()
    assert not RenderedReport.objects.exists()
    assert incident.title not in client.get("/reports/").content.decode()


def test_the_giver_stays_on_duty_until_the_receiver_has_it(desk: Desk, incident: Incident) -> None:
    RoleAssignment.objects.create(
        incident=incident, role="spokesperson", user=desk.staff, from_at=NOON
    )
    given = {"role": "spokesperson", "receiver": str(desk.deputy.pk), "note": "Noa is in a meeting"}
    signed_in(desk.staff).post(f"{_room(incident)}handover/", given)
    offer = HandOver.objects.get()
    path = f"{_room(incident)}handover/{offer.pk}/"
    assert RoleAssignment.objects.get(role="spokesperson", to_at=None).user == desk.staff
    wrong = signed_in(desk.approver).post(path, {"do": "take"})
    assert wrong.status_code == 422
    body = signed_in(desk.deputy).get(path).content.decode()
    assert "I have it" in body
    assert "Noa is in a meeting" in body
    signed_in(desk.deputy).post(path, {"do": "take"})
    assert RoleAssignment.objects.get(role="spokesperson", to_at=None).user == desk.deputy


def test_an_offer_can_be_taken_back(desk: Desk, incident: Incident) -> None:
    given = {"role": "lead", "receiver": str(desk.staff.pk)}
    refused = signed_in(desk.lead).post(f"{_room(incident)}handover/", given)
    assert refused.status_code == 422  # comms staff may not lead
    given = {"role": "scribe", "receiver": str(desk.staff.pk)}
    signed_in(desk.lead).post(f"{_room(incident)}handover/", given)
    offer = HandOver.objects.get()
    signed_in(desk.lead).post(f"{_room(incident)}handover/{offer.pk}/", {"do": "withdraw"})
    offer.refresh_from_db()
    assert offer.withdrawn_at == NOON


def test_the_post_mortem_starts_from_the_record_and_keeps_two_writers_apart(
    desk: Desk, incident: Incident
) -> None:
    client = signed_in(desk.staff)
    assert "Opened as SEV2" in client.get(f"{_room(incident)}report/").content.decode()
    client.post(f"{_room(incident)}report/save/", WORDS)
    review = Postmortem.objects.get()
    assert (review.verdict, review.cause_known, review.version) == ("Nine minutes.", False, 1)
    stale = signed_in(desk.lead).post(
        f"{_room(incident)}report/save/", WORDS | {"verdict": "Other words"}
    )
    body = stale.content.decode()
    assert stale.status_code == 409
    assert "Nine minutes." in body
    assert "Other words" in body


def test_a_verdict_longer_than_a_line_is_refused_at_its_field(
    desk: Desk, incident: Incident
) -> None:
    page = signed_in(desk.staff).post(
        f"{_room(incident)}report/save/", WORDS | {"verdict": "x" * 141}
    )
    assert page.status_code == 422
    assert "x" * 141 in page.content.decode()
    assert not Postmortem.objects.exists()


def test_only_the_lead_signs_and_what_is_missing_is_named(desk: Desk, incident: Incident) -> None:
    client = signed_in(desk.lead)
    client.post(f"{_room(incident)}report/save/", WORDS | {"went_badly": ""})
    page = client.post(f"{_room(incident)}report/sign/", {"version": "1"})
    assert page.status_code == 422
    assert "notice is-harm" in page.content.decode()
    assert (
        signed_in(desk.staff).post(f"{_room(incident)}report/sign/", {"version": "1"}).status_code
        == 403
    )
    assert not Postmortem.objects.get().is_final


def test_from_resolved_to_closed_in_the_browser(desk: Desk, incident: Incident) -> None:
    _resolve(desk, incident)
    client = signed_in(desk.lead)
    assert client.post(f"{_room(incident)}status/", {"to": "closed"}).status_code == 422
    client.post(f"{_room(incident)}report/save/", WORDS)
    client.post(f"{_room(incident)}report/sign/", {"version": "1"})
    due = (NOON + timedelta(days=5)).date().isoformat()
    action = {"text": "Test access", "owner": str(desk.staff.pk), "due_date": due, "key": "once"}
    client.post(f"{_room(incident)}report/actions/", action)
    client.post(f"{_room(incident)}report/actions/", action)
    row = ActionItem.objects.get()
    client.post(f"{_room(incident)}status/", {"to": "closed"})
    incident.refresh_from_db()
    assert incident.status == "closed"
    client.post(f"{_room(incident)}report/actions/{row.pk}/", {"version": "1"})
    row.refresh_from_db()
    assert row.done_at == NOON


def test_three_lines_close_sev3_and_one_line_sev4(desk: Desk) -> None:
    client = signed_in(desk.lead)
    three = make_incident(desk, severity="sev3")
    _resolve(desk, three)
    assert client.post(f"{_room(three)}status/", {"to": "closed"}).status_code == 422
    lines = {
        "version": "0",
        "cause_known": "yes",
        "summary": "What",
        "cause": "Why",
        "changes": "Other",
    }
    client.post(f"{_room(three)}report/save/", lines)
    client.post(f"{_room(three)}status/", {"to": "closed"})
    four = make_incident(desk, severity="sev4")
    _resolve(desk, four)
    client.post(f"{_room(four)}report/line/", {"line": "It went away"})
    client.post(f"{_room(four)}status/", {"to": "closed"})
    assert set(Incident.objects.values_list("status", flat=True)) == {"closed"}


def test_an_action_needs_words_an_owner_and_a_day_ahead(desk: Desk, incident: Incident) -> None:
    client = signed_in(desk.staff)
    past = {"text": "Late", "owner": str(desk.staff.pk), "due_date": "2026-01-01"}
    page = client.post(f"{_room(incident)}report/actions/", past)
    assert page.status_code == 422
    assert client.post(f"{_room(incident)}report/actions/", {"text": ""}).status_code == 422
    outsider = {"text": "Do", "owner": str(desk.stranger.pk), "due_date": "2027-01-01"}
    assert client.post(f"{_room(incident)}report/actions/", outsider).status_code == 422
    assert not ActionItem.objects.exists()


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_a_pdf_is_asked_for_drawn_and_downloaded(
    desk: Desk, incident: Incident, language: str
) -> None:
    client = signed_in(desk.executive)
    client.post(f"{_room(incident)}report/export/", {"kind": "one_page", "language": language})
    row = RenderedReport.objects.get()
    assert client.get(f"/reports/{row.pk}/").status_code == 404
    assert (
        "waits to be drawn"
        in signed_in(desk.lead).get(f"{_room(incident)}report/exports/").content.decode()
    )
    rendering.render_next(at=NOON)
    got = client.get(f"/reports/{row.pk}/")
    assert got.content.startswith(b"%PDF")
    assert incident.reference in got["Content-Disposition"]
    assert signed_in(desk.stranger).get(f"/reports/{row.pk}/").status_code == 404


def test_an_executive_reads_and_does_not_write(desk: Desk, incident: Incident) -> None:
    client = signed_in(desk.executive)
    body = client.get(f"{_room(incident)}report/").content.decode()
    assert "report/save/" not in body
    assert client.post(f"{_room(incident)}report/save/", WORDS).status_code == 403
    assert client.get(f"{_room(incident)}handover/").status_code == 404


@pytest.mark.parametrize("path", ["report", "reports"])
def test_queries_do_not_grow(
    desk: Desk, incident: Incident, path: str, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(desk.lead)
    address = "/reports/" if path == "reports" else f"{_room(incident)}report/"
    _resolve(desk, incident)

    def add(count: int) -> None:
        for number in range(count):
            reviewing.add_action_item(
                incident_id=incident.pk,
                text=f"Action {number}",
                owner=desk.staff,
                due_date=(NOON + timedelta(days=3)).date(),
                actor=desk.actor("lead"),
                at=NOON,
            )

    add(1)
    client.get(address)
    with django_assert_max_num_queries(80) as few:
        client.get(address)
    add(49)
    with django_assert_max_num_queries(len(few)):
        client.get(address)
