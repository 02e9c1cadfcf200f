"""What the team writes down: facts, decisions, questions."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Fact(models.Model):
    """Something known, or something we do not know yet and say so."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="facts"
    )
    text = models.CharField(max_length=300)
    language = models.CharField(max_length=5)
    is_known = models.BooleanField()
    is_withdrawn = models.BooleanField(default=False)
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    stated_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.incident_id} {self.text[:40]}"


class Decision(models.Model):
    """A question, the choice made, and why; it is never edited, only followed by another."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="decisions"
    )
    question = models.CharField(max_length=300)
    choice = models.CharField(max_length=300)
    reason = models.TextField()
    language = models.CharField(max_length=5)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.incident_id} {self.choice[:40]}"


class Question(models.Model):
    """Something people ask: who, where, how often, and our answer (domain.md L27)."""

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="questions"
    )
    text = models.CharField(max_length=300)
    language = models.CharField(max_length=5)
    asker = models.CharField(max_length=20)
    asker_name = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=20, blank=True)
    url = models.URLField(max_length=500, blank=True)
    times_asked = models.PositiveIntegerField(default=1)
    answer = models.TextField(blank=True)
    answer_language = models.CharField(max_length=5, blank=True)
    answer_url = models.URLField(max_length=500, blank=True)
    # Approved before the announcement, by language; such a question was asked 0 times until somebody asks it.
    prepared = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    taken_private_at = models.DateTimeField(null=True)
    closing_line_url = models.URLField(max_length=500, blank=True)
    closed_publicly_at = models.DateTimeField(null=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.incident_id} {self.text[:40]}"
