"""Copy and post: one person at a time, only approved words, never in the future, once."""

from __future__ import annotations

import pytest
from time_machine import Traveller

from crisisdesk.incidents.models import Deadline, Incident, Publication
from crisisdesk.organisation.models import OfficialAccount
from tests.factories.incidents import LINK, Desk
from tests.factories.organisation import NOON
from tests.web.words.scenes import (
    MINUTE,
    approved,
    browser,
    claimed,
    posted,
    submitted,
    url,
    written,
)


def test_claim_copy_and_record_with_only_the_link(desk: Desk, incident: Incident) -> None:
    OfficialAccount.objects.filter(channel__key="x").update(url="https://x.com/NourHome")
    revision = approved(desk, incident)
    staff = browser(desk, "staff")
    editor = staff.get(url("statement", incident, revision.statement_id) + "?language=ar")
    assert "Copy and post Arabic on X" in editor.content.decode()
    page = staff.post(url("post-claim", incident, revision.pk, "x"), {"key": "c"}, follow=True)
    shown = page.content.decode()
    assert "You are posting this on X until" in shown
    assert f'data-copy="{revision.text}"' in shown
    assert 'data-then-open="https://x.com/NourHome"' in shown
    done = staff.post(url("post", incident, revision.pk, "x"), {"url": LINK, "key": "p"})
    assert done.status_code == 302
    row = Publication.objects.get(revision=revision)
    assert (row.state, row.url, row.published_at) == ("published", LINK, NOON + 10 * MINUTE)
    assert row.account == OfficialAccount.objects.get(channel__key="x")
    assert not row.is_reply
    met = Deadline.objects.filter(incident=incident, state="met").values_list("kind", flat=True)
    assert {"holding", "acknowledgement"} <= set(met)


def test_the_same_record_twice_is_one(desk: Desk, incident: Incident) -> None:
    revision = approved(desk, incident)
    staff = browser(desk, "staff")
    path, form = url("post", incident, revision.pk, "x"), {"url": LINK, "key": "p"}
    assert staff.post(path, form).status_code == 302
    before = written()
    assert staff.post(path, form).status_code == 302
    assert staff.post(path, form | {"key": "q"}).status_code == 422
    assert written() == before


def test_who_comes_second_sees_who_is_posting_and_may_take_over(
    desk: Desk, incident: Incident
) -> None:
    revision = approved(desk, incident)
    claimed(desk, revision)
    lead = browser(desk, "lead")
    before = written()
    refused = lead.post(url("post-claim", incident, revision.pk, "x"), {"key": "c"})
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert "<bdi>Staff</bdi> is posting this on X." in shown
    assert "Take over" in shown
    assert 'name="url"' not in shown
    assert written() == before
    taken = lead.post(
        url("post-claim", incident, revision.pk, "x"), {"key": "d", "take_over": "1"}, follow=True
    )
    assert "You are posting this on X until" in taken.content.decode()
    assert Publication.objects.get().claimed_by == desk.lead


def test_a_claim_holds_for_five_minutes(desk: Desk, incident: Incident, hour: Traveller) -> None:
    revision = approved(desk, incident)
    claimed(desk, revision)
    hour.move_to(NOON + 14 * MINUTE)
    lead = browser(desk, "lead")
    page = lead.get(url("post", incident, revision.pk, "x")).content.decode()
    assert "is posting this on X" not in page
    assert lead.post(url("post-claim", incident, revision.pk, "x")).status_code == 302
    assert Publication.objects.get().claimed_by == desk.lead


def test_giving_it_back_frees_the_channel(desk: Desk, incident: Incident) -> None:
    revision = approved(desk, incident)
    claimed(desk, revision)
    release = url("post-release", incident, revision.pk, "x")
    assert browser(desk, "staff").post(release).status_code == 302
    assert (
        browser(desk, "lead").post(url("post-claim", incident, revision.pk, "x")).status_code == 302
    )


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"url": ""}, "Paste the link of the post"),
        ({"url": "not a link"}, "This is not a link"),
        ({"url": LINK, "published_at": "2026-11-18T18:00"}, "in the future"),
    ],
)
def test_refusals_keep_what_was_typed(
    desk: Desk, incident: Incident, form: dict[str, str], words: str
) -> None:
    revision = approved(desk, incident)
    claimed(desk, revision)
    before = written()
    refused = browser(desk, "staff").post(url("post", incident, revision.pk, "x"), form)
    shown = refused.content.decode()
    assert refused.status_code == 422
    assert words in shown
    assert form["url"] in shown
    assert written() == before
    assert Publication.objects.get().state == "claimed"


def test_back_dated_as_a_reply_and_the_link_comes_later(desk: Desk, incident: Incident) -> None:
    revision = approved(desk, incident)
    staff = browser(desk, "staff")
    form = {"follow": "1", "published_at": "2026-11-18T16:05", "is_reply": "on", "key": "p"}
    assert staff.post(url("post", incident, revision.pk, "x"), form).status_code == 302
    row = Publication.objects.get()
    assert (row.url, row.published_at, row.is_reply) == ("", NOON + 5 * MINUTE, True)
    page = staff.get(url("statement", incident, revision.statement_id) + "?language=ar")
    assert "Link to follow" in page.content.decode()
    before = written()
    wrong = staff.post(url("publication-link", incident, row.pk), {"url": "nowhere"})
    assert wrong.status_code == 422
    assert "nowhere" in wrong.content.decode()
    assert written() == before
    assert staff.post(url("publication-link", incident, row.pk), {"url": LINK}).status_code == 302
    row.refresh_from_db()
    assert row.url == LINK


def test_unapproved_words_are_not_posted(desk: Desk, incident: Incident) -> None:
    revision = submitted(desk, incident)
    staff = browser(desk, "staff")
    before = written()
    for name, form in (("post-claim", {}), ("post", {"url": LINK})):
        refused = staff.post(url(name, incident, revision.pk, "x"), form)
        assert refused.status_code == 422
        assert "These words are not approved." in refused.content.decode()
    assert written() == before


def test_a_channel_without_an_account_of_ours_warns(desk: Desk, incident: Incident) -> None:
    OfficialAccount.objects.filter(channel__key="facebook").delete()
    revision = approved(desk, incident)
    staff = browser(desk, "staff")
    page = staff.post(url("post-claim", incident, revision.pk, "facebook"), follow=True)
    assert "No official account of ours is listed on Facebook." in page.content.decode()
    path = url("post", incident, revision.pk, "facebook")
    assert staff.post(path, {"url": LINK}).status_code == 302


def test_an_older_text_is_not_posted(desk: Desk, incident: Incident) -> None:
    first = approved(desk, incident)
    approved(desk, incident, text="نص أحدث")
    before = written()
    refused = browser(desk, "staff").post(url("post-claim", incident, first.pk, "x"))
    assert refused.status_code == 422
    assert "newer text" in refused.content.decode()
    assert written() == before


def test_the_lead_overrides_with_a_reason_and_looks_back(desk: Desk, incident: Incident) -> None:
    revision = submitted(desk, incident)
    lead = browser(desk, "lead")
    path = url("post-override", incident, revision.pk, "x")
    assert "reviewed within a day" in lead.get(path).content.decode()
    before = written()
    refused = lead.post(path, {"url": LINK, "reason": " "})
    assert refused.status_code == 422
    assert LINK in refused.content.decode()
    assert written() == before
    reason = "Nobody answers and people send it money"
    assert lead.post(path, {"url": LINK, "reason": reason, "key": "o"}).status_code == 302
    row = Publication.objects.get()
    assert (row.state, row.override_reason) == ("published", reason)
    editor = lead.get(url("statement", incident, revision.statement_id) + "?language=ar")
    assert reason in editor.content.decode()
    review = url("override-review", incident, row.pk)
    before = written()
    assert lead.post(review, {"note": " "}).status_code == 422
    assert written() == before
    assert lead.post(review, {"note": "Name a third approver."}).status_code == 302
    assert not Deadline.objects.filter(kind="override_review", state="running").exists()


@pytest.mark.parametrize("name", ["staff", "approver", "executive"])
def test_nobody_else_overrides(desk: Desk, incident: Incident, name: str) -> None:
    revision = submitted(desk, incident)
    path = url("post-override", incident, revision.pk, "x")
    person = browser(desk, name)
    assert "Posted without approval" not in person.get(path).content.decode()
    before = written()
    assert person.post(path, {"url": LINK, "reason": "Now"}).status_code == 403
    assert written() == before


def test_the_author_does_not_override_own_words(desk: Desk, incident: Incident) -> None:
    revision = submitted(desk, incident, who="lead")
    path = url("post-override", incident, revision.pk, "x")
    before = written()
    refused = browser(desk, "lead").post(path, {"url": LINK, "reason": "Now"})
    assert refused.status_code == 403
    assert "You wrote some of these words." in refused.content.decode()
    assert written() == before


def test_an_executive_posts_nothing(desk: Desk, incident: Incident) -> None:
    revision = approved(desk, incident)
    row = posted(desk, revision, url="")
    executive = browser(desk, "executive")
    assert executive.get(url("post", incident, revision.pk, "x")).status_code == 200
    before = written()
    for name, args, form in (
        ("post-claim", (revision.pk, "facebook"), {}),
        ("post", (revision.pk, "facebook"), {"url": LINK}),
        ("publication-link", (row.pk,), {"url": LINK}),
        ("override-review", (row.pk,), {"note": "x"}),
    ):
        assert executive.post(url(name, incident, *args), form).status_code == 403
    assert written() == before


def test_a_stranger_finds_no_post(desk: Desk, incident: Incident) -> None:
    revision = approved(desk, incident)
    row = posted(desk, revision)
    stranger = browser(desk, "stranger")
    before = written()
    for name in ("post", "post-override"):
        assert stranger.get(url(name, incident, revision.pk, "x")).status_code == 404
    for name in ("post", "post-claim", "post-release", "post-override"):
        assert stranger.post(url(name, incident, revision.pk, "x"), {}).status_code == 404
    for name in ("publication-link", "override-review"):
        assert stranger.post(url(name, incident, row.pk), {}).status_code == 404
    assert written() == before


def test_nobody_records_a_post_while_somebody_else_is_posting(
    desk: Desk, incident: Incident
) -> None:
    revision = approved(desk, incident)
    claimed(desk, revision)
    lead = browser(desk, "lead")
    path, before = url("post", incident, revision.pk, "x"), written()
    refused = lead.post(path, {"url": LINK, "key": "r"})
    body = refused.content.decode()
    assert (refused.status_code, LINK in body) == (422, True)
    assert "is posting this there. Take over" in body
    assert (written(), Publication.objects.get().state) == (before, "claimed")
    taken = {"take_over": "1", "url": LINK, "key": "t"}
    page = lead.post(url("post-claim", incident, revision.pk, "x"), taken, follow=True)
    assert f'value="{LINK}"' in page.content.decode()
    assert lead.post(path, {"url": LINK, "key": "s"}).status_code == 302
    assert Publication.objects.get().published_by == desk.lead


def test_an_override_that_was_looked_back_on_waits_for_nobody(
    desk: Desk, incident: Incident
) -> None:
    revision = submitted(desk, incident)
    lead = browser(desk, "lead")
    lead.post(url("post-override", incident, revision.pk, "x"), {"url": LINK, "reason": "Danger"})
    row, clocks = Publication.objects.get(), Deadline.objects.filter(state="running")
    room = lead.get(url("incident-deadlines", incident)).content.decode()
    assert "override" in room
    assert (
        "End the review"
        in lead.get(
            url("statement", incident, revision.statement_id) + "?language=ar"
        ).content.decode()
    )
    taken = lead.post(url("take-back", incident, revision.pk))
    assert (taken.status_code, "posted there already" in taken.content.decode()) == (422, True)
    assert clocks.filter(kind__in=["approval", "override_review"]).count() == 2
    lead.post(url("override-review", incident, row.pk), {"note": "Name a third approver."})
    assert not clocks.filter(kind__in=["approval", "override_review"]).exists()
    editor = lead.get(url("statement", incident, revision.statement_id) + "?language=ar")
    assert "Arabic can be sent" not in editor.content.decode()
    assert browser(desk, "approver").get("/").content.decode().count(incident.reference) < 3
