"""My desk: what is late, what is next, what is open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from crisisdesk.core import clock, formats
from crisisdesk.incidents.domain.messages import way_to_subject
from crisisdesk.incidents.queries import desk as queries
from crisisdesk.incidents.queries import metrics
from crisisdesk.incidents.queries.plan_desk import gaps_of
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import User
from crisisdesk.organisation.queries.roles import roles_anywhere
from crisisdesk.organisation.queries.rota import watch_now
from crisisdesk.reports.domain.figures import label
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.desk.lateness import late_finding
from crisisdesk.web.views.shelf.finding import SHARED
from crisisdesk.web.views.shelf.reviews import day_words, drawn
from playbooks.domain.review_dates import today
from playbooks.queries.reviews import ToReview, to_review

MOST_REVIEWS = 8
_WORKERS = frozenset({Role.LEAD, Role.STAFF, Role.APPROVER, Role.ADMIN})


@login_required
def my_desk(request: PersonRequest) -> HttpResponse:
    """The first page. An executive sees open incidents with their figures instead of things to do."""
    at = clock.now()
    roles = roles_anywhere(request.user)
    page = queries.my_desk(request.user, at=at)
    reviews = [_review(found, at) for found in to_review(request.user, at=at)]
    executive = bool(roles) and not roles & _WORKERS
    context: dict[str, Any] = {
        "nav": "desk",
        "desk": page,
        "finding": _finding(page, reviews, has_roles=bool(roles)),
        "late": [_row(promise, request.user) for promise in page.late],
        "mine": [_row(promise, request.user) for promise in page.mine],
        "watch": watch_now(request.user, at=at) if roles else [],
        "plan_gaps": gaps_of(request.user, at=at) if roles else [],
        "has_roles": bool(roles),
        "executive": executive,
        "reviews": reviews[:MOST_REVIEWS],
        "reviews_count": len(reviews),
        "figures": _figures(page, at=at) if executive else [],
    }
    return render(request, "web/desk/my_desk.html", context)


def _row(promise: queries.Promise, user: User) -> dict[str, Any]:
    """One promise with the page that meets it and the words on its button, and whether it is this person's."""
    deadline = promise.deadline
    room = f"/incidents/{promise.incident.reference}/"
    href, action = way_to_subject(
        room, {"kind": deadline.kind, "subject": [deadline.subject_kind, deadline.subject_id]}
    )
    return {
        "promise": promise,
        "deadline": deadline,
        "incident": promise.incident,
        "href": href,
        "action": action,
        "is_mine": promise.is_mine(user),
    }


def _review(found: ToReview, at: datetime) -> dict[str, Any]:
    """One playbook to read again, with how many days its first part is late."""
    days = (today(found.brand, at=at) - found.review_by).days
    path = reverse("web:playbook", args=[found.slug])
    return {
        "found": found,
        "bar": drawn(days),
        "words": day_words(days),
        "late": found.late > 0,
        "href": f"{path}?brand={found.owner or SHARED}#review",
    }


def _finding(page: queries.Desk, reviews: list[dict[str, Any]], *, has_roles: bool) -> str:
    """The finding as the heading: what the person would otherwise have to count."""
    if not has_roles:
        return gettext("You have no role on any brand yet")
    if late := late_finding(page.late_count, page.nobodys):
        return late
    if page.words_waiting:
        count = len(page.words_waiting)
        return ngettext("%(count)s text waits for you", "%(count)s texts wait for you", count) % {
            "count": count
        }
    due = sum(row["late"] for row in reviews)
    if due:
        return ngettext(
            "%(count)s playbook is due to be read again",
            "%(count)s playbooks are due to be read again",
            due,
        ) % {"count": due}
    if page.incidents:
        return gettext("Nothing is late")
    return gettext("All is quiet")


def _figures(page: queries.Desk, *, at: datetime) -> list[dict[str, Any]]:
    """The six figures of every open incident, in words, for who reads and does not work."""
    found = metrics.of_incidents([row.incident for row in page.incidents], at=at)
    return [
        {
            "incident": row.incident,
            "six": [
                {
                    "label": label(measure.key),
                    "words": _measure(measure),
                    "late": measure.outcome == metrics.Outcome.LATE,
                }
                for measure in found[row.incident.pk].all()
            ],
        }
        for row in page.incidents
    ]


def _measure(measure: metrics.Measure) -> str:
    if measure.value is None:
        return (
            gettext("not yet")
            if measure.outcome == metrics.Outcome.NOT_YET
            else gettext("not measured")
        )
    if measure.of is not None:
        return gettext("%(value)s of %(all)s") % {"value": measure.value, "all": measure.of}
    return formats.span(measure.value * 60)
