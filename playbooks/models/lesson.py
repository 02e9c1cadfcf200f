"""Something the library teaches."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from playbooks.enums import Provenance


class Lesson(models.Model):
    """One lesson: its words in every language, the case, where it rests, and what follows from it.

    `rests_on` lists documents with their titles and paragraphs, or a public source with its address, so that a lesson
    can be told without another read. A lesson that leaves the files stays here, unlisted: post-mortems may cite it.
    """

    key = models.SlugField(max_length=80, unique=True)
    origin = models.CharField(max_length=10, choices=Provenance.choices)
    case = models.SlugField(max_length=60, blank=True)
    case_name = models.JSONField(default=dict)
    rests_on = models.JSONField(default=list)
    behaviours = ArrayField(models.CharField(max_length=80), default=list)
    clocks = ArrayField(models.CharField(max_length=30), default=list)
    words = models.JSONField(default=dict)
    is_listed = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    search_text = models.TextField(blank=True, editable=False)

    class Meta:
        ordering = ("position", "key")

    def __str__(self) -> str:
        return self.key

    def words_in(self, language: str) -> str:
        """Return the lesson in this language, or in English."""
        return str(self.words.get(language) or self.words.get("en") or "")

    @property
    def documents(self) -> tuple[str, ...]:
        """The keys of the documents it rests on."""
        return tuple(row["document"] for row in self.rests_on if row.get("document"))
