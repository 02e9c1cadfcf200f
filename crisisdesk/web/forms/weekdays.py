"""The days of the week, as people choose them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.dates import WEEKDAYS

if TYPE_CHECKING:
    from collections.abc import Iterable

TIME = {"type": "time", "dir": "ltr"}


def weekday_choices(first: int = 1) -> list[tuple[str, Any]]:
    """Return the weekdays by their ISO numbers, from the first day of the brand's week on."""
    order = [(first - 1 + step) % 7 for step in range(7)]
    return [(str(number + 1), WEEKDAYS[number]) for number in order]


def weekday_names(days: Iterable[int]) -> list[str]:
    """Return the names of these weekdays."""
    return [str(WEEKDAYS[day - 1]) for day in days]


def weekdays_field(label: Any, *, required: bool = False) -> forms.TypedMultipleChoiceField:
    """Return a list of weekdays to tick."""
    return forms.TypedMultipleChoiceField(
        label=label,
        coerce=int,
        choices=weekday_choices,
        required=required,
        widget=forms.CheckboxSelectMultiple,
    )


def time_field(label: Any, *, required: bool = False, **options: Any) -> forms.TimeField:
    """Return a local clock time."""
    widget = forms.TimeInput(attrs=TIME, format="%H:%M")
    return forms.TimeField(label=label, required=required, widget=widget, **options)
