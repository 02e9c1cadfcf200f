"""The desk's own tables, as much of them as the bare views read."""

from __future__ import annotations

from django.db import models


class Incident(models.Model):
    """A row of the list."""

    reference = models.TextField()
    title = models.TextField()
    severity = models.TextField()
    status = models.TextField()
    opened_at = models.DateTimeField()
    last_number = models.IntegerField()

    class Meta:
        managed = False
        db_table = "incidents_incident"


class Event(models.Model):
    """An event of the timeline."""

    incident = models.ForeignKey(Incident, on_delete=models.DO_NOTHING)
    number = models.IntegerField()
    kind = models.TextField()
    occurred_at = models.DateTimeField()
    hash = models.TextField()

    class Meta:
        managed = False
        db_table = "incidents_timelineevent"


class Words(models.Model):
    """The words of an event."""

    event = models.ForeignKey(Event, on_delete=models.DO_NOTHING, related_name="words")
    text = models.TextField()

    class Meta:
        managed = False
        db_table = "incidents_timelinetext"
