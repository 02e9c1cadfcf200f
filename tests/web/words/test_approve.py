"""The approver's screen: exact words, two buttons, and every reason why not, in words."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crisisdesk.incidents.domain import approving
from crisisdesk.incidents.models import (
    Approval,
    Deadline,
    Incident,
    StatementRevision,
    TimelineEvent,
)
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON
from tests.web.words.scenes import (
    HEBREW,
    MINUTE,
    approved,
    browser,
    drafted,
    submitted,
    url,
    written,
)


def _answer(revision: StatementRevision, **more: str) -> dict[str, str]:
    return {"text_hash": revision.text_hash, "key": "a-1", **more}


def test_two_presses_from_the_mail_approve_these_words(desk: Desk, incident: Incident) -> None:
    revision = submitted(desk, incident)
    approver = browser(desk, "approver")
    page = approver.get(url("approve", incident, revision.pk))
    shown = page.content.decode()
    assert page.status_code == 200
    assert revision.text_hash in shown
    assert 'dir="rtl"' in shown
    assert "<bdi>Staff</bdi> asks for approval of the Arabic words" in shown
    assert "Then <bdi>Deputy</bdi> is asked." in shown
    answer = approver.post(url("approve", incident, revision.pk), _answer(revision), follow=True)
    assert answer.redirect_chain
    assert "You approved these words" in answer.content.decode()
    said = Approval.objects.get(revision=revision)
    assert (said.approver, said.approved, said.text_hash) == (
        desk.approver,
        True,
        revision.text_hash,
    )


def test_the_same_press_twice_is_one_approval(desk: Desk, incident: Incident) -> None:
    revision = submitted(desk, incident)
    approver = browser(desk, "approver")
    first = approver.post(url("approve", incident, revision.pk), _answer(revision))
    before = written()
    second = approver.post(url("approve", incident, revision.pk), _answer(revision))
    assert (first.status_code, second.status_code) == (302, 302)
    assert written() == before


def test_sending_back_needs_a_comment_and_keeps_what_was_typed(
    desk: Desk, incident: Incident
) -> None:
    revision = submitted(desk, incident)
    approver = browser(desk, "approver")
    before = written()
    refused = approver.post(
        url("send-back", incident, revision.pk), _answer(revision, comment="  ")
    )
    assert refused.status_code == 422
    assert "Say what must change" in refused.content.decode()
    assert written() == before
    stale = approver.post(
        url("send-back", incident, revision.pk),
        {"text_hash": "another", "comment": "Name the account", "key": "b-2"},
    )
    assert stale.status_code == 409
    assert "Name the account" in stale.content.decode()
    assert written() == before
    done = approver.post(
        url("send-back", incident, revision.pk), _answer(revision, comment="Name the account")
    )
    assert done.status_code == 302
    revision.refresh_from_db()
    assert revision.state == "sent_back"


def test_changes_are_marked_against_what_this_approver_sent_back(
    desk: Desk, incident: Incident
) -> None:
    first = submitted(desk, incident, text="حساب مزيّف يردّ باسمنا")
    approving.send_back(
        revision_id=first.pk, comment="أيّ حساب؟", actor=desk.actor("approver"), at=NOON + 3 * MINUTE
    )
    second = submitted(desk, incident, text="حساب @NourHelp يردّ باسمنا")
    shown = browser(desk, "approver").get(url("approve", incident, second.pk)).content.decode()
    assert "<del>" in shown
    assert "<ins>" in shown
    assert "which you sent back" in shown
    other = browser(desk, "deputy").get(url("approve", incident, second.pk)).content.decode()
    assert "since revision 1" in other
    assert "which you sent back" not in other


def test_another_language_stands_beside_it_for_understanding_only(
    desk: Desk, incident: Incident
) -> None:
    drafted(desk, incident, "he", text=HEBREW)
    revision = submitted(desk, incident)
    desk.approver.reads = ["ar", "he"]
    desk.approver.save()
    shown = browser(desk, "approver").get(url("approve", incident, revision.pk)).content.decode()
    assert "Hebrew, for understanding, not for publication" in shown
    assert HEBREW.split()[0] in shown


def test_the_author_is_told_that_another_person_approves(desk: Desk, incident: Incident) -> None:
    revision = submitted(desk, incident, who="lead")
    lead = browser(desk, "lead")
    shown = lead.get(url("approve", incident, revision.pk)).content.decode()
    assert "You wrote some of these words." in shown
    assert "Approve these words" not in shown
    before = written()
    refused = lead.post(url("approve", incident, revision.pk), _answer(revision))
    assert refused.status_code == 403
    assert "Nobody approves their own text" in refused.content.decode()
    assert written() == before


def test_an_unread_language_is_not_approved(desk: Desk, incident: Incident) -> None:
    revision = submitted(desk, incident)
    desk.deputy.reads = ["en"]
    desk.deputy.save()
    deputy = browser(desk, "deputy")
    shown = deputy.get(url("approve", incident, revision.pk)).content.decode()
    assert "Arabic is not among the languages you read." in shown
    assert "/settings/" in shown
    before = written()
    assert deputy.post(url("approve", incident, revision.pk), _answer(revision)).status_code == 403
    assert written() == before


def test_an_older_revision_points_to_the_newer_one(desk: Desk, incident: Incident) -> None:
    first = submitted(desk, incident)
    second = submitted(desk, incident, text="نص أحدث")
    approver = browser(desk, "approver")
    shown = approver.get(url("approve", incident, first.pk)).content.decode()
    assert "There is a newer text, revision 2." in shown
    assert url("approve", incident, second.pk) in shown
    before = written()
    refused = approver.post(url("approve", incident, first.pk), _answer(first))
    assert refused.status_code == 422
    assert written() == before


def test_words_already_decided_say_so(desk: Desk, incident: Incident) -> None:
    revision = approved(desk, incident)
    deputy = browser(desk, "deputy")
    assert "These words are approved." in (
        deputy.get(url("approve", incident, revision.pk)).content.decode()
    )
    before = written()
    late = deputy.post(url("approve", incident, revision.pk), _answer(revision))
    assert late.status_code == 409
    assert written() == before


def test_words_that_changed_meanwhile_are_not_approved_unread(
    desk: Desk, incident: Incident
) -> None:
    revision = submitted(desk, incident)
    before = written()
    for shown in ("", "0" * 64):
        refused = browser(desk, "approver").post(
            url("approve", incident, revision.pk), {"text_hash": shown}
        )
        assert refused.status_code == 409
    assert written() == before


@pytest.mark.parametrize("name", ["executive", "observer", "staff"])
def test_who_only_reads_along_has_no_buttons(desk: Desk, incident: Incident, name: str) -> None:
    revision = submitted(desk, incident, who="lead")
    person = browser(desk, name)
    shown = person.get(url("approve", incident, revision.pk))
    assert shown.status_code == 200
    assert "Approve these words" not in shown.content.decode()
    before = written()
    refused = person.post(url("approve", incident, revision.pk), _answer(revision))
    assert refused.status_code == 403
    assert written() == before


def test_a_stranger_finds_nothing(desk: Desk, incident: Incident) -> None:
    revision = submitted(desk, incident)
    stranger = browser(desk, "stranger")
    before = written()
    for name in ("approve", "send-back", "phone-approval"):
        assert stranger.get(url(name, incident, revision.pk)).status_code == 404
        assert stranger.post(url(name, incident, revision.pk), {}).status_code == 404
    for name in ("phone-confirm", "chase-approver"):
        assert stranger.post(url(name, incident, revision.pk), {}).status_code == 404
    assert written() == before


def test_words_of_another_incident_are_not_found_under_this_one(
    desk: Desk, incident: Incident
) -> None:
    from tests.factories.incidents import make_incident

    revision = submitted(desk, incident)
    other = make_incident(desk)
    assert browser(desk, "approver").get(url("approve", other, revision.pk)).status_code == 404


def test_who_is_signed_out_is_led_to_the_sign_in_page(desk: Desk, incident: Incident) -> None:
    from django.test import Client

    revision = submitted(desk, incident)
    answer = Client().get(url("approve", incident, revision.pk))
    assert answer.status_code == 302
    assert "next=" in answer.headers["Location"]


def test_the_screen_asks_the_same_number_of_questions_after_fifty_revisions(
    desk: Desk, incident: Incident
) -> None:
    revision = submitted(desk, incident)
    approver = browser(desk, "approver")

    def asked(number: int) -> int:
        approver.get(url("approve", incident, number))
        with CaptureQueriesContext(connection) as found:
            assert approver.get(url("approve", incident, number)).status_code == 200
        return len(found)

    submitted(desk, incident, text="نص ثان")
    few = asked(submitted(desk, incident, text="نص ثالث").pk)
    for number in range(50):
        revision = submitted(desk, incident, text=f"نص رقم {number}")
    assert asked(revision.pk) == few
    assert few <= 12


def test_who_wrote_or_leads_takes_words_back_from_review(desk: Desk, incident: Incident) -> None:
    revision = submitted(desk, incident)
    editor = url("statement", incident, revision.statement_id) + "?language=ar"
    for name, offered in (("staff", True), ("lead", True), ("approver", False)):
        body = browser(desk, name).get(editor).content.decode()
        assert ("Take back from review" in body) is offered, name
    path, before = url("take-back", incident, revision.pk), written()
    assert browser(desk, "approver").post(path).status_code == 403
    assert browser(desk, "stranger").post(path).status_code == 404
    assert written() == before
    staff = browser(desk, "staff")
    assert staff.post(path, {"key": "b"}).status_code == 302
    revision.refresh_from_db()
    assert revision.state == "draft"
    assert not Deadline.objects.filter(kind="approval", state="running").exists()
    told = TimelineEvent.objects.get(incident=incident, kind="statement_taken_back")
    assert told.actor == desk.staff
    screen = browser(desk, "approver").get(url("approve", incident, revision.pk))
    assert "taken back from review" in screen.content.decode()
    late = browser(desk, "approver").post(
        url("approve", incident, revision.pk), {"text_hash": revision.text_hash}
    )
    assert (late.status_code, Approval.objects.count()) == (409, 0)
    again = staff.post(path, {"key": "c"})
    assert (again.status_code, TimelineEvent.objects.filter(kind=told.kind).count()) == (409, 1)
    # What the approver has read stays as it was; the next words are a new revision.
    newer = drafted(desk, incident, text="نص آخر")
    assert (newer.number, newer.pk != revision.pk) == (revision.number + 1, True)
