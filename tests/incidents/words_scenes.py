"""Words on their way: a draft, a text in review, an approved one; and a call that must be refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crisisdesk.core.errors import DomainError
from crisisdesk.incidents.domain import approving, drafting
from crisisdesk.incidents.models import (
    Approval,
    Incident,
    Publication,
    StatementRevision,
    TimelineEvent,
)
from tests.factories.incidents import Desk, words_of
from tests.factories.organisation import NOON

MINUTE = timedelta(minutes=1)


def draft(
    desk: Desk, incident: Incident, text: str = "نص البيان", stage: str = "holding"
) -> StatementRevision:
    """Return a draft by comms staff in Arabic."""
    words = words_of(incident, stage, "ar")
    return drafting.save_draft(
        statement_language_id=words.pk,
        text=text,
        version=words.version,
        actor=desk.actor("staff"),
        at=NOON,
    )


def submitted(desk: Desk, incident: Incident, stage: str = "holding") -> StatementRevision:
    """Return a text that waits for its approver."""
    revision = draft(desk, incident, stage=stage)
    words = revision.statement_language
    words.refresh_from_db()
    return approving.submit(
        statement_language_id=words.pk,
        version=words.version,
        actor=desk.actor("staff"),
        at=NOON + MINUTE,
    )


def approved(desk: Desk, incident: Incident, stage: str = "holding") -> StatementRevision:
    """Return a text that the approver has approved."""
    revision = submitted(desk, incident, stage)
    approving.approve(revision_id=revision.pk, actor=desk.actor("approver"), at=NOON + 2 * MINUTE)
    revision.refresh_from_db()
    return revision


def refused(error: str, function: object, **fields: object) -> DomainError:
    """The call is refused with this code and writes nothing; returns the refusal."""
    before = (TimelineEvent.objects.count(), Approval.objects.count(), Publication.objects.count())
    with pytest.raises(DomainError, match=error) as caught:
        function(**fields)  # type: ignore[operator]
    assert (
        TimelineEvent.objects.count(),
        Approval.objects.count(),
        Publication.objects.count(),
    ) == before
    return caught.value
