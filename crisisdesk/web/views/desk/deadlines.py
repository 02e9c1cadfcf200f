"""Deadlines of all incidents: what is running, by when, whose, on one time axis; the late ones first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from crisisdesk.core import clock, formats, words
from crisisdesk.core.errors import Invalid
from crisisdesk.incidents.domain.messages import way_to_subject
from crisisdesk.incidents.enums import DeadlineKind, DeadlineState, Severity
from crisisdesk.incidents.queries.due import DeadlineRow, DueFilters, DuePage, DueSum, due, sum_of
from crisisdesk.organisation.models import Brand
from crisisdesk.organisation.queries.roles import roles_anywhere
from crisisdesk.organisation.queries.visibility import brands_visible_to
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.desk import due_axis
from crisisdesk.web.views.desk.lateness import late_finding

PAGE = 50
WITHIN = {"late": timedelta(0), "day": timedelta(hours=24), "week": timedelta(days=7)}
GROUPS = ("time", "incident", "person")


@dataclass(frozen=True)
class Asked:
    """What the address asks for; what it does not know is left out."""

    filters: DueFilters
    brand: str
    within: str
    group: str

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out of the list."""
        mine, some = self.filters.mine, (self.filters.severities, self.filters.kinds)
        return bool(mine or self.brand or self.within or any(some))


@login_required
def deadlines(request: PersonRequest) -> HttpResponse:
    """One page of the list; filters stand in the address, so that it can be kept or sent."""
    at = clock.now()
    brands = list(brands_visible_to(request.user).order_by("name", "pk"))
    asked = _asked(request, brands, at)
    after, lost = request.GET.get("after", ""), False
    try:
        page = due(request.user, asked.filters, after, PAGE)
    except Invalid:
        page, after, lost = due(request.user, asked.filters, "", PAGE), "", True
    whole = sum_of(request.user, asked.filters, at=at)
    context: dict[str, Any] = {
        "nav": "deadlines",
        "asked": asked,
        "after": after,
        "is_lost": lost,
        "finding": _finding(whole),
        "whole": whole,
        **_drawn(page, whole, asked.group, at),
        "brands": brands,
        "kinds": words.choices("deadline"),
        "severities": [(value, value.upper()) for value in Severity],
        "withins": _withins(),
        "groups": _groups(),
        "has_roles": bool(roles_anywhere(request.user)),
    }
    return render(request, "web/desk/deadlines.html", context)


def _asked(request: PersonRequest, brands: list[Brand], at: datetime) -> Asked:
    given = request.GET
    brand = next((one for one in brands if one.key == given.get("brand")), None)
    within = given.get("within", "") if given.get("within") in WITHIN else ""
    group = given.get("group", "")
    filters = DueFilters(
        states=(DeadlineState.RUNNING,),
        due_before=at + WITHIN[within] if within else None,
        mine=given.get("mine") == "1",
        brand_id=brand.pk if brand else None,
        severities=tuple(value for value in given.getlist("severity") if value in set(Severity)),
        kinds=tuple(value for value in given.getlist("kind") if value in set(DeadlineKind)),
    )
    return Asked(filters, brand.key if brand else "", within, group if group in GROUPS else "time")


def _drawn(page: DuePage, whole: DueSum, group: str, at: datetime) -> dict[str, Any]:
    """The rows with their places on the axis, in groups."""
    on = due_axis.axis(whole.first, whole.last, at=at)
    rows = [_row(row, on) for row in page.rows]
    ticks = [{"is_now": not tick, "is_late": tick < 0, "words": _tick(tick)} for tick in on.ticks]
    return {
        "axis": on,
        "ticks": ticks,
        "sections": _sections(rows, group, at),
        "next_cursor": page.next_cursor,
    }


def _tick(seconds: int) -> str:
    words_of = formats.span(abs(seconds))
    return gettext("%(span)s late") % {"span": words_of} if seconds < 0 else words_of


def _row(row: DeadlineRow, on: due_axis.Axis) -> dict[str, Any]:
    href, action = way_to_subject(
        f"/incidents/{row.reference}/",
        {"kind": row.kind, "subject": [row.subject_kind, row.subject_id]},
    )
    bar = due_axis.bar(on, started_at=row.started_at, due_at=row.due_at)
    return {"deadline": row, "bar": bar, "href": href, "action": action}


def _sections(rows: Iterable[dict[str, Any]], group: str, at: datetime) -> list[dict[str, Any]]:
    """The rows under their headings, in the order in which a heading's first row is due."""
    found: dict[Any, dict[str, Any]] = {}
    for row in rows:
        of = row["deadline"]
        key: Any = of.due_at <= at
        if group == "incident":
            key = of.reference
        elif group == "person":
            key = of.holders
        section = found.setdefault(key, {"first": of, "is_late": of.due_at <= at, "rows": []})
        section["rows"].append(row)
    return list(found.values())


def _finding(whole: DueSum) -> str:
    """The finding as the heading: what the person would otherwise have to count."""
    if late := late_finding(whole.late, whole.nobodys):
        return late
    return gettext("Nothing is late") if whole.count else gettext("Nothing is due")


def _withins() -> list[tuple[str, str]]:
    return [
        ("", gettext("All")),
        ("late", gettext("Only late")),
        ("day", gettext("By this time tomorrow")),
        ("week", gettext("Within a week")),
    ]


def _groups() -> list[tuple[str, str]]:
    return [
        ("time", gettext("By time")),
        ("incident", gettext("By incident")),
        ("person", gettext("By person")),
    ]
