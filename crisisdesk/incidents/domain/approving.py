"""Ask for a yes, give it or send the words back. Exact words are approved: revision, language and hash (law 7)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from crisisdesk.core import placeholders
from crisisdesk.core.domain.files import store_file
from crisisdesk.core.errors import Invalid, NotAllowed, NotVisible, Stale
from crisisdesk.core.languages import guess_language
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import deadlines, labels, timeline
from crisisdesk.incidents.domain.drafting import event_data, language_for_update, latest_revision
from crisisdesk.incidents.domain.locking import incident_for_update, require_open
from crisisdesk.incidents.enums import (
    ApprovalHow,
    DeadlineKind,
    EventKind,
    IncidentRole,
    PublicationState,
    RevisionState,
    Status,
)
from crisisdesk.incidents.models import Approval, ApprovalLane, Incident, StatementRevision
from crisisdesk.incidents.queries.approvers import authors_of, counts, whom_to_ask
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.models import User

CONFIRM_WITHIN = timedelta(hours=24)


@transaction.atomic
def submit(
    *, statement_language_id: int, version: int, actor: Actor, at: datetime
) -> StatementRevision:
    """Send the newest draft to the brand's approver for its language and start the clock of the answer.

    Raises Invalid("nothing_to_submit" | "placeholders_left" | "nobody_can_approve"), Stale.
    """
    incident, row = language_for_update(statement_language_id, actor=actor, permission="submit")
    revision = latest_revision(row)
    if version != row.version:
        raise Stale("stale", current=revision)
    if revision is None or revision.state != RevisionState.DRAFT:
        raise Invalid("nothing_to_submit", field="text")
    left = placeholders.names(revision.text)
    if left:
        raise Invalid("placeholders_left", field="text", names=left)
    asked = whom_to_ask(incident, row.language, authors=authors_of(row))
    if asked.first is None:
        raise Invalid("nobody_can_approve", language=row.language)
    revision.state = RevisionState.IN_REVIEW
    revision.submitted_by, revision.submitted_at = actor.user, at
    revision.asked, revision.deputy = asked.first, asked.deputy
    revision.save(update_fields=["state", "submitted_by", "submitted_at", "asked", "deputy"])
    deadlines.start(
        incident,
        deadlines.Plan(
            kind=DeadlineKind.APPROVAL,
            label=labels.approval(row.language, row.statement.title),
            started_at=at,
            length=timedelta(minutes=deadlines.APPROVAL_MINUTES[incident.severity]),
            lives_until=Status.RESOLVED,
            role=IncidentRole.APPROVER,
            start_event="submitted",
            subject=("revision", revision.pk),
            owner_id=asked.first.pk,
            language=row.language,
        ),
        at=at,
    )
    timeline.record(
        incident,
        EventKind.APPROVAL_REQUESTED,
        actor=actor,
        at=at,
        data=event_data(revision, asked=asked.first.pk, name=asked.first.names()),
        tell=[asked.first.pk],
    )
    return revision


def revision_for_update(revision_id: int, *, actor: Actor) -> tuple[Incident, StatementRevision]:
    """Return a revision under its incident's lock, or raise NotVisible or Invalid("incident_ended")."""
    found = (
        StatementRevision.objects.filter(pk=revision_id)
        .values_list("statement__incident", flat=True)
        .first()
    )
    if found is None:
        raise NotVisible
    incident = incident_for_update(found, actor=actor)
    require_open(incident)
    revision = StatementRevision.objects.select_related("statement", "statement_language").get(
        pk=revision_id
    )
    return incident, revision


def _require_decidable(revision: StatementRevision, text_hash: str) -> None:
    latest = latest_revision(revision.statement_language)
    if latest and latest.pk != revision.pk:
        raise Invalid("newer_revision", number=latest.number)
    if revision.state != RevisionState.IN_REVIEW:
        raise Stale("not_in_review", current=revision, state=revision.state)
    if text_hash and text_hash != revision.text_hash:
        raise Stale("words_changed", current=revision)


def _require_may_decide(
    incident: Incident, revision: StatementRevision, user: User, *, actor: Actor
) -> None:
    """Invariants, not permissions: no author, only who reads the language; a superuser does not pass either."""
    if user.pk in authors_of(revision.statement_language):
        raise NotAllowed("own_text")
    if not user.can_read(revision.language):
        raise NotAllowed("language_not_read", language=revision.language)
    rules.require(Actor(user, actor.source, actor.scope), "approve", incident)


@transaction.atomic
def approve(
    *, revision_id: int, actor: Actor, at: datetime, text_hash: str = "", comment: str = ""
) -> Approval:
    """Approve these words: this revision, this language, this hash.

    Raises NotAllowed("own_text" | "language_not_read" | "not_allowed"), Invalid("newer_revision" | "already_said"),
    Stale("not_in_review" | "words_changed").
    """
    incident, revision = revision_for_update(revision_id, actor=actor)
    if actor.user is None:
        raise NotAllowed("not_allowed")
    _require_may_decide(incident, revision, actor.user, actor=actor)
    _require_decidable(revision, text_hash)
    approval = _say(
        revision,
        actor.user,
        approved=True,
        comment=comment,
        how=ApprovalHow.IN_DESK,
        actor=actor,
        at=at,
    )
    _count(incident, revision, approval, actor=actor, at=at)
    return approval


def _say(
    revision: StatementRevision,
    approver: User,
    *,
    approved: bool,
    comment: str,
    how: ApprovalHow,
    actor: Actor,
    at: datetime,
    decided_at: datetime | None = None,
) -> Approval:
    try:
        with transaction.atomic():
            return Approval.objects.create(
                revision=revision,
                lane=revision.statement.lane,
                approver=approver,
                text_hash=revision.text_hash,
                approved=approved,
                comment=comment.strip(),
                how=how,
                recorded_by=actor.user,
                decided_at=decided_at or at,
                recorded_at=at,
                confirmed_at=at if how == ApprovalHow.IN_DESK else None,
            )
    except IntegrityError:
        raise Invalid("already_said", name=approver.names()) from None


def _count(
    incident: Incident,
    revision: StatementRevision,
    approval: Approval,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Approve the revision once its lane has the approvals it needs at this severity."""
    lane = ApprovalLane.objects.filter(incident=incident, key=revision.statement.lane).first()
    needed = int(lane.approvals.get(incident.severity, 1)) if lane else 1
    counting = [
        row for row in revision.approvals.all() if row.approved and counts(row, incident.severity)
    ]
    data = event_data(
        revision, approver=approval.approver_id, how=approval.how, had=len(counting), needed=needed
    )
    if len(counting) >= needed:
        revision.state, revision.approved_at = RevisionState.APPROVED, at
        revision.save(update_fields=["state", "approved_at"])
        data["met"] = deadlines.meet(
            deadlines.running(incident, subject=("revision", revision.pk)), met_at=at
        )
    kind = EventKind.STATEMENT_APPROVED
    if approval.how == ApprovalHow.BY_PHONE and approval.confirmed_at is None:
        kind = EventKind.PHONE_APPROVAL_RECORDED
    data["complete"] = revision.state == RevisionState.APPROVED
    data["name"] = approval.approver.names()
    timeline.record(
        incident,
        kind,
        actor=actor,
        at=at,
        occurred_at=approval.decided_at if kind == EventKind.PHONE_APPROVAL_RECORDED else at,
        data=data,
        texts=_comment(approval.comment),
        tell=[revision.author_id or 0, revision.submitted_by_id or 0, approval.approver_id],
    )


def _comment(comment: str) -> dict[str, timeline.Text]:
    return (
        {"comment": timeline.Text(comment.strip(), guess_language(comment))}
        if comment.strip()
        else {}
    )


@transaction.atomic
def send_back(
    *, revision_id: int, comment: str, actor: Actor, at: datetime, text_hash: str = ""
) -> Approval:
    """Return the words to their author with what should change. Raises Invalid("comment_missing") and as approve()."""
    incident, revision = revision_for_update(revision_id, actor=actor)
    if actor.user is None:
        raise NotAllowed("not_allowed")
    _require_may_decide(incident, revision, actor.user, actor=actor)
    if not comment.strip():
        raise Invalid("comment_missing", field="comment")
    _require_decidable(revision, text_hash)
    approval = _say(
        revision,
        actor.user,
        approved=False,
        comment=comment,
        how=ApprovalHow.IN_DESK,
        actor=actor,
        at=at,
    )
    revision.state = RevisionState.SENT_BACK
    revision.save(update_fields=["state"])
    met = deadlines.meet(deadlines.running(incident, subject=("revision", revision.pk)), met_at=at)
    timeline.record(
        incident,
        EventKind.STATEMENT_SENT_BACK,
        actor=actor,
        at=at,
        data=event_data(revision, met=met),
        texts=_comment(comment),
        tell=[revision.author_id or 0, revision.submitted_by_id or 0],
    )
    return approval


@transaction.atomic
def take_back(*, revision_id: int, actor: Actor, at: datetime) -> StatementRevision:
    """Take words back from review before anybody decided; who wrote or sent them may, and the lead.

    What the approver has read stays as it is: the next change makes a new revision. Raises Stale("not_in_review"),
    Invalid("already_published") for words that went out by override: those are reviewed, not taken back.
    """
    incident, revision = revision_for_update(revision_id, actor=actor)
    own = {*authors_of(revision.statement_language), revision.submitted_by_id}
    rules.require(actor, "submit" if actor.id in own else "take_back", incident)
    if revision.state != RevisionState.IN_REVIEW:
        raise Stale("not_in_review", current=revision, state=revision.state)
    posts = revision.publications.filter(state=PublicationState.PUBLISHED)
    if post := posts.order_by("pk").first():
        raise Invalid("already_published", channel=post.channel)
    end_review(incident, revision, at=at)
    timeline.record(
        incident,
        EventKind.STATEMENT_TAKEN_BACK,
        actor=actor,
        at=at,
        data=event_data(revision),
        tell=[
            revision.asked_id or 0,
            (revision.deputy_id or 0) if revision.deputy_asked_at else 0,
            revision.author_id or 0,
        ],
    )
    return revision


def end_review(incident: Incident, revision: StatementRevision, *, at: datetime) -> None:
    """Ask nobody any more; the caller holds the lock and records it."""
    revision.state = RevisionState.DRAFT
    revision.save(update_fields=["state"])
    deadlines.cancel(
        deadlines.running(incident, subject=("revision", revision.pk)), reason="taken_back"
    )


@transaction.atomic
def record_phone_approval(
    *,
    revision_id: int,
    approver: User,
    said_at: datetime,
    actor: Actor,
    at: datetime,
    comment: str = "",
    proof: Any = None,
) -> Approval:
    """Record a yes given by voice or message, marked "by phone, to be confirmed"; anyone on duty but the author may.

    It counts at once for SEV1–2. Raises as approve(), and Invalid("said_in_future").
    """
    incident, revision = revision_for_update(revision_id, actor=actor)
    rules.require(actor, "record_phone_approval", incident)
    if actor.id in authors_of(revision.statement_language):
        raise NotAllowed("own_text")
    if said_at > at:
        raise Invalid("said_in_future", field="said_at")
    _require_may_decide(incident, revision, approver, actor=Actor(approver, actor.source))
    _require_decidable(revision, "")
    approval = _say(
        revision,
        approver,
        approved=True,
        comment=comment,
        how=ApprovalHow.BY_PHONE,
        actor=actor,
        at=at,
        decided_at=said_at,
    )
    if proof is not None:
        approval.proof = store_file(proof, at=at)
        approval.save(update_fields=["proof"])
    deadlines.start(
        incident,
        deadlines.Plan(
            kind=DeadlineKind.PHONE_CONFIRMATION,
            label=labels.phone_confirmation(revision.statement.title),
            started_at=at,
            length=CONFIRM_WITHIN,
            lives_until=Status.CLOSED,
            role=IncidentRole.APPROVER,
            start_event="phone_approval",
            subject=("approval", approval.pk),
            owner_id=approver.pk,
            language=revision.language,
            escalate=False,
        ),
        at=at,
    )
    _count(incident, revision, approval, actor=actor, at=at)
    return approval


@transaction.atomic
def confirm_phone_approval(*, approval_id: int, actor: Actor, at: datetime) -> Approval:
    """The approver confirms what they said by phone; only they can."""
    found = Approval.objects.filter(pk=approval_id).values_list("revision", flat=True).first()
    incident, revision = revision_for_update(found or 0, actor=actor)
    approval = Approval.objects.select_related("approver").get(pk=approval_id)
    if approval.approver_id != actor.id or not actor.may_write:
        raise NotAllowed("not_your_word")
    if approval.confirmed_at:
        return approval
    approval.confirmed_at = at
    approval.save(update_fields=["confirmed_at"])
    met = deadlines.meet(deadlines.running(incident, subject=("approval", approval.pk)), met_at=at)
    timeline.record(
        incident,
        EventKind.PHONE_APPROVAL_CONFIRMED,
        actor=actor,
        at=at,
        data=event_data(
            revision, approver=approval.approver_id, name=approval.approver.names(), met=met
        ),
    )
    if revision.state == RevisionState.IN_REVIEW:
        _count(incident, revision, approval, actor=actor, at=at)
    return approval
