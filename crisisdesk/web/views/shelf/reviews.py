"""By when a playbook is read again, brand by brand, and the presses on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from crisisdesk.core import formats
from crisisdesk.core.errors import Invalid
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.queries.roles import people_with_role
from playbooks.domain import reviews
from playbooks.domain.review_dates import REVIEW_EVERY, today
from playbooks.queries.reviews import SOON, dates_of
from playbooks.rules import may_write

if TYPE_CHECKING:
    from django.http import QueryDict

    from crisisdesk.organisation.models import Brand, User
    from crisisdesk.web.requests import PersonRequest
    from playbooks.domain.content import Content
    from playbooks.models import ReviewDate


@dataclass(frozen=True, slots=True)
class Row:
    """One part with how late it is, or how long is left."""

    part: ReviewDate
    days_late: int
    stage: str
    is_ticked: bool

    @property
    def is_late(self) -> bool:
        """Whether its day has come."""
        return self.days_late >= 0

    @property
    def is_soon(self) -> bool:
        """Whether its day comes within two weeks."""
        return -SOON.days <= self.days_late < 0

    @property
    def bar(self) -> Drawn:
        """How late it is, drawn; or how much of its time is used."""
        return drawn(self.days_late, (self.part.due_at - self.part.started_at).days)

    @property
    def words(self) -> str:
        """How it stands."""
        return day_words(self.days_late)


@dataclass(frozen=True, slots=True)
class Board:
    """The dates of one playbook for one brand; `leads` is empty for who may not change them, and `is_pressed` says that
    a press on this very board was refused."""

    brand: Brand
    rows: tuple[Row, ...]
    leads: tuple[User, ...]
    may: bool
    finding: str
    is_pressed: bool

    @property
    def is_open(self) -> bool:
        """Whether there is something to look at now."""
        return self.is_pressed or any(row.is_late or row.is_soon for row in self.rows)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A bar: days late beside a whole period, or the share of the period that is used."""

    value: int
    whole: int
    label: str


def drawn(days_late: int, period: int = REVIEW_EVERY.days) -> Drawn:
    """Return the bar of a part that is so many days late, or (less than 0) has so many left of its period."""
    if days_late >= 0:
        # What is due today shows, too.
        whole = max(REVIEW_EVERY.days, days_late) + 1
        return Drawn(days_late + 1, whole, gettext("Days late"))
    return Drawn(max(period + days_late, 0), max(period, 1), gettext("Time used"))


def day_words(days_late: int) -> str:
    """Return how a day stands in words: due today; 3 days late; due in 12 days."""
    if days_late == 0:
        return gettext("due today")
    span = {"span": formats.span(abs(days_late) * formats.DAY)}
    return gettext("%(span)s late") % span if days_late > 0 else gettext("due in %(span)s") % span


def boards(
    request: PersonRequest, playbook_id: int, content: Content, *, at: datetime
) -> list[Board]:
    """Return the dates brand by brand, the plan first and then the statements in their order."""
    order = {"": -1} | {row.key: place for place, row in enumerate(content.statements)}
    stages = {row.key: row.stage for row in content.statements}
    ticked = _ticks(request.POST)
    found: dict[Brand, list[Row]] = {}
    for part in dates_of(request.user, playbook_id):
        late = (today(part.brand, at=at) - part.review_by).days
        row = Row(part, late, stages.get(part.statement_key, ""), part.pk in ticked)
        found.setdefault(part.brand, []).append(row)
    return [
        _board(request, brand, sorted(rows, key=lambda row: order.get(row.part.statement_key, 0)))
        for brand, rows in found.items()
    ]


def _board(request: PersonRequest, brand: Brand, rows: list[Row]) -> Board:
    may = may_write(request.actor, brand.pk)
    leads = tuple(people_with_role(brand.pk, Role.LEAD)) if may else ()
    is_pressed = may and request.POST.get("brand") == str(brand.pk)
    return Board(brand, tuple(rows), leads, may, _finding(rows), is_pressed)


def _finding(rows: list[Row]) -> str:
    late = sum(row.is_late for row in rows)
    if late:
        return ngettext(
            "%(count)s part is due to be read again",
            "%(count)s parts are due to be read again",
            late,
        ) % {"count": late}
    first = min(row.part.review_by for row in rows)
    return gettext("Nothing is due before %(date)s") % {"date": date_format(first, "j F Y")}


def press(request: PersonRequest, *, at: datetime) -> tuple[Callable[[], Any], str]:
    """Return the one call that this press asks for, and what is said when it is done.

    Raises Invalid("review_date_missing") for a day that is none.
    """
    given = request.POST
    common: dict[str, Any] = {"seen": _ticks(given), "actor": request.actor, "at": at}
    if given.get("press") == "date":
        day = _day(given.get("review_by", ""))
        return lambda: reviews.set_review_date(review_by=day, **common), gettext("The date is set.")
    if given.get("press") == "owner":
        owner = given.get("owner", "")
        pk = int(owner) if owner.isdecimal() and len(owner) < 19 else None
        return lambda: reviews.give_review(owner_id=pk, **common), gettext("The owner is changed.")
    said = gettext("Kept: still right. It comes back in %(days)s days.")
    return lambda: reviews.mark_reviewed(**common), said % {"days": REVIEW_EVERY.days}


def _ticks(given: QueryDict) -> dict[int, int]:
    """Return which parts are ticked, each with the version that was on the screen."""
    found = {}
    for value in given.getlist("parts"):
        pk, _, version = value.partition(":")
        if all(part.isdecimal() and len(part) < 10 for part in (pk, version)):
            found[int(pk)] = int(version)
    return found


def _day(typed: str) -> date | None:
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Invalid("review_date_missing", field="review_by") from None
