"""Lessons and the documents they rest on; everybody who is signed in may read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playbooks.models import Lesson, Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet


def listed_lessons() -> QuerySet[Lesson]:
    """Return the lessons on offer, in the order of the file, with their sources."""
    return Lesson.objects.filter(is_listed=True).select_related("source")


def lessons_by_key(keys: Iterable[str]) -> dict[str, Lesson]:
    """Return these lessons by key, also those no longer on offer: what cites them stays
    readable.
    """
    return {
        lesson.key: lesson
        for lesson in Lesson.objects.filter(key__in=list(keys)).select_related("source")
    }


def sources_by_key() -> dict[str, Source]:
    """Return the documents of the shelf by key, in their order."""
    return {source.key: source for source in Source.objects.all()}
