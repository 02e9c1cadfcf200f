"""Which playbook an address means, and whose playbooks a person writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import reverse

from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand
from crisisdesk.organisation.queries.roles import brands_with_role
from crisisdesk.organisation.queries.visibility import brands_visible_to
from playbooks.queries import shelf

if TYPE_CHECKING:
    from crisisdesk.organisation.models import User
    from crisisdesk.web.requests import PersonRequest
    from playbooks.models import Playbook

SHARED = "shared"


def shelved(request: PersonRequest, slug: str) -> shelf.Shelved:
    """Return the published playbook that the address means, or raise Http404.

    ?brand=KEY is that brand's own, ?brand=shared the one from the files; without it a brand's own goes first.
    """
    asked = request.GET.get("brand", "")
    found = [
        each
        for each in shelf.published(request.user, slug=slug)
        if not asked or asked == (each.playbook.brand.key if each.playbook.brand else SHARED)
    ]
    own = [each for each in found if each.playbook.brand_id is not None]
    if not found:
        raise Http404
    return (own or found)[0]


def read_address(playbook: Playbook) -> str:
    """Return the page on which this very playbook is read."""
    owner = playbook.brand.key if playbook.brand else SHARED
    return f"{reverse('web:playbook', args=[playbook.slug])}?brand={owner}"


def brands_written_by(user: User) -> list[Brand]:
    """Return the brands whose playbooks the person writes."""
    return list(
        brands_visible_to(user).filter(pk__in=brands_with_role(user, Role.LEAD)).order_by("key")
    )
