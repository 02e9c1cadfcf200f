"""Words for channels: drafts, exact revisions, approvals, publications."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from crisisdesk.incidents.enums import (
    ApprovalHow,
    LanguagePlan,
    PublicationState,
    RevisionState,
    Stage,
)

_WORDS_STAY = """
    IF (OLD.state <> 'draft' OR OLD.submitted_at IS NOT NULL)
    AND (NEW.text <> OLD.text OR NEW.text_hash <> OLD.text_hash OR NEW.number <> OLD.number) THEN
        RAISE EXCEPTION 'a text that was sent to approval cannot be changed: make a new revision';
    END IF;
    RETURN NEW;
"""


class Statement(models.Model):
    """Any words we mean to say: one stage, one audience, some channels, one or more languages.

    `is_hidden` says that the condition `when` does not hold and nobody has written anything.
    """

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="statements"
    )
    key = models.CharField(max_length=60)
    stage = models.CharField(max_length=16, choices=Stage.choices)
    audience = models.CharField(max_length=16, default="public")
    title = models.JSONField(default=dict)
    channels = ArrayField(models.CharField(max_length=20))
    lane = models.CharField(max_length=40)
    facts = ArrayField(models.CharField(max_length=40), default=list)
    placeholders = models.JSONField(default=dict)
    when = models.JSONField(default=dict)
    is_hidden = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "key"], name="one_statement_per_key")
        ]

    def __str__(self) -> str:
        return f"{self.incident_id} {self.key}"


class StatementLanguage(models.Model):
    """A statement in one of the audience's languages. `version` counts edits, so that none is lost (law 9)."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="languages")
    language = models.CharField(max_length=5)
    plan = models.CharField(
        max_length=12, choices=LanguagePlan.choices, default=LanguagePlan.NEEDED
    )
    follow_by = models.DateTimeField(null=True)
    template = models.TextField()
    values = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "language"], name="one_text_per_language")
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.language}"


class StatementRevision(models.Model):
    """One exact text. Once it was sent to approval its words never change (a trigger sees to it)."""

    statement_language = models.ForeignKey(
        StatementLanguage, on_delete=models.PROTECT, related_name="revisions"
    )
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="revisions")
    language = models.CharField(max_length=5)
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    text_hash = models.CharField(max_length=64)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    state = models.CharField(
        max_length=10, choices=RevisionState.choices, default=RevisionState.DRAFT
    )
    is_presigned = models.BooleanField(default=False)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    asked = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    deputy_asked_at = models.DateTimeField(null=True)
    reached_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["statement_language", "number"], name="revision_numbers_are_unique"
            )
        ]
        indexes = [
            models.Index(
                fields=["asked"],
                name="revisions_waiting",
                condition=models.Q(state=RevisionState.IN_REVIEW),
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="words_stay",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=_WORDS_STAY,
            ),
            pgtrigger.Protect(name="revisions_stay", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.language} r{self.number}"


class Approval(models.Model):
    """A yes or no to one revision, its language and its hash (law 7)."""

    revision = models.ForeignKey(
        StatementRevision, on_delete=models.PROTECT, related_name="approvals"
    )
    lane = models.CharField(max_length=40)
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    text_hash = models.CharField(max_length=64)
    approved = models.BooleanField()
    comment = models.TextField(blank=True)
    how = models.CharField(max_length=10, choices=ApprovalHow.choices)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    proof = models.ForeignKey(
        "core.StoredFile", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["revision", "approver"], name="one_word_per_approver")
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} {'yes' if self.approved else 'no'} {self.approver_id}"


class Publication(models.Model):
    """One revision on one channel: claimed by somebody for five minutes, then published, with or without its link."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="publications")
    revision = models.ForeignKey(
        StatementRevision, on_delete=models.PROTECT, related_name="publications"
    )
    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="publications"
    )
    language = models.CharField(max_length=5)
    channel = models.CharField(max_length=20)
    account = models.ForeignKey(
        "organisation.OfficialAccount", null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=10, choices=PublicationState.choices)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    claimed_until = models.DateTimeField(null=True)
    url = models.URLField(max_length=500, blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_reply = models.BooleanField(default=False)
    override_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "channel"], name="one_publication_per_channel"
            )
        ]
        indexes = [models.Index(fields=["incident", "published_at"], name="publications_in_time")]

    def __str__(self) -> str:
        return f"{self.revision_id} on {self.channel}"
