"""What people change about themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from crisisdesk.core.errors import NotVisible
from crisisdesk.notifications.domain.mornings import plan_again
from crisisdesk.organisation.domain import cleaning
from crisisdesk.organisation.domain.duties import require_not_approving
from crisisdesk.organisation.models import User
from crisisdesk.organisation.rules import require_write

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from crisisdesk.organisation.domain.actors import Actor


@transaction.atomic
def change_language(language: str, *, actor: Actor, at: datetime) -> User:
    """Pages and mail come to the actor in this language from now on.

    Raises Invalid("language_unknown").
    """
    person = _self_for_update(actor)
    person.language = cleaning.clean_language(language)
    person.save(update_fields=["language"])
    return person


@transaction.atomic
def change_zone(zone: str, *, actor: Actor, at: datetime) -> User:
    """Times are shown to the actor in this zone from now on. Raises Invalid("zone_unknown")."""
    person = _self_for_update(actor)
    person.zone = cleaning.clean_zone(zone)
    person.save(update_fields=["zone"])
    plan_again(person.pk, at=at)
    return person


@transaction.atomic
def change_reads(languages: Iterable[str], *, actor: Actor, at: datetime) -> User:
    """The actor says which languages they read well enough to approve.

    Raises Invalid("language_unknown"), and Invalid("still_responsible") for giving up one they
    approve in.
    """
    person = _self_for_update(actor)
    wanted = cleaning.clean_languages(languages, field="reads")
    require_not_approving(person, languages=frozenset(person.reads) - set(wanted))
    person.reads = wanted
    person.save(update_fields=["reads"])
    return person


@transaction.atomic
def change_profile(
    *,
    full_name: str,
    name_en: str = "",
    name_ar: str = "",
    name_he: str = "",
    title: str = "",
    phone: str = "",
    actor: Actor,
    at: datetime,
) -> User:
    """The actor's name, its spelling in each script, title and phone are as given.

    Raises Invalid("name_missing").
    """
    person = _self_for_update(actor)
    person.full_name = cleaning.clean_name(full_name)
    person.name_en, person.name_ar, person.name_he = (
        " ".join(name.split()) for name in (name_en, name_ar, name_he)
    )
    person.title, person.phone = title.strip(), phone.strip()
    person.search_text = person.searchable()
    person.save(
        update_fields=[
            "full_name",
            "name_en",
            "name_ar",
            "name_he",
            "title",
            "phone",
            "search_text",
        ]
    )
    return person


def _self_for_update(actor: Actor) -> User:
    """Return the actor's own row, locked."""
    require_write(actor)
    if actor.id is None:
        raise NotVisible
    person = User.objects.select_for_update(of=("self",)).filter(pk=actor.id).first()
    if person is None:
        raise NotVisible
    return person
