"""The response: incidents, their timeline, and everything that changes in one transaction with them."""

from __future__ import annotations

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Registers incidents and plans as topics of notifications, the one call that goes up from there."""

    name = "crisisdesk.incidents"
    label = "incidents"

    def ready(self) -> None:
        from crisisdesk.incidents.domain import (  # noqa: PLC0415 - needs loaded models
            messages,
            morning_news,
            plan_messages,
        )

        messages.register()
        morning_news.register()
        plan_messages.register()
