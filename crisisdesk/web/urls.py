"""Every page, one list of addresses per area."""

from __future__ import annotations

from django.conf import settings
from django.urls import path

from crisisdesk.web import (
    urls_desk,
    urls_live,
    urls_plans,
    urls_review,
    urls_room,
    urls_settings,
    urls_words,
)
from crisisdesk.web.views import design, health, metrics

app_name = "web"

urlpatterns = [
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", metrics.metrics, name="metrics"),
    *urls_desk.urlpatterns,
    *urls_live.urlpatterns,
    *urls_plans.urlpatterns,
    *urls_room.urlpatterns,
    *urls_words.urlpatterns,
    *urls_review.urlpatterns,
    *urls_settings.urlpatterns,
]
if settings.DESIGN_PAGE:
    urlpatterns.append(path("design/", design.design, name="design"))
