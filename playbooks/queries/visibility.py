"""What a person may see of the shelf. Every read starts here; what is not in these sets does not
exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, Q, QuerySet

from crisisdesk.organisation.queries.visibility import brands_visible_to
from playbooks.models import Lesson, Playbook, PlaybookRevision, PresignedText

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from crisisdesk.organisation.models import User


def visible_to(user: User | AnonymousUser) -> QuerySet[Playbook]:
    """Return the playbooks of the person's brands and, for whoever has a brand, the shared ones."""
    brands = brands_visible_to(user)
    return Playbook.objects.filter(Q(brand__in=brands) | Q(Exists(brands), brand__isnull=True))


def revisions_visible_to(user: User | AnonymousUser) -> QuerySet[PlaybookRevision]:
    """Return every revision, old ones too, of the playbooks the person may see."""
    return PlaybookRevision.objects.filter(playbook__in=visible_to(user))


def presigned_visible_to(user: User | AnonymousUser) -> QuerySet[PresignedText]:
    """Return the signatures given for the person's brands."""
    return PresignedText.objects.filter(brand__in=brands_visible_to(user))


def lessons_visible_to(user: User | AnonymousUser) -> QuerySet[Lesson]:
    """Return the lessons on offer for whoever has a brand."""
    return Lesson.objects.filter(Exists(brands_visible_to(user)), is_listed=True)
