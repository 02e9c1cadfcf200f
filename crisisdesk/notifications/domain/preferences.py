"""What a person wants to be told, and by which way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction

from crisisdesk.core.errors import Invalid
from crisisdesk.notifications.domain.inbox import Reader, require_write
from crisisdesk.notifications.models import Preference
from crisisdesk.notifications.models.preference import EVERY_KIND
from crisisdesk.notifications.queries.preferences import choices_of, ways_of
from crisisdesk.notifications.rules.news import DUTY, News


@transaction.atomic
def choose_news(
    wanted: Mapping[str, Collection[str]], *, actor: Reader, at: datetime
) -> dict[str, list[str]]:
    """Each kind of news given comes by these ways from now on, and by no other; the inbox always has it. Returns the
    whole choice.

    Raises Invalid("news_unknown" | "way_unknown"), each with the kind as its field, and Invalid("everything_silenced")
    where nothing that is the actor's to do would reach them any more.
    """
    require_write(actor)
    lock_person(actor)
    ways = ways_of(actor.user)
    _require_known(wanted, ways)
    chosen = choices_of(actor.user, News, ways) | {
        kind: [way for way in ways if way in given] for kind, given in wanted.items()
    }
    if not any(chosen[kind] for kind in DUTY):
        raise Invalid("everything_silenced", field=News.DEADLINES.value)
    rows = Preference.objects.filter(user_id=actor.id, transport__in=ways)
    rows.filter(kind__in=[*News, EVERY_KIND]).delete()
    Preference.objects.bulk_create(
        Preference(user_id=actor.id, kind=kind, transport=way, enabled=way in chosen[kind])
        for kind in News
        for way in ways
    )
    return chosen


def _require_known(wanted: Mapping[str, Collection[str]], ways: Collection[str]) -> None:
    for kind, given in wanted.items():
        if kind not in set(News):
            raise Invalid("news_unknown", field=kind)
        for way in given:
            if way not in ways:
                raise Invalid("way_unknown", field=kind)


def lock_person(actor: Reader) -> None:
    """Hold the actor's own row until the transaction ends: their choices change one after the other."""
    people = get_user_model()._default_manager.select_for_update(of=("self",), no_key=True)
    people.filter(pk=actor.id).first()
