"""The room: now, checklists, timeline and what is pressed there."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
