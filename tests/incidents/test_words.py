"""Exact words are approved, posted once, and meet the clocks they meet."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from crisisdesk.core.errors import Invalid, NotAllowed, Stale
from crisisdesk.incidents.domain import approving, chasing, drafting, publishing, roles
from crisisdesk.incidents.models import (
    Deadline,
    Incident,
    StatementRevision,
)
from tests.factories.incidents import Desk, words_of
from tests.factories.organisation import NOON
from tests.incidents.words_scenes import MINUTE, approved, draft, refused, submitted


def test_an_own_draft_changes_in_place_and_another_hand_makes_a_revision(
    desk: Desk, incident: Incident
) -> None:
    first = draft(desk, incident)
    again = draft(desk, incident, "نص آخر")
    assert (again.pk, again.number, again.text) == (first.pk, 1, "نص آخر")
    words = words_of(incident, "holding", "ar")
    second = drafting.save_draft(
        statement_language_id=words.pk,
        text="نص ثالث",
        version=words.version,
        actor=desk.actor("lead"),
        at=NOON,
    )
    assert second.number == 2


def test_two_people_saving_the_same_text_keeps_both(desk: Desk, incident: Incident) -> None:
    words = words_of(incident, "holding", "ar")
    draft(desk, incident)
    error = refused(
        "stale",
        drafting.save_draft,
        statement_language_id=words.pk,
        text="كلام غيره",
        version=words.version,
        actor=desk.actor("lead"),
        at=NOON,
    )
    assert isinstance(error, Stale)
    assert error.current.text == "نص البيان"


def test_the_database_keeps_words_that_were_sent_to_approval(
    desk: Desk, incident: Incident
) -> None:
    revision = submitted(desk, incident)
    with pytest.raises(DatabaseError), transaction.atomic():
        StatementRevision.objects.filter(pk=revision.pk).update(text="changed")


def test_placeholders_left_are_named(desk: Desk, incident: Incident) -> None:
    revision = draft(desk, incident, "حساب {fake_account} ليس لنا")
    error = refused(
        "placeholders_left",
        approving.submit,
        statement_language_id=revision.statement_language_id,
        version=2,
        actor=desk.actor("staff"),
        at=NOON,
    )
    assert error.params["names"] == ["fake_account"]


def test_nobody_approves_their_own_text_not_even_the_lead(desk: Desk, incident: Incident) -> None:
    words = words_of(incident, "holding", "ar")
    lead = desk.actor("lead")
    drafting.save_draft(statement_language_id=words.pk, text="نص", version=1, actor=lead, at=NOON)
    revision = approving.submit(statement_language_id=words.pk, version=2, actor=lead, at=NOON)
    refused("own_text", approving.approve, revision_id=revision.pk, actor=lead, at=NOON)


def test_nobody_approves_a_language_they_do_not_read(desk: Desk, incident: Incident) -> None:
    revision = submitted(desk, incident)
    desk.approver.reads = ["en"]
    desk.approver.save()
    refused(
        "language_not_read",
        approving.approve,
        revision_id=revision.pk,
        actor=desk.actor("approver"),
        at=NOON,
    )


def test_an_older_revision_cannot_be_approved_or_posted(desk: Desk, incident: Incident) -> None:
    revision = approved(desk, incident)
    words = words_of(incident, "holding", "ar")
    newer = drafting.save_draft(
        statement_language_id=words.pk,
        text="نص جديد",
        version=words.version,
        actor=desk.actor("staff"),
        at=NOON,
    )
    assert not newer.approvals.exists()
    fields = {"revision_id": revision.pk, "actor": desk.actor("approver"), "at": NOON}
    refused("newer_revision", approving.approve, **fields)
    refused(
        "newer_revision",
        publishing.claim_posting,
        revision_id=revision.pk,
        channel="x",
        actor=desk.actor("staff"),
        at=NOON,
    )


def test_words_changed_while_reading_are_notapproved(desk: Desk, incident: Incident) -> None:
    revision = submitted(desk, incident)
    fields = {"revision_id": revision.pk, "actor": desk.actor("approver"), "at": NOON}
    refused("words_changed", approving.approve, text_hash="0" * 64, **fields)


@pytest.mark.parametrize(("severity", "state"), [("sev2", "approved"), ("sev3", "in_review")])
def test_an_approval_by_phone_counts_at_once_only_for_the_gravest(
    desk: Desk, incident: Incident, severity: str, state: str
) -> None:
    Incident.objects.filter(pk=incident.pk).update(severity=severity)
    revision = submitted(desk, incident)
    call = {
        "revision_id": revision.pk,
        "approver": desk.approver,
        "said_at": NOON,
        "at": NOON + 3 * MINUTE,
    }
    refused("own_text", approving.record_phone_approval, actor=desk.actor("staff"), **call)
    approval = approving.record_phone_approval(actor=desk.actor("lead"), **call)
    revision.refresh_from_db()
    assert revision.state == state
    refused(
        "not_your_word",
        approving.confirm_phone_approval,
        approval_id=approval.pk,
        actor=desk.actor("lead"),
        at=NOON,
    )
    approving.confirm_phone_approval(
        approval_id=approval.pk, actor=desk.actor("approver"), at=NOON + 9 * MINUTE
    )
    revision.refresh_from_db()
    assert revision.state == "approved"


def test_sending_back_needs_a_word_and_frees_the_author(desk: Desk, incident: Incident) -> None:
    revision = submitted(desk, incident)
    approver = desk.actor("approver")
    refused(
        "comment_missing",
        approving.send_back,
        revision_id=revision.pk,
        comment=" ",
        actor=approver,
        at=NOON,
    )
    approving.send_back(
        revision_id=revision.pk, comment="Name no supplier", actor=approver, at=NOON
    )
    revision.refresh_from_db()
    assert revision.state == "sent_back"
    assert Deadline.objects.get(subject_kind="revision", subject_id=revision.pk).state == "met"


def test_the_lead_presses_no_answer_and_the_deputy_is_asked_at_once(
    desk: Desk, incident: Incident
) -> None:
    revision = submitted(desk, incident)
    press = {"revision_id": revision.pk, "reached": False, "at": NOON + 4 * MINUTE}
    with pytest.raises(NotAllowed):
        chasing.chase_approver(actor=desk.actor("staff"), **press)
    chasing.chase_approver(actor=desk.actor("lead"), **press)
    revision.refresh_from_db()
    assert revision.deputy_asked_at == NOON + 4 * MINUTE


def test_a_role_cannot_be_given_to_somebody_outside_the_brand(
    desk: Desk, incident: Incident
) -> None:
    with pytest.raises(Invalid, match="person_not_of_brand"):
        roles.assign_role(
            incident_id=incident.pk,
            role="scribe",
            user=desk.stranger,
            actor=desk.actor("lead"),
            at=NOON,
        )
    assert not incident.roles.filter(role="scribe").exists()
