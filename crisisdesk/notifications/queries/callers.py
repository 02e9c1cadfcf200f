"""Who speaks to us from a chat: the person who has proven that the account is theirs."""

from __future__ import annotations

from typing import Any

from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Address


def person_at(transport: Transport, value: str) -> Any | None:
    """Return the person whose verified address this is; None for nobody, for somebody who may not sign in, and where
    two people claim it."""
    rows = Address.objects.filter(
        transport=transport,
        value=value,
        verified_at__isnull=False,
        off_at=None,
        removed_at=None,
        user__is_active=True,
    ).select_related("user")[:2]
    found = list(rows) if value else []
    return found[0].user if len(found) == 1 else None
