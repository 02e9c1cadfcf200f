"""One frozen text of a playbook."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models


class PlaybookRevision(models.Model):
    """What a playbook said from `created_at` on; never changed, never deleted, so incidents may
    point at it.
    """

    playbook = models.ForeignKey(
        "playbooks.Playbook", on_delete=models.PROTECT, related_name="revisions"
    )
    number = models.PositiveIntegerField()
    schema = models.PositiveSmallIntegerField()
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    note = models.CharField(max_length=200, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("playbook_id", "-number")
        constraints = [
            models.UniqueConstraint(
                fields=("playbook", "number"), name="playbook_revision_number_once"
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="playbook_revision_is_frozen", operation=pgtrigger.Update | pgtrigger.Delete
            ),
        ]

    def __str__(self) -> str:
        return f"{self.playbook_id} #{self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new revision; refuse to store one again (the database refuses too)."""
        if not self._state.adding:
            raise TypeError("A playbook revision is never changed: make the next one.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Refuse: incidents and signatures rest on it."""
        raise TypeError("A playbook revision is never deleted.")
