"""A person who works at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext, override

from crisisdesk.core import languages

if TYPE_CHECKING:
    from collections.abc import Iterable


# What `name_in` reads.
NAMED = ("full_name", "name_en", "name_ar", "name_he", "title", "email", "anonymised_at")


class UserManager(BaseUserManager["User"]):
    """Finds people by e-mail whatever the letters' case; people are made by
    `domain.people.create_user`."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Return the person with this e-mail."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):  # type: ignore[django-manager-missing]  # knox
    """A person: unique lower-cased e-mail, one full name, the languages they read.

    Anonymised, never deleted.
    """

    email = models.EmailField(max_length=254, unique=True)
    full_name = models.CharField(max_length=120, blank=True)
    name_en = models.CharField(max_length=120, blank=True)
    name_ar = models.CharField(max_length=120, blank=True)
    name_he = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=5, default="en")
    reads = ArrayField(models.CharField(max_length=5), default=list, blank=True)
    zone = models.CharField(max_length=64, default="UTC")
    phone = models.CharField(max_length=32, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField()
    anonymised_at = models.DateTimeField(null=True, blank=True)
    search_text = models.TextField(blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    objects = UserManager()

    class Meta:
        ordering = ("full_name", "pk")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def is_anonymised(self) -> bool:
        """Whether this person's data was removed at their leaving."""
        return self.anonymised_at is not None

    def name_in(self, language: str) -> str:
        """Return the name as this language's script writes it, with the title; the full name where
        no spelling is kept."""
        if self.is_anonymised:
            with override(language):
                return gettext("Former team member")
        name = getattr(self, f"name_{language}", "") or self.full_name or self.email
        return f"{self.title} {name}" if self.title else name

    def names(self) -> dict[str, str]:
        """Return the name as every language writes it, for a record that is read in any of them."""
        return {language: self.name_in(language) for language in languages.LANGUAGES}

    def get_full_name(self) -> str:
        """Return the full name as written."""
        return self.full_name

    def get_short_name(self) -> str:
        """Return the name shown where space is short: the full name, since names are not split."""
        return self.full_name

    def can_read(self, language: str) -> bool:
        """Whether this person reads the language well enough to approve words in it."""
        return language in self.reads

    def searchable(self) -> str:
        """Return the folded text that people search looks into."""
        return fold_all(
            (self.full_name, self.name_en, self.name_ar, self.name_he, self.title, self.email)
        )


def fold_all(words: Iterable[str]) -> str:
    """Return these words in search form, one after the other, without the empty ones."""
    return languages.fold(" ".join(word for word in words if word))
