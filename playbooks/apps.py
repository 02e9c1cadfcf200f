"""The room of the shelf."""

from __future__ import annotations

from django.apps import AppConfig


class PlaybooksConfig(AppConfig):
    """Playbooks, their immutable revisions, words signed in peacetime, lessons and their
    sources.
    """

    name = "playbooks"
    label = "playbooks"
    verbose_name = "Playbooks"

    def ready(self) -> None:
        """Register the topic of reviews with notifications, the one call that goes up from there."""
        from playbooks.domain import messages  # noqa: PLC0415 - needs loaded models

        messages.register()
