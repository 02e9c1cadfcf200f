"""One attempt to deliver a notification."""

from __future__ import annotations

from django.db import models

from crisisdesk.notifications.enums import Outcome
from crisisdesk.notifications.models.notification import Notification


class Delivery(models.Model):
    """What happened at one attempt, with the other side's answer; kept for ever, never changed."""

    notification = models.ForeignKey(
        Notification, on_delete=models.PROTECT, related_name="deliveries"
    )
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    answer = models.TextField(blank=True)
    message_id = models.CharField(max_length=200, blank=True)
    # How long the other side was asked for; none where nobody was.
    took_ms = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.notification_id} {self.outcome}"
