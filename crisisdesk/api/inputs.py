"""What the API reads. Inputs parse and never act; whether a value makes sense is the command's to
say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from django.utils.translation import gettext
from rest_framework import serializers

from crisisdesk.core.languages import LANGUAGES

LARGEST_ID = 2**63 - 1


class Input(serializers.Serializer):
    """A JSON object with known fields; a field we do not know is refused, never lost in silence."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the parsed fields, or raise with a code for each that cannot be read."""
        if isinstance(data, Mapping):
            unknown = set(data) - set(self.fields)
            if unknown:
                said = serializers.ErrorDetail(gettext("This field is not known."), "unknown_field")
                raise serializers.ValidationError({str(name): [said] for name in unknown})
        return super().to_internal_value(data)


class Versioned(Input):
    """Names the version of the row that was read; the header `If-Match` does the same."""

    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, required=False)


class Text(serializers.CharField):
    """Words as they were typed; empty ones are the command's to refuse, in its own words."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_blank": True, "trim_whitespace": False, **options})


class Moment(serializers.DateTimeField):
    """A moment in ISO 8601; one without a zone is taken as UTC."""

    def __init__(self, **options: Any) -> None:
        super().__init__(default_timezone=UTC, **options)


class Language(serializers.ChoiceField):
    """A language of the desk."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=list(LANGUAGES), **options)


class Id(serializers.IntegerField):
    """The number of a row."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=LARGEST_ID, **options)


class Key(serializers.CharField):
    """The key of a channel, a role or the like; empty where none is meant."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_blank": True, "max_length": 20, **options})


class Paged(Input):
    """Which part of a list."""

    cursor = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="`next` of the page before."
    )
    limit = serializers.IntegerField(min_value=1, max_value=200, required=False, default=50)
