"""Where our advice comes from: lessons by case and article, what follows from each, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from playwright.sync_api import expect

from crisisdesk.core import clock
from crisisdesk.incidents.models import Incident
from playbooks.domain.lesson_book import read_book
from playbooks.models import Lesson
from tests.factories.incidents import Desk, make_desk, make_incident
from tests.web.desk.test_desk import signed_in

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from pytest_django.live_server_helper import LiveServer

HOME = "/playbooks/lessons/"


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_both_pages_speak_every_language(desk: Desk, language: str) -> None:
    desk.lead.language = language
    desk.lead.save()
    client = signed_in(desk.lead)
    lesson = Lesson.objects.get(key="say-what-will-change")
    for path in (HOME, f"{HOME}{lesson.key}/"):
        body = client.get(path).content.decode()
        assert f'<html lang="{language}"' in body and "<c-" not in body
        assert lesson.words_in(language)[:20] in body


def test_lessons_are_narrowed_by_article_and_case(desk: Desk) -> None:
    client = signed_in(desk.observer)

    def shown(query: str) -> set[str]:
        groups = client.get(f"{HOME}?{query}").context["groups"]
        return {row["lesson"].key for group in groups for row in group["rows"]}

    everything = shown("")
    assert len(everything) == Lesson.objects.count()
    codero = shown("case=codero")
    assert codero and codero < everything
    assert {Lesson.objects.get(key=key).case for key in codero} == {"codero"}
    assert shown("document=amazonfail-he") == set(
        Lesson.objects.filter(case="amazonfail").values_list("key", flat=True)
    )
    body = client.get(f"{HOME}?case=never").content.decode()
    assert "No lesson here" in body and "Show all lessons" in body


def test_the_squares_stand_for_every_note_and_the_table_says_the_same(desk: Desk) -> None:
    page = signed_in(desk.lead).get(HOME)
    notes = [note for row in page.context["covered"] for note in row["notes"]]
    body = page.content.decode()
    assert body.count('<i class="note-') == len(notes) + 3  # three in the key
    assert "A closing question to the reader" in body
    assert f"{len(notes)} of {len(notes)} notes are accounted for" in body


def test_a_lesson_leads_to_its_items_clocks_and_pages_and_they_lead_back(desk: Desk) -> None:
    client = signed_in(desk.staff)
    body = client.get(f"{HOME}watch-round-the-clock/").content.decode()
    assert "/playbooks/hashtag-storm/?brand=shared#clock-" in body
    assert "#item-" in body
    assert (
        "/settings/accounts/" in client.get(f"{HOME}anyone-can-wear-your-colours/").content.decode()
    )
    playbook = client.get("/playbooks/hashtag-storm/").content.decode()
    assert f'href="{HOME}watch-round-the-clock/"' in playbook
    assert 'id="clock-activation"' in playbook


def test_nobody_without_a_brand_finds_lessons(desk: Desk) -> None:
    client = signed_in(desk.stranger)
    assert client.get(HOME).context["groups"] == []
    assert client.get(f"{HOME}say-what-will-change/").status_code == 404
    assert signed_in(desk.lead).get(f"{HOME}no-such-lesson/").status_code == 404


def test_the_pages_cost_the_same_however_many_lessons(
    desk: Desk, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(desk.lead)
    client.get(HOME)
    with django_assert_max_num_queries(30) as few:
        client.get(HOME)
    first = Lesson.objects.order_by("position")[0]
    for number in range(50):
        first.pk, first.key = None, f"another-{number}"
        first.save(force_insert=True)
    with django_assert_max_num_queries(len(few)):
        assert client.get(HOME).status_code == 200


def test_clocks_and_gates_of_a_room_show_their_lesson(desk: Desk) -> None:
    incident = make_incident(desk)
    client = signed_in(desk.lead)
    room = f"/incidents/{incident.reference}/"
    (first, *_others) = read_book().of_clock("acknowledgement")
    clocks = client.get(f"{room}deadlines/").content.decode()
    assert first.words_in("en")[:40] in clocks and 'role="tooltip" id="why-clock-' in clocks
    one = incident.deadlines.get(kind="acknowledgement")
    assert first.words_in("en")[:40] in client.get(f"{room}deadlines/{one.pk}/").content.decode()
    Incident.objects.filter(pk=incident.pk).update(status="resolved")
    gate = Lesson.objects.get(key="say-what-will-change").words_in("en")[:40]
    assert gate in client.get(f"{room}status/").content.decode()
    assert gate in client.get(f"{room}report/").content.decode()


def test_the_lesson_shows_on_hover_on_focus_and_on_paper(
    transactional_db: None, live_server: LiveServer, page: Page
) -> None:
    desk = make_desk()
    make_incident(desk, at=clock.now())
    session = signed_in(desk.staff).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies(
        [{"name": session.key, "value": session.value, "url": live_server.url}]
    )
    page.goto(f"{live_server.url}/playbooks/hashtag-storm/")
    mark = page.locator("#clock-acknowledgement .why > a")
    words = page.locator("#clock-acknowledgement .tip-words")
    expect(words).to_be_hidden()
    mark.hover()
    expect(words).to_be_visible()
    page.mouse.move(0, 0)
    expect(words).to_be_hidden()
    mark.focus()
    expect(words).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("#clock-holding .tip-words")).to_be_visible()
    expect(page.locator(".shelf-item .tip-words").first).to_be_visible()
