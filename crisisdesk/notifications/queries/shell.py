"""What the shell of every page asks of this room, read in the same query as the person who asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from crisisdesk.core.queries.compiled import compiled
from crisisdesk.notifications.queries import inbox
from crisisdesk.notifications.queries.heartbeat import BannerWords, banner_words, beats

_NAMES, _MOMENTS, _UNREAD = "_beat_names", "_beat_moments", "_unread"


@dataclass(frozen=True)
class Told:
    """How many unread lines the reader has, and what the banner says about silent hands."""

    unread: int
    silence: BannerWords | None


def with_shell(people: QuerySet[Any], reader: Any) -> QuerySet[Any]:
    """Return these people, of whom `reader` is the only one, with what the shell shows at this moment."""
    unread = inbox.unread(reader).values("recipient").annotate(count=Count("pk")).values("count")
    shown: dict[str, Any] = {
        _UNREAD: Coalesce(Subquery(unread), Value(0)),
        _NAMES: compiled(get_user_model(), _beat_names),
        _MOMENTS: compiled(get_user_model(), _beat_moments),
    }
    read: QuerySet[Any] = people.annotate(**shown)
    return read


def _beat_names() -> ArraySubquery:
    return ArraySubquery(beats().values("name"))


def _beat_moments() -> ArraySubquery:
    return ArraySubquery(beats().values("at"))


def forget_shell(user: Any) -> None:
    """Read again what the shell shows: this request changes it."""
    user.__dict__.pop(_UNREAD, None)


def told(user: Any, at: datetime) -> Told:
    """Return what the shell shows this person at this moment; one query where it was not read with the person."""
    read = user.__dict__
    if _UNREAD not in read:
        rows = with_shell(get_user_model().objects.filter(pk=user.pk), user)
        read = rows.values(_UNREAD, _NAMES, _MOMENTS).get()
    last = dict(zip(read[_NAMES], read[_MOMENTS], strict=True))
    return Told(read[_UNREAD], banner_words(last, at))
