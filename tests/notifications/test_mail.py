"""A mail reads well in each language, in HTML and in plain text, and threads with its incident."""

from __future__ import annotations

import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from crisisdesk.core import languages
from crisisdesk.notifications.domain import delivery
from crisisdesk.notifications.models import Notification
from crisisdesk.notifications.queries import kept_mail
from crisisdesk.notifications.rules import bidi
from crisisdesk.organisation.models import User
from tests.factories.notifications import WORDS, message, tell
from tests.factories.organisation import NOON, make_user
from tests.peers import Mailbox

RLM, LRI, PDI = "\u200f", "\u2066", "\u2069"
URL = "http://testserver/incidents/CD-2026-0042/"


def body(letter: EmailMessage, kind: str) -> str:
    """The plain or the HTML part."""
    part = letter.get_body(preferencelist=(kind,))
    assert part is not None
    return str(part.get_content())


def send_to(person: User, mailbox: Mailbox, **data: object) -> EmailMessage:
    """The one mail this person gets."""
    tell([message(person, 12, data={"number": 12, **data})])
    delivery.deliver_all(clock=lambda: NOON)
    (letter,) = mailbox.wait(1)
    return letter


@pytest.mark.parametrize("language", languages.LANGUAGES)
def test_mail_is_in_its_readers_language_direction_and_zone(
    db: None, smtp_mail: Mailbox, language: str
) -> None:
    person = make_user("someone", language=language, zone="Asia/Jerusalem")
    letter = send_to(person, smtp_mail)
    direction = languages.direction(language)
    headline, _, button = WORDS[language]
    assert letter["To"] == person.email
    assert letter["Content-Language"] == language
    html, text = body(letter, "html"), body(letter, "plain")
    assert f'<html lang="{language}" dir="{direction}"' in html
    assert set(re.findall(r"<td[^>]* dir=\"(\w+)\"", html)) == {direction}
    for words in (headline, button, "15:30 (Asia/Jerusalem)"):
        assert words in html
        assert words in text


def test_english_subject_is_plain(sara: User, smtp_mail: Mailbox) -> None:
    letter = send_to(sara, smtp_mail)
    assert letter["Subject"] == "CD-2026-0042 · SEV2 · Holding statement due 12"


@pytest.mark.parametrize("name", ["nadia", "dana"])
def test_right_to_left_subject_starts_with_its_mark_and_isolates_the_reference(
    request: pytest.FixtureRequest, smtp_mail: Mailbox, name: str
) -> None:
    person: User = request.getfixturevalue(name)
    letter = send_to(person, smtp_mail)
    start = f"{RLM}{LRI}CD-2026-0042{PDI} · {LRI}SEV2{PDI} · "
    assert letter["Subject"] == f"{start}{WORDS[person.language][0]} 12"
    raw = letter.as_string().split("Subject:")[1].split("\n")[0]
    assert raw.strip(), "the first line of the header is empty"


def test_right_to_left_text_keeps_handles_whole(nadia: User, smtp_mail: Mailbox) -> None:
    letter = send_to(nadia, smtp_mail)
    html, text = body(letter, "html"), body(letter, "plain")
    assert f"{RLM}الحساب {LRI}@NourHelp{PDI} يجيب" in text
    assert '<span dir="ltr">@NourHelp</span>' in html
    assert all(line.startswith((RLM, "http", "--")) for line in text.splitlines() if line)


@pytest.mark.parametrize("name", ["sara", "nadia", "dana"])
def test_link_stands_alone_on_its_line_and_on_one_button(
    request: pytest.FixtureRequest, smtp_mail: Mailbox, name: str
) -> None:
    letter = send_to(request.getfixturevalue(name), smtp_mail)
    assert URL in body(letter, "plain").splitlines()
    links = set(re.findall(r'href="([^"]+)"', body(letter, "html")))
    row = Notification.objects.get(transport="email")
    assert links == {URL, f"http://testserver/inbox/{row.pk}/why/"}


def test_quotation_keeps_its_own_direction(dana: User, smtp_mail: Mailbox) -> None:
    letter = send_to(dana, smtp_mail, quote=True)
    assert f"> {LRI}Is @NourHelp you?{PDI}" in body(letter, "plain")
    assert 'lang="en" dir="ltr" align="left"' in body(letter, "html")


def test_mail_of_one_incident_is_a_thread_with_a_lasting_id(sara: User, smtp_mail: Mailbox) -> None:
    tell([message(sara, 1), message(sara, 2), message(sara, 3, topic_id=8)])
    delivery.deliver_all(clock=lambda: NOON)
    first, second, other = smtp_mail.wait(3)
    assert first["References"] == second["References"] == "<news.7@testserver>"
    assert other["References"] == "<news.8@testserver>"
    assert first["List-Id"] == "<news.testserver>"
    assert first["Auto-Submitted"] == "auto-generated"
    assert len({letter["Message-ID"] for letter in (first, second, other)}) == 3
    assert re.fullmatch(r"<news\.7\.\d+\.\d+@testserver>", str(first["Message-ID"]))


@pytest.mark.parametrize("name", ["sara", "nadia", "dana"])
def test_nothing_but_the_desks_own_name_tells_a_stranger_what_it_is(
    request: pytest.FixtureRequest, smtp_mail: Mailbox, name: str
) -> None:
    letter = send_to(request.getfixturevalue(name), smtp_mail)
    seen = " ".join([str(letter["Subject"]), body(letter, "plain"), body(letter, "html")])
    assert not re.search(r"crisis|أزمة|משבר", seen, re.IGNORECASE)


def test_words_of_others_cannot_write_html(sara: User) -> None:
    assert bidi.rich("<b>@x</b> & co", "ar") == (
        '&lt;b&gt;<span dir="ltr">@x</span>&lt;/b&gt; &amp; co'
    )
    assert bidi.rich("<b>@x</b>", "en") == "&lt;b&gt;@x&lt;/b&gt;"


@pytest.mark.parametrize(
    ("text", "isolated"),
    [
        ("انظروا https://x.com/NourHelp/1.", f"انظروا {LRI}https://x.com/NourHelp/1{PDI}."),
        ("البريد help@nour.test الآن", f"البريد {LRI}help@nour.test{PDI} الآن"),
        ("اتصلوا +973 1700 0000، شكرا", f"اتصلوا {LRI}+973 1700 0000{PDI}، شكرا"),
        ("#NourHome وحده", f"{LRI}#NourHome{PDI} وحده"),
        (f"מאת {LRI}@NourHelp{PDI}", f"מאת {LRI}@NourHelp{PDI}"),
    ],
)
def test_what_reads_from_left_to_right_is_isolated_once(text: str, isolated: str) -> None:
    assert bidi.plain(text, "ar") == isolated


def test_title_in_another_script_turns_only_itself() -> None:
    title = bidi.isolate("بيان 24", "rtl")
    assert bidi.plain(f"CD-2026-0042 {title}", "en") == f"CD-2026-0042 {title}"
    assert bidi.rich(f"CD-2026-0042 {title}", "en") == (
        'CD-2026-0042 <span dir="rtl">بيان 24</span>'
    )


def test_mail_without_a_server_is_kept_as_files(
    nadia: User, settings: Settings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "crisisdesk.notifications.transports.kept_mail.KeptMailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    tell([message(nadia, 1), message(nadia, 2)])
    assert delivery.deliver_all(clock=lambda: NOON).outcomes == {"sent": 2}
    newest, older = kept_mail.newest()
    assert (newest.to, newest.date) == (nadia.email, NOON)
    assert newest.subject.endswith(f"{WORDS['ar'][0]} 2")
    assert older.subject.endswith(f"{WORDS['ar'][0]} 1")
    assert WORDS["ar"][0] in newest.text
    assert "<html" in newest.html
    assert kept_mail.one(newest.name) == newest
    assert kept_mail.one(f"../mail/{newest.name}") is None
    assert [file.suffix for file in (tmp_path / "mail").iterdir()] == [".eml", ".eml"]
