"""The desk on a phone's home screen: what the browser reads of it, in the reader's language, with icons of ours."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from crisisdesk.core.languages import LANGUAGES, direction
from tests.web.test_foundation import TEMPLATES

STATIC = Path(settings.BASE_DIR, "crisisdesk/web/static")
SAFE = 0.4  # of the width, around the middle: what no phone cuts from a maskable icon


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_the_readers_language(client: Client, language: str) -> None:
    answer = client.get(f"/desk-{language}.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    assert answer.headers["Content-Language"] == language
    told = answer.json()
    assert (told["lang"], told["dir"]) == (language, direction(language))
    short = {"en": "Desk", "ar": "المكتب", "he": "השולחן"}
    assert (told["name"], told["short_name"]) == ("Crisis Desk", short[language])
    assert (told["start_url"], told["scope"], told["display"]) == ("/", "/", "standalone")


def test_nobody_is_asked_who_they_are(client: Client) -> None:
    assert client.get("/desk-en.webmanifest").cookies == {}
    assert client.get("/desk-fr.webmanifest").status_code == 404


def test_every_icon_is_a_file_of_ours_and_as_large_as_it_says(client: Client) -> None:
    icons = client.get("/desk-en.webmanifest").json()["icons"]
    found = {(one["sizes"], one["purpose"]) for one in icons if one["type"] == "image/png"}
    assert found == {(s, p) for s in ("192x192", "512x512") for p in ("any", "maskable")}
    for one in icons:
        path = find(one["src"].removeprefix(settings.STATIC_URL))
        assert path, one
        if one["type"] == "image/png":
            with Image.open(path) as drawn:
                assert f"{drawn.width}x{drawn.height}" == one["sizes"]
                if one["purpose"] == "maskable":
                    _fills_its_square(drawn)
    with Image.open(STATIC / "img/desk-180.png") as home:
        assert (home.size, home.mode) == ((180, 180), "RGB")


def _fills_its_square(drawn: Image.Image) -> None:
    """No corner is clear, and the mark lies where no phone cuts."""
    pixels = drawn.convert("RGBA")
    ground = pixels.getpixel((0, 0))
    assert ground == (0x0B, 0x5D, 0x61, 255)
    middle, reach = drawn.width / 2, drawn.width * SAFE
    for x in range(0, drawn.width, 4):
        for y in range(0, drawn.height, 4):
            if (x - middle) ** 2 + (y - middle) ** 2 > reach**2:
                assert pixels.getpixel((x, y)) == ground, (x, y)


def test_its_colours_are_the_desks_by_day_and_by_night(client: Client) -> None:
    styles = (STATIC / "css/tokens.css").read_text("utf-8")
    match = re.search(r"--bg: light-dark\((#\w+), (#\w+)\)", styles)
    assert match
    day, night = match.groups()
    told = client.get("/desk-en.webmanifest").json()
    assert told["theme_color"] == told["background_color"] == day
    both = client.get("/accounts/login/").content.decode()
    for colour, scheme in ((day, "light"), (night, "dark")):
        line = (
            f'<meta name="theme-color" content="{colour}" media="(prefers-color-scheme: {scheme})">'
        )
        assert line in both
    for colour, theme in ((day, "light"), (night, "dark")):
        client.cookies[settings.THEME_COOKIE_NAME] = theme
        chosen = client.get("/accounts/login/").content.decode()
        assert re.findall(r'<meta name="theme-color"[^>]*>', chosen) == [
            f'<meta name="theme-color" content="{colour}">'
        ]


def test_every_page_names_it() -> None:
    pages = [path for path in TEMPLATES if "<!doctype html>" in path.read_text("utf-8").lower()]
    assert len(pages) > 3
    for path in pages:
        words = path.read_text("utf-8")
        assert '{% include "head.html" %}' in words or "'web:manifest'" in words, path


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_browser_takes_it_under_the_strict_policy(
    transactional_db: None, browser: Browser, live_server: LiveServer, language: str
) -> None:
    context = browser.new_context(extra_http_headers={"Accept-Language": language})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.goto(f"{live_server.url}/accounts/login/")
    read = context.new_cdp_session(page).send("Page.getAppManifest")
    assert read["url"] == f"{live_server.url}/desk-{language}.webmanifest"
    assert read["errors"] == []
    assert json.loads(read["data"])["lang"] == language
    assert not [words for words in said if "Content Security Policy" in words]
    context.close()
