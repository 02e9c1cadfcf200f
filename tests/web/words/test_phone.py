"""A yes by voice or message, and the approver who does not answer."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from crisisdesk.incidents.models import Approval, Incident, TimelineEvent
from tests.factories.incidents import Desk
from tests.factories.organisation import NOON
from tests.web.words.scenes import MINUTE, browser, submitted, url, written

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"


def _yes(desk: Desk, **more: object) -> dict[str, object]:
    return {"approver": desk.approver.pk, "said_at": "2026-11-18T16:06", "key": "y"} | more


def test_a_recorded_yes_counts_at_once_and_is_confirmed_by_who_gave_it(
    desk: Desk, incident: Incident
) -> None:
    revision = submitted(desk, incident)
    lead = browser(desk, "lead")
    form = lead.get(url("phone-approval", incident, revision.pk)).content.decode()
    assert "At this severity it counts at once." in form
    proof = SimpleUploadedFile("message.png", PNG, "image/png")
    done = lead.post(
        url("phone-approval", incident, revision.pk),
        _yes(desk, comment="On the phone", proof=proof),
    )
    assert done.status_code == 302
    said = Approval.objects.get(revision=revision)
    assert (said.how, said.decided_at, said.confirmed_at) == (
        "by_phone",
        NOON + 6 * MINUTE,
        None,
    )
    assert said.proof is not None
    revision.refresh_from_db()
    assert revision.state == "approved"
    editor = lead.get(url("statement", incident, revision.statement_id) + "?language=ar")
    assert "By phone, to be confirmed" in editor.content.decode()

    approver = browser(desk, "approver")
    page = approver.get(url("approve", incident, revision.pk)).content.decode()
    assert "<bdi>Lead</bdi> recorded your approval by phone" in page
    confirm = url("phone-confirm", incident, revision.pk)
    before = written()
    assert browser(desk, "deputy").post(confirm).status_code == 404
    assert written() == before
    assert approver.post(confirm, {"key": "z"}).status_code == 302
    said.refresh_from_db()
    assert said.confirmed_at == NOON + 10 * MINUTE


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"said_at": "2026-11-18T18:00"}, "in the future"),
        ({"proof": SimpleUploadedFile("run.exe", b"MZ\x00\x00", "image/png")}, "not accepted"),
        ({"approver": 0}, "Not saved yet"),
    ],
)
def test_refusals_keep_what_was_typed(
    desk: Desk, incident: Incident, more: dict[str, object], words: str
) -> None:
    revision = submitted(desk, incident)
    before = written()
    refused = browser(desk, "lead").post(
        url("phone-approval", incident, revision.pk), _yes(desk, comment="Said yes", **more)
    )
    assert refused.status_code == 422
    assert words in refused.content.decode()
    assert "Said yes" in refused.content.decode()
    assert written() == before


def test_a_chosen_file_is_named_again_when_the_form_is_refused(
    desk: Desk, incident: Incident
) -> None:
    revision = submitted(desk, incident)
    proof = SimpleUploadedFile("said-yes.png", b"\x89PNG\r\n", "image/png")
    refused = browser(desk, "lead").post(
        url("phone-approval", incident, revision.pk), _yes(desk, proof=proof, approver=0)
    )
    body = refused.content.decode()
    assert (refused.status_code, "choose the file again" in body) == (422, True)
    assert "said-yes.png" in body


@pytest.mark.parametrize(("name", "told"), [("staff", "You wrote"), ("executive", "Your role")])
def test_not_the_author_and_not_who_only_reads(
    desk: Desk, incident: Incident, name: str, told: str
) -> None:
    revision = submitted(desk, incident)
    person = browser(desk, name)
    page = person.get(url("phone-approval", incident, revision.pk)).content.decode()
    assert told in page
    assert "Record the approval" not in page
    before = written()
    refused = person.post(url("phone-approval", incident, revision.pk), _yes(desk))
    assert refused.status_code == 403
    assert written() == before


def test_the_lead_calls_and_says_what_came_of_it(desk: Desk, incident: Incident) -> None:
    desk.approver.phone = "+97150000000"
    desk.approver.save()
    revision = submitted(desk, incident)
    lead = browser(desk, "lead")
    page = lead.get(url("statement", incident, revision.statement_id) + "?language=ar")
    assert 'href="tel:+97150000000"' in page.content.decode()
    chase = url("chase-approver", incident, revision.pk)
    assert lead.post(chase, {"reached": "yes"}).status_code == 302
    assert lead.post(chase, {"reached": "no"}).status_code == 302
    revision.refresh_from_db()
    assert revision.reached_at
    assert revision.deputy_asked_at
    kinds = set(TimelineEvent.objects.values_list("kind", flat=True))
    assert {"reached", "no_answer", "deputy_asked"} <= kinds


def test_only_the_lead_says_so(desk: Desk, incident: Incident) -> None:
    revision = submitted(desk, incident)
    before = written()
    for name in ("staff", "deputy", "executive"):
        refused = browser(desk, name).post(
            url("chase-approver", incident, revision.pk), {"reached": "no"}
        )
        assert refused.status_code == 403
    assert written() == before
