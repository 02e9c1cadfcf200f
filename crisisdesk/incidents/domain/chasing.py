"""Nobody answers: the deputy is asked, and the lead sees who was called."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crisisdesk.core.errors import Invalid, Stale
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import timeline
from crisisdesk.incidents.domain.approving import revision_for_update
from crisisdesk.incidents.domain.drafting import event_data
from crisisdesk.incidents.enums import EventKind, RevisionState
from crisisdesk.incidents.models import Incident, StatementRevision
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.models import User


def ask_deputy(
    incident: Incident, revision: StatementRevision, *, actor: Actor, at: datetime
) -> bool:
    """Ask the deputy once, because the approver has not answered; the caller holds the lock. Returns whether
    asked now."""
    if (
        revision.state != RevisionState.IN_REVIEW
        or revision.deputy_asked_at
        or revision.deputy_id is None
    ):
        return False
    revision.deputy_asked_at = at
    revision.save(update_fields=["deputy_asked_at"])
    asked = User.objects.filter(pk__in=[revision.asked_id, revision.deputy_id])
    names = {person.pk: person.names() for person in asked}
    timeline.record(
        incident,
        EventKind.DEPUTY_ASKED,
        actor=actor,
        at=at,
        data=event_data(
            revision,
            asked=revision.asked_id,
            name=names.get(revision.asked_id or 0, ""),
            deputy=revision.deputy_id,
            deputy_name=names.get(revision.deputy_id or 0, ""),
        ),
        tell=[revision.deputy_id],
    )
    return True


@transaction.atomic
def chase_approver(
    *, revision_id: int, reached: bool, actor: Actor, at: datetime
) -> StatementRevision:
    """The lead has called: "No answer" asks the deputy at once, "Reached" is noted. Only while the words are
    in review."""
    incident, revision = revision_for_update(revision_id, actor=actor)
    rules.require(actor, "chase_approver", incident)
    if revision.state != RevisionState.IN_REVIEW:
        raise Stale("not_in_review", current=revision, state=revision.state)
    name = revision.asked.names() if revision.asked else ""
    data = event_data(revision, asked=revision.asked_id, name=name)
    if reached:
        revision.reached_at = at
        revision.save(update_fields=["reached_at"])
        timeline.record(incident, EventKind.REACHED, actor=actor, at=at, data=data)
        return revision
    if revision.deputy_id is None:
        raise Invalid("no_deputy", language=revision.language)
    timeline.record(incident, EventKind.NO_ANSWER, actor=actor, at=at, data=data)
    ask_deputy(incident, revision, actor=actor, at=at)
    return revision
