"""A document the shelf rests on."""

from __future__ import annotations

from django.db import models


class Source(models.Model):
    """One of the documents that lessons, items and statements cite; a citation is a key and a
    paragraph.

    `notes` lists everything it says, note by note: number, paragraphs, and the lesson it became or why it became none.
    """

    key = models.SlugField(max_length=60, unique=True)
    language = models.CharField(max_length=5)
    title = models.JSONField(default=dict)
    author = models.JSONField(default=dict, blank=True)
    about = models.JSONField(default=dict, blank=True)
    notes = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "key")

    def __str__(self) -> str:
        return self.key

    def title_in(self, language: str) -> str:
        """Return the title in this language, or in English."""
        return str(self.title.get(language) or self.title.get("en") or self.key)

    def about_in(self, language: str) -> str:
        """Return what the document tells, in this language, or in English."""
        return str(self.about.get(language) or self.about.get("en") or "")
