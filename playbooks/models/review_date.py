"""By when a part of a playbook is read again."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class ReviewDate(models.Model):
    """The day by which one brand reads one part of a playbook again: the plan (`statement_key` is empty), or the words
    of one statement.

    Shared playbooks belong to no brand, so each brand has dates of its own for them. `due_at` is the morning of
    `review_by` in the brand's zone; `reminded_at` is when the sweep told of that very day, and `told` whom. Without an
    owner, or when the owner no longer leads, it falls to all PR leads of the brand.
    """

    playbook = models.ForeignKey(
        "playbooks.Playbook", on_delete=models.PROTECT, related_name="review_dates"
    )
    brand = models.ForeignKey(
        "organisation.Brand", on_delete=models.PROTECT, related_name="review_dates"
    )
    statement_key = models.CharField(max_length=80, blank=True)
    label = models.JSONField(default=dict)
    words_hash = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    review_by = models.DateField()
    due_at = models.DateTimeField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    told = ArrayField(models.BigIntegerField(), default=list, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("due_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("playbook", "brand", "statement_key"), name="review_date_once"
            ),
            models.CheckConstraint(
                condition=models.Q(reviewed_by__isnull=True, reviewed_at__isnull=True)
                | models.Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="reviewed_by_someone",
            ),
        ]
        indexes = [
            models.Index(
                fields=("due_at",),
                condition=models.Q(reminded_at__isnull=True),
                name="review_date_due",
            ),
            models.Index(fields=("brand", "due_at"), name="review_date_of_brand"),
        ]

    def __str__(self) -> str:
        return f"{self.playbook_id} {self.statement_key or '-'} {self.review_by}"
