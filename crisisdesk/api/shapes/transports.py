"""How the asker is told."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypedDict

from crisisdesk.notifications.domain.ways import Place

if TYPE_CHECKING:
    from crisisdesk.notifications.domain.ways import Way
    from crisisdesk.notifications.models import Address


class EntryShape(TypedDict):
    """What is typed to add an address, in the asker's language."""

    label: str
    hint: str
    placeholder: str


class AddressShape(TypedDict):
    """One address; of a URL, which is often a key, only the host and its last letters are told."""

    id: int
    transport: str
    label: str
    shown: str
    state: Literal["waits", "ready", "off"]
    verified_at: datetime | None
    off_at: datetime | None
    off_reason: str
    tested_at: datetime | None
    test_answer: str
    created_at: datetime


class TransportShape(TypedDict):
    """One transport; `entry` is null where nothing is typed."""

    transport: str
    needs: str
    is_set_up: bool
    entry: EntryShape | None
    addresses: list[AddressShape]


class TestAnswer(TypedDict):
    """What the other side said to a test."""

    answer: str


def transport(way: Way) -> TransportShape:
    """Return one way out of the desk."""
    entry = way.entry
    return {
        "transport": way.transport.value,
        "needs": str(way.needs),
        "is_set_up": way.is_set_up,
        "entry": None
        if entry is None
        else {
            "label": str(entry.label),
            "hint": str(entry.hint),
            "placeholder": entry.placeholder,
        },
        "addresses": [_address(place) for place in way.places],
    }


def address(row: Address) -> AddressShape:
    """Return one address of the asker."""
    return _address(Place(row))


def _address(place: Place) -> AddressShape:
    row = place.address
    return {
        "id": row.pk,
        "transport": row.transport,
        "label": row.label,
        "shown": place.shown,
        "state": place.state,
        "verified_at": row.verified_at,
        "off_at": row.off_at,
        "off_reason": row.off_reason,
        "tested_at": row.tested_at,
        "test_answer": row.test_answer,
        "created_at": row.created_at,
    }
