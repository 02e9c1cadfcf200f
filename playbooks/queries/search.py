"""Finding playbooks and lessons in any script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from crisisdesk.core.languages import search_forms
from crisisdesk.organisation.queries.search import matching
from playbooks.models import Lesson, Playbook
from playbooks.queries.lessons import listed_lessons
from playbooks.queries.visibility import visible_to

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from crisisdesk.organisation.models import User


def search_playbooks(
    user: User | AnonymousUser, words: str, *, limit: int = 10
) -> QuerySet[Playbook]:
    """Return the published playbooks the person may see that hold all the words, in any of their
    languages.
    """
    if not search_forms(words):
        return Playbook.objects.none()
    return visible_to(user).filter(matching(words), is_published=True)[:limit]


def search_lessons(words: str, *, limit: int = 10) -> QuerySet[Lesson]:
    """Return the lessons on offer that hold all the words, in any of their languages."""
    if not search_forms(words):
        return Lesson.objects.none()
    return listed_lessons().filter(matching(words))[:limit]
