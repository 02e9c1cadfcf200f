"""The shell: language, direction, theme, banners; what holds for every page's markup and style."""

from __future__ import annotations

import ast
import colorsys
import re
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from crisisdesk.core import refusals, words
from crisisdesk.core.errors import DomainError, Invalid, Stale
from crisisdesk.core.languages import LANGUAGES, direction
from tests.factories import organisation as make

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page
    from pytest_django.live_server_helper import LiveServer

STATIC = Path(settings.BASE_DIR, "crisisdesk/web/static")
STYLES = sorted((STATIC / "css").glob("*.css"))
TEMPLATES = [
    path
    for path in Path(settings.BASE_DIR, "templates").rglob("*.html")
    if not {"emails", "email", "reports"} & set(path.parts)
]
PHYSICAL = re.compile(
    r"(?<![\w-])(?:margin|padding|border)-(?:left|right|top|bottom)\b|(?<![\w-])(?:left|right|top|bottom)\s*:"
    r"|(?<![\w-])(?:width|height|min-width|max-width|min-height|max-height)\s*:(?!.*\)\s*(?:and|,|\{))"
    r"|text-align:\s*(?:left|right)|float:\s*(?:left|right)"
)


# --- the rules every page is held to ---


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_know_no_left_and_right(path: Path) -> None:
    source = re.sub(
        r"/\*.*?\*/|@media[^{]*\{|@page[^}]*\}", "", path.read_text("utf-8"), flags=re.DOTALL
    )
    assert not PHYSICAL.findall(source)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.name))
def test_templates_hold_no_inline_style_or_script(path: Path) -> None:
    source = path.read_text("utf-8")
    assert not re.search(
        r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|javascript:", source
    )
    assert "hx-on" not in source


def test_no_stylesheet_or_script_names_another_host() -> None:
    for path in (*STYLES, *(STATIC / "js").glob("*.js")):
        assert not re.search(
            r"url\(\s*['\"]?https?:|from ['\"]https?:|@import", path.read_text("utf-8")
        ), path


def _luminance(colour: str) -> float:
    full = colour if len(colour) == 7 else "#" + "".join(2 * letter for letter in colour[1:])
    parts = [int(full[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])
def test_words_and_edges_stand_out_from_their_ground(side: int) -> None:
    source = (STATIC / "css/tokens.css").read_text("utf-8")
    found = re.findall(r"--([\w-]+): light-dark\((#\w+), (#\w+)\)", source)
    token = {name: (light, dark)[side] for name, light, dark in found}
    for letters in ("ink", "ink-2", "ink-3", "accent", "accent-strong", "late"):
        for ground in ("bg", "surface", "sunk"):
            assert _contrast(token[letters], token[ground]) >= 4.5, (letters, ground)
    pairs = [("on-accent", "accent"), ("accent-strong", "accent-soft"), ("ink", "late-soft")]
    pairs += [("late", "late-soft"), ("ink", "mark"), ("bg", "ink")]
    for letters, ground in pairs:
        assert _contrast(token[letters], token[ground]) >= 4.5, (letters, ground)
    for edge in ("edge", "bar", "late", "focus"):
        assert _contrast(token[edge], token["surface"]) >= 3, edge
    assert (
        colorsys.rgb_to_hsv(*[int(token["late"][i : i + 2], 16) / 255 for i in (1, 3, 5)])[1] > 0.3
    )


def test_every_refusal_says_something_and_blames_nobody() -> None:
    for code, sentence in refusals.REFUSALS.items():
        said = str(sentence)
        assert said.endswith("."), code
        assert "!" not in said
        assert "success" not in said.lower()


CODED = {"Invalid", "NotAllowed", "NotVisible", "Stale", "NotReady", "Reason"}


def _raised() -> set[str]:
    """Every code that a command can refuse with, read from the source."""
    root = Path(settings.BASE_DIR)
    codes = set()
    for path in (*root.glob("crisisdesk/**/*.py"), *root.glob("playbooks/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = getattr(node, "func", None)
            name = getattr(called, "id", getattr(called, "attr", ""))
            if isinstance(node, ast.Call) and name in CODED and node.args:
                codes |= {c.value for c in node.args[:1] if isinstance(c, ast.Constant)}
    return codes


def test_every_code_has_its_sentence() -> None:
    assert {code for code in _raised() if code not in refusals.REFUSALS} == set()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            Invalid("transition_not_allowed", **{"from": "declared", "to": "closed"}),
            "From “Opened” there is no step to “Closed”.",
        ),
        (
            Invalid("placeholders_left", names=["link", "time"]),
            "Still to fill in: link, time. If you do not know, write that.",
        ),
        (
            Stale("item_changed", state="done"),
            "Somebody changed this item first: it is now “Done”.",
        ),
        (
            Invalid("no_code_like_this"),
            "This is not possible as things stand. Nothing was changed.",
        ),
        (
            Invalid("person_not_of_brand"),
            "This is not possible as things stand. Nothing was changed.",
        ),
    ],
)
def test_a_refusal_is_said_with_its_facts(error: DomainError, sentence: str) -> None:
    assert words.error_text(error) == sentence


# --- the shell ---


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_before_sign_in_speaks_the_readers_language(client: Client, language: str) -> None:
    page = client.get(reverse("account_login"), headers={"Accept-Language": language})
    assert f'<html lang="{language}" dir="{direction(language)}"'.encode() in page.content
    assert b"<c-" not in page.content


@pytest.mark.django_db
def test_the_language_switches_in_one_press_and_stays_with_the_person(client: Client) -> None:
    person = make.make_user("sara", language="en")
    client.force_login(person)
    answer = client.post(reverse("web:language"), {"language": "ar", "next": "/design/"})
    assert answer.headers["Location"] == "/design/"
    person.refresh_from_db()
    assert person.language == "ar"
    assert b'<html lang="ar" dir="rtl"' in client.get("/design/").content


@pytest.mark.django_db
def test_the_theme_is_on_the_page_before_any_script(client: Client) -> None:
    assert b"data-theme" not in _html_tag(client)
    client.post(reverse("web:theme"), {"theme": "dark", "next": "/design/"})
    assert b'data-theme="dark"' in _html_tag(client)
    client.post(reverse("web:theme"), {"theme": "", "next": "/design/"})
    assert b"data-theme" not in _html_tag(client)


def _html_tag(client: Client) -> bytes:
    page = client.get(reverse("account_login")).content
    return page[page.index(b"<html") : page.index(b"<head>")]


@pytest.mark.django_db
def test_silent_reminders_are_said_on_every_page(client: Client) -> None:
    client.force_login(make.make_user("sara"))
    page = client.get("/design/").content.decode()
    assert page.count("Reminders are not running.") == 2  # the banner, and the page's own example


@pytest.mark.django_db
def test_the_demo_is_offered_only_where_there_is_one(client: Client) -> None:
    assert b"See it as" not in client.get(reverse("account_login")).content
    with override_settings(DEMO=True):
        page = client.get(reverse("account_login")).content.decode()
    for role in ("lead", "staff", "approver", "executive"):
        assert f'name="role" value="{role}"' in page


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_so_in_words(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert b"There is nothing here" in answer.content


@pytest.mark.django_db
def test_a_wrong_password_says_so_and_keeps_the_address(client: Client) -> None:
    make.make_user("sara")
    answer = client.post(reverse("account_login"), {"login": "sara@desk.test", "password": "no"})
    assert b"You are not signed in yet." in answer.content
    assert b'value="sara@desk.test"' in answer.content


# --- in a browser ---


def _sign_in(context: BrowserContext, client: Client, live_server: LiveServer, person: Any) -> None:
    client.force_login(person)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])


def _findings(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {[node['html'][:160] for node in one['nodes'][:3]]}" for one in found]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing(
    page: Page, client: Client, live_server: LiveServer, language: str
) -> None:
    page.set_extra_http_headers({"Accept-Language": language})
    page.goto(live_server.url + reverse("account_login"))
    _on_every_screen(page)
    _sign_in(page.context, client, live_server, make.make_user("sara", language=language))
    page.goto(live_server.url + "/design/")
    assert page.evaluate("document.dir") == direction(language)
    _on_every_screen(page)


def _on_every_screen(page: Page) -> None:
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for width, scheme in product((1280, 390), schemes):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size({"width": width, "height": 900})
        assert _findings(page) == [], (width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width


@pytest.mark.django_db(transaction=True)
def test_the_page_runs_under_its_own_policy(
    page: Page, client: Client, live_server: LiveServer
) -> None:
    said: list[str] = []
    page.on(
        "console", lambda message: said.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: said.append(str(error)))
    _sign_in(page.context, client, live_server, make.make_user("sara"))
    page.goto(live_server.url + "/design/")
    page.click("[data-dialog-open=d-dialog]")
    page.fill("#d-back", "שלום @NourHelp")
    assert page.get_attribute("#d-back", "dir") == "rtl"
    page.click("#d-dialog [data-dialog-close]")
    page.click("[data-toast-now]")
    page.wait_for_selector(".toast")
    page.locator("body").press("?")
    assert page.locator("#keys").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('[data-row]') !== null")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
    assert said == []


@pytest.mark.django_db(transaction=True)
def test_what_was_typed_comes_back_after_leaving(
    page: Page, client: Client, live_server: LiveServer
) -> None:
    _sign_in(page.context, client, live_server, make.make_user("sara"))
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(live_server.url + "/design/")
    page.fill("#d-note", "Customer sent a screenshot")
    page.goto(live_server.url + "/nowhere/")
    page.goto(live_server.url + "/design/")
    assert page.input_value("#d-note") == "Customer sent a screenshot"
