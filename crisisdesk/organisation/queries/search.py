"""Finding people and brands in any script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from crisisdesk.core.languages import search_forms
from crisisdesk.organisation.queries.visibility import brands_visible_to, people_visible_to

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from crisisdesk.organisation.models import Brand, User


def matching(words: str) -> Q:
    """Return the condition that every word typed, with or without its clitic, is in
    `search_text`."""
    condition = Q()
    for forms in search_forms(words):
        any_form = Q()
        for form in forms:
            any_form |= Q(search_text__contains=form)
        condition &= any_form
    return condition


def search_people(user: User | AnonymousUser, words: str, *, limit: int = 10) -> QuerySet[User]:
    """Return the active people the person may see whose names or address hold all the words."""
    return _first(people_visible_to(user).filter(is_active=True), words, limit)


def search_brands(user: User | AnonymousUser, words: str, *, limit: int = 10) -> QuerySet[Brand]:
    """Return the brands the person may see whose names or aliases hold all the words."""
    return _first(brands_visible_to(user), words, limit)


def _first(rows: QuerySet[Any], words: str, limit: int) -> QuerySet[Any]:
    if not search_forms(words):
        return rows.none()
    return rows.filter(matching(words))[:limit]
