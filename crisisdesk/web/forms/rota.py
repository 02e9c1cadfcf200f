"""What the rota asks of people. Forms parse; the commands decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, overload

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crisisdesk.organisation.domain.rota import LONGEST_CYCLE, RotaDetails, ShiftDetails
from crisisdesk.organisation.domain.watch_swaps import SwapDetails
from crisisdesk.web.forms.weekdays import time_field, weekday_choices, weekdays_field

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from crisisdesk.organisation.models import Rota, User

_MOMENT = "%Y-%m-%dT%H:%M"
_DAY = forms.DateInput


def _moment_input() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local", "dir": "ltr"}, format=_MOMENT)


def _offer(form: forms.Form, name: str, people: Iterable[User], reader: str, none: Any) -> None:
    fields: dict[str, Any] = form.fields
    rows = [(str(person.pk), person.name_in(reader)) for person in people]
    fields[name].choices = [("", none), *rows]


class NeededForm(forms.Form):
    """When somebody has to watch."""

    weekdays = weekdays_field(_("Days"))
    starts = time_field(_("From"), required=True)
    ends = time_field(
        _("Until"), required=True, help_text=_("The same time twice means around the clock.")
    )
    on_days_off = forms.BooleanField(
        label=_("On weekends and holidays, too"),
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, first: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["weekdays"].choices = weekday_choices(first)

    @staticmethod
    def initial_from(rota: Rota) -> dict[str, Any]:
        """Return what the form shows of a rota."""
        return {
            "weekdays": rota.weekdays,
            "starts": rota.starts,
            "ends": rota.ends,
            "on_days_off": rota.on_days_off,
            "version": rota.version,
        }

    def details(self) -> RotaDetails:
        """Return the times as described."""
        given = self.cleaned_data
        return RotaDetails(
            tuple(given["weekdays"]), given["starts"], given["ends"], given["on_days_off"]
        )


class ShiftForm(forms.Form):
    """One person's weekly shift."""

    person = forms.TypedChoiceField(label=_("Who"), coerce=int, empty_value=None, required=False)
    weekdays = weekdays_field(_("On which days it begins"))
    starts = time_field(_("From"))
    from_sunset = forms.BooleanField(label=_("From sunset"), required=False)
    ends = time_field(_("Until"))
    until_sunset = forms.BooleanField(label=_("Until sunset"), required=False)
    valid_from = forms.DateField(
        label=_("First day"), required=True, widget=_DAY(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_until = forms.DateField(
        label=_("Last day"), required=False, widget=_DAY(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    every = forms.IntegerField(
        label=_("Every so many weeks"),
        initial=1,
        help_text=_("1 is every week, 2 every second one, counted from the first day."),
        widget=forms.NumberInput(attrs={"min": 1, "max": LONGEST_CYCLE}),
    )
    together = forms.BooleanField(label=_("Two people at once: both on purpose"), required=False)

    def __init__(
        self,
        *args: Any,
        people: Iterable[User],
        reader: str,
        first: int,
        by_sunset: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "person", people, reader, "—")
        fields: dict[str, Any] = self.fields
        fields["weekdays"].choices = weekday_choices(first)
        self.by_sunset = by_sunset
        if not by_sunset:
            del self.fields["from_sunset"], self.fields["until_sunset"]

    def clean(self) -> dict[str, Any]:
        """A shift begins and ends at a time, or by sunset."""
        given: dict[str, Any] = super().clean() or {}
        for name, sun in (("starts", "from_sunset"), ("ends", "until_sunset")):
            if given.get(name) is None and not given.get(sun) and name not in self.errors:
                self.add_error(name, _("Give a time."))
        return given

    def details(self) -> ShiftDetails:
        """Return the shift as described."""
        given = self.cleaned_data
        return ShiftDetails(
            person_id=given["person"] or 0,
            weekdays=tuple(given["weekdays"]),
            starts=None if given.get("from_sunset") else given["starts"],
            ends=None if given.get("until_sunset") else given["ends"],
            valid_from=given["valid_from"],
            valid_until=given["valid_until"],
            every=given["every"],
            together=given["together"],
        )


class SwapForm(forms.Form):
    """One watch that somebody else takes, and the one that may be given for it; times are the brand's."""

    away = forms.TypedChoiceField(
        label=_("Whose watch"), coerce=int, empty_value=None, required=False
    )
    cover = forms.TypedChoiceField(
        label=_("Who takes it"), coerce=int, empty_value=None, required=False
    )
    starts_at = forms.DateTimeField(
        label=_("From"),
        widget=_moment_input(),
    )
    ends_at = forms.DateTimeField(
        label=_("Until"),
        widget=_moment_input(),
    )
    return_starts_at = forms.DateTimeField(
        label=_("In return, from"), required=False, widget=_moment_input()
    )
    return_ends_at = forms.DateTimeField(
        label=_("In return, until"), required=False, widget=_moment_input()
    )
    note = forms.CharField(label=_("A word to the other"), max_length=200, required=False)
    both = forms.BooleanField(label=_("Two people at once: both on purpose"), required=False)

    def __init__(self, *args: Any, people: Iterable[User], reader: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = list(people)
        _offer(self, "away", listed, reader, _("Nobody's: fill a gap"))
        _offer(self, "cover", listed, reader, "—")

    def details(self, zone: ZoneInfo) -> SwapDetails:
        """Return the swap as described; what was typed is the clock of the brand."""
        given = self.cleaned_data
        return SwapDetails(
            away_id=given["away"],
            cover_id=given["cover"] or 0,
            starts_at=_in_zone(given["starts_at"], zone),
            ends_at=_in_zone(given["ends_at"], zone),
            together=given["both"],
            note=given["note"],
            return_starts_at=_in_zone(given["return_starts_at"], zone),
            return_ends_at=_in_zone(given["return_ends_at"], zone),
        )


@overload
def _in_zone(typed: datetime, zone: ZoneInfo) -> datetime: ...
@overload
def _in_zone(typed: None, zone: ZoneInfo) -> None: ...
def _in_zone(typed: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The clock time that was typed, as it is in the brand's zone; Django read it in the reader's."""
    return timezone.make_naive(typed).replace(tzinfo=zone) if typed else None
