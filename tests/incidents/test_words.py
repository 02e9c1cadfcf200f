"""Exact words are approved, posted once, and meet the clocks they meet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from crisisdesk.core.errors import DomainError, Invalid, NotAllowed, Stale
from crisisdesk.incidents.domain import approving, chasing, drafting, publishing, roles
from crisisdesk.incidents.models import (
    Approval,
    Commitment,
    Deadline,
    Incident,
    Publication,
    StatementRevision,
    TimelineEvent,
)
from crisisdesk.organisation.models import BrandLanguage
from playbooks.domain.presigning import sign_acknowledgement
from tests.factories.incidents import LINK, Desk, words_of
from tests.factories.organisation import NOON

MINUTE = timedelta(minutes=1)


def _draft(
    desk: Desk, incident: Incident, text: str = "نص البيان", stage: str = "holding"
) -> StatementRevision:
    words = words_of(incident, stage, "ar")
    return drafting.save_draft(
        statement_language_id=words.pk,
        text=text,
        version=words.version,
        actor=desk.actor("staff"),
        at=NOON,
    )


def _submitted(desk: Desk, incident: Incident, stage: str = "holding") -> StatementRevision:
    revision = _draft(desk, incident, stage=stage)
    words = revision.statement_language
    words.refresh_from_db()
    return approving.submit(
        statement_language_id=words.pk,
        version=words.version,
        actor=desk.actor("staff"),
        at=NOON + MINUTE,
    )


def _approved(desk: Desk, incident: Incident, stage: str = "holding") -> StatementRevision:
    revision = _submitted(desk, incident, stage)
    approving.approve(revision_id=revision.pk, actor=desk.actor("approver"), at=NOON + 2 * MINUTE)
    revision.refresh_from_db()
    return revision


def _refused(error: str, function: object, **fields: object) -> DomainError:
    before = (TimelineEvent.objects.count(), Approval.objects.count(), Publication.objects.count())
    with pytest.raises(DomainError, match=error) as caught:
        function(**fields)  # type: ignore[operator]
    assert (
        TimelineEvent.objects.count(),
        Approval.objects.count(),
        Publication.objects.count(),
    ) == before
    return caught.value


def test_an_own_draft_changes_in_place_and_another_hand_makes_a_revision(
    desk: Desk, incident: Incident
) -> None:
    first = _draft(desk, incident)
    again = _draft(desk, incident, "نص آخر")
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
    _draft(desk, incident)
    error = _refused(
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
    revision = _submitted(desk, incident)
    with pytest.raises(DatabaseError), transaction.atomic():
        StatementRevision.objects.filter(pk=revision.pk).update(text="changed")


def test_placeholders_left_are_named(desk: Desk, incident: Incident) -> None:
    revision = _draft(desk, incident, "حساب {fake_account} ليس لنا")
    error = _refused(
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
    _refused("own_text", approving.approve, revision_id=revision.pk, actor=lead, at=NOON)


def test_nobody_approves_a_language_they_do_not_read(desk: Desk, incident: Incident) -> None:
    revision = _submitted(desk, incident)
    desk.approver.reads = ["en"]
    desk.approver.save()
    _refused(
        "language_not_read",
        approving.approve,
        revision_id=revision.pk,
        actor=desk.actor("approver"),
        at=NOON,
    )


def test_an_older_revision_cannot_be_approved_or_posted(desk: Desk, incident: Incident) -> None:
    revision = _approved(desk, incident)
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
    _refused("newer_revision", approving.approve, **fields)
    _refused(
        "newer_revision",
        publishing.claim_posting,
        revision_id=revision.pk,
        channel="x",
        actor=desk.actor("staff"),
        at=NOON,
    )


def test_words_changed_while_reading_are_not_approved(desk: Desk, incident: Incident) -> None:
    revision = _submitted(desk, incident)
    fields = {"revision_id": revision.pk, "actor": desk.actor("approver"), "at": NOON}
    _refused("words_changed", approving.approve, text_hash="0" * 64, **fields)


def test_unapproved_words_are_not_posted(desk: Desk, incident: Incident) -> None:
    revision = _submitted(desk, incident)
    for function, more in (
        (publishing.claim_posting, {}),
        (publishing.record_publication, {"posting": publishing.Posting(url=LINK)}),
    ):
        _refused(
            "not_approved",
            function,
            revision_id=revision.pk,
            channel="x",
            actor=desk.actor("staff"),
            at=NOON,
            **more,
        )


def test_an_override_needs_the_lead_a_reason_and_another_author(
    desk: Desk, incident: Incident
) -> None:
    revision = _submitted(desk, incident)
    posting = publishing.Posting(url=LINK)
    fields = {"revision_id": revision.pk, "channel": "x", "posting": posting, "at": NOON + MINUTE}
    _refused(
        "not_allowed",
        publishing.override_publication,
        reason="Now",
        actor=desk.actor("staff"),
        **fields,
    )
    _refused(
        "reason_missing",
        publishing.override_publication,
        reason=" ",
        actor=desk.actor("lead"),
        **fields,
    )
    row = publishing.override_publication(reason="Gas leak", actor=desk.actor("lead"), **fields)
    assert row.override_reason == "Gas leak"
    assert TimelineEvent.objects.filter(incident=incident, kind="overridden").count() == 1
    assert Deadline.objects.get(incident=incident, kind="override_review").state == "running"


def test_a_claim_holds_for_five_minutes_and_can_be_taken_over(
    desk: Desk, incident: Incident
) -> None:
    revision = _approved(desk, incident)
    claim = {"revision_id": revision.pk, "channel": "x"}
    publishing.claim_posting(**claim, actor=desk.actor("staff"), at=NOON)
    error = _refused(
        "claimed_by_other",
        publishing.claim_posting,
        **claim,
        actor=desk.actor("lead"),
        at=NOON + 4 * MINUTE,
    )
    assert error.params["name"] == desk.staff.full_name
    row = publishing.claim_posting(
        **claim, actor=desk.actor("lead"), at=NOON + 4 * MINUTE, take_over=True
    )
    assert row.claimed_by == desk.lead
    free = publishing.claim_posting(**claim, actor=desk.actor("staff"), at=NOON + 10 * MINUTE)
    assert free.claimed_by == desk.staff


def test_posting_needs_a_link_or_says_that_it_follows(desk: Desk, incident: Incident) -> None:
    revision = _approved(desk, incident)
    fields = {
        "revision_id": revision.pk,
        "channel": "x",
        "actor": desk.actor("staff"),
        "at": NOON + 5 * MINUTE,
    }
    record = publishing.record_publication
    _refused("link_missing", record, posting=publishing.Posting(), **fields)
    _refused("link_invalid", record, posting=publishing.Posting(url="not a link"), **fields)
    future = publishing.Posting(url=LINK, published_at=NOON + timedelta(hours=1))
    _refused("published_in_future", record, posting=future, **fields)
    row = record(posting=publishing.Posting(link_to_follow=True), **fields)
    assert Deadline.objects.get(incident=incident, kind="publication_link").state == "running"
    _refused("already_published", record, posting=publishing.Posting(url=LINK), **fields)
    publishing.add_publication_link(
        publication_id=row.pk, url=LINK, actor=desk.actor("staff"), at=NOON + 9 * MINUTE
    )
    assert Deadline.objects.get(incident=incident, kind="publication_link").state == "met"


def test_a_holding_statement_on_the_origin_channel_is_also_the_first_word(
    desk: Desk, incident: Incident
) -> None:
    revision = _approved(desk, incident)
    publishing.record_publication(
        revision_id=revision.pk,
        channel="facebook",
        posting=publishing.Posting(url="https://facebook.com/1"),
        actor=desk.actor("staff"),
        at=NOON + 10 * MINUTE,
    )
    state = dict(
        Deadline.objects.filter(incident=incident).exclude(kind="item").values_list("kind", "state")
    )
    assert (state["holding"], state["acknowledgement"]) == ("met", "running")
    publishing.record_publication(
        revision_id=revision.pk,
        channel="x",
        posting=publishing.Posting(url=LINK),
        actor=desk.actor("staff"),
        at=NOON + 12 * MINUTE,
    )
    assert (
        Deadline.objects.get(incident=incident, kind="acknowledgement").met_at == NOON + 12 * MINUTE
    )


def test_a_next_update_told_in_the_words_becomes_a_promise(desk: Desk, incident: Incident) -> None:
    BrandLanguage.objects.filter(brand=desk.brand, language="he").update(zone="Asia/Jerusalem")
    words = words_of(incident, "holding", "he")
    drafting.save_draft(
        statement_language_id=words.pk,
        text="העדכון הבא בשעה 15:30 שעון ישראל",
        values={"next_update": "15:30 שעון ישראל"},
        version=1,
        actor=desk.actor("staff"),
        at=NOON,
    )
    revision = approving.submit(
        statement_language_id=words.pk, version=2, actor=desk.actor("staff"), at=NOON
    )
    approving.approve(revision_id=revision.pk, actor=desk.actor("approver"), at=NOON)
    publishing.record_publication(
        revision_id=revision.pk,
        channel="x",
        posting=publishing.Posting(url=LINK),
        actor=desk.actor("staff"),
        at=NOON,
    )
    promise = Commitment.objects.get(incident=incident)
    assert promise.due_at == NOON.replace(hour=13, minute=30)  # 15:30 in Israel in November
    assert (
        Deadline.objects.get(subject_kind="commitment", subject_id=promise.pk).due_at
        == promise.due_at
    )


def test_words_signed_in_peacetime_are_posted_at_once_and_other_words_are_not(
    desk: Desk, incident: Incident
) -> None:
    sign_acknowledgement(
        revision_id=incident.playbook_revision_id,
        brand_id=desk.brand.pk,
        statement_key="acknowledgement",
        language="ar",
        actor=desk.actor("approver"),
        at=NOON - timedelta(days=60),
    )
    words = words_of(incident, "acknowledgement", "ar")
    filled = (
        words.template.replace("{fake_account}", "@NourHelp")
        .replace("{our_account}", "@NourHome")
        .replace("{next_update}", "15:30 بتوقيت الإمارات")
        .replace("{link}", "nourhome.example/real")
    )
    revision = drafting.save_draft(
        statement_language_id=words.pk, text=filled, version=1, actor=desk.actor("staff"), at=NOON
    )
    assert (revision.state, revision.is_presigned) == ("approved", True)
    publishing.claim_posting(
        revision_id=revision.pk, channel="x", actor=desk.actor("staff"), at=NOON
    )
    words.refresh_from_db()
    other = drafting.save_draft(
        statement_language_id=words.pk,
        text=filled.replace("نأسف", "لا نأسف"),
        version=words.version,
        actor=desk.actor("staff"),
        at=NOON,
    )
    assert (other.state, other.is_presigned) == ("draft", False)


@pytest.mark.parametrize(("severity", "state"), [("sev2", "approved"), ("sev3", "in_review")])
def test_an_approval_by_phone_counts_at_once_only_for_the_gravest(
    desk: Desk, incident: Incident, severity: str, state: str
) -> None:
    Incident.objects.filter(pk=incident.pk).update(severity=severity)
    revision = _submitted(desk, incident)
    call = {
        "revision_id": revision.pk,
        "approver": desk.approver,
        "said_at": NOON,
        "at": NOON + 3 * MINUTE,
    }
    _refused("own_text", approving.record_phone_approval, actor=desk.actor("staff"), **call)
    approval = approving.record_phone_approval(actor=desk.actor("lead"), **call)
    revision.refresh_from_db()
    assert revision.state == state
    _refused(
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
    revision = _submitted(desk, incident)
    approver = desk.actor("approver")
    _refused(
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
    revision = _submitted(desk, incident)
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
