"""What a playbook asks, what its answers bring, and when each part is there, on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from playwright.sync_api import expect

from crisisdesk.web.templatetags.shelf import plan_counts
from crisisdesk.web.views.shelf.reading import Reading
from playbooks.domain.content import Content, parse
from playbooks.models import PlaybookRevision
from tests.factories.incidents import Desk, make_desk
from tests.web.desk.test_desk import signed_in

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer


def content_of(slug: str) -> Content:
    return parse(PlaybookRevision.objects.filter(playbook__slug=slug).latest("number"))


def row(reading: Reading, key: str) -> tuple[str, ...]:
    """What the page says of one item, without the marks that keep SEV1 in its own direction."""
    rows = [each for _phase, rows in reading.phases() for each in rows]
    (found,) = (each for each in rows if each.part.key == key)
    return tuple(line.replace("\u2066", "").replace("\u2069", "") for line in found.lines)


def test_each_item_says_when_it_is_there_when_it_is_due_and_what_it_waits_for(desk: Desk) -> None:
    reading = Reading(content_of("data-leak"))
    assert row(reading, "block-before-letters") == (
        "There unless the answer is “No”: " + reading.questions["misuse_possible"].ask["en"],
        "Due after it was seen: SEV1 45 min · SEV2 1 h · SEV3 4 h",
    )
    waits = row(reading, "tell-each-person")
    assert waits[0] == f"Waits for: {reading.items['people-not-rows'].words['en']}"
    assert waits[1].startswith("Due after that: SEV1 4 h · SEV2 8 h")
    assert row(reading, "am-i-on-it-sweep")[-1] == (
        "Comes back until “Under control”, each time after: SEV1 30 min · SEV2 30 min · SEV3 2 h"
    )
    assert row(reading, "close-the-look-up")[-1].startswith("Due after it is resolved: ")
    assert row(reading, "small-news-every-hour") == ()
    listed = row(reading, "ask-the-page-to-stop")[0]
    assert listed.startswith("Only if the answer is “Yes”: ")


def test_each_answer_names_what_it_brings(desk: Desk) -> None:
    asked = {each.question.key: each for each in Reading(content_of("data-leak")).asked()}
    assert {part.anchor for part in asked["left_our_systems"].after_yes} == {
        "item-sorry-for-the-open-door",
        "text-apology",
    }
    assert [part.anchor for part in asked["left_our_systems"].after_no] == ["item-no-shop-blamed"]


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_every_condition_of_every_playbook_has_its_sentence(desk: Desk, language: str) -> None:
    with override(language):
        for revision in PlaybookRevision.objects.all():
            reading = Reading(parse(revision))
            parts = [each for _phase, rows in reading.phases() for each in rows]
            for each in (*parts, *reading.clocks(), *reading.statements()):
                spoken = len(each.part.when.as_data()) + max(len(each.part.when.answers) - 1, 0)
                assert len(each.lines) >= spoken, each.part.key
                assert all(line.strip() and "%(" not in line for line in each.lines)
            assert all(plan_counts(rows) for _phase, rows in reading.phases())


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_the_page_of_every_playbook_tells_it_in_every_language(desk: Desk, language: str) -> None:
    desk.lead.language = language
    desk.lead.save()
    client = signed_in(desk.lead)
    for revision in PlaybookRevision.objects.select_related("playbook"):
        content = parse(revision)
        page = client.get(f"/playbooks/{revision.playbook.slug}/")
        body = page.content.decode()
        assert page.status_code == 200 and "<c-" not in body
        for question in content.questions:
            assert question.ask[language][:12] in body
        for part in ("item", "clock", "text"):
            assert f'id="{part}-' in body


def test_the_page_costs_the_same_for_a_small_and_a_large_playbook(desk: Desk) -> None:
    client = signed_in(desk.lead)
    counts = set()
    for slug in ("account-takeover", "product-recall"):
        client.get(f"/playbooks/{slug}/")
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/playbooks/{slug}/")
        counts.add(len(seen))
    assert len(counts) == 1


def test_questions_lead_to_their_parts_and_all_of_it_stands_on_paper(
    transactional_db: None, live_server: LiveServer, page: Page
) -> None:
    desk = make_desk()
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": signed_in(desk.lead).cookies[settings.SESSION_COOKIE_NAME].value,
                "url": live_server.url,
            }
        ]
    )
    page.goto(f"{live_server.url}/playbooks/data-leak/")
    page.locator('.brings a[href="#item-sorry-for-the-open-door"]').click()
    expect(page.locator("#item-sorry-for-the-open-door")).to_be_in_viewport()
    page.emulate_media(media="print")
    for part in (".plan-marks", ".brings", ".plan-lines"):
        expect(page.locator(part).first).to_be_visible()
