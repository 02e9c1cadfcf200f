"""A person's own addresses."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from crisisdesk.notifications.models import Address


def addresses_of(user: Any) -> QuerySet[Address]:
    """Return the addresses that this person has and did not remove, the oldest first."""
    return Address.objects.filter(user_id=user.pk, removed_at=None).order_by("transport", "pk")
