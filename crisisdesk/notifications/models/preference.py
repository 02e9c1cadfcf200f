"""What a person wants to be told, and how."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from crisisdesk.notifications.enums import Transport

EVERY_KIND = "*"


class Preference(models.Model):
    """A person's choice for one kind of news (`rules/news.py`), or for every kind; urgent news is always mailed."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notification_preferences"
    )
    kind = models.CharField(max_length=60, default=EVERY_KIND)
    transport = models.CharField(max_length=12, choices=Transport.choices)
    enabled = models.BooleanField()

    class Meta:
        ordering = ("user_id", "kind")
        constraints = [
            models.UniqueConstraint(
                fields=("user", "kind", "transport"), name="one_choice_per_kind"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind} {self.transport} {self.enabled}"
