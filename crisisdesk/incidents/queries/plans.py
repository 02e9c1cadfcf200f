"""Plans of announcements as pages, API and commands read them: whole, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Q

from crisisdesk.core.errors import NotVisible
from crisisdesk.core.placeholders import names
from crisisdesk.incidents.enums import PlanStatus, PointKind, Stage
from crisisdesk.incidents.models import (
    AnnouncementPlan,
    PlanChange,
    PlanDuty,
    PlanPoint,
    PlanReach,
    PlanText,
)
from crisisdesk.incidents.queries.listing import read_cursor, write_cursor
from crisisdesk.organisation.models import BrandLanguage, OfficialAccount, User
from crisisdesk.organisation.queries.visibility import brands_visible_to
from playbooks.domain.content import parse
from playbooks.models import PlaybookRevision

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from playbooks.domain.parts import Content, StatementText

# What the first hours need; later words depend on what people then say.
PREPARED_STAGES = (Stage.ACKNOWLEDGEMENT, Stage.HOLDING, Stage.QA, Stage.INTERNAL)
MOST_CHANGES = 200
PAGE = 25
Slot = tuple[int | None, str, str]  # question or None, key of the statement or "", language


@dataclass(frozen=True)
class PlanPage:
    """Some plans; `next_cursor` is what to ask for next, empty at the end."""

    rows: list[AnnouncementPlan]
    next_cursor: str


@dataclass
class Board:
    """One plan with everything that stands on it."""

    plan: AnnouncementPlan
    content: Content
    points: list[PlanPoint] = field(default_factory=list)
    editions: dict[Slot, list[PlanText]] = field(default_factory=dict)
    duties: list[PlanDuty] = field(default_factory=list)
    reaches: dict[int, PlanReach] = field(default_factory=dict)
    approvers: list[BrandLanguage] = field(default_factory=list)
    accounts: list[OfficialAccount] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[PlanPoint]:
        """Return the points of this kind in the order in which they came."""
        return [point for point in self.points if point.kind == kind]

    @property
    def groups(self) -> list[PlanPoint]:
        """Whom it touches."""
        return self.of_kind(PointKind.GROUP)

    @property
    def misreadings(self) -> list[PlanPoint]:
        """What people will believe that is not so."""
        return self.of_kind(PointKind.MISREADING)

    @property
    def questions(self) -> list[PlanPoint]:
        """The questions that will be asked."""
        return self.of_kind(PointKind.QUESTION)

    @cached_property
    def statements(self) -> list[StatementText]:
        """The statements of the playbook that are prepared before the announcement."""
        return [text for text in self.content.statements if text.stage in PREPARED_STAGES]

    def newest(self, slot: Slot) -> PlanText | None:
        """Return the words as they stand now."""
        return self.editions[slot][-1] if slot in self.editions else None

    def blanks(self, text: str) -> list[str]:
        """Return the blanks that somebody still has to fill; time and link fill themselves on the day."""
        known = self.content.placeholders
        return [name for name in names(text) if name not in known or not known[name].autofill]

    def is_ready(self, key: str, language: str) -> bool:
        """Whether this statement is written in this language, no blank left open."""
        words = self.newest((None, key, language))
        return words is not None and not self.blanks(words.text)


def plans_visible_to(user: User) -> QuerySet[AnnouncementPlan]:
    """Return the plans of the brands on which the person has a role."""
    return AnnouncementPlan.objects.filter(brand__in=brands_visible_to(user))


def visible_plan(user: User, pk: int) -> AnnouncementPlan:
    """Return the plan with its brand, lead and incident, or raise NotVisible."""
    rows = plans_visible_to(user).select_related("brand", "lead", "incident")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def visible_plan_ids(user: User) -> QuerySet[AnnouncementPlan, int]:
    """Return the ids of the plans the person may see, to be part of another query."""
    return plans_visible_to(user).order_by().values_list("pk", flat=True)


def may_see_plan(user: User, plan_id: int) -> bool:
    """Whether the person may see this plan (asked by notifications at send and when the inbox is shown)."""
    return plans_visible_to(user).filter(pk=plan_id).exists()


def may_see_plans(pairs: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return those (user id, plan id) that are allowed, in one query however many are asked."""
    member = "brand__memberships__user_id"
    rows = AnnouncementPlan.objects.filter(
        pk__in={plan for _, plan in pairs}, brand__memberships__user__in={user for user, _ in pairs}
    )
    return set(rows.order_by().values_list(member, "pk")) & set(pairs)


def preparing_page(user: User, cursor: str = "") -> PlanPage:
    """Return the next plans on which work goes on, the nearest announcement first. Raises Invalid("cursor_wrong")."""
    rows = listed(user).filter(status=PlanStatus.PREPARING)
    if cursor:
        moment, pk = read_cursor(cursor)
        rows = rows.filter(Q(announce_at__gt=moment) | Q(announce_at=moment, pk__gt=pk))
    found = list(rows.order_by("announce_at", "pk")[: PAGE + 1])
    return PlanPage(found[:PAGE], _following([(row.announce_at, row.pk) for row in found]))


def ended_page(user: User, cursor: str = "") -> PlanPage:
    """Return the next plans that were announced or dropped, the newest first. Raises Invalid("cursor_wrong")."""
    rows = listed(user).filter(ended_at__isnull=False)
    if cursor:
        moment, pk = read_cursor(cursor)
        rows = rows.filter(Q(ended_at__lt=moment) | Q(ended_at=moment, pk__lt=pk))
    found = list(rows.order_by("-ended_at", "-pk")[: PAGE + 1])
    places = [(row.ended_at, row.pk) for row in found if row.ended_at is not None]
    return PlanPage(found[:PAGE], _following(places))


def _following(places: list[tuple[datetime, int]]) -> str:
    return write_cursor(*places[PAGE - 1]) if len(places) > PAGE else ""


def listed(user: User) -> QuerySet[AnnouncementPlan]:
    """Return the plans the person may see, with what a list shows of each."""
    return plans_visible_to(user).select_related("brand", "lead", "incident")


def board_of(plan: AnnouncementPlan) -> Board:
    """Return one plan with everything on it."""
    return boards_of([plan])[0]


def boards_of(plans: Collection[AnnouncementPlan]) -> list[Board]:
    """Return these plans with everything on them, in seven queries however many there are."""
    if not plans:
        return []
    wanted = {plan.playbook_revision_id for plan in plans}
    contents = {
        row.pk: parse(row) for row in PlaybookRevision.objects.filter(pk__in=wanted).order_by()
    }
    boards = {plan.pk: Board(plan, contents[plan.playbook_revision_id]) for plan in plans}
    points = PlanPoint.objects.filter(plan__in=boards, is_removed=False)
    for point in points.select_related("owner").order_by("pk"):
        boards[point.plan_id].points.append(point)
    texts = PlanText.objects.filter(plan__in=boards).select_related("author", "approved_by")
    for text in texts.order_by("number"):
        slot = (text.point_id, text.key, text.language)
        boards[text.plan_id].editions.setdefault(slot, []).append(text)
    for duty in (
        PlanDuty.objects.filter(plan__in=boards).select_related("person").order_by("from_at", "pk")
    ):
        boards[duty.plan_id].duties.append(duty)
    for reach in PlanReach.objects.filter(plan__in=boards).order_by("pk"):
        boards[reach.plan_id].reaches[reach.person_id] = reach
    _add_brands(boards.values())
    return [boards[plan.pk] for plan in plans]


def _add_brands(boards: Iterable[Board]) -> None:
    by_brand: dict[int, list[Board]] = defaultdict(list)
    for board in boards:
        by_brand[board.plan.brand_id].append(board)
    languages = BrandLanguage.objects.filter(brand__in=by_brand)
    for row in languages.select_related("approver", "deputy").order_by("pk"):
        for board in by_brand[row.brand_id]:
            if row.language in board.plan.languages:
                board.approvers.append(row)
    accounts = OfficialAccount.objects.filter(brand__in=by_brand)
    for account in accounts.select_related("channel", "owner").order_by("pk"):
        for board in by_brand[account.brand_id]:
            board.accounts.append(account)


def changes_of(plan: AnnouncementPlan) -> list[PlanChange]:
    """Return who changed what, the newest first."""
    rows = PlanChange.objects.filter(plan=plan).select_related("actor")
    return list(rows.order_by("-at", "-pk")[:MOST_CHANGES])
