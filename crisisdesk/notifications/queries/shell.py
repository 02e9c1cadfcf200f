"""What the shell of every page asks of this room, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Subquery, Value
from django.db.models.functions import Coalesce

from crisisdesk.notifications.queries import inbox
from crisisdesk.notifications.queries.heartbeat import BannerWords, banner_words, beats


@dataclass(frozen=True)
class Told:
    """How many unread lines the reader has, and what the banner says about silent hands."""

    unread: int
    silence: BannerWords | None


def told(user: Any, at: datetime) -> Told:
    """Return what the shell shows this person at this moment."""
    unread = inbox.unread(user).values("recipient").annotate(count=Count("pk")).values("count")
    count, names, moments = (
        get_user_model()
        .objects.filter(pk=user.pk)
        .values_list(
            Coalesce(Subquery(unread), Value(0)),
            ArraySubquery(beats().values("name")),
            ArraySubquery(beats().values("at")),
        )
        .get()
    )
    silence = banner_words(dict(zip(names, moments, strict=True)), at)
    return Told(count, silence)
