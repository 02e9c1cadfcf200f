"""The room of who we are."""

from __future__ import annotations

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """People, brands, roles, channels, official accounts and API tokens."""

    name = "crisisdesk.organisation"
    label = "organisation"
    verbose_name = "Organisation"
