"""The room that carries news to people."""

from __future__ import annotations

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Outbox, preferences, transports, delivery, heartbeat; knows people as AUTH_USER_MODEL."""

    name = "crisisdesk.notifications"
    label = "notifications"
    verbose_name = "Notifications"

    def ready(self) -> None:
        from crisisdesk.notifications.domain import digests  # noqa: PLC0415 - needs loaded models

        digests.register()
