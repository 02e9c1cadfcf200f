"""A desk, a browser window per person, and a look at every page for barriers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from crisisdesk.organisation.models import User
from tests.factories.incidents import Desk, make_desk

Window = Callable[..., Page]
SIZES: dict[int, dict[str, Any]] = {
    1280: {"viewport": {"width": 1280, "height": 900}},
    390: {"viewport": {"width": 390, "height": 844}, "has_touch": True},
}


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    """A brand with one person per role."""
    return make_desk()


@pytest.fixture
def window(browser: Browser, live_server: LiveServer) -> Window:
    """Open a window in which a person is signed in, in a language and at a width."""

    def open_for(person: User, *, language: str = "en", width: int = 1280, **kind: Any) -> Page:
        User.objects.filter(pk=person.pk).update(language=language)
        client = Client()
        client.force_login(person)
        cookie = next(iter(client.cookies.values()))
        context = browser.new_context(base_url=live_server.url, **SIZES[width], **kind)
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(20_000)
        return page

    return open_for


def no_barriers(page: Page) -> None:
    """Nothing on the page keeps anybody out (axe, WCAG 2.2 AA), and nothing runs over its edge.

    The window is as tall as the page while axe looks: what happens to lie under a bar that stays in sight can be
    scrolled from under it, and is no small target.
    """
    window = page.viewport_size or SIZES[1280]["viewport"]
    tall = max(window["height"], page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": window["width"], "height": tall})
    found = Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    )
    page.set_viewport_size(window)
    told = [
        (violation["id"], [node["target"] for node in violation["nodes"]][:3])
        for violation in found.response["violations"]
    ]
    assert not told, (page.url, told)
    overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0, (page.url, overflow)
