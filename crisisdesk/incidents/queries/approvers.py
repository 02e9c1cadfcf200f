"""Who is asked to approve words in one language, and who is asked next."""

from __future__ import annotations

from dataclasses import dataclass

from crisisdesk.incidents.enums import Severity
from crisisdesk.incidents.models import (
    Approval,
    Incident,
    RoleAssignment,
    StatementLanguage,
    StatementRevision,
)
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import BrandLanguage, User
from crisisdesk.organisation.queries.roles import people_with_role

_BY_PHONE_COUNTS = (Severity.SEV1, Severity.SEV2)


@dataclass(frozen=True)
class Asked:
    """The approver to ask first and the deputy to ask when there is no answer."""

    first: User | None
    deputy: User | None


def counts(approval: Approval, severity: str) -> bool:
    """Whether a yes counts now: one given by phone counts at once for SEV1–2, otherwise when it is confirmed."""
    return approval.confirmed_at is not None or severity in _BY_PHONE_COUNTS


def authors_of(statement_language: StatementLanguage) -> set[int]:
    """Return everybody who wrote any revision of these words: none of them may approve it (law 7)."""
    return {
        author
        for author in StatementRevision.objects.filter(
            statement_language=statement_language
        ).values_list("author", flat=True)
        if author
    }


def whom_to_ask(incident: Incident, statement_language: StatementLanguage) -> Asked:
    """Return approver and deputy for these words: the first two of `people_to_ask`."""
    fitting = people_to_ask(incident, statement_language)
    return Asked(fitting[0] if fitting else None, fitting[1] if len(fitting) > 1 else None)


def people_to_ask(incident: Incident, statement_language: StatementLanguage) -> list[User]:
    """Return everybody who may approve these words: the brand's approver and deputy for the
    language first, then approvers on the incident, then approvers and leads of the brand.

    Authors and people who do not read the language are passed over.
    """
    language = statement_language.language
    barred = authors_of(statement_language)
    row = (
        BrandLanguage.objects.filter(brand=incident.brand_id, language=language)
        .select_related("approver", "deputy")
        .first()
    )
    wanted: list[User | None] = [row.approver, row.deputy] if row else []
    holders = RoleAssignment.objects.filter(incident=incident, role="approver", to_at=None)
    wanted += [holder.user for holder in holders.select_related("user")]
    wanted += people_with_role(incident.brand_id, Role.APPROVER, Role.LEAD)
    fitting: list[User] = []
    for user in wanted:
        if not user or user in fitting or user.pk in barred:
            continue
        if user.is_active and user.can_read(language):
            fitting.append(user)
    return fitting
