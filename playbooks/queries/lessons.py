"""Lessons and the documents they rest on; everybody who is signed in may read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playbooks.models import Lesson, Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet


def listed_lessons() -> QuerySet[Lesson]:
    """Return the lessons on offer, in the order of the file, with what they rest on."""
    return Lesson.objects.filter(is_listed=True)


def lessons_by_key(keys: Iterable[str]) -> dict[str, Lesson]:
    """Return these lessons by key, also those no longer on offer: what cites them stays
    readable.
    """
    return {lesson.key: lesson for lesson in Lesson.objects.filter(key__in=list(keys))}


def sources_by_key() -> dict[str, Source]:
    """Return the documents of the shelf by key, in their order."""
    return {source.key: source for source in Source.objects.all()}


def lessons_of(rows: QuerySet[Lesson], *, document: str = "", case: str = "") -> QuerySet[Lesson]:
    """Return those of the lessons that rest on the document and belong to the case; "" asks for neither."""
    if document:
        rows = rows.filter(rests_on__contains=[{"document": document}])
    return rows.filter(case=case) if case else rows
