"""Every page about words, in every language, wide and narrow: axe finds nothing, nothing runs over."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from crisisdesk.core.languages import LANGUAGES, direction
from crisisdesk.incidents.models import Incident
from crisisdesk.organisation.models import User
from tests.factories.incidents import Desk
from tests.web.words.scenes import HEBREW, approved, claimed, drafted, posted, submitted, url


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(
    page: Page,
    live_server: LiveServer,
    desk: Desk,
    incident: Incident,
    language: str,
) -> None:
    posted(desk, approved(desk, incident), "facebook", url="")
    ready = approved(desk, incident, text="نص ثان للنشر")
    claimed(desk, ready)
    waiting = submitted(desk, incident, "he", text=HEBREW, who="lead")
    drafted(desk, incident, "en", text="We answer you soon.")
    User.objects.update(language=language)
    editor = url("statement", incident, waiting.statement_id)
    visits: list[tuple[str, str]] = [
        ("staff", url("incident-statements", incident)),
        ("staff", editor + "?language=en"),
        ("lead", editor + "?language=ar&edit=ar"),
        ("staff", url("statement-new", incident)),
        ("approver", url("approve", incident, waiting.pk)),
        ("approver", url("send-back", incident, waiting.pk)),
        ("lead", url("approve", incident, waiting.pk)),
        ("staff", url("phone-approval", incident, waiting.pk)),
        ("staff", url("post", incident, ready.pk, "x")),
        ("lead", url("post", incident, ready.pk, "x")),
        ("lead", url("post-override", incident, waiting.pk, "x")),
    ]
    page.emulate_media(reduced_motion="reduce")
    found: dict[str, Any] = {}
    for name, path in visits:
        client = Client()
        client.force_login(getattr(desk, name))
        cookie = next(iter(client.cookies.values()))
        page.context.clear_cookies()
        page.context.add_cookies(
            [{"name": cookie.key, "value": cookie.value, "url": live_server.url}]
        )
        page.goto(live_server.url + path)
        assert page.evaluate("document.dir") == direction(language)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            told = Axe().run(page, options={"resultTypes": ["violations"]})
            broken = [
                (each["id"], [node["html"][:120] for node in each["nodes"]][:3])
                for each in told.response["violations"]
            ]
            if broken or over > 0:
                found[f"{name} {path} {width}"] = (over, broken)
    assert found == {}
