"""One press in the mail program ends mail of one kind, and of no other; duties have no such link."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from django.conf import settings as configured
from django.core import signing
from django.test import Client
from django.utils.html import escape
from django.utils.translation import gettext, override
from pytest_django.fixtures import Settings

from crisisdesk.core.languages import LANGUAGES, direction
from crisisdesk.notifications.domain import delivery
from crisisdesk.notifications.models import Notification, Preference
from crisisdesk.notifications.rules import one_click
from crisisdesk.organisation.models import User
from tests.factories.notifications import News, message, tell
from tests.factories.organisation import NOON, make_user
from tests.peers import Mailbox

pytestmark = pytest.mark.django_db
HEADS = ("List-Unsubscribe", "List-Unsubscribe-Post")
ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"
SECURE = "https://desk.communications.a-company-with-a-long-name.example"


@pytest.fixture(autouse=True)
def _topic(settings: Settings) -> None:
    News().register()
    settings.BASE_URL = SECURE


def heads(letter: EmailMessage) -> list[str | None]:
    """Both headers as they stand in the mail, unfolded by nobody."""
    raw = dict(letter.raw_items())
    return [raw.get(name) for name in HEADS]


def mailed(person: User, mailbox: Mailbox, kind: str, **given: object) -> list[str | None]:
    """Both headers of the one mail this person gets about an event of this kind."""
    tell([message(person, kind=kind, **given)])
    delivery.deliver_all(clock=lambda: NOON)
    (letter,) = mailbox.wait(1)
    return heads(letter)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_program_ends_mail_of_one_kind_without_signing_in(
    smtp_mail: Mailbox, language: str
) -> None:
    person = make_user(language=language)
    other = make_user("other")
    address, post = mailed(person, smtp_mail, "published")
    assert post == ONE_CLICK
    found = re.fullmatch(rf"<{SECURE}(/unsubscribe/[^/<>\s]+/)>", address or "")
    assert found is not None
    path, program = found[1], Client(enforce_csrf_checks=True)
    asked = program.get(path)
    shown = asked.content.decode()
    assert asked.status_code == 200 and '<form class="form" method="post">' in shown
    assert f'<html lang="{language}" dir="{direction(language)}"' in shown
    assert asked.headers["Content-Language"] == language
    assert "no-store" in asked.headers["Cache-Control"]
    assert not Preference.objects.exists()
    for _ in range(2):
        done = program.post(path, ONE_CLICK, content_type=FORM)
        assert done.status_code == 200
        assert '<form class="form" method="post">' not in done.content.decode()
        assert f'<html lang="{language}"' in done.content.decode()
    rows = Preference.objects.values_list("user", "kind", "transport", "enabled")
    assert list(rows) == [(person.pk, "published", "email", False)]
    tell(
        [
            message(person, 50, kind="published"),
            message(person, 51, kind="declared"),
            message(person, 52, kind="published", urgent=True),
            message(other, 53, kind="published"),
        ]
    )
    told = Notification.objects.filter(
        dedupe_key__in=[f"news:7:{number}" for number in range(50, 54)]
    )
    mails = set(told.filter(transport="email").values_list("dedupe_key", flat=True))
    assert mails == {"news:7:51", "news:7:52", "news:7:53"}
    assert told.filter(transport="inbox").count() == 4


def test_the_button_of_the_page_needs_no_script_and_no_cookie() -> None:
    person = make_user()
    Preference.objects.create(user=person, kind="published", transport="email", enabled=True)
    path = f"/unsubscribe/{one_click.token_for(person.pk, 'published', urgent=False)}/"
    assert Client(enforce_csrf_checks=True).post(path).status_code == 200
    assert list(Preference.objects.values_list("kind", "enabled")) == [("published", False)]


def test_the_page_is_in_the_language_chosen_on_this_browser() -> None:
    path = f"/unsubscribe/{one_click.token_for(make_user().pk, 'published', urgent=False)}/"
    client = Client()
    client.cookies[configured.LANGUAGE_COOKIE_NAME] = "ar"
    assert '<html lang="ar" dir="rtl"' in client.get(path).content.decode()


def test_one_press_is_not_offered_without_https(settings: Settings, smtp_mail: Mailbox) -> None:
    settings.BASE_URL = "http://testserver"
    address, post = mailed(make_user(), smtp_mail, "published")
    assert address is not None and address.startswith("<http://testserver/unsubscribe/")
    assert post is None


@pytest.mark.parametrize(
    "kind",
    ["reminder_due", "escalated", "approval_requested", "deputy_asked", "handover_offered"],
)
def test_a_duty_has_no_such_link(smtp_mail: Mailbox, kind: str) -> None:
    assert mailed(make_user(), smtp_mail, kind) == [None, None]


def test_neither_has_what_is_urgent(smtp_mail: Mailbox) -> None:
    assert mailed(make_user(), smtp_mail, "published", urgent=True) == [None, None]


def test_neither_has_a_digest_which_holds_several_kinds(smtp_mail: Mailbox) -> None:
    assert mailed(make_user(), smtp_mail, "digest") == [None, None]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_this_desk_did_not_sign_is_not_found(language: str) -> None:
    person, left = make_user(), make_user("left", is_active=False)
    good = one_click.token_for(person.pk, "published", urgent=False)
    ours, another = signing.Signer(salt="crisisdesk.unsubscribe"), signing.Signer(salt="another")
    client = Client(headers={"Accept-Language": language})
    with override(language):
        words = escape(gettext("There is nothing here"))
    for token in (
        "guess",
        "no:\u05d0\u0628",
        good[:-2] + ("AA" if good[-2:] != "AA" else "BB"),
        f"{good}:more",
        another.sign_object([person.pk, "published"]),
        signing.Signer(key="of another desk", salt=ours.salt).sign_object([person.pk, "published"]),
        ours.sign_object([person.pk, "deadlines"]),
        ours.sign_object([person.pk, "nothing like it"]),
        ours.sign_object("published"),
        one_click.token_for(left.pk, "published", urgent=False),
    ):
        for answer in (client.get(f"/unsubscribe/{token}/"), client.post(f"/unsubscribe/{token}/")):
            assert answer.status_code == 404
            assert words in answer.content.decode()
    assert not Preference.objects.exists()
    assert client.get(f"/unsubscribe/{good}/").status_code == 200
