"""News as mail: in the reader's language, direction and zone, one connection for a batch."""

from __future__ import annotations

import smtplib
from contextlib import AbstractContextManager
from dataclasses import dataclass
from email.header import Header
from email.utils import format_datetime
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import get_template
from django.utils import translation

from crisisdesk.core import languages
from crisisdesk.core.errors import Invalid
from crisisdesk.notifications.registry import Quote, Rendered
from crisisdesk.notifications.rules import bidi, one_click
from crisisdesk.notifications.rules.news import DIGEST
from crisisdesk.notifications.transports.carrying import Carrier, Parcel, Refused, Unreachable

PATIENCE = 10  # seconds per answer of the mail server
_SIDES = {"ltr": "left", "rtl": "right"}  # Outlook knows no logical sides
_FINAL = 500  # from here on the server will not change its mind (RFC 5321, 4.2.1)
# Stands in a letter, which many share, for the number of each reader's own row.
OWN_ROW = "0-own-row-0"
_CLOSING = 421  # "service not available, closing": the connection is gone after it


@dataclass(frozen=True)
class Letter:
    """The words of one mail, the same for all who read one language in one zone."""

    subject: str
    text: str
    html: str
    language: str


def write(rendered: Rendered, *, language: str) -> Letter:
    """Return the mail's subject, its HTML and its plain-text twin."""
    direction = languages.direction(language)
    mark = bidi.RLM if direction == "rtl" else ""
    url = settings.BASE_URL + rendered.path
    why_url = f"{settings.BASE_URL}/inbox/{OWN_ROW}/why/"
    quote = rendered.quote

    def plain_line(text: str) -> str:
        return mark + bidi.plain(text, language)

    def rich_line(text: str) -> str:
        return bidi.rich(text, language)

    with translation.override(language):
        text = get_template("emails/notification.txt").render(
            {
                "headline": plain_line(rendered.headline),
                "lines": [plain_line(line) for line in rendered.lines],
                "due_line": rendered.due_line and plain_line(rendered.due_line),
                "action_label": plain_line(rendered.action_label),
                "quote": quote and _quoted(quote),
                "mark": mark,
                "because": rendered.because,
                "url": url,
                "why_url": why_url,
            }
        )
        html = get_template("emails/notification.html").render(
            {
                "subject": rendered.subject,
                "headline": rich_line(rendered.headline),
                "lines": [rich_line(line) for line in rendered.lines],
                "due_line": rendered.due_line and rich_line(rendered.due_line),
                "action_label": rendered.action_label,
                "quote": quote,
                "because": rendered.because,
                "quote_start": quote and _SIDES[quote.direction],
                "language": language,
                "direction": direction,
                "start": _SIDES[direction],
                "url": url,
                "why_url": why_url,
            }
        )
    subject = " ".join(rendered.subject.split())
    return Letter(
        subject=mark + bidi.plain(subject, language),
        text="\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n",
        html=html,
        language=language,
    )


def _quoted(quote: Quote) -> list[str]:
    """Return the quotation's lines, each set off and isolated in its own direction."""
    return [
        f"> {bidi.isolate(line, quote.direction)}" if line.strip() else ">"
        for line in quote.text.splitlines()
    ]


def host() -> str:
    """Return the desk's host name, which signs message ids and threads."""
    name = urlsplit(settings.BASE_URL).hostname or "localhost"
    return name.encode("idna").decode("ascii") if not name.isascii() else name


def message_id(parcel: Parcel) -> str:
    """Return the one Message-ID this notification ever has, so that a mail sent twice is seen to be
    the same.
    """
    born = int(parcel.created_at.timestamp() * 1_000_000)
    number = parcel.key.removeprefix("n-")
    return f"<{parcel.topic}.{parcel.topic_id}.{number}.{born}@{host()}>"


def unsubscribe_headers(parcel: Parcel) -> dict[str, str]:
    """Return how a mail program ends mail of this kind (RFC 8058): nothing for a duty, for a code or test that was
    asked for, and for a digest, which holds several kinds and duties among them.
    """
    if parcel.is_test or parcel.kind == DIGEST:
        return {}
    token = one_click.token_for(parcel.person.pk, parcel.kind, urgent=parcel.urgent)
    if not token:
        return {}
    headers = {"List-Unsubscribe": f"<{settings.BASE_URL}/unsubscribe/{token}/>"}
    if settings.BASE_URL.startswith("https:"):  # RFC 8058, 3.1: one press only over TLS
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def address(letter: Letter, parcel: Parcel) -> EmailMultiAlternatives:
    """Return the letter as a message to this person, threaded with the others of its topic."""
    thread = f"<{parcel.topic}.{parcel.topic_id}@{host()}>"
    headers = {
        "Message-ID": message_id(parcel),
        "Date": format_datetime(parcel.at),
        "In-Reply-To": thread,
        "References": thread,
        "List-Id": f"<{parcel.topic}.{host()}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": letter.language,
    }
    if parcel.urgent:
        headers |= {"Importance": "high", "X-Priority": "1"}
    headers |= unsubscribe_headers(parcel)
    own = parcel.key.removeprefix("n-")
    message = _Mail(
        letter.subject,
        letter.text.replace(OWN_ROW, own),
        settings.DEFAULT_FROM_EMAIL,
        [parcel.person.email],
        headers=headers,
    )
    message.attach_alternative(letter.html.replace(OWN_ROW, own), "text/html")
    return message


class _Mail(EmailMultiAlternatives):
    """A message whose long subject folds after its first word, and whose long address does not fold;
    Django's leaves the first line empty.
    """

    def message(self, **options: Any) -> Any:
        """Return the message as it goes out."""
        made = super().message(**options)
        made.replace_header("Subject", Header(str(self.subject), "utf-8", header_name="Subject"))
        if address := made["List-Unsubscribe"]:
            made.replace_header("List-Unsubscribe", Header(str(address)))
        return made


class Email(Carrier):
    """A person's own mail; it needs no address, and is there on every desk."""

    def is_set_up(self) -> bool:
        """Always: without a mail server mail is kept here and shown under Settings."""
        return True

    def clean(self, value: str) -> str:
        """No mail address is entered here: it is the one a person signs in with."""
        raise Invalid("address_form", field="value")

    def send(self, parcel: Parcel) -> str:
        """Send one mail on a connection of its own."""
        with Mailer() as mailer:
            return mailer.send(parcel)

    def session(self) -> AbstractContextManager[Carrier]:
        """Return one connection for a batch."""
        return Mailer()

    def message_id(self, parcel: Parcel) -> str:
        """Return the mail's Message-ID."""
        return message_id(parcel)


class Mailer(Email):
    """One connection for a batch; it is opened again after an error that may have broken it.

    News that many read is written once for all who read one language in one zone.
    """

    def __init__(self) -> None:
        self._connection: BaseEmailBackend | None = None
        self._letters: dict[tuple[Rendered, str], Letter] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close()

    def connect(self) -> BaseEmailBackend:
        """Be connected, or raise Unreachable."""
        if self._connection is not None:
            return self._connection
        connection = get_connection(timeout=PATIENCE)
        try:
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(_answer(error)) from error
        self._connection = connection
        return connection

    def send(self, parcel: Parcel) -> str:
        """Hand one message over; raise Refused with the server's answer, or Unreachable."""
        message = address(self._letter(parcel), parcel)
        connection = self.connect()
        try:
            connection.send_messages([message])
        except smtplib.SMTPSenderRefused as error:
            # What the server has against our sender is no fault of this message.
            raise Refused(_answer(error)) from error
        except smtplib.SMTPResponseException as error:
            if error.smtp_code == _CLOSING:
                self._close()
            raise Refused(_answer(error), again=error.smtp_code < _FINAL) from error
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _said in error.recipients.values()]
            raise Refused(_answer(error), again=min(codes) < _FINAL) from error
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            raise Refused(_answer(error)) from error
        return str(getattr(connection, "answer", ""))

    def _letter(self, parcel: Parcel) -> Letter:
        key = (parcel.rendered, parcel.language)
        if key not in self._letters:
            self._letters[key] = write(parcel.rendered, language=parcel.language)
        return self._letters[key]

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except (OSError, smtplib.SMTPException):
                return  # it was broken already


def _answer(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_words(said)}" for code, said in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_words(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _words(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
