"""A place where a brand speaks to the public."""

from __future__ import annotations

from django.db import models


class Channel(models.Model):
    """A channel's limits and ways, as editable data with the day they were last checked."""

    key = models.SlugField(max_length=40, unique=True)
    names = models.JSONField(default=dict)
    limit = models.PositiveIntegerField(null=True, blank=True)
    counting = models.CharField(max_length=20, default="plain")
    link_length = models.PositiveSmallIntegerField(null=True, blank=True)
    visible = models.PositiveIntegerField(null=True, blank=True)
    comment_controls = models.JSONField(default=dict, blank=True)
    private_route = models.JSONField(default=dict, blank=True)
    impersonation_route = models.JSONField(default=dict, blank=True)
    impersonation_url = models.URLField(max_length=500, blank=True)
    source = models.TextField(blank=True)
    checked_on = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "key")

    def __str__(self) -> str:
        return self.key

    def name_in(self, language: str) -> str:
        """Return the channel's name in this language, or in English, or its key."""
        return in_language(self.names, language) or self.key

    def comment_controls_in(self, language: str) -> str:
        """Return what this channel lets a brand do with comments."""
        return in_language(self.comment_controls, language)

    def private_route_in(self, language: str) -> str:
        """Return how a public conversation is taken private on this channel."""
        return in_language(self.private_route, language)

    def impersonation_route_in(self, language: str) -> str:
        """Return how a fake account is reported on this channel."""
        return in_language(self.impersonation_route, language)


def in_language(words: dict[str, str], language: str) -> str:
    """Return the words in this language, or in English, or nothing."""
    return str(words.get(language) or words.get("en") or "")
