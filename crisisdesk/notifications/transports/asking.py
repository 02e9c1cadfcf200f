"""What carriers over HTTP share: one question, and what its answer means for the outbox."""

from __future__ import annotations

import json
import re
import unicodedata
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crisisdesk.core import outbound
from crisisdesk.core.errors import Invalid
from crisisdesk.notifications.transports.carrying import (
    Carrier,
    Entry,
    Parcel,
    Refused,
    Unreachable,
)

BEGINNING = 500  # characters of an answer that the log keeps
MOST_WAIT = timedelta(hours=1)
_BUSY = {408, 425, 429}
_PHONE = re.compile(r"\+[1-9]\d{6,14}")
_BETWEEN = re.compile(r"[\s().\-\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


class ByService(Carrier):
    """A carrier that whoever runs the desk sets up by naming these settings."""

    settings_needed: tuple[str, ...] = ()

    def missing(self) -> list[str]:
        """Return the settings that are still empty; none when it is set up."""
        return [name for name in self.settings_needed if not getattr(settings, name)]

    def is_set_up(self) -> bool:
        """Whether every setting is there."""
        return not self.missing()


def matching(value: str, form: re.Pattern[str]) -> str:
    """Return the value without spaces around it, or raise Invalid when it has another form."""
    found = value.strip()
    if not form.fullmatch(found):
        raise Invalid("address_form", field="value")
    return found


def telephone(value: str) -> str:
    """Return a telephone number as +971500000007, however it was typed and in whichever digits; raises Invalid."""
    typed = _BETWEEN.sub("", value)
    digits = "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in typed
    )
    return matching("+" + digits[2:] if digits.startswith("00") else digits, _PHONE)


class ByTelephone(ByService):
    """A service that reaches people at their telephone number."""

    entry = Entry(
        _("Telephone number"),
        _("With the code of the country."),
        input_type="tel",
        placeholder="+971500000007",
    )

    def clean(self, value: str) -> str:
        """Return the number as +971500000007."""
        return telephone(value)


def post_json(
    url: str, payload: Any, *, headers: Mapping[str, str] | None = None, ours: bool = True
) -> outbound.Answer:
    """Post the payload as JSON and return the answer; see `ask`."""
    body = json.dumps(payload, ensure_ascii=False).encode()
    sent = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    return ask(url, method="POST", body=body, headers=sent, ours=ours)


def ask(
    url: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    ours: bool = True,
) -> outbound.Answer:
    """Ask once and return the answer, good or bad; nobody is followed elsewhere.

    `ours` says that whoever runs the desk named the address: while nobody answers there, no message is to blame, and
    Unreachable costs none an attempt. An address that one person gave must not hold up the messages of all others.
    What was sent and not answered may have arrived, so it costs an attempt in any case. Raises Unreachable or Refused;
    their words never hold the address, which may be a secret.
    """
    try:
        return outbound.ask(url, method=method, body=body, headers=headers, follow=False)
    except outbound.Refused as error:
        raise Refused(error.reason, again=False) from error
    except outbound.Unanswered as error:
        if ours and not error.was_asked:
            raise Unreachable(str(error)) from error
        raise Refused(str(error)) from error


def refusal(
    answer: outbound.Answer,
    *,
    at: datetime,
    again: bool | None = None,
    gone: bool = False,
    after: timedelta | None = None,
) -> Refused:
    """Return the refusal this answer is: by its status, unless the caller has read its words.

    Tried again: what is busy or broken on their side (408, 425, 429, 5xx). Final: everything else.
    """
    if again is None:
        again = answer.status in _BUSY or answer.status >= 500
    return Refused(
        said_by(answer),
        again=again and not gone,
        after=after or asked_to_wait(answer, at=at),
        gone=gone,
    )


def said_by(answer: outbound.Answer) -> str:
    """Return the status and the beginning of the words, on one line."""
    words = " ".join(answer.words.replace("\x00", "").split())
    return f"{answer.status} {words[:BEGINNING]}".rstrip()


def asked_to_wait(answer: outbound.Answer, *, at: datetime) -> timedelta | None:
    """Return how long the other side wants us to wait (seconds or a date), an hour at the most; None when it does not
    say."""
    told = answer.headers.get("retry-after", "").strip()
    if told.isdecimal():
        return min(timedelta(seconds=int(told[:6])), MOST_WAIT)
    try:
        until = parsedate_to_datetime(told) if told else None
    except ValueError:
        until = None
    if until is None or until.tzinfo is None:
        return None
    return min(max(until - at, timedelta(0)), MOST_WAIT)


def identity(parcel: Parcel) -> uuid.UUID:
    """Return the one id that this message of this desk ever has at a service that tells repeats by it."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.BASE_URL}/{parcel.key}")


def value_of(parcel: Parcel) -> str:
    """Return where the parcel goes; raises Refused when it names no address."""
    if parcel.address is None:
        raise Refused("no address", again=False)
    return str(parcel.address.value)


def secret(name: str) -> str:
    """Return a setting without which this transport cannot send. Raises Refused: whoever runs the desk took it away."""
    found = str(getattr(settings, name))
    if not found:
        raise Refused(f"{name} is not set")
    return found
