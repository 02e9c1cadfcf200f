"""Invitations that still wait for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.organisation.models import Invitation
from crisisdesk.organisation.queries.visibility import brands_administered_by

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from crisisdesk.organisation.models import User


def waiting_invitations(user: User, *, at: datetime) -> QuerySet[Invitation]:
    """Return the open invitations to the brands this person administers, the newest first."""
    return Invitation.objects.filter(
        brand__in=brands_administered_by(user), used_at=None, withdrawn_at=None, expires_at__gt=at
    ).select_related("brand")
