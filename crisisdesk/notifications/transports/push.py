"""News on a screen whose tab is closed: through the push service of the person's browser."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crisisdesk.core import outbound
from crisisdesk.core.errors import Invalid
from crisisdesk.notifications.transports import sealing
from crisisdesk.notifications.transports.carrying import Carrier, Parcel, Refused
from crisisdesk.notifications.transports.webhook import asked_to_wait, said_by

KEPT_FOR = timedelta(days=1)  # how long the push service tries while the device is off
_GONE = {404, 410}
_TITLE, _BODY = 150, 500  # characters; a push service takes 4,096 bytes
_TOPIC = re.compile(r"[^A-Za-z0-9_-]")
_TOPIC_LENGTH = 32


class Push(Carrier):
    """Hands one sealed parcel after the other to push services."""

    needs = _("A key of this desk, in VAPID_PRIVATE_KEY.")
    proves_itself = True

    def is_set_up(self) -> bool:
        """Whether the desk has a key that browsers know it by."""
        return bool(settings.VAPID_PRIVATE_KEY)

    def clean(self, value: str) -> str:
        """Nobody types this: a browser subscribes itself (domain/devices.py)."""
        raise Invalid("address_form", field="value")

    def message_id(self, parcel: Parcel) -> str:
        """Return the Topic: a second message under it takes the place of the first."""
        return _TOPIC.sub("-", parcel.key)[:_TOPIC_LENGTH]

    def send(self, parcel: Parcel) -> str:
        """Hand it over; raise Refused with the answer, for good when the browser is no longer subscribed."""
        address = parcel.address
        if address is None:
            raise Refused("no address", again=False)
        if address.keys.get("desk") != sealing.public_key():
            # A browser hears only the desk whose key it was shown; after a change of keys it must be asked again.
            raise Refused("subscribed with another key of this desk", again=False, gone=True)
        keys = sealing.read_keys(address.keys["p256dh"], address.keys["auth"])
        words = json.dumps(notice(parcel), ensure_ascii=False).encode()
        try:
            answer = outbound.ask(
                address.value,
                method="POST",
                body=sealing.seal(words, keys),
                headers={
                    "Authorization": sealing.authorization(address.value, at=parcel.at),
                    "Content-Encoding": "aes128gcm",
                    "Content-Type": "application/octet-stream",
                    "TTL": str(int(KEPT_FOR.total_seconds())),
                    "Urgency": "high" if parcel.urgent else "normal",
                    "Topic": self.message_id(parcel),
                },
                follow=False,
            )
        except (outbound.Refused, outbound.Unanswered) as error:
            raise Refused(str(error)) from error
        said = said_by(answer)
        if answer.is_good:
            return said
        gone = answer.status in _GONE
        raise Refused(said, again=not gone, gone=gone, after=asked_to_wait(answer))


def notice(parcel: Parcel) -> dict[str, object]:
    """Return what the device shows."""
    news = parcel.rendered
    body = " · ".join(part for part in (*news.lines, news.due_line) if part)
    return {
        "title": news.subject[:_TITLE],
        "body": body[:_BODY],
        "path": news.path,
        "key": parcel.key,
        "language": parcel.language,
        "direction": parcel.direction,
        "stays": parcel.urgent,
    }


def is_known(endpoint: str) -> bool:
    """Whether this is an address of a browser's push service: of those in PUSH_HOSTS, over https."""
    try:
        parts = urlsplit(endpoint)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    named = any(
        host == name or (name.startswith("*.") and host.endswith(name[1:]))
        for name in settings.PUSH_HOSTS
    )
    own = host in settings.OUTBOUND_PRIVATE_HOSTS
    return named and parts.scheme == ("http" if own and parts.scheme == "http" else "https")
