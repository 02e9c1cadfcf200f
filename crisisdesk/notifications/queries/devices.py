"""Browsers on which a person is told while the desk is closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Address

if TYPE_CHECKING:
    from django.db.models import QuerySet


def devices_of(user: Any) -> QuerySet[Address]:
    """Return the person's browsers, the newest first; one that is off says so."""
    return Address.objects.filter(
        user_id=user.pk, transport=Transport.PUSH, removed_at=None
    ).order_by("-pk")
