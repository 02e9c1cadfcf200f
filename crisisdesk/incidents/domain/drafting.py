"""Write the words: drafts in place, a new revision for every other change, and the plan of each language."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction

from crisisdesk.core import placeholders
from crisisdesk.core.errors import Invalid, NotVisible, Stale
from crisisdesk.incidents import rules
from crisisdesk.incidents.domain import deadlines, labels, timeline
from crisisdesk.incidents.domain.cleaning import check_channels
from crisisdesk.incidents.domain.locking import incident_for_update, require_open
from crisisdesk.incidents.enums import (
    ApprovalHow,
    DeadlineKind,
    EventKind,
    IncidentRole,
    LanguagePlan,
    RevisionState,
    Stage,
    Status,
)
from crisisdesk.incidents.models import (
    Approval,
    Incident,
    Statement,
    StatementLanguage,
    StatementRevision,
)
from crisisdesk.organisation.domain.actors import Actor
from playbooks.domain.presigning import find_presigned

LONGEST = 20_000


def words_hash(text: str) -> str:
    """Return the hash by which an approval names exact words."""
    return hashlib.sha256(text.encode()).hexdigest()


def language_for_update(
    statement_language_id: int, *, actor: Actor, permission: str
) -> tuple[Incident, StatementLanguage]:
    """Return the words under their incident's lock, or raise NotVisible, NotAllowed, Invalid("incident_ended")."""
    found = (
        StatementLanguage.objects.filter(pk=statement_language_id)
        .values_list("statement__incident", flat=True)
        .first()
    )
    if found is None:
        raise NotVisible
    incident = incident_for_update(found, actor=actor)
    rules.require(actor, permission, incident)
    require_open(incident)
    row = StatementLanguage.objects.select_related("statement").get(pk=statement_language_id)
    row.statement.incident = incident
    return incident, row


def latest_revision(row: StatementLanguage) -> StatementRevision | None:
    """Return the newest exact text of these words."""
    return StatementRevision.objects.filter(statement_language=row).order_by("-number").first()


@transaction.atomic
def save_draft(
    *,
    statement_language_id: int,
    text: str,
    version: int,
    actor: Actor,
    at: datetime,
    values: dict[str, str] | None = None,
) -> StatementRevision:
    """Keep words as typed. One's own draft changes in place; anything else becomes the next revision, without
    approvals.

    Words that a brand's approver signed in peacetime, with only facts filled in, are approved at once (law 7).
    Raises Stale with the words as they stand, Invalid("text_missing" | "text_too_long").
    """
    incident, row = language_for_update(statement_language_id, actor=actor, permission="draft")
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise Invalid("text_missing", field="text")
    if len(words) > LONGEST:
        raise Invalid("text_too_long", field="text", limit=LONGEST, length=len(words))
    if version != row.version:
        raise Stale("stale", current=latest_revision(row))
    latest = latest_revision(row)
    if latest and latest.text == words and latest.state != RevisionState.SENT_BACK:
        _keep_values(row, values)
        return latest
    own = latest and latest.state == RevisionState.DRAFT and latest.author_id == actor.id
    if latest and own and latest.submitted_at is None:  # what an approver has read stays as it was
        latest.text, latest.text_hash, latest.saved_at = words, words_hash(words), at
        latest.save(update_fields=["text", "text_hash", "saved_at"])
        revision = latest
    else:
        revision = _next_revision(incident, row, latest, words, actor=actor, at=at)
    row.version += 1
    row.save(update_fields=["version"])
    _keep_values(row, values)
    _approve_if_presigned(incident, row, revision, actor=actor, at=at)
    return revision


def _keep_values(row: StatementLanguage, values: dict[str, str] | None) -> None:
    if values is not None and values != row.values:
        row.values = values
        row.save(update_fields=["values"])


def _next_revision(
    incident: Incident,
    row: StatementLanguage,
    latest: StatementRevision | None,
    words: str,
    *,
    actor: Actor,
    at: datetime,
) -> StatementRevision:
    if latest and latest.state != RevisionState.SUPERSEDED:
        was = latest.state
        latest.state = RevisionState.SUPERSEDED
        latest.save(update_fields=["state"])
        if was == RevisionState.IN_REVIEW:
            deadlines.cancel(
                deadlines.running(incident, subject=("revision", latest.pk)), reason="superseded"
            )
    revision = StatementRevision.objects.create(
        statement_language=row,
        statement=row.statement,
        language=row.language,
        number=(latest.number if latest else 0) + 1,
        text=words,
        text_hash=words_hash(words),
        author=actor.user,
        created_at=at,
        saved_at=at,
    )
    if row.statement.is_hidden:  # words that somebody writes are needed, whatever the plan says
        Statement.objects.filter(pk=row.statement_id).update(is_hidden=False)
    timeline.record(
        incident,
        EventKind.STATEMENT_REVISED,
        actor=actor,
        at=at,
        data=event_data(revision, before=latest and latest.pk),
    )
    return revision


def event_data(revision: StatementRevision, **more: Any) -> dict[str, Any]:
    """Return what every event about words keeps: which statement, language, revision and hash."""
    statement = revision.statement
    return {
        "statement": statement.pk,
        "label": statement.title,
        "stage": statement.stage,
        "language": revision.language,
        "revision": revision.number,
        "revision_id": revision.pk,
        "hash": revision.text_hash,
        **more,
    }


def _approve_if_presigned(
    incident: Incident,
    row: StatementLanguage,
    revision: StatementRevision,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    if row.statement.stage != Stage.ACKNOWLEDGEMENT or placeholders.names(revision.text):
        return
    signed = find_presigned(
        incident.playbook_revision,
        incident.brand,
        statement_key=row.statement.key,
        language=row.language,
        text=revision.text,
    )
    if signed is None:
        return
    revision.state, revision.is_presigned, revision.approved_at = RevisionState.APPROVED, True, at
    revision.save(update_fields=["state", "is_presigned", "approved_at"])
    Approval.objects.create(
        revision=revision,
        lane=row.statement.lane,
        approver_id=signed.approver_id,
        text_hash=revision.text_hash,
        approved=True,
        how=ApprovalHow.PRESIGNED,
        recorded_by=actor.user,
        decided_at=signed.signed_at,
        recorded_at=at,
        confirmed_at=signed.signed_at,
    )
    timeline.record(
        incident,
        EventKind.STATEMENT_APPROVED,
        actor=actor,
        at=at,
        data=event_data(revision, how=ApprovalHow.PRESIGNED, approver=signed.approver_id),
    )


@transaction.atomic
def plan_language(
    *,
    statement_language_id: int,
    plan: LanguagePlan,
    actor: Actor,
    at: datetime,
    follow_by: datetime | None = None,
) -> StatementLanguage:
    """Say whether a language is needed, not needed, or to follow by a time (which becomes a deadline).

    Raises Invalid("follow_by_missing" | "follow_by_past").
    """
    incident, row = language_for_update(statement_language_id, actor=actor, permission="draft")
    if plan == LanguagePlan.TO_FOLLOW:
        if follow_by is None:
            raise Invalid("follow_by_missing", field="follow_by")
        if follow_by <= at:
            raise Invalid("follow_by_past", field="follow_by")
    deadlines.cancel(deadlines.running(incident, subject=("language", row.pk)), reason="replanned")
    row.plan, row.follow_by = plan, follow_by if plan == LanguagePlan.TO_FOLLOW else None
    row.save(update_fields=["plan", "follow_by"])
    if row.follow_by:
        deadlines.start(
            incident,
            deadlines.Plan(
                kind=DeadlineKind.LANGUAGE,
                label=labels.language_to_follow(row.language, row.statement.title),
                started_at=at,
                length=row.follow_by - at,
                lives_until=Status.RESOLVED,
                role=IncidentRole.SPOKESPERSON,
                start_event="language_planned",
                subject=("language", row.pk),
                language=row.language,
                escalate=False,
            ),
            at=at,
        )
    timeline.record(
        incident,
        EventKind.LANGUAGE_PLANNED,
        actor=actor,
        at=at,
        data={
            "statement": row.statement_id,
            "label": row.statement.title,
            "language": row.language,
            "plan": plan,
            "follow_by": row.follow_by.isoformat() if row.follow_by else None,
        },
    )
    return row


@transaction.atomic
def add_statement(
    *,
    incident_id: int,
    stage: Stage,
    title: str,
    channels: list[str],
    languages: list[str],
    actor: Actor,
    at: datetime,
    audience: str = "public",
) -> Statement:
    """Add a statement that the playbook has no words for. Raises Invalid("title_missing" | "channels_missing" | …)."""
    incident = incident_for_update(incident_id, actor=actor)
    rules.require(actor, "draft", incident)
    require_open(incident)
    if not title.strip():
        raise Invalid("title_missing", field="title")
    if not channels:
        raise Invalid("channels_missing", field="channels")
    check_channels(channels, field="channels")
    if not languages or set(languages) - set(incident.languages):
        raise Invalid("language_unknown", field="languages")
    place = incident.statements.count()
    lane = incident.lanes.order_by("pk").first()
    statement = Statement.objects.create(
        incident=incident,
        key=f"added-{place + 1}",
        stage=stage,
        audience=audience,
        title=dict.fromkeys(("en", "ar", "he"), title.strip()[:120]),
        channels=channels,
        lane=lane.key if lane else "normal",
        position=place,
        created_at=at,
    )
    StatementLanguage.objects.bulk_create(
        StatementLanguage(statement=statement, language=language, template="")
        for language in languages
    )
    timeline.record(
        incident,
        EventKind.STATEMENT_ADDED,
        actor=actor,
        at=at,
        data={"statement": statement.pk, "label": statement.title, "stage": stage},
    )
    return statement
