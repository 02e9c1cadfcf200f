"""Signs of life."""

from __future__ import annotations

from datetime import datetime

from crisisdesk.notifications.models import Heartbeat


def stamp(name: str, *, at: datetime, detail: str = "") -> None:
    """Note that this hand moved just now."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=at, detail=detail[:200])],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at", "detail"],
    )
