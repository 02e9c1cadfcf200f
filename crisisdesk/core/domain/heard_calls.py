"""Calls from outside are taken while they are fresh, and once."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from crisisdesk.core.models import HeardCall

FRESH = timedelta(minutes=5)  # before and after: their clock may be ahead of ours
KEPT = 4 * FRESH


def is_fresh(sent_at: datetime, *, at: datetime) -> bool:
    """Whether a call that was sent then is taken now."""
    return abs(at - sent_at) <= FRESH


def hear(unique: str, *, at: datetime) -> bool:
    """Remember the call by what makes it unique; False when it was heard before."""
    digest = hashlib.sha256(unique.encode()).hexdigest()
    return HeardCall.objects.get_or_create(digest=digest, defaults={"at": at})[1]


def forget_old_calls(*, at: datetime) -> int:
    """Delete calls that would be refused as too old by now and return how many went."""
    return HeardCall.objects.filter(at__lt=at - KEPT).delete()[0]
