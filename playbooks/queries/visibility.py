"""What a person may see of the shelf. Every read starts here; what is not in these sets does not
exist.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from crisisdesk.organisation.queries.visibility import brands_visible_to
from playbooks.models import Lesson, Playbook, PlaybookRevision, PresignedText, ReviewDate

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


def review_dates_visible_to(user: User | AnonymousUser) -> QuerySet[ReviewDate]:
    """Return the dates by which the person's brands read their playbooks again."""
    return dates_in_force().filter(brand__in=brands_visible_to(user))


def dates_in_force() -> QuerySet[ReviewDate]:
    """Return the dates of what is on the shelf; a shared playbook whose place the brand's own has taken has none
    there."""
    own = Playbook.objects.filter(
        brand=OuterRef("brand"), slug=OuterRef("playbook__slug"), is_published=True
    )
    return ReviewDate.objects.filter(
        Q(playbook__brand__isnull=False) | ~Exists(own), playbook__is_published=True
    )
