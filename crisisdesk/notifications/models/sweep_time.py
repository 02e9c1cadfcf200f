"""How long a hand's sweeps take."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

# Seconds; a run is counted under the first bound it keeps within, the last row counts what took longer.
BOUNDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class SweepTime(models.Model):
    """All runs of one hand, counted by how long they took, and the last of them.

    One row a hand for every process that ever ran it, so that whoever asks hears one truth.
    """

    name = models.CharField(max_length=40, primary_key=True)
    runs = models.PositiveBigIntegerField()
    seconds = models.FloatField()
    buckets = ArrayField(models.PositiveBigIntegerField())
    last_seconds = models.FloatField()
    last_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.name} {self.runs} runs, the last {self.last_seconds:.3f} s"
