"""News for a program: signed JSON to an address that its owner has proven."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

from crisisdesk.core import outbound
from crisisdesk.core.errors import Invalid
from crisisdesk.notifications.rules import signing
from crisisdesk.notifications.transports.carrying import Carrier, Parcel, Refused

if TYPE_CHECKING:
    from crisisdesk.notifications.models import Address

BEGINNING = 500  # characters of an answer that are kept
MOST_WAIT = timedelta(hours=1)
_GONE = 410


class Webhook(Carrier):
    """Posts one parcel after the other; every answer outside 200–299 counts as not taken."""

    def is_set_up(self) -> bool:
        """Always: each endpoint brings its own secret."""
        return True

    def clean(self, value: str) -> str:
        """Nobody types this among the other ways: it has a page of its own (domain/webhooks.py)."""
        raise Invalid("address_form", field="value")

    def message_id(self, parcel: Parcel) -> str:
        """Return the webhook-id, by which a receiver knows that it had the message."""
        return parcel.key

    def send(self, parcel: Parcel) -> str:
        """Post the news; raise Refused with what the other side said, for good when it said 410."""
        address = parcel.address
        if address is None:
            raise Refused("no address", again=False)
        answer = post(address, body_of(parcel), key=parcel.key, at=parcel.at)
        said = said_by(answer)
        if answer.is_good:
            return said
        gone = answer.status == _GONE
        raise Refused(said, again=not gone, gone=gone, after=asked_to_wait(answer))


def body_of(parcel: Parcel) -> dict[str, Any]:
    """Return what is posted: the news as data, and the same in the owner's words."""
    news = parcel.rendered
    return {
        "id": parcel.key,
        "type": f"{parcel.topic}.{parcel.kind}",
        "topic": parcel.topic,
        "event": parcel.kind,
        "reference": parcel.data.get("reference"),
        "number": parcel.number,
        "created_at": parcel.created_at.astimezone(UTC).isoformat(),
        "test": parcel.is_test,
        "data": dict(parcel.data),
        "words": {
            "language": parcel.language,
            "direction": parcel.direction,
            "subject": news.subject,
            "headline": news.headline,
            "lines": list(news.lines),
            "due": news.due_line,
            "action": news.action_label,
        },
        "link": settings.BASE_URL + news.path,
    }


def post(address: Address, body: Mapping[str, Any], *, key: str, at: datetime) -> outbound.Answer:
    """Post signed JSON and return the answer; raises Refused when nobody answers or the address may not be asked.

    Nobody is followed elsewhere: what was proven is this address.
    """
    words = json.dumps(body, cls=DjangoJSONEncoder, ensure_ascii=False).encode()
    signed = signing.headers(words, key=key, at=at, keys=_keys(address, at))
    try:
        return outbound.ask(
            address.value,
            method="POST",
            body=words,
            headers={"Content-Type": "application/json; charset=utf-8"} | signed,
            follow=False,
        )
    except outbound.Refused as error:
        raise Refused(error.reason) from error
    except outbound.Unanswered as error:
        # One receiver that is down must not hold up the news of all others, so it costs an attempt.
        raise Refused(str(error), silent=True) from error


def said_by(answer: outbound.Answer) -> str:
    """Return the status and the beginning of the answer, as the log keeps it."""
    words = " ".join(answer.body.decode("utf-8", "replace").replace("\x00", "").split())
    return f"{answer.status} {words[:BEGINNING]}".rstrip()


def asked_to_wait(answer: outbound.Answer) -> timedelta | None:
    """Return how long the other side wants us to wait, an hour at the most; None when it does not say."""
    told = answer.headers.get("retry-after", "")
    return min(timedelta(seconds=int(told)), MOST_WAIT) if told.isdigit() else None


def _keys(address: Address, at: datetime) -> list[str]:
    """Return the secrets that sign now: the new one, and the one before it while receivers learn."""
    both = address.previous_secret and address.previous_until and at < address.previous_until
    return [address.secret, address.previous_secret] if both else [address.secret]
