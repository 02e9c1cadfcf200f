"""The live stream's address; it is answered by the stream's own process."""

from __future__ import annotations

from django.urls import path

from crisisdesk.web.live import pages

urlpatterns = [
    path("incidents/<str:reference>/stream", pages.elsewhere, name="incident-stream"),
]
