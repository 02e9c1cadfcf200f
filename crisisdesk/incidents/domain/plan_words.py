"""What stands on a plan: groups, questions, misreadings, and the words prepared for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from crisisdesk.core.errors import Invalid, NotAllowed, NotVisible, Stale
from crisisdesk.core.languages import guess_language
from crisisdesk.incidents.domain.announcement_plans import clean_line, note_change, plan_for_update
from crisisdesk.incidents.enums import PointKind
from crisisdesk.incidents.models import AnnouncementPlan, PlanPoint, PlanText
from crisisdesk.incidents.queries.plans import board_of
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.models import User
from crisisdesk.organisation.queries.roles import brand_roles

LONGEST_DETAIL = 2000
LONGEST_ANSWER = 2000
LONGEST_STATEMENT = 20_000
# Whoever works for the brand may think of a question; whom the decision touches is for the lead to say.
_ADDING = {
    PointKind.GROUP: "plan",
    PointKind.QUESTION: "prepare",
    PointKind.MISREADING: "prepare",
}


@transaction.atomic
def add_plan_point(
    *,
    plan_id: int,
    kind: str,
    text: str,
    actor: Actor,
    at: datetime,
    detail: str = "",
    owner: User | None = None,
) -> PlanPoint:
    """Name a group that is affected, a question that will be asked, or a misreading that is likely.

    Raises Invalid("point_kind_unknown" | "text_missing" | "text_too_long" | "person_not_of_brand").
    """
    if kind not in set(PointKind):
        raise Invalid("point_kind_unknown", field="kind", value=kind)
    plan = plan_for_update(plan_id, actor=actor, permission=_ADDING[PointKind(kind)])
    point = PlanPoint(plan=plan, kind=kind, added_by=actor.user, added_at=at)
    _fill(point, text, detail, owner)
    point.save()
    note_change(plan, "point_added", actor=actor, at=at, point=point.pk, kind=kind, text=point.text)
    return point


@transaction.atomic
def change_plan_point(
    *,
    point_id: int,
    text: str,
    version: int,
    actor: Actor,
    at: datetime,
    detail: str = "",
    owner: User | None = None,
) -> PlanPoint:
    """Word it better or give it to somebody. Raises Stale with the point as it stands, and what adding raises."""
    plan, point = _point(point_id, actor=actor)
    if point.version != version:
        raise Stale(current=point)
    before = point.text
    _fill(point, text, detail, owner)
    point.version += 1
    point.save()
    facts = {"point": point.pk, "kind": point.kind, "text": point.text, "before": before}
    note_change(plan, "point_changed", actor=actor, at=at, **facts)
    return point


@transaction.atomic
def remove_plan_point(*, point_id: int, actor: Actor, at: datetime) -> AnnouncementPlan:
    """Take a point off the plan; the history keeps what it said."""
    plan, point = _point(point_id, actor=actor, permission="plan")
    point.is_removed = True
    point.version += 1
    point.save(update_fields=["is_removed", "version"])
    note_change(
        plan, "point_removed", actor=actor, at=at, point=point.pk, kind=point.kind, text=point.text
    )
    return plan


def _fill(point: PlanPoint, text: str, detail: str, owner: User | None) -> None:
    point.text = clean_line(text, field="text")
    point.language = guess_language(point.text)
    point.detail = detail.replace("\r\n", "\n").strip()
    if len(point.detail) > LONGEST_DETAIL:
        length = len(point.detail)
        raise Invalid("text_too_long", field="detail", limit=LONGEST_DETAIL, length=length)
    if owner is not None and not brand_roles(owner, point.plan.brand_id):
        raise Invalid("person_not_of_brand", field="owner", name=owner.names())
    point.owner = owner


def _point(
    point_id: int, *, actor: Actor, permission: str = ""
) -> tuple[AnnouncementPlan, PlanPoint]:
    found = PlanPoint.objects.filter(pk=point_id).values("plan", "kind").first()
    if found is None:
        raise NotVisible
    asked = permission or _ADDING[PointKind(found["kind"])]
    plan = plan_for_update(found["plan"], actor=actor, permission=asked)
    point = PlanPoint.objects.filter(pk=point_id, is_removed=False).first()
    if point is None:
        raise NotVisible
    point.plan = plan
    return plan, point


@transaction.atomic
def write_plan_answer(
    *, point_id: int, language: str, text: str, version: int, actor: Actor, at: datetime
) -> PlanText:
    """Write the answer to a question in one language; each change is a new edition that nobody has approved yet.

    `version` is the number of the edition that was read, 0 for none. Raises Stale with the words as they stand, and
    Invalid("not_a_question" | "language_not_planned" | "text_missing" | "text_too_long").
    """
    plan, point = _point(point_id, actor=actor, permission="prepare")
    if point.kind != PointKind.QUESTION:
        raise Invalid("not_a_question")
    words = clean_line(text, field="text", most=LONGEST_ANSWER)
    text_row = _next_edition(plan, point, "", language, words, version=version, actor=actor, at=at)
    note_change(plan, "answer_written", actor=actor, at=at, text=point.text, language=language)
    return text_row


@transaction.atomic
def prepare_plan_statement(
    *, plan_id: int, key: str, language: str, text: str, version: int, actor: Actor, at: datetime
) -> PlanText:
    """Write a statement of the playbook for this decision; it is ready when no blank is left open.

    Raises Stale, and Invalid("statement_unknown" | "language_not_planned" | "text_missing" | "text_too_long").
    """
    plan = plan_for_update(plan_id, actor=actor, permission="prepare")
    known = {row.key: row for row in board_of(plan).statements}
    if key not in known:
        raise Invalid("statement_unknown", field="key", value=key)
    words = clean_line(text, field="text", most=LONGEST_STATEMENT)
    row = _next_edition(plan, None, key, language, words, version=version, actor=actor, at=at)
    note_change(
        plan,
        "statement_prepared",
        actor=actor,
        at=at,
        label=dict(known[key].title),
        language=language,
    )
    return row


def _next_edition(
    plan: AnnouncementPlan,
    point: PlanPoint | None,
    key: str,
    language: str,
    words: str,
    *,
    version: int,
    actor: Actor,
    at: datetime,
) -> PlanText:
    if language not in plan.languages:
        raise Invalid("language_not_planned", field="language", language=language)
    slot = {"plan": plan, "point": point, "key": key, "language": language}
    newest = PlanText.objects.filter(**slot).order_by("-number").first()
    if (newest.number if newest else 0) != version:
        raise Stale(current=newest)
    return PlanText.objects.create(
        **slot, number=version + 1, text=words, author=actor.user, written_at=at
    )


@transaction.atomic
def approve_plan_answer(*, text_id: int, actor: Actor, at: datetime) -> PlanText:
    """Approve this very edition of an answer.

    Raises NotAllowed("own_text" | "language_not_read"), Invalid("not_a_question" | "newer_revision" |
    "already_approved").
    """
    found = PlanText.objects.filter(pk=text_id).values_list("plan", flat=True).first()
    plan = plan_for_update(found or 0, actor=actor, permission="approve_answer")
    text = PlanText.objects.select_related("point").get(pk=text_id)
    if text.point is None or text.point.is_removed:
        raise Invalid("not_a_question")
    slot = PlanText.objects.filter(plan=plan, point=text.point, language=text.language)
    _require_may_approve(text, slot.values_list("author", flat=True), actor=actor)
    newest = slot.order_by("-number").values_list("number", flat=True)[0]
    if newest != text.number:
        raise Invalid("newer_revision", number=newest)
    if text.approved_at is not None:
        raise Invalid("already_approved")
    text.approved_by, text.approved_at = actor.user, at
    text.save(update_fields=["approved_by", "approved_at"])
    facts = {"text": text.point.text, "language": text.language}
    note_change(plan, "answer_approved", actor=actor, at=at, **facts)
    return text


def _require_may_approve(text: PlanText, authors: Iterable[int | None], *, actor: Actor) -> None:
    """Invariants, not permissions: whoever wrote any edition is an author, and only who reads the language approves."""
    if actor.user is None or actor.id in set(authors):
        raise NotAllowed("own_text")
    if not actor.user.can_read(text.language):
        raise NotAllowed("language_not_read", language=text.language)
