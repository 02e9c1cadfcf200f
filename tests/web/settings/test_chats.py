"""Administrators see how the chats are connected: what is missing, what to paste, and no secret."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand
from tests.factories.organisation import make_member
from tests.web.settings.conftest import browser

pytestmark = pytest.mark.django_db
PAGE = "/settings/chats/"


def test_the_page_is_for_administrators(brand: Brand) -> None:
    for role in Role:
        person = browser(make_member(brand, role))
        status = 200 if role == Role.ADMIN else 404
        assert person.get(PAGE).status_code == status, role
        assert (PAGE.encode() in person.get("/settings/").content) is (status == 200)


@pytest.mark.parametrize(
    ("language", "missing", "ready"),
    [("en", "Not set up", "Set up"), ("ar", "غير مُعدّ", "مُعدّ"), ("he", "לא הוגדר", "הוגדר")],
)
def test_it_says_what_is_missing_and_what_to_paste(
    brand: Brand, settings: Settings, language: str, missing: str, ready: str
) -> None:
    admin = make_member(brand, Role.ADMIN)
    admin.language = language
    admin.save()
    shown = browser(admin).get(PAGE).content.decode()
    assert missing in shown and f">{ready}<" not in shown
    for name in (
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "MATTERMOST_COMMAND_TOKENS",
        "SMS_FROM",
    ):
        assert f'<code dir="ltr">{name}</code>' in shown
    for path in ("slack/command", "slack/press", "mattermost/command"):
        assert f"http://testserver/chat/{path}/" in shown
    settings.SLACK_BOT_TOKEN, settings.SLACK_SIGNING_SECRET = "xoxb-s3cr3t", "sign-s3cr3t"
    settings.MATTERMOST_COMMAND_TOKENS = ["mm-s3cr3t"]
    shown = browser(admin).get(PAGE).content.decode()
    assert ready in shown and "s3cr3t" not in shown
    assert "SLACK_BOT_TOKEN" not in shown and "SLACK_SIGNING_SECRET" not in shown


def test_it_costs_the_same_whatever_is_there(brand: Brand) -> None:
    admin = browser(make_member(brand, Role.ADMIN))
    admin.get(PAGE)
    with CaptureQueriesContext(connection) as caught:
        admin.get(PAGE)
    assert len(caught) == 2
