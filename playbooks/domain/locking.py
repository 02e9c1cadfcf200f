"""Rows of the shelf locked for a change, after a look at who asks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from crisisdesk.organisation.models import Brand
from playbooks.enums import PlaybookOrigin
from playbooks.models import Playbook


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
