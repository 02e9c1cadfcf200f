"""What is being written and not yet on the shelf."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class PlaybookDraft(models.Model):
    """The one draft of a playbook: content that may still have faults, and the revision it started from.

    `version` counts every change; whoever changes the plan's shape or publishes names the one they have seen.
    """

    playbook = models.OneToOneField(
        "playbooks.Playbook", on_delete=models.PROTECT, related_name="draft"
    )
    base = models.ForeignKey(
        "playbooks.PlaybookRevision", null=True, on_delete=models.PROTECT, related_name="+"
    )
    content = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("-updated_at", "pk")

    def __str__(self) -> str:
        return f"{self.playbook_id} v{self.version}"
