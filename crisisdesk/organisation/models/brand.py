"""A name in public that we speak for."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from crisisdesk.organisation.enums import DigitStyle
from crisisdesk.organisation.models.user import fold_all


def saturday_and_sunday() -> list[int]:
    """The weekend of a brand that names no other, as ISO weekdays."""
    return [6, 7]


class Brand(models.Model):
    """A brand: its names in every script, how it writes time and numbers, and the line its
    documents carry."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    names = models.JSONField(default=dict, blank=True)
    aliases = ArrayField(models.CharField(max_length=120), default=list, blank=True)
    logo = models.ForeignKey(
        "core.StoredFile", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    colour = models.CharField(max_length=7, blank=True)
    zone = models.CharField(max_length=64, default="UTC")
    languages = ArrayField(models.CharField(max_length=5), default=list)
    digit_style = models.CharField(
        max_length=10, choices=DigitStyle.choices, default=DigitStyle.LATIN
    )
    week_start = models.PositiveSmallIntegerField(default=1)
    weekend = ArrayField(
        models.PositiveSmallIntegerField(), default=saturday_and_sunday, blank=True
    )
    marking = models.JSONField(default=dict, blank=True)
    contact_email = models.EmailField(max_length=254, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    search_text = models.TextField(blank=True, editable=False)

    class Meta:
        ordering = ("name", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(week_start__gte=1, week_start__lte=7),
                name="brand_week_start_is_a_weekday",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def name_in(self, language: str) -> str:
        """Return the name as this language writes it, or the main name."""
        return str(self.names.get(language) or self.name)

    def zone_for(self, language: str) -> str:
        """Return the zone in which readers of this language are told a clock time: 15:30 in Dubai
        is 13:30 in Haifa."""
        for row in self.brand_languages.all():
            if row.language == language and row.zone:
                return str(row.zone)
        return self.zone

    def marking_in(self, language: str) -> str:
        """Return the line that every page of a document in this language carries; empty when none
        is set."""
        return str(self.marking.get(language, ""))

    def searchable(self) -> str:
        """Return the folded text that search looks into."""
        return fold_all((self.name, *self.names.values(), *self.aliases, self.key))
