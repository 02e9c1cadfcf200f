"""The room that carries news to people."""

from __future__ import annotations

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Outbox, preferences, transports, delivery, heartbeat; knows people as AUTH_USER_MODEL."""

    name = "crisisdesk.notifications"
    label = "notifications"
    verbose_name = "Notifications"
