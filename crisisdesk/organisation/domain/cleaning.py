"""What this room accepts from people: each function returns the clean value or refuses with a
code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from crisisdesk.core.errors import Invalid
from crisisdesk.core.languages import LANGUAGES
from crisisdesk.organisation.enums import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_link = URLValidator(schemes=["http", "https"])


def clean_email(email: str, *, field: str = "email") -> str:
    """Return the address in the one form we keep: trimmed and lower-cased.

    Raises Invalid("email_invalid").
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Invalid("email_invalid", field=field) from None
    return email


def clean_name(name: str, *, field: str = "full_name") -> str:
    """Return the name with single spaces. Raises Invalid("name_missing") for only spaces."""
    name = " ".join(name.split())
    if not name:
        raise Invalid("name_missing", field=field)
    return name


def clean_language(language: str, *, field: str = "language") -> str:
    """Return a language of the desk. Raises Invalid("language_unknown")."""
    if language not in LANGUAGES:
        raise Invalid("language_unknown", field=field, language=language)
    return language


def clean_languages(languages: Iterable[str], *, field: str) -> list[str]:
    """Return languages of the desk, once each, in the order given.

    Raises Invalid("language_unknown").
    """
    return list(dict.fromkeys(clean_language(language, field=field) for language in languages))


def clean_zone(zone: str) -> str:
    """Return a time zone the machine knows. Raises Invalid("zone_unknown")."""
    if zone not in available_timezones():
        raise Invalid("zone_unknown", field="zone", zone=zone)
    return zone


def clean_colour(colour: str) -> str:
    """Return a colour as #rrggbb, or nothing for nothing. Raises Invalid("colour_invalid")."""
    colour = colour.strip().lower()
    if colour and not re.fullmatch(r"#[0-9a-f]{6}", colour):
        raise Invalid("colour_invalid", field="colour")
    return colour


def clean_role(role: str) -> Role:
    """Return a role. Raises Invalid("role_unknown")."""
    if role not in Role.values:
        raise Invalid("role_unknown", field="role", role=role)
    return Role(role)


def clean_link(link: str, *, field: str) -> str:
    """Return a web address, or nothing for nothing. Raises Invalid("link_invalid")."""
    link = link.strip()
    if link:
        try:
            _link(link)
        except ValidationError:
            raise Invalid("link_invalid", field=field) from None
    return link


def clean_words(words: Mapping[str, str], *, field: str) -> dict[str, str]:
    """Return words by language without the empty ones. Raises Invalid("language_unknown")."""
    return {
        clean_language(language, field=field): text.strip()
        for language, text in words.items()
        if text and text.strip()
    }
