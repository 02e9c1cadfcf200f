"""Pages: HTML over the same commands as the API. No models."""

from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Views, forms, template tags and static files."""

    name = "crisisdesk.web"
    label = "web"
