"""Approved words go out once, and meet the clocks they meet."""

from __future__ import annotations

from datetime import timedelta

from crisisdesk.incidents.domain import approving, drafting, publishing
from crisisdesk.incidents.models import (
    Commitment,
    Deadline,
    Incident,
    TimelineEvent,
)
from crisisdesk.organisation.models import BrandLanguage
from playbooks.domain.presigning import sign_acknowledgement
from tests.factories.incidents import LINK, Desk, words_of
from tests.factories.organisation import NOON
from tests.incidents.words_scenes import MINUTE, approved, refused, submitted


def test_unapproved_words_are_not_posted(desk: Desk, incident: Incident) -> None:
    revision = submitted(desk, incident)
    for function, more in (
        (publishing.claim_posting, {}),
        (publishing.record_publication, {"posting": publishing.Posting(url=LINK)}),
    ):
        refused(
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
    revision = submitted(desk, incident)
    posting = publishing.Posting(url=LINK)
    fields = {"revision_id": revision.pk, "channel": "x", "posting": posting, "at": NOON + MINUTE}
    refused(
        "not_allowed",
        publishing.override_publication,
        reason="Now",
        actor=desk.actor("staff"),
        **fields,
    )
    refused(
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
    revision = approved(desk, incident)
    claim = {"revision_id": revision.pk, "channel": "x"}
    publishing.claim_posting(**claim, actor=desk.actor("staff"), at=NOON)
    error = refused(
        "claimed_by_other",
        publishing.claim_posting,
        **claim,
        actor=desk.actor("lead"),
        at=NOON + 4 * MINUTE,
    )
    assert error.params["name"] == desk.staff.names()
    row = publishing.claim_posting(
        **claim, actor=desk.actor("lead"), at=NOON + 4 * MINUTE, take_over=True
    )
    assert row.claimed_by == desk.lead
    free = publishing.claim_posting(**claim, actor=desk.actor("staff"), at=NOON + 10 * MINUTE)
    assert free.claimed_by == desk.staff


def test_posting_needs_a_link_or_says_that_it_follows(desk: Desk, incident: Incident) -> None:
    revision = approved(desk, incident)
    fields = {
        "revision_id": revision.pk,
        "channel": "x",
        "actor": desk.actor("staff"),
        "at": NOON + 5 * MINUTE,
    }
    record = publishing.record_publication
    refused("link_missing", record, posting=publishing.Posting(), **fields)
    refused("link_invalid", record, posting=publishing.Posting(url="not a link"), **fields)
    future = publishing.Posting(url=LINK, published_at=NOON + timedelta(hours=1))
    refused("published_in_future", record, posting=future, **fields)
    row = record(posting=publishing.Posting(link_to_follow=True), **fields)
    assert Deadline.objects.get(incident=incident, kind="publication_link").state == "running"
    refused("already_published", record, posting=publishing.Posting(url=LINK), **fields)
    publishing.add_publication_link(
        publication_id=row.pk, url=LINK, actor=desk.actor("staff"), at=NOON + 9 * MINUTE
    )
    assert Deadline.objects.get(incident=incident, kind="publication_link").state == "met"


def test_a_holding_statement_on_the_origin_channel_is_also_the_first_word(
    desk: Desk, incident: Incident
) -> None:
    revision = approved(desk, incident)
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
