"""Addresses of the API."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from crisisdesk.api.docs import Description, read_docs
from crisisdesk.api.operations import Missing
from crisisdesk.api.routes import ROUTES

app_name = "api"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="api:docs"), name="start"),
    path("schema/", Description.as_view(), name="schema"),
    path("docs/", read_docs, name="docs"),
    *(path(address, view) for address, view in ROUTES.items()),
    path("<path:anything>", Missing.as_view()),
]
