"""Playbooks on the shelf and their revisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Subquery

from playbooks.models import Playbook, PlaybookRevision
from playbooks.queries.visibility import revisions_visible_to, visible_to

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

    from crisisdesk.organisation.models import User


@dataclass(frozen=True, slots=True)
class Shelved:
    """A published playbook with its newest revision."""

    playbook: Playbook
    revision: PlaybookRevision


def published(
    user: User | AnonymousUser, *, brand_id: int | None = None, slug: str = ""
) -> list[Shelved]:
    """Return the published playbooks the person may see with their newest revisions, in one
    query; with a slug only those of that slug.

    With a brand: the shared ones and this brand's own; its own takes the place of a shared one of
    the same slug.
    """
    playbooks = visible_to(user).filter(is_published=True)
    if slug:
        playbooks = playbooks.filter(slug=slug)
    if brand_id is not None:
        playbooks = playbooks.filter(brand__isnull=True) | playbooks.filter(brand_id=brand_id)
    shelved = newest_of(playbooks)
    if brand_id is not None:
        own = {each.playbook.slug for each in shelved if each.playbook.brand_id is not None}
        shelved = [
            each
            for each in shelved
            if each.playbook.brand_id is not None or each.playbook.slug not in own
        ]
    return shelved


def newest_of(playbooks: QuerySet[Playbook]) -> list[Shelved]:
    """Return these playbooks with their newest revisions in the order of their slugs, in one query."""
    shelved = [Shelved(revision.playbook, revision) for revision in _newest(playbooks)]
    return sorted(shelved, key=lambda each: (each.playbook.slug, each.playbook.pk))


def published_playbook(
    user: User | AnonymousUser, slug: str, *, brand_id: int | None = None
) -> Shelved | None:
    """Return the published playbook of that slug, if the person may see it; a brand's own before
    the shared one.
    """
    found = published(user, brand_id=brand_id, slug=slug) if slug else []
    return next(
        (each for each in found if each.playbook.brand_id is not None), found[0] if found else None
    )


def revision(user: User | AnonymousUser, pk: int) -> PlaybookRevision | None:
    """Return one revision, whatever its age, if the person may see its playbook."""
    return (
        revisions_visible_to(user)
        .select_related("playbook", "playbook__brand")
        .filter(pk=pk)
        .first()
    )


def revisions_of(user: User | AnonymousUser, playbook_id: int) -> QuerySet[PlaybookRevision]:
    """Return the history of a playbook, newest first, without the content."""
    return (
        revisions_visible_to(user)
        .filter(playbook_id=playbook_id)
        .defer("content")
        .order_by("-number")
    )


def newest_revision(playbook: Playbook) -> PlaybookRevision | None:
    """Return what the playbook says now."""
    return playbook.revisions.order_by("-number").first()


def newer_revision(
    user: User | AnonymousUser, revision_id: int, *, whole: bool = False
) -> PlaybookRevision | None:
    """Return the newest revision of this one's playbook if it came later and the person may see it; its content only
    where it is asked for `whole`.
    """
    this = PlaybookRevision.objects.filter(pk=revision_id).values("number")[:1]
    rows = (
        revisions_visible_to(user)
        .filter(playbook__revisions=revision_id, number__gt=Subquery(this))
        .select_related("playbook", "playbook__brand", "author")
        .order_by("-number")
    )
    return (rows if whole else rows.defer("content")).first()


def _newest(playbooks: QuerySet[Playbook]) -> QuerySet[PlaybookRevision]:
    return (
        PlaybookRevision.objects.filter(playbook__in=playbooks)
        .select_related("playbook", "playbook__brand")
        .order_by("playbook_id", "-number")
        .distinct("playbook_id")
    )
