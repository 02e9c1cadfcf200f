"""The editor: gaps filled, counts and findings in words, languages saved one by one, nothing lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import Traveller

from crisisdesk.incidents.models import Incident, StatementLanguage, StatementRevision
from crisisdesk.organisation.models import BrandLanguage
from playbooks.domain.presigning import sign_acknowledgement
from tests.factories.incidents import Desk, make_incident, words_of
from tests.factories.organisation import NOON
from tests.web.words.scenes import (
    ARABIC,
    HEBREW,
    approved,
    browser,
    drafted,
    posted,
    save_form,
    submitted,
    url,
    written,
)

FACTS = {"value-fake_account": "@NourHelp", "value-link": "nourhome.example/ar/real"}


def _values(row: StatementLanguage, page: str) -> dict[str, str]:
    """Return what the page put into the gaps of this language, as its form would post it."""
    found = re.findall(rf'name="(was-[a-z_]+)" value="([^"]*)" form="words-{row.language}"', page)
    was = dict(found)
    return was | {name.replace("was-", "value-"): value for name, value in was.items()}


def _text(page: str, language: str) -> str:
    found = re.search(rf'id="text-{language}"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL)
    assert found
    return found[1]


def test_prepared_words_open_with_what_the_desk_knows(desk: Desk, incident: Incident) -> None:
    BrandLanguage.objects.filter(brand=desk.brand, language="he").update(zone="Asia/Jerusalem")
    row = words_of(incident, "acknowledgement", "ar")
    page = browser(desk, "staff").get(url("statement", incident, row.statement_id)).content.decode()
    arabic = _text(page, "ar")
    assert "{fake_account}" in arabic
    assert "@NourHome" in arabic
    assert "17:10 بتوقيت الإمارات" in arabic
    assert "15:10 שעון ישראל" in _text(page, "he")
    assert "17:10 UAE time" in _text(page, "en")
    assert page.index('id="col-ar"') < page.index('id="col-he"') < page.index('id="col-en"')
    assert "Gaps to fill" in page
    assert "Words to avoid here" in page
    assert "As people will see it" in page


def test_saving_fills_the_gaps_and_shows_the_next_step(desk: Desk, incident: Incident) -> None:
    row = words_of(incident, "acknowledgement", "ar")
    staff = browser(desk, "staff")
    page = staff.get(url("statement", incident, row.statement_id)).content.decode()
    form = save_form(row, _text(page, "ar"), **_values(row, page)) | FACTS
    answer = staff.post(url("statement-save", incident, row.statement_id, "ar"), form)
    assert answer.status_code == 302
    revision = StatementRevision.objects.get(statement_language=row)
    assert "@NourHelp" in revision.text
    assert "{" not in revision.text
    row.refresh_from_db()
    assert row.values["fake_account"] == "@NourHelp"
    after = staff.get(url("statement", incident, row.statement_id) + "?language=ar")
    assert "Arabic is ready for approval." in after.content.decode()


def test_a_changed_value_takes_the_place_of_the_old_one(desk: Desk, incident: Incident) -> None:
    row = words_of(incident, "acknowledgement", "ar")
    staff = browser(desk, "staff")
    save = url("statement-save", incident, row.statement_id, "ar")
    staff.post(save, save_form(row, row.template) | FACTS)
    row.refresh_from_db()
    first = StatementRevision.objects.get(statement_language=row)
    changed = first.text + " شكرًا لكم."
    again = save_form(row, changed, key="k-2", **FACTS) | {"value-fake_account": "@NourHelp2"}
    staff.post(save, again)
    first.refresh_from_db()
    assert "@NourHelp2 " in first.text
    assert "@NourHelp " not in first.text
    assert first.text.endswith("شكرًا لكم.")


def test_if_you_do_not_know_write_that(desk: Desk, incident: Incident) -> None:
    row = words_of(incident, "holding", "ar")
    unknown = row.statement.placeholders["how_many"]["unknown"]["ar"]
    staff = browser(desk, "staff")
    page = staff.get(url("statement", incident, row.statement_id)).content.decode()
    assert f"Not known: use “{unknown}”" in page
    form = save_form(row, row.template, unknown="how_many")
    staff.post(url("statement-save", incident, row.statement_id, "ar"), form)
    assert unknown in StatementRevision.objects.get(statement_language=row).text


def test_over_the_limit_and_words_to_avoid_are_said_in_words(
    desk: Desk, incident: Incident
) -> None:
    row = words_of(incident, "holding", "en")
    staff = browser(desk, "staff")
    before = written()
    long = "We answer you soon, this was only a prank. " * 8
    answer = staff.post(
        url("statement-look", incident, row.statement_id, "en"), save_form(row, long)
    ).content.decode()
    assert "X: 64 characters too many (344 of 280)" in answer or "characters too many" in answer
    assert "“soon” is better avoided." in answer
    assert "“prank” is better avoided." in answer
    assert 'id="look-en"' in answer
    assert written() == before


def test_two_people_saving_the_same_text_lose_nothing(desk: Desk, incident: Incident) -> None:
    row = words_of(incident, "holding", "ar")
    save = url("statement-save", incident, row.statement_id, "ar")
    assert browser(desk, "staff").post(save, save_form(row, ARABIC)).status_code == 302
    before = written()
    mine = "كلام كُتب في الوقت نفسه"
    lead = browser(desk, "lead")
    page = lead.post(save, save_form(row, mine))
    assert page.status_code == 409
    fragment = lead.post(save, save_form(row, mine, key="k-3"), headers={"HX-Request": "true"})
    assert fragment.status_code == 409
    assert "<html" not in fragment.content.decode()
    for answer in (page, fragment):
        shown = answer.content.decode()
        assert _text(shown, "ar") == mine
        assert "@NourHelp" in shown.split("Stands now")[1].split("</div>")[0]
        assert "Somebody else saved this first" in shown
        assert 'name="version" value="2"' in shown
        assert "Save mine over it" in shown
    assert written() == before
    assert lead.post(save, save_form(row, mine, key="k-4") | {"version": 2}).status_code == 302
    assert StatementRevision.objects.filter(statement_language=row).count() == 2


def test_the_same_save_twice_is_one(desk: Desk, incident: Incident) -> None:
    row = words_of(incident, "holding", "ar")
    save = url("statement-save", incident, row.statement_id, "ar")
    staff = browser(desk, "staff")
    first = staff.post(save, save_form(row, ARABIC))
    before = written()
    second = staff.post(save, save_form(row, ARABIC))
    assert (first.status_code, second.status_code) == (302, 302)
    assert written() == before


def test_two_languages_are_saved_independently(desk: Desk, incident: Incident) -> None:
    arabic, hebrew = words_of(incident, "holding", "ar"), words_of(incident, "holding", "he")
    staff = browser(desk, "staff")
    answer = staff.post(
        url("statement-save", incident, arabic.statement_id, "ar"),
        save_form(arabic, ARABIC),
        headers={"HX-Request": "true"},
    )
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="col-ar"' in shown
    assert 'id="col-he"' not in shown
    assert 'id="step" ' in shown
    done = staff.post(
        url("statement-save", incident, hebrew.statement_id, "he"),
        save_form(hebrew, HEBREW, key="k-9"),
    )
    assert done.status_code == 302
    assert StatementRevision.objects.count() == 2


def test_empty_words_are_refused_in_words(desk: Desk, incident: Incident) -> None:
    row = words_of(incident, "holding", "ar")
    before = written()
    answer = browser(desk, "staff").post(
        url("statement-save", incident, row.statement_id, "ar"), save_form(row, "   ")
    )
    assert answer.status_code == 422
    assert "Nothing was changed." in answer.content.decode()
    assert written() == before


def test_words_with_a_gap_are_not_sent(desk: Desk, incident: Incident) -> None:
    revision = drafted(desk, incident, text="حساب {fake_account} ليس لنا")
    row = StatementLanguage.objects.get(pk=revision.statement_language_id)
    before = written()
    answer = browser(desk, "staff").post(
        url("statement-submit", incident, row.statement_id, "ar"), save_form(row, revision.text)
    )
    assert answer.status_code == 422
    assert "Still to fill in" in answer.content.decode()
    assert written() == before


def test_sending_asks_the_approver_and_unsaved_words_are_saved_first(
    desk: Desk, incident: Incident
) -> None:
    revision = drafted(desk, incident)
    row = StatementLanguage.objects.get(pk=revision.statement_language_id)
    staff = browser(desk, "staff")
    submit = url("statement-submit", incident, row.statement_id, "ar")
    staff.post(submit, save_form(row, ARABIC + " شكرًا."))
    revision.refresh_from_db()
    assert (revision.state, revision.text) == ("draft", ARABIC + " شكرًا.")
    row.refresh_from_db()
    staff.post(submit, save_form(row, revision.text, key="k-2"))
    revision.refresh_from_db()
    assert (revision.state, revision.asked) == ("in_review", desk.approver)
    page = staff.get(url("statement", incident, row.statement_id) + "?language=ar")
    shown = page.content.decode()
    assert "Arabic waits for Approver." in shown
    assert "Deputy is asked from" in shown


def test_editing_approved_words_starts_a_new_revision_and_says_so(
    desk: Desk, incident: Incident
) -> None:
    revision = approved(desk, incident)
    row = StatementLanguage.objects.get(pk=revision.statement_language_id)
    staff = browser(desk, "staff")
    page = staff.get(url("statement", incident, row.statement_id) + "?language=ar")
    assert 'id="text-ar"' not in page.content.decode()
    editing = staff.get(url("statement", incident, row.statement_id) + "?language=ar&edit=ar")
    assert "A new revision starts without approvals." in editing.content.decode()
    staff.post(url("statement-save", incident, row.statement_id, "ar"), save_form(row, "نص جديد"))
    newest = StatementRevision.objects.filter(statement_language=row).order_by("-number")[0]
    assert (newest.number, newest.state, newest.approvals.count()) == (2, "draft", 0)


def test_words_signed_in_peacetime_may_be_posted_at_once(desk: Desk, incident: Incident) -> None:
    sign_acknowledgement(
        revision_id=incident.playbook_revision_id,
        brand_id=desk.brand.pk,
        statement_key="acknowledgement",
        language="ar",
        actor=desk.actor("approver"),
        at=NOON - timedelta(days=15),
    )
    row = words_of(incident, "acknowledgement", "ar")
    staff = browser(desk, "staff")
    page = staff.get(url("statement", incident, row.statement_id) + "?language=ar")
    shown = page.content.decode()
    assert "Approved in advance by <bdi>Approver</bdi> on 3 November 2026" in shown
    form = save_form(row, _text(shown, "ar"), **_values(row, shown)) | FACTS
    staff.post(url("statement-save", incident, row.statement_id, "ar"), form)
    after = staff.get(url("statement", incident, row.statement_id) + "?language=ar")
    assert "it may be posted at once" in after.content.decode()
    assert "Copy and post Arabic on X" in after.content.decode()


@pytest.mark.parametrize(
    ("plan", "follow_by", "status"),
    [
        ("not_needed", "", 302),
        ("to_follow", "2026-11-18T18:00", 302),
        ("to_follow", "2026-11-18T15:00", 422),
        ("to_follow", "", 422),
        ("to_follow", "tomorrow", 422),
    ],
)
def test_a_language_is_needed_not_needed_or_follows(
    desk: Desk, incident: Incident, plan: str, follow_by: str, status: int
) -> None:
    row = words_of(incident, "holding", "en")
    before = written()
    answer = browser(desk, "staff").post(
        url("statement-plan", incident, row.statement_id, "en"),
        {"plan": plan, "follow_by": follow_by},
    )
    assert answer.status_code == status
    row.refresh_from_db()
    assert row.plan == (plan if status == 302 else "needed")
    if status == 302:
        assert row.follow_by is None or row.follow_by.hour == 14  # 18:00 in Dubai
    else:
        assert written() == before


@pytest.mark.parametrize("name", ["executive", "observer", "approver"])
def test_who_does_not_write_reads_the_words_and_changes_nothing(
    desk: Desk, incident: Incident, name: str
) -> None:
    row = words_of(incident, "holding", "ar")
    person = browser(desk, name)
    page = person.get(url("statement", incident, row.statement_id))
    assert page.status_code == 200
    assert '<textarea class="text"' not in page.content.decode()
    before = written()
    for action in ("save", "submit"):
        answer = person.post(
            url(f"statement-{action}", incident, row.statement_id, "ar"), save_form(row, ARABIC)
        )
        assert answer.status_code == 403
    refused = person.post(
        url("statement-plan", incident, row.statement_id, "ar"), {"plan": "not_needed"}
    )
    assert refused.status_code == 403
    assert written() == before


def test_a_stranger_finds_no_words(desk: Desk, incident: Incident) -> None:
    row = words_of(incident, "holding", "ar")
    stranger = browser(desk, "stranger")
    before = written()
    assert stranger.get(url("incident-statements", incident)).status_code == 404
    assert stranger.get(url("statement-new", incident)).status_code == 404
    assert stranger.get(url("statement", incident, row.statement_id)).status_code == 404
    for action in ("save", "look", "submit", "plan"):
        path = url(f"statement-{action}", incident, row.statement_id, "ar")
        assert stranger.post(path, save_form(row, ARABIC)).status_code == 404
    assert written() == before


def test_a_statement_of_another_incident_or_language_is_not_found(
    desk: Desk, incident: Incident
) -> None:
    other = make_incident(desk, languages=("en",))
    row = words_of(incident, "holding", "ar")
    staff = browser(desk, "staff")
    assert staff.get(url("statement", other, row.statement_id)).status_code == 404
    own = words_of(other, "holding", "en")
    path = url("statement-save", other, own.statement_id, "ar")
    assert staff.post(path, save_form(row, ARABIC)).status_code == 404


def test_an_ended_incident_keeps_its_words(desk: Desk, incident: Incident, hour: Traveller) -> None:
    row = words_of(incident, "holding", "ar")
    Incident.objects.filter(pk=incident.pk).update(status="closed")
    before = written()
    staff = browser(desk, "staff")
    answer = staff.post(
        url("statement-save", incident, row.statement_id, "ar"), save_form(row, ARABIC)
    )
    assert answer.status_code == 422
    assert written() == before


def _asked(desk: Desk, incident: Incident, stage: str) -> int:
    """Return how many statements the editor of this stage's words takes once it is warm."""
    staff = browser(desk, "staff")
    path = url("statement", incident, words_of(incident, stage, "ar").statement_id)
    staff.get(path)
    with CaptureQueriesContext(connection) as found:
        assert staff.get(path).status_code == 200
    return len(found)


def test_the_editor_asks_the_same_number_of_questions_after_fifty_revisions(
    desk: Desk, incident: Incident
) -> None:
    assert _asked(desk, incident, "holding") == 10
    for language, text in (("en", "It is not ours."), ("ar", ARABIC), ("he", HEBREW)):
        drafted(desk, incident, language, text=text)
    assert _asked(desk, incident, "holding") == 11  # whether any of them had an answer, too
    posted(desk, approved(desk, incident))
    for number in range(50):
        submitted(desk, incident, text=f"نص رقم {number}")
    assert _asked(desk, incident, "holding") == 11


def test_the_editor_of_words_signed_in_peacetime_asks_one_question_more(
    desk: Desk, incident: Incident
) -> None:
    assert _asked(desk, incident, "acknowledgement") == 11
    for language in ("en", "ar", "he"):
        sign_acknowledgement(
            revision_id=incident.playbook_revision_id,
            brand_id=desk.brand.pk,
            statement_key="acknowledgement",
            language=language,
            actor=desk.actor("approver"),
            at=NOON - timedelta(days=15),
        )
    assert _asked(desk, incident, "acknowledgement") == 11
