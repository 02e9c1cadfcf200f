"""A person's key to the API."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from knox.models import AbstractAuthToken

from crisisdesk.organisation.enums import TokenScope


class ApiToken(AbstractAuthToken):  # type: ignore[misc]  # knox has no types
    """A named token of one person; only its hash is kept, and its scope bounds what the person may
    do with it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="auth_token_set"
    )
    created = models.DateTimeField()
    name = models.CharField(max_length=80)
    scope = models.CharField(max_length=5, choices=TokenScope.choices, default=TokenScope.READ)

    # Not knox's manager, whose create() reads the clock: tokens are made by domain.tokens.
    objects: ClassVar[models.Manager[ApiToken]] = models.Manager()

    class Meta:
        ordering = ("-created",)

    def __str__(self) -> str:
        return self.name
