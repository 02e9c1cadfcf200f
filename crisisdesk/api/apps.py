"""The API: JSON over the same commands as the pages. No models."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Serializers, views and the OpenAPI schema."""

    name = "crisisdesk.api"
    label = "api"
