"""The room of who we are."""

from __future__ import annotations

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """People, brands, roles, channels, official accounts, API tokens and who stands in for whom; registers the last as
    a topic of notifications."""

    name = "crisisdesk.organisation"
    label = "organisation"
    verbose_name = "Organisation"

    def ready(self) -> None:
        """Register the topics of stand-ins and of the rota with notifications, the one call that goes up from there."""
        from crisisdesk.organisation.domain import (  # noqa: PLC0415 - needs loaded models
            messages,
            stand_in_news,
        )

        stand_in_news.register()
        messages.register()
