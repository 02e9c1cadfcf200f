"""The list of incidents: filtered, searched, paged."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from crisisdesk.core.errors import Invalid
from crisisdesk.incidents.enums import Severity, Status
from crisisdesk.incidents.queries.listing import ListFilters, page
from crisisdesk.organisation.queries.roles import roles_anywhere
from crisisdesk.web.requests import PersonRequest

_SCOPES = {"": None, "open": True, "ended": False}


@login_required
def incidents(request: PersonRequest) -> HttpResponse:
    """Newest first; filters stand in the address, so that a list can be kept or sent."""
    asked = request.GET
    scope = asked.get("show", "")
    filters = ListFilters(
        statuses=tuple(value for value in asked.getlist("status") if value in set(Status)),
        severities=tuple(value for value in asked.getlist("severity") if value in set(Severity)),
        is_open=_SCOPES.get(scope),
        words=asked.get("words", "")[:200],
    )
    try:
        found = page(request.user, filters, cursor=asked.get("after", ""))
    except Invalid:
        found = page(request.user, filters)
    context = {
        "nav": "incidents",
        "page": found,
        "filters": filters,
        "scope": scope,
        "scopes": [("", gettext("All")), ("open", gettext("Open")), ("ended", gettext("Ended"))],
        "severities": [(value, value.upper()) for value in Severity],
        "has_roles": bool(roles_anywhere(request.user)),
        "narrowed": bool(filters.statuses or filters.severities or filters.words or scope),
    }
    template = "web/desk/incidents.html"
    if request.headers.get("HX-Request") and asked.get("after"):
        template += "#rows"
    return render(request, template, context)
