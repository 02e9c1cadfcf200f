"""It is announced: one press opens the incident, with everything that was prepared carried over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext, override

from crisisdesk.core.errors import Invalid
from crisisdesk.incidents.domain import notebook, roles, timeline
from crisisdesk.incidents.domain.announcement_plans import note_change, plan_for_update
from crisisdesk.incidents.domain.drafting import event_data, words_hash
from crisisdesk.incidents.domain.locking import incident_for_update
from crisisdesk.incidents.domain.opening import Opening, open_incident
from crisisdesk.incidents.domain.plan_reminders import stop_reminders
from crisisdesk.incidents.domain.plan_sentences import shift_words
from crisisdesk.incidents.enums import EventKind, IncidentRole, PlanStatus, RevisionState
from crisisdesk.incidents.models import (
    AnnouncementPlan,
    Incident,
    PlanPoint,
    Question,
    StatementLanguage,
    StatementRevision,
)
from crisisdesk.incidents.queries.plan_gaps import Readiness, readiness
from crisisdesk.incidents.queries.plans import Board, board_of
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.queries.roles import brand_roles

LONGEST_REASON = 2000
# What the playbook asks and this plan has answered by being there.
_PLANNED = ("plan_was_made",)


@transaction.atomic
def announce_plan(
    *, plan_id: int, actor: Actor, at: datetime, reason: str = "", severity: str = ""
) -> Incident:
    """Open the incident of the plan's playbook and carry over questions with their answers, prepared words, duty,
    groups and misreadings; the plan then stays as it is. Gaps make it a decision of the incident, with its reason.

    Raises Invalid("gaps_need_reason", field="reason") and what open_incident raises.
    """
    plan = plan_for_update(plan_id, actor=actor, permission="plan")
    board = board_of(plan)
    ready = readiness(board, at=at)
    words = reason.strip()
    if ready.gaps and not words:
        raise Invalid("gaps_need_reason", field="reason", count=len(ready.gaps))
    if len(words) > LONGEST_REASON:
        raise Invalid("text_too_long", field="reason", limit=LONGEST_REASON, length=len(words))
    incident = _open(board, severity, actor=actor, at=at)
    _assign_duty(board, incident, actor=actor, at=at)
    common: dict[str, Any] = {"incident_id": incident.pk, "actor": actor, "at": at}
    notebook.state_fact(text=plan.decision, is_known=True, **common)
    if ready.gaps:
        _decide(plan, ready, words, common)
    incident = incident_for_update(incident.pk, actor=actor)
    questions = _carry_questions(board, incident, actor=actor, at=at)
    drafts = _carry_statements(board, incident, at=at)
    counts = {"plan": plan.pk, "questions": questions, "statements": len(drafts)}
    note = timeline.Text(_note(board), plan.language)
    told = timeline.Draft(EventKind.PLAN_CARRIED, data=counts, texts={"text": note})
    timeline.record_many(incident, [told, *drafts], actor=actor, at=at)
    plan.status, plan.incident, plan.ended_at = PlanStatus.ANNOUNCED, incident, at
    plan.reason = words if ready.gaps else ""
    # Data, not prose: what was open reads in every language later.
    plan.gaps = [
        {"code": gap.code, "params": gap.params, "owner": gap.owner.pk} for gap in ready.gaps
    ]
    plan.version += 1
    plan.save()
    stop_reminders(plan)
    note_change(
        plan,
        "announced",
        actor=actor,
        at=at,
        reference=incident.reference,
        gaps=len(ready.gaps),
        reason=plan.reason,
    )
    return incident


def _open(board: Board, severity: str, *, actor: Actor, at: datetime) -> Incident:
    plan, content = board.plan, board.content
    leads = plan.lead.is_active and Role.LEAD in brand_roles(plan.lead, plan.brand_id)
    opening = Opening(
        seen=plan.title,
        brand_id=plan.brand_id,
        revision=plan.playbook_revision,
        severity=severity or content.default_severity,
        detected_at=at,
        languages=tuple(plan.languages),
        self_disclosed=True,
        title_language=plan.language,
        lead=plan.lead if leads else None,
        answers={key: True for key in _PLANNED if key in {row.key for row in content.questions}},
    )
    incident = open_incident(opening, actor=actor, at=at)
    incident.plan["announcement"] = plan.pk
    incident.save(update_fields=["plan"])
    return incident


def _assign_duty(board: Board, incident: Incident, *, actor: Actor, at: datetime) -> None:
    """Give each role to whoever has it now, else to who has it first; the rest of the rota stands in the note."""
    for role in IncidentRole:
        if role == IncidentRole.LEAD:  # the incident was opened with its lead
            continue
        ahead = [duty for duty in board.duties if duty.role == role and duty.to_at > at]
        now = [duty for duty in ahead if duty.from_at <= at] or ahead[:1]
        for duty in now if role == IncidentRole.APPROVER else now[:1]:
            if duty.person.is_active and brand_roles(duty.person, incident.brand_id):
                roles.assign_role(
                    incident_id=incident.pk, role=role, user=duty.person, actor=actor, at=at
                )


def _decide(plan: AnnouncementPlan, ready: Readiness, reason: str, common: dict[str, Any]) -> None:
    with override(plan.language):
        question = gettext("Is it announced although %(count)s things are missing?") % {
            "count": len(ready.gaps)
        }
        choice = gettext("Yes, announced with gaps.")
    notebook.make_decision(question=question, choice=choice, reason=reason, **common)


def _carry_questions(board: Board, incident: Incident, *, actor: Actor, at: datetime) -> int:
    """Log the prepared questions with their approved answers; nobody has asked them yet, so no clock runs."""
    rows = []
    for point in board.questions:
        answers = {}
        for language in board.plan.languages:
            text = board.newest((point.pk, "", language))
            if text is not None and text.approved_at is not None:
                answers[language] = text.text
        rows.append(
            Question(
                incident=incident,
                text=point.text,
                language=point.language,
                asker="public",
                times_asked=0,
                answer=answers.get(point.language, ""),
                answer_language=point.language if point.language in answers else "",
                prepared=answers,
                asked_at=at,
                added_by=actor.user,
            )
        )
    return len(Question.objects.bulk_create(rows))


def _carry_statements(board: Board, incident: Incident, *, at: datetime) -> list[timeline.Draft]:
    """Put every edition of the prepared words in as a revision by its author, so that no author approves them later."""
    found = StatementLanguage.objects.filter(statement__incident=incident)
    places = {(row.statement.key, row.language): row for row in found.select_related("statement")}
    revisions, newest = [], []
    for (point, key, language), editions in board.editions.items():
        place = places.get((key, language))
        if point is not None or place is None:
            continue
        for text in editions:
            is_last = text is editions[-1]
            revision = StatementRevision(
                statement_language=place,
                statement=place.statement,
                language=language,
                number=text.number,
                text=text.text,
                text_hash=words_hash(text.text),
                author=text.author,
                created_at=text.written_at,
                saved_at=at,
                state=RevisionState.DRAFT if is_last else RevisionState.SUPERSEDED,
            )
            revisions.append(revision)
            if is_last:
                newest.append(revision)
    StatementRevision.objects.bulk_create(revisions)
    return [
        timeline.Draft(EventKind.STATEMENT_REVISED, data=event_data(row, before=None))
        for row in newest
    ]


def _note(board: Board) -> str:
    """Return groups, misreadings and the rota as one note, in the plan's own language."""
    with override(board.plan.language):
        parts = [
            _list(gettext("Affected groups"), [_point(row) for row in board.groups]),
            _list(
                gettext("Likely misreadings"),
                [_point(row) for row in board.misreadings],
            ),
            _list(
                gettext("On duty"), [shift_words(duty, board.plan.brand) for duty in board.duties]
            ),
        ]
    return "\n\n".join(part for part in parts if part) or board.plan.title


def _list(head: str, lines: list[str]) -> str:
    return "\n".join([head, *(f"- {line}" for line in lines)]) if lines else ""


def _point(point: PlanPoint) -> str:
    return f"{point.text}: {point.detail}" if point.detail else point.text
