"""My desk, lists, search, opening, playbooks, inbox."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
