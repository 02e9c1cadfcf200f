"""The append-only history of an incident, and the words of its events."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models

from crisisdesk.incidents.enums import EventKind

_ONLY_ERASE = """
    IF NEW.event_id = OLD.event_id AND NEW.name = OLD.name AND NEW.language = OLD.language
       AND NEW.text = '' AND NEW.salt = '' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'timeline texts cannot be changed, only erased';
"""


class TimelineEvent(models.Model):
    """One recorded fact: data, never prose. Only domain/timeline.append writes it.

    `words` are its texts for whoever has just written it.
    `occurred_at` is when it happened or fell due (a scribe may back-date it), `recorded_at` when we wrote it.
    """

    words: tuple[TimelineText, ...] = ()

    incident = models.ForeignKey(
        "incidents.Incident", on_delete=models.PROTECT, related_name="events"
    )
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=30, choices=EventKind.choices)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    source = models.CharField(max_length=10)
    data = models.JSONField(default=dict)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    amends = models.PositiveIntegerField(null=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="event_numbers_are_unique")
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.incident_id}#{self.number} {self.kind}"


class TimelineText(models.Model):
    """Words of an event; the event holds SHA-256(salt + text), so the chain still proves when they are erased."""

    event = models.ForeignKey(TimelineEvent, on_delete=models.PROTECT, related_name="texts")
    name = models.CharField(max_length=30)
    language = models.CharField(max_length=5)
    text = models.TextField(blank=True)
    salt = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "name"], name="one_text_per_name")]
        triggers = [
            pgtrigger.Protect(name="texts_stay", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="texts_only_erased",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func=_ONLY_ERASE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} {self.name}"
