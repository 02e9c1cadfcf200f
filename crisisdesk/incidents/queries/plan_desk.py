"""What one person still has to do before announcements: the gaps that are theirs, the nearest announcement first.

My desk asks this every minute, so a plan is read here in one row with all that stands on it, and not by `boards_of`:
two queries however many plans there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from crisisdesk.core.queries.compiled import compiled
from crisisdesk.incidents.enums import PlanStatus
from crisisdesk.incidents.models import AnnouncementPlan, PlanDuty, PlanPoint, PlanReach, PlanText
from crisisdesk.incidents.queries.plan_gaps import Gap, readiness
from crisisdesk.incidents.queries.plans import Board, plans_visible_to
from crisisdesk.organisation.models import BrandLanguage, Channel, OfficialAccount, User
from playbooks.domain.content import parse

MOST_PLANS = 20
_MOMENTS = ("approved_at", "from_at", "to_at", "tested_at", "last_access_test")


@dataclass(frozen=True)
class OpenGaps:
    """One plan with the gaps on it that this person owns."""

    plan: AnnouncementPlan
    gaps: tuple[Gap, ...]


def gaps_of(user: User, *, at: datetime) -> list[OpenGaps]:
    """Return the person's open gaps by plan, the nearest announcement first."""
    plans = list(_plans(user)[:MOST_PLANS])
    if not plans:
        return []
    contents = {row.pk: parse(row) for row in {plan.playbook_revision for plan in plans}}
    boards = [Board(plan, contents[plan.playbook_revision_id]) for plan in plans]
    people = User.objects.in_bulk({pk for plan in plans for pk in _named(plan)})
    found = []
    for board in boards:
        _fill(board, people)
        mine = tuple(gap for gap in readiness(board, at=at).gaps if gap.owner.pk == user.pk)
        if mine:
            found.append(OpenGaps(board.plan, mine))
    return found


def _plans(user: User) -> QuerySet[Any]:
    """Return the plans in which the person can own a gap, each with everything on it."""
    points = PlanPoint.objects.filter(plan=OuterRef("pk"), owner=user, is_removed=False)
    accounts = OfficialAccount.objects.filter(brand=OuterRef("brand"), owner=user)
    rows = plans_visible_to(user).filter(
        Q(lead=user) | Exists(points) | Exists(accounts), status=PlanStatus.PREPARING
    )
    parts = {name: compiled(AnnouncementPlan, part) for name, part in _PARTS.items()}
    return (
        rows.select_related("brand", "lead", "playbook_revision")
        .annotate(**parts)
        .order_by("announce_at", "pk")
    )


def _rows(model: type[Any], fields: tuple[str, ...], order: tuple[str, ...]) -> ArraySubquery:
    rows = model.objects.filter(plan=OuterRef("pk"))
    if model is PlanPoint:
        rows = rows.filter(is_removed=False)
    return ArraySubquery(rows.order_by(*order).values(json=_fields(*fields)))


def _signers() -> ArraySubquery:
    rows = BrandLanguage.objects.filter(brand=OuterRef("brand")).order_by("pk")
    return ArraySubquery(rows.values(json=_fields("language", "approver_id", "deputy_id")))


def _handles() -> ArraySubquery:
    rows = OfficialAccount.objects.filter(brand=OuterRef("brand")).order_by("pk")
    fields = ("id", "handle", "owner_id", "access_worked", "last_access_test")
    return ArraySubquery(rows.values(json=_fields(*fields, channel_key="channel__key")))


# What a plan's board is drawn from, each by the field of the plan that then holds it.
_PARTS = {
    "rows": partial(_rows, PlanPoint, ("id", "kind", "text", "owner_id"), ("pk",)),
    "editions": partial(
        _rows, PlanText, ("point_id", "key", "language", "text", "approved_at"), ("number",)
    ),
    "shifts": partial(_rows, PlanDuty, ("id", "from_at", "to_at"), ("from_at", "pk")),
    "tries": partial(_rows, PlanReach, ("person_id", "reached", "tested_at"), ("pk",)),
    "signers": _signers,
    "handles": _handles,
}


def _fields(*names: str, **others: str) -> JSONObject:
    return JSONObject(
        **{name: F(name) for name in names}, **{key: F(path) for key, path in others.items()}
    )


def _named(plan: Any) -> Iterable[int]:
    """Return who is named on the plan's rows."""
    for row in plan.signers:
        yield from filter(None, (row["approver_id"], row["deputy_id"]))
    for row in (*plan.rows, *plan.handles):
        if row["owner_id"]:
            yield row["owner_id"]


def _fill(board: Board, people: dict[int, User]) -> None:
    """Put the rows on the board as `boards_of` would, people and channels included."""
    plan: Any = board.plan
    board.points = [
        PlanPoint(owner=people.get(row.pop("owner_id") or 0), **row) for row in plan.rows
    ]
    for row in plan.editions:
        slot = (row["point_id"], row["key"], row["language"])
        board.editions.setdefault(slot, []).append(PlanText(**_moments(row)))
    board.duties = [PlanDuty(**_moments(row)) for row in plan.shifts]
    board.reaches = {row["person_id"]: PlanReach(**_moments(row)) for row in plan.tries}
    board.approvers = [
        BrandLanguage(
            language=row["language"],
            approver=people.get(row["approver_id"] or 0),
            deputy=people.get(row["deputy_id"] or 0),
        )
        for row in plan.signers
        if row["language"] in plan.languages
    ]
    board.accounts = [
        OfficialAccount(
            owner=people.get(row.pop("owner_id") or 0),
            channel=Channel(key=row.pop("channel_key")),
            **_moments(row),
        )
        for row in plan.handles
    ]


def _moments(row: dict[str, Any]) -> dict[str, Any]:
    """Return the row with its moments as moments; JSON has them as text."""
    return {
        name: datetime.fromisoformat(value) if name in _MOMENTS and value else value
        for name, value in row.items()
    }
