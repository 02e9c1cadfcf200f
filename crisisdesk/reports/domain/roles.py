"""Who did it, as a role: lateness and deeds stand on roles, never on names (issue, part Report)."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import pgettext

from crisisdesk.core.words import word
from crisisdesk.incidents.enums import IncidentRole
from crisisdesk.organisation.enums import Role
from crisisdesk.reports.domain.source import Source

_BY_WEIGHT = (Role.LEAD, Role.APPROVER, Role.STAFF, Role.EXECUTIVE, Role.ADMIN, Role.OBSERVER)
_BRAND_WORDS: dict[str, str] = {IncidentRole.LEAD: Role.LEAD, IncidentRole.APPROVER: Role.APPROVER}
DEPUTY = "deputy"


def role_words(role: str) -> str:
    """The name of a role on the incident or of the brand; an unknown one is simply the team."""
    own: dict[str, str] = {
        IncidentRole.SPOKESPERSON: pgettext("role", "Spokesperson"),
        IncidentRole.MONITOR: pgettext("role", "On watch"),
        IncidentRole.SCRIBE: pgettext("role", "Scribe"),
        DEPUTY: pgettext("role", "Deputy approver"),
    }
    if role in own:
        return own[role]
    return word("role", _BRAND_WORDS.get(role, role)) if role else pgettext("role", "Team")


def role_of(
    source: Source, user_id: int | None, moment: datetime, *, approving: bool = False
) -> str:
    """The role in which a person acted at that moment: on the incident first, then for the brand.

    `approving` looks for the approver's and the deputy's place first: a lead who approves does so
    as approver.
    """
    if user_id is None:
        return pgettext("role", "Automatic")
    if approving:
        return role_words(DEPUTY if user_id in source.deputies else IncidentRole.APPROVER)
    for held in source.assignments:
        if (
            held.user_id == user_id
            and held.from_at <= moment
            and (held.to_at is None or moment < held.to_at)
        ):
            return role_words(held.role)
    roles = source.brand_roles.get(user_id, set())
    found = next((role for role in _BY_WEIGHT if role in roles), "")
    if found == Role.APPROVER and user_id in source.deputies:
        return role_words(DEPUTY)
    return role_words(found)
