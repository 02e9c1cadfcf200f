"""Something the library teaches."""

from __future__ import annotations

from django.db import models

from playbooks.enums import Provenance


class Lesson(models.Model):
    """One lesson, its words in every language, and the document and paragraph it rests on.

    A lesson that leaves the files stays here, unlisted, because post-mortems may cite it.
    """

    key = models.SlugField(max_length=80, unique=True)
    source = models.ForeignKey("playbooks.Source", on_delete=models.PROTECT, related_name="lessons")
    paragraph = models.PositiveSmallIntegerField()
    origin = models.CharField(max_length=10, choices=Provenance.choices)
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
