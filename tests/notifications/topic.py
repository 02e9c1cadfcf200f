"""The topic of the tests as an app, for workers that are processes of their own."""

from __future__ import annotations

from django.apps import AppConfig


class TopicConfig(AppConfig):
    """Registers the topic as a room does."""

    name = "tests.notifications.topic"
    label = "news"

    def ready(self) -> None:
        """Answer for the topic."""
        from tests.factories.notifications import News  # needs loaded models

        News().register()
