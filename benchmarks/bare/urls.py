"""Addresses of the bare project."""

from __future__ import annotations

from django.urls import path

from benchmarks.bare import views

urlpatterns = [
    path("one/<str:reference>/", views.one_query),
    path("rows/", views.rows),
    path("page/<str:reference>/", views.events_page),
    path("events/<str:reference>/", views.all_events),
]
