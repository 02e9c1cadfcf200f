"""Browsers of the asker."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from crisisdesk.notifications.models import Address


class PushKey(TypedDict):
    """The desk's public key in base64url."""

    key: str


class Device(TypedDict):
    """One browser that shows news, or did until it ended."""

    id: int
    label: str
    created_at: datetime
    off_at: datetime | None
    off_reason: str


def device(address: Address) -> Device:
    """Return the browser without its keys and its address, which are secrets."""
    return {
        "id": address.pk,
        "label": address.label,
        "created_at": address.created_at,
        "off_at": address.off_at,
        "off_reason": address.off_reason,
    }
