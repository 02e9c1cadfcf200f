"""By which ways a person can be told: what each needs, and which addresses they have there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Address
from crisisdesk.notifications.queries.addresses import addresses_of
from crisisdesk.notifications.transports.carriers import CARRIERS
from crisisdesk.notifications.transports.carrying import Entry

_TAIL = 4


@dataclass(frozen=True)
class Place:
    """One address as its owner reads it."""

    address: Address

    @property
    def shown(self) -> str:
        """The value as it may stand on a screen."""
        return shown_value(self.address.value)

    @property
    def state(self) -> Literal["waits", "ready", "off"]:
        """Whether it waits for its code, is ready, or was switched off by the other side."""
        if self.address.off_at is not None:
            return "off"
        return "ready" if self.address.verified_at is not None else "waits"

    def has_code(self, at: datetime) -> bool:
        """Whether a code that still counts was sent there."""
        until = self.address.code_expires_at
        return bool(self.address.code_hash) and until is not None and until > at


@dataclass(frozen=True)
class Way:
    """One transport in one person's words: `entry` is None where nothing is typed here."""

    transport: Transport
    needs: str
    is_set_up: bool
    entry: Entry | None
    places: tuple[Place, ...]


def ways_of(user: Any) -> list[Way]:
    """Return every way out of the desk, e-mail first, in one query."""
    rows = list(addresses_of(user))
    return [
        Way(
            transport,
            str(carrier.needs),
            carrier.is_set_up(),
            carrier.entry,
            tuple(Place(row) for row in rows if row.transport == transport),
        )
        for transport in Transport
        if (carrier := CARRIERS.get(transport)) is not None
    ]


def shown_value(value: str) -> str:
    """Return an address as it may stand on a screen: of a URL, which is often a key, only the host and
    its last letters.
    """
    if "://" not in value:
        return value
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        host, parts = "", urlsplit("x://")
    return f"{parts.scheme}://{host}/…{value[-_TAIL:]}"
