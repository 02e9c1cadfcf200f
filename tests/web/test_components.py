"""Every component renders, takes what it is given, and lets nothing through unescaped."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import Client, RequestFactory, override_settings
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

from crisisdesk.core import clock
from crisisdesk.core.languages import LANGUAGES
from crisisdesk.web.views.design import design

COMPONENTS = sorted(
    path.stem for path in Path(settings.BASE_DIR, "templates/components").glob("*.html")
)
LEFT_OVER = re.compile(r"<c-|</c-|\{%|\{\{")
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)")


def render(source: str, **context: Any) -> str:
    """Return what the source becomes, compiled as a page is."""
    return Template("{% load desk %}" + CottonCompiler().process(source)).render(
        Context({"zone": "Asia/Dubai", "now": clock.now()} | context)
    )


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_renders_with_nothing_given(name: str) -> None:
    given = (
        ':start="when" :due="when" :when="when"' if name in {"clock", "deadline", "event"} else ""
    )
    shown = render(f"<c-{name.replace('_', '-')} {given} />", when=clock.now())
    assert not LEFT_OVER.search(shown)
    assert not INLINE.search(shown)


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_says_how_it_is_used(name: str) -> None:
    source = Path(settings.BASE_DIR, f"templates/components/{name}.html").read_text("utf-8")
    assert source.startswith("{% comment %}")


def test_what_people_wrote_does_not_become_markup() -> None:
    evil = '"><script>alert(1)</script>'
    shown = render(
        '<c-field name="a" label="{{ evil }}" hint="{{ evil }}" error="{{ evil }}" '
        'value="{{ evil }}" placeholder="{{ evil }}" />'
        '<c-button data-copy="{{ evil }}">{{ evil }}</c-button>'
        '<c-bidi :text="evil" /><c-copy :text="evil">x</c-copy><c-diff :old="evil" :new="evil" />'
        '<c-empty title="{{ evil }}" :example="evil" /><c-statement :note="evil" :state="evil" />',
        evil=evil,
    )
    assert "<script" not in shown
    assert "&lt;script" in shown


def test_a_field_ties_label_hint_and_error_to_its_control() -> None:
    shown = render(
        '<c-field name="why" label="Why" hint="One line" error="Missing" type="textarea" />'
    )
    assert '<label for="why">' in shown
    assert 'aria-describedby="why_hint why_error"' in shown
    assert 'id="why_hint"' in shown
    assert 'id="why_error"' in shown
    assert 'aria-invalid="true"' in shown


def test_a_late_clock_says_so_and_names_who_has_it() -> None:
    now = clock.now()
    source = '<c-clock :start="start" :due="due" what="Holding statement" :who="who" />'
    late = render(source, start=now - timedelta(hours=1), due=now - timedelta(minutes=19), now=now)
    assert "19 min late" in late
    assert "was due" in late
    assert "Nobody has it" in late
    running = render(source, start=now, due=now + timedelta(minutes=26), now=now, who="Omar")
    assert "due in 26 min" in running
    assert "Nobody has it" not in running
    assert "late" not in running


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_design_page_is_whole(language: str) -> None:
    request = RequestFactory().get("/design/")
    request.user = AnonymousUser()
    with translation.override(language), override_settings(DESIGN_PAGE=True):
        page = design(request).content.decode()
    assert not LEFT_OVER.search(page)
    assert not INLINE.search(page)
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    assert "" not in ids
    for wanted in re.findall(
        r'(?:for|aria-labelledby|aria-controls|aria-describedby)="([^"]+)"', page
    ):
        assert set(wanted.split()) <= set(ids), wanted


@override_settings(DEBUG=False, DESIGN_PAGE=False)
def test_the_design_page_does_not_exist_on_a_real_desk(client: Client) -> None:
    assert client.get("/design/").status_code == 404
