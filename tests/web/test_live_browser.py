"""Two people in one room: what one does, the other sees; and what happens when the stream is not there."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings as django_settings
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect
from pytest_django.fixtures import Settings

from crisisdesk.core import clock
from crisisdesk.incidents.domain.checklist import tick_item
from crisisdesk.incidents.domain.notebook import add_note
from crisisdesk.incidents.models import ChecklistItem, Incident
from crisisdesk.organisation.models import User
from tests.factories.incidents import Desk, make_desk, make_incident
from tests.factories.newer import make_newer
from tests.peers import free_port
from tests.web.streaming import StreamServer, session_of, stream_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer

STREAM = re.compile(r"/incidents/[^/]+/stream$")


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    """People and a shelf, committed."""
    return make_desk()


@pytest.fixture
def incident(desk: Desk) -> Incident:
    """An incident that is minutes old."""
    return make_incident(desk, at=clock.now())


@pytest.fixture(scope="module")
def port() -> int:
    """The stream's port, the same when it is started again."""
    return free_port()


@pytest.fixture
def pages(live_server: LiveServer, settings: Settings, port: int) -> None:
    """Pages that know where their stream is."""
    settings.STREAM_PORT = port


@pytest.fixture(scope="module")
def running(
    django_db_setup: None,
    port: int,
    live_server: LiveServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[StreamServer]:
    """The stream's process for the pages of the live server."""
    log = tmp_path_factory.mktemp("stream") / "stream.log"
    with stream_server(log, page_origin=live_server.url, port=port) as server:
        yield server


@pytest.fixture
def sign_in(
    browser: Browser, live_server: LiveServer, pages: None
) -> Iterator[Callable[[User], BrowserContext]]:
    """Give a person a browser of their own."""
    opened: list[BrowserContext] = []
    faults: list[str] = []

    def context_of(person: User) -> BrowserContext:
        context = browser.new_context(locale="en-GB", timezone_id="UTC")
        name = django_settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": session_of(person), "url": live_server.url}])
        context.on("weberror", lambda error: faults.append(str(error.error)))
        opened.append(context)
        return context

    yield context_of
    for context in opened:
        context.close()
    assert faults == []


def show(context: BrowserContext, live_server: LiveServer, incident: Incident, tab: str) -> Page:
    """Open a tab of the room; returns when its stream is open."""
    page = context.new_page()
    page.goto(live_server.url + reverse(f"web:{tab}", args=[incident.reference]))
    return page


def listening(page: Page) -> None:
    """Wait until somebody listens for the pages of this browser."""
    page.wait_for_function(
        "async () => (await navigator.locks.query()).held.some((lock) => lock.name.startsWith('desk:'))"
    )
    page.wait_for_timeout(500)


def open_items(incident: Incident) -> list[ChecklistItem]:
    """Items still to do, in the order of the page."""
    return list(ChecklistItem.objects.filter(incident=incident, state="todo").order_by("pk"))


def pressed(page: Page, item: ChecklistItem, state: str = "true") -> None:
    """Wait until the item shows as done."""
    expect(page.locator(f"#item-{item.pk} [data-tick]")).to_have_attribute("aria-pressed", state)


def test_a_tick_shows_at_the_other_within_two_seconds(
    desk: Desk,
    incident: Incident,
    running: StreamServer,
    sign_in: Callable[[User], BrowserContext],
    live_server: LiveServer,
) -> None:
    lead = show(sign_in(desk.lead), live_server, incident, "incident-checklists")
    staff = show(sign_in(desk.staff), live_server, incident, "incident-checklists")
    listening(lead)
    listening(staff)
    item = open_items(incident)[0]
    lead.click(f"#item-{item.pk} [data-tick]")
    pressed(lead, item)
    expect(staff.locator(f"#item-{item.pk} [data-tick]")).to_have_attribute(
        "aria-pressed", "true", timeout=2000
    )
    # The head counts with the list, and nobody is told of what they did themselves.
    expect(staff.locator("#room-head")).to_contain_text("1 of", timeout=2000)
    expect(lead.locator("#room-head")).to_contain_text("1 of", timeout=2000)
    lead.wait_for_timeout(600)
    assert lead.locator("[data-live-news]").count() == 0


def test_a_region_in_use_is_never_replaced_and_offers_to_show(
    desk: Desk,
    incident: Incident,
    running: StreamServer,
    sign_in: Callable[[User], BrowserContext],
    live_server: LiveServer,
) -> None:
    staff = show(sign_in(desk.staff), live_server, incident, "incident-checklists")
    listening(staff)
    mine, other, third = open_items(incident)[:3]
    staff.click(f"#item-{mine.pk} .words a")
    staff.fill(f"#reason-{mine.pk}", "X removed the account before we asked")
    staff.locator("h1").click()  # the focus is elsewhere, the words are still there
    tick_item(item_id=other.pk, actor=desk.actor("lead"), at=clock.now())
    news = staff.locator("#items > [data-live-news]")
    expect(news).to_contain_text("new events", timeout=2000)
    expect(staff.locator("#room-head")).to_contain_text("1 of", timeout=2000)
    pressed(staff, other, "false")
    assert staff.input_value(f"#reason-{mine.pk}") == "X removed the account before we asked"
    staff.fill(f"#reason-{mine.pk}", "")
    staff.focus(f"#item-{third.pk} [data-tick]")
    tick_item(item_id=mine.pk, actor=desk.actor("lead"), at=clock.now())
    staff.wait_for_timeout(1000)
    pressed(staff, other, "false")
    news.get_by_role("button", name="Show").click()
    pressed(staff, other)
    pressed(staff, mine)
    expect(news).to_have_count(0)


def test_one_event_is_one_fetch_of_the_page(
    desk: Desk,
    incident: Incident,
    running: StreamServer,
    sign_in: Callable[[User], BrowserContext],
    live_server: LiveServer,
) -> None:
    page = show(sign_in(desk.staff), live_server, incident, "incident")
    listening(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    number = add_note(
        incident_id=incident.pk, text="Heard on the radio", actor=desk.actor("lead"), at=clock.now()
    ).number
    expect(page.locator("#now-events")).to_contain_text("Note", timeout=2000)
    page.wait_for_function(
        "(n) => [...document.querySelectorAll('[data-live]')].every((r) => +r.dataset.liveNumber >= n)",
        arg=number,
    )
    page.wait_for_timeout(800)
    room = reverse("web:incident", args=[incident.reference])
    assert sorted(url.removeprefix(live_server.url) for url in asked) == [
        room,
        f"{room}head/?tab=now",
    ]


def test_tabs_share_one_stream_and_the_next_takes_over(
    desk: Desk,
    incident: Incident,
    running: StreamServer,
    sign_in: Callable[[User], BrowserContext],
    live_server: LiveServer,
) -> None:
    context = sign_in(desk.staff)
    streams: list[str] = []
    context.on("request", lambda r: streams.append(r.url) if STREAM.search(r.url) else None)
    first = show(context, live_server, incident, "incident-checklists")
    listening(first)
    second = show(context, live_server, incident, "incident-checklists")
    listening(second)
    one, two = open_items(incident)[:2]
    tick_item(item_id=one.pk, actor=desk.actor("lead"), at=clock.now())
    pressed(first, one)
    pressed(second, one)
    assert len(streams) == 1
    first.close()
    second.wait_for_timeout(300)
    tick_item(item_id=two.pk, actor=desk.actor("lead"), at=clock.now())
    pressed(second, two)
    assert len(streams) == 2


def test_a_closed_session_leaves_the_page_as_it_is(
    desk: Desk,
    incident: Incident,
    running: StreamServer,
    sign_in: Callable[[User], BrowserContext],
    live_server: LiveServer,
) -> None:
    page = show(sign_in(desk.staff), live_server, incident, "incident-checklists")
    listening(page)
    item = open_items(incident)[0]
    Session.objects.all().delete()
    with page.expect_response(re.compile("/accounts/login/")):
        tick_item(item_id=item.pk, actor=desk.actor("lead"), at=clock.now())
    page.wait_for_timeout(800)
    pressed(page, item, "false")
    assert page.locator("#room-head h1").count() == 1


def test_polling_takes_over_while_the_stream_is_down(
    desk: Desk,
    incident: Incident,
    sign_in: Callable[[User], BrowserContext],
    live_server: LiveServer,
    settings: Settings,
    tmp_path: Path,
) -> None:
    settings.STREAM_PORT = own = free_port()
    one, two, three = open_items(incident)[:3]
    with stream_server(tmp_path / "1.log", page_origin=live_server.url, port=own) as server:
        page = show(sign_in(desk.staff), live_server, incident, "incident-checklists")
        listening(page)
        tick_item(item_id=one.pk, actor=desk.actor("lead"), at=clock.now())
        pressed(page, one)
        server.stop()
    tick_item(item_id=two.pk, actor=desk.actor("lead"), at=clock.now())
    expect(page.locator(f"#item-{two.pk} [data-tick]")).to_have_attribute(
        "aria-pressed", "true", timeout=15_000
    )
    with stream_server(tmp_path / "2.log", page_origin=live_server.url, port=own):
        with page.expect_response(STREAM, timeout=20_000):
            pass
        page.wait_for_timeout(300)
        started = time.monotonic()
        tick_item(item_id=three.pk, actor=desk.actor("lead"), at=clock.now())
        pressed(page, three)
        assert time.monotonic() - started < 2


def test_what_the_lead_takes_over_comes_to_the_other_s_list(
    sign_in: Callable[[User], BrowserContext],
    running: StreamServer,
    live_server: LiveServer,
    desk: Desk,
    incident: Incident,
) -> None:
    newer = make_newer(incident.playbook_revision)
    label = newer.content["words"]["en"]["items"]["new-item"]["words"]
    lead = show(sign_in(desk.lead), live_server, incident, "newer-revision")
    other = show(sign_in(desk.staff), live_server, incident, "incident-checklists")
    before = other.locator("#items [data-row]").count()
    listening(other)
    lead.get_by_role("checkbox", name=label).check()
    lead.get_by_role("button", name="Take over chosen").click()
    lead.wait_for_url("**/checklists/")
    expect(other.locator("#items [data-row]")).to_have_count(before + 1)
