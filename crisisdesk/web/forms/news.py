"""What a person is told: kinds by ways, quiet hours, who stands in. Forms parse; the commands decide."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from crisisdesk.notifications.rules.news import News
from crisisdesk.notifications.rules.quiet import Span, half_hours

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from crisisdesk.organisation.models import User

_FROM, _UNTIL = time(22, 0), time(7, 0)  # what most people would choose; a tick is enough
_MOMENT = "%Y-%m-%dT%H:%M"


class NewsForm(forms.Form):
    """Which kind of news comes by which way."""

    def __init__(self, *args: Any, ways: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in News:
            self.fields[kind.value] = forms.MultipleChoiceField(
                required=False, choices=[(way, way) for way in ways]
            )

    def chosen(self, kind: str) -> list[str]:
        """Return the ways that are ticked for this kind, as typed or as kept."""
        return [str(way) for way in self[kind].value() or []]


class QuietForm(forms.Form):
    """One line a weekday: whether it is quiet, and from when to when."""

    def __init__(self, *args: Any, first_day: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.days = [(first_day - 1 + ahead) % 7 + 1 for ahead in range(7)]
        for day in self.days:
            self.fields[f"quiet_{day}"] = forms.BooleanField(required=False)
            for end, when in (("begins", _FROM), ("ends", _UNTIL)):
                self.fields[f"{end}_{day}"] = forms.TimeField(
                    required=False,
                    initial=when,
                    widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "dir": "ltr"}),
                )

    @staticmethod
    def initial_from(spans: Iterable[Span]) -> dict[str, Any]:
        """Return what the form shows of these spans."""
        shown: dict[str, Any] = {}
        for span in spans:
            shown[f"quiet_{span.weekday}"] = True
            shown[f"begins_{span.weekday}"] = time(*divmod(span.begins, 60))
            shown[f"ends_{span.weekday}"] = time(*divmod(span.ends, 60))
        return shown

    def clean(self) -> dict[str, Any]:
        """A day that is quiet says from when to when."""
        cleaned = super().clean() or {}
        for day in self.days:
            for end in ("begins", "ends"):
                name = f"{end}_{day}"
                if cleaned.get(f"quiet_{day}") and name not in self.errors and not cleaned[name]:
                    self.add_error(name, _now("Say from when to when, for example 22:00 to 07:00."))
        return cleaned

    def spans(self) -> list[Span]:
        """Return the quiet that was typed."""
        given = self.cleaned_data
        return [
            Span(day, _minute(given[f"begins_{day}"]), _minute(given[f"ends_{day}"]))
            for day in self.days
            if given.get(f"quiet_{day}")
        ]

    def rows(self, kept: Sequence[Span]) -> list[dict[str, Any]]:
        """Return what a line shows: the day, its fields, and the drawing of what is kept."""
        return [
            {
                "name": WEEKDAYS[day - 1],
                "quiet": self[f"quiet_{day}"],
                "begins": self[f"begins_{day}"],
                "ends": self[f"ends_{day}"],
                "halves": half_hours(kept, day),
            }
            for day in self.days
        ]


class MorningForm(forms.Form):
    """Whether and when the digest of the morning comes."""

    enabled = forms.BooleanField(label=_("Send me the digest of the morning"), required=False)
    minute = forms.TimeField(
        label=_("At"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "dir": "ltr"})
    )

    def chosen(self) -> dict[str, Any]:
        """Return what the command wants."""
        given = self.cleaned_data
        return {"enabled": given["enabled"], "minute": _minute(given["minute"])}


def _minute(when: time) -> int:
    return when.hour * 60 + when.minute


class StandInForm(forms.Form):
    """Who is told in the person's place, from when to when."""

    stand_in = forms.TypedChoiceField(label=_("Who stands in for you"), coerce=int)
    from_at = forms.DateTimeField(
        label=_("From"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT),
    )
    until_at = forms.DateTimeField(
        label=_("Until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT),
    )
    silent = forms.BooleanField(
        label=_("Meanwhile I am told in the inbox only, of urgent things too"),
        help_text=_("What your stand-in may not see still reaches you."),
        required=False,
    )

    def __init__(self, *args: Any, people: Iterable[User], reader: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ChoiceField", self.fields["stand_in"])
        field.choices = [("", "—"), *((who.pk, who.name_in(reader)) for who in people)]
