"""The ground floor: what every room may use and what knows no room."""

from __future__ import annotations

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Clock, errors, jobs, languages, stored files, idempotency keys."""

    name = "crisisdesk.core"
    label = "core"
