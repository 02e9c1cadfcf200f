"""Who is asked to approve words in one language, and who is asked next."""

from __future__ import annotations

from dataclasses import dataclass

from crisisdesk.incidents.enums import IncidentRole, Severity
from crisisdesk.incidents.models import Approval, Incident, StatementLanguage, StatementRevision
from crisisdesk.incidents.queries import duty
from crisisdesk.organisation.models import User

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


def whom_to_ask(incident: Incident, language: str, *, authors: set[int]) -> Asked:
    """Return approver and deputy for words of these authors: the first two of `people_to_ask`."""
    fitting = people_to_ask(incident, language, authors=authors)
    return Asked(fitting[0] if fitting else None, fitting[1] if len(fitting) > 1 else None)


def people_to_ask(incident: Incident, language: str, *, authors: set[int]) -> list[User]:
    """Return everybody who may approve words in this language: the brand's approver and deputy for it first, then
    approvers on the incident, then approvers and leads of the brand; one query for all words of an incident.

    Authors and people who do not read the language are passed over.
    """
    team = duty.team(incident)
    wanted = [team.approvers.get(language), team.deputies.get(language)]
    wanted += [
        holder.user for holder in duty.holders(incident) if holder.role == IncidentRole.APPROVER
    ]
    wanted += team.deciders
    fitting: list[User] = []
    for user in wanted:
        if not user or user in fitting or user.pk in authors:
            continue
        if user.is_active and user.can_read(language):
            fitting.append(user)
    return fitting
