"""What a person is writing, or may go on writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.queries.roles import brands_with_role
from playbooks.models import Playbook, PlaybookDraft
from playbooks.queries.visibility import visible_to

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from crisisdesk.organisation.models import User


def written_by(user: User) -> QuerySet[Playbook]:
    """Return the playbooks the person writes: those of the brands whose PR lead they are."""
    return visible_to(user).filter(brand__in=brands_with_role(user, Role.LEAD))


def drafts_open_to(user: User) -> QuerySet[PlaybookDraft]:
    """Return the open drafts of these playbooks, the last touched first."""
    return PlaybookDraft.objects.filter(playbook__in=written_by(user)).select_related(
        "playbook", "playbook__brand", "base", "updated_by"
    )
