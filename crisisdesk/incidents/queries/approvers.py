"""Who is asked to approve words in one language, and who is asked next."""

from __future__ import annotations

from dataclasses import dataclass

from crisisdesk.incidents.models import Incident, RoleAssignment, StatementLanguage, StatementRevision
from crisisdesk.organisation.models import BrandLanguage, User
from crisisdesk.organisation.queries.roles import people_with_role
from crisisdesk.organisation.enums import Role


@dataclass(frozen=True)
class Asked:
    """The approver to ask first and the deputy to ask when there is no answer."""

    first: User | None
    deputy: User | None


def authors_of(statement_language: StatementLanguage) -> set[int]:
    """Return everybody who wrote any revision of these words: none of them may approve it (law 7)."""
    return {
        author
        for author in StatementRevision.objects.filter(statement_language=statement_language).values_list(
            "author", flat=True
        )
        if author
    }


def whom_to_ask(incident: Incident, statement_language: StatementLanguage) -> Asked:
    """Return approver and deputy for these words: the brand's for the language, then approvers on the incident, then leads.

    Authors and people who do not read the language are passed over.
    """
    language = statement_language.language
    barred = authors_of(statement_language)
    row = BrandLanguage.objects.filter(brand=incident.brand_id, language=language).select_related(
        "approver", "deputy"
    ).first()
    wanted: list[User | None] = [row.approver, row.deputy] if row else []
    holders = RoleAssignment.objects.filter(incident=incident, role="approver", to_at=None).select_related("user")
    wanted += [holder.user for holder in holders]
    wanted += people_with_role(incident.brand_id, Role.APPROVER, Role.LEAD)
    fitting: list[User] = []
    for user in wanted:
        if user and user.is_active and user.pk not in barred and user.can_read(language) and user not in fitting:
            fitting.append(user)
    return Asked(fitting[0] if fitting else None, fitting[1] if len(fitting) > 1 else None)
