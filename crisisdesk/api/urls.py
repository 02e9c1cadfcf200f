"""Addresses of the API."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from crisisdesk.api.docs import Description, read_docs
from crisisdesk.api.operations import Missing
from crisisdesk.api.views import (
    approvals,
    checklist,
    deadlines,
    inbox,
    incidents,
    people,
    publications,
    record,
    review,
    roles,
    shelf,
    statements,
    timeline,
)

app_name = "api"

_ROUTES = (
    incidents.ROUTES
    | roles.ROUTES
    | timeline.ROUTES
    | record.ROUTES
    | checklist.ROUTES
    | statements.ROUTES
    | approvals.ROUTES
    | publications.ROUTES
    | deadlines.ROUTES
    | review.ROUTES
    | shelf.ROUTES
    | people.ROUTES
    | inbox.ROUTES
)

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="api:docs"), name="start"),
    path("schema/", Description.as_view(), name="schema"),
    path("docs/", read_docs, name="docs"),
    *(path(address, view) for address, view in _ROUTES.items()),
    path("<path:anything>", Missing.as_view()),
]
