"""What the auditor found, and how far it has proven each history."""

from __future__ import annotations

from django.db import models

from crisisdesk.incidents.enums import FindingKind


class Finding(models.Model):
    """Something that was not as it must be: open until `gone_at`, mended by the auditor at `repaired_at`.

    What concerns no single incident (mail that waits) has neither incident nor deadline, and counts its rows.
    """

    kind = models.CharField(max_length=20, choices=FindingKind.choices)
    incident = models.ForeignKey(
        "incidents.Incident", null=True, on_delete=models.PROTECT, related_name="findings"
    )
    deadline = models.ForeignKey(
        "incidents.Deadline", null=True, on_delete=models.PROTECT, related_name="+"
    )
    count = models.PositiveIntegerField(default=1)
    since = models.DateTimeField(null=True)
    faults = models.JSONField(default=list)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    repaired_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "incident", "deadline"],
                name="one_open_finding",
                condition=models.Q(gone_at=None),
                nulls_distinct=False,
            )
        ]
        indexes = [models.Index(fields=["-seen_at"], name="findings_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.count}"


class ChainCheck(models.Model):
    """How far the auditor is in proving one history (`number`, `hash`), what was wrong on the way, and when it last
    came to the end."""

    incident = models.OneToOneField(
        "incidents.Incident",
        primary_key=True,
        on_delete=models.PROTECT,
        related_name="chain_check",
    )
    number = models.PositiveIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)
    faults = models.JSONField(default=list)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["checked_at"], name="chains_oldest")]

    def __str__(self) -> str:
        return f"{self.incident_id} up to {self.number}"
