"""The days a brand works, as its administrator writes them down."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crisisdesk.core.languages import LANGUAGES, direction
from crisisdesk.core.regions import OWN, REGIONS, region
from crisisdesk.organisation.domain.calendars import CalendarDetails
from crisisdesk.web.forms.weekdays import time_field, weekday_choices, weekdays_field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crisisdesk.organisation.models import Brand, BrandCalendar

_LTR = {"dir": "ltr", "inputmode": "decimal"}


def _own(code: str) -> forms.CharField:
    words = {"en": _("Name in English"), "ar": _("Name in Arabic"), "he": _("Name in Hebrew")}
    widget = forms.TextInput(attrs={"lang": code, "dir": direction(code)})
    return forms.CharField(label=words[code], max_length=80, required=False, widget=widget)


def _degrees(label: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, required=False, max_digits=7, decimal_places=4,
        widget=forms.TextInput(attrs=_LTR), localize=False,
    )  # fmt: skip


class CountryForm(forms.Form):
    """Which country's week and holidays to look at."""

    country = forms.ChoiceField(
        label=_("Country"),
        required=False,
        choices=lambda: [
            *((code, found.name) for code, found in REGIONS.items()),
            (OWN, region(OWN).name),
        ],
    )


class WorkingDaysForm(forms.Form):
    """A brand's week, its place, its hours and its days off as `CalendarDetails` wants them."""

    country = forms.CharField(widget=forms.HiddenInput, required=False, max_length=2)
    week_start = forms.TypedChoiceField(
        label=_("First day of the week"), coerce=int, choices=weekday_choices
    )
    weekend = weekdays_field(_("Weekend"))
    short_day = forms.TypedChoiceField(
        label=_("Short day"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=lambda: [("", _("None")), *weekday_choices()],
    )
    short_until = time_field(_("It ends at"))
    work_from = time_field(_("Work begins"), required=True)
    work_until = time_field(_("Work ends"), required=True)
    ramadan = forms.BooleanField(label=_("Shorter hours in Ramadan"), required=False)
    ramadan_from = time_field(_("In Ramadan work begins"), required=True)
    ramadan_until = time_field(_("In Ramadan work ends"), required=True)
    by_sunset = forms.BooleanField(
        label=_("Shabbat and holidays come in at sunset and go out at nightfall"), required=False
    )
    place = forms.ChoiceField(label=_("Place whose sunset counts"), required=False)
    latitude = _degrees(_("Latitude"))
    longitude = _degrees(_("Longitude"))
    kept = forms.MultipleChoiceField(
        label=_("Public holidays that are kept"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    own_kept = forms.MultipleChoiceField(
        label=_("Own days off"), required=False, widget=forms.CheckboxSelectMultiple
    )
    own_date = forms.DateField(
        label=_("Another day off"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    own_en, own_ar, own_he = (_own(code) for code in ("en", "ar", "he"))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        holidays: Sequence[tuple[date, str]],
        row: BrandCalendar,
        own_words: Sequence[tuple[str, str]],
        country: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.row, self.shown = row, [day for day, _name in holidays]
        fields: dict[str, Any] = self.fields
        fields["kept"].choices = [(day.isoformat(), name) for day, name in holidays]
        fields["own_kept"].choices = list(own_words)
        places = region(country).places
        fields["place"].choices = [
            ("", _("The position below")),
            *((key, place.name) for key, place in places.items()),
        ]
        for name, missing in (("kept", not holidays), ("own_kept", not own_words)):
            if missing:
                del self.fields[name]

    @staticmethod
    def initial_from(brand: Brand, row: BrandCalendar, details: CalendarDetails) -> dict[str, Any]:
        """Return what the form shows: of the brand as it stands, or of what a country brings along."""
        places = region(details.country).places.items()
        at = (details.latitude, details.longitude)
        place = [key for key, found in places if at == _position(found.latitude, found.longitude)]
        return {
            "country": details.country,
            "week_start": details.week_start,
            "weekend": sorted(details.weekend),
            "short_day": details.short_day,
            "short_until": details.short_until,
            "work_from": details.work_from,
            "work_until": details.work_until,
            "ramadan": details.ramadan,
            "ramadan_from": details.ramadan_from,
            "ramadan_until": details.ramadan_until,
            "by_sunset": details.by_sunset,
            "place": place[0] if place else "",
            "latitude": details.latitude,
            "longitude": details.longitude,
            "own_kept": sorted(row.own_days),
            "version": row.version,
        }

    def details(self) -> CalendarDetails:
        """Return the calendar as described."""
        given = self.cleaned_data
        place = region(given["country"]).places.get(given["place"])
        latitude, longitude = given["latitude"], given["longitude"]
        if place is not None:
            latitude, longitude = _position(place.latitude, place.longitude)
        return CalendarDetails(
            country=given["country"],
            weekend=tuple(given["weekend"]),
            week_start=given["week_start"],
            latitude=latitude,
            longitude=longitude,
            by_sunset=given["by_sunset"],
            short_day=given["short_day"],
            short_until=given["short_until"],
            work_from=given["work_from"],
            work_until=given["work_until"],
            ramadan=given["ramadan"],
            ramadan_from=given["ramadan_from"],
            ramadan_until=given["ramadan_until"],
            own_days=self._own_days(),
            switched_off=self._switched_off(),
        )

    def _own_days(self) -> dict[date, dict[str, str]]:
        given = self.cleaned_data
        found = {
            date.fromisoformat(day): self.row.own_days[day]
            for day in given.get("own_kept", ())
            if day in self.row.own_days
        }
        if given["own_date"]:
            found[given["own_date"]] = {code: given[f"own_{code}"] for code in LANGUAGES}
        return found

    def _switched_off(self) -> list[date]:
        """What was on the page and not ticked, and what lay outside of the page and was off before."""
        if "kept" not in self.fields:
            return list(self.row.switched_off)
        kept = set(self.cleaned_data["kept"])
        outside = [day for day in self.row.switched_off if day not in self.shown]
        return [*outside, *(day for day in self.shown if day.isoformat() not in kept)]


def _position(latitude: float, longitude: float) -> tuple[Decimal, Decimal]:
    exact = Decimal("0.0001")
    return (
        Decimal(str(latitude)).quantize(exact),
        Decimal(str(longitude)).quantize(exact),
    )
