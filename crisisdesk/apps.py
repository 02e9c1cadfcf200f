"""The wiring as a Django app: it holds only management commands."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """Makes `manage.py up`, `demo`, `doctor` and their like known to Django."""

    name = "crisisdesk"
    label = "desk"
    verbose_name = "Crisis Desk"

    def ready(self) -> None:
        """Make our Celery app the one that core/jobs.py publishes to, in every process and thread."""
        from crisisdesk import celery  # noqa: F401, PLC0415 - it reads the settings, which are ready now
