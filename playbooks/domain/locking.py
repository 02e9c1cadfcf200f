"""Rows of the shelf locked for a change, after a look at who asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crisisdesk.core.errors import NotVisible
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.models import Brand
from playbooks.enums import PlaybookOrigin
from playbooks.models import Playbook
from playbooks.queries.visibility import visible_to


def playbook_for_update(playbook_id: int, *, actor: Actor) -> Playbook:
    """Return the playbook, locked until the transaction ends. Raises NotVisible."""
    if actor.user is None:
        raise NotVisible
    seen = visible_to(actor.user).filter(pk=playbook_id).values("pk")
    found = Playbook.objects.select_for_update(of=("self",)).filter(pk__in=seen).first()
    if found is None:
        raise NotVisible
    return found


def own_playbook(brand: Brand, slug: str, content: Mapping[str, Any], *, at: datetime) -> Playbook:
    """Return the brand's own playbook of that slug, locked; a new one is not on the shelf before its first revision.

    The caller has locked the brand, so that two who make the same slug wait for each other.
    """
    found = Playbook.objects.select_for_update(of=("self",)).filter(brand=brand, slug=slug).first()
    return found or Playbook.objects.create(
        brand=brand,
        slug=slug,
        origin=PlaybookOrigin.DESK,
        crisis_type=content["crisis_type"],
        scct_cluster=content["scct_cluster"],
        is_published=False,
        created_at=at,
    )
