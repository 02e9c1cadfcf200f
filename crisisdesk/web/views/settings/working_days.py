"""The days a brand works: its country, its week, its holidays, and a month of it drawn."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError, NotAllowed, NotVisible, Stale
from crisisdesk.core.regions import REGIONS
from crisisdesk.core.working_calendar import day_of, public_holidays
from crisisdesk.organisation.domain import calendars as commands
from crisisdesk.organisation.queries.calendars import calendar_of, kept_calendar
from crisisdesk.organisation.queries.visibility import brands_administered_by
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.forms.stale import differences, with_version
from crisisdesk.web.forms.working_days import CountryForm, WorkingDaysForm
from crisisdesk.web.views.settings.frame import page, settings_view
from crisisdesk.web.views.settings.week import holiday_name, kind_of, marks_of

if TYPE_CHECKING:
    from crisisdesk.core.working_calendar import WorkCalendar
    from crisisdesk.organisation.domain.calendars import CalendarDetails
    from crisisdesk.organisation.models import Brand
    from crisisdesk.web.requests import PersonRequest

A_YEAR = timedelta(days=366)
_ONE = timedelta(days=1)


@settings_view
def working_days(request: PersonRequest, key: str) -> HttpResponse:
    """One brand's calendar; POST changes it, and a stale save shows both versions."""
    brands = brands_administered_by(request.user).select_related("calendar")
    shown = get_object_or_404(brands, key=key)
    details = _wanted(request, shown)
    if request.method != "POST":
        return _page(request, shown, details, _form(shown, details))
    form = _form(shown, details, data=request.POST)
    if not form.is_valid():
        return _page(request, shown, details, form, status=422)
    try:
        commands.set_brand_calendar(
            brand_id=shown.pk,
            details=form.details(),
            version=form.cleaned_data["version"] or 0,
            actor=request.actor,
            at=clock.now(),
        )
    except (NotVisible, NotAllowed):
        raise
    except Stale:
        shown = brands.get(pk=shown.pk)
        row, stands = kept_calendar(shown), _standing(shown)
        form = _form(shown, details, data=with_version(form.data, row.version))
        initial = WorkingDaysForm.initial_from(shown, row, stands)
        context = {"stale": differences(form, initial)}
        return _page(request, shown, details, form, status=409, **context)
    except DomainError as error:
        add_refusal(form, error)
        return _page(request, shown, details, form, status=error.status)
    messages.success(request, _("Saved."))
    return redirect("web:settings-brand-calendar", shown.key)


def _wanted(request: PersonRequest, brand: Brand) -> CalendarDetails:
    """What stands, or, while somebody looks at another country, what that would bring along."""
    asked = request.POST.get("country") if request.method == "POST" else request.GET.get("country")
    standing = _standing(brand)
    if asked is None or asked == standing.country or (asked and asked not in REGIONS):
        return standing
    return commands.details_of(asked)


def _standing(brand: Brand) -> CalendarDetails:
    row = kept_calendar(brand)
    return commands.CalendarDetails(
        country=row.country,
        weekend=tuple(brand.weekend),
        week_start=brand.week_start,
        latitude=row.latitude,
        longitude=row.longitude,
        by_sunset=row.by_sunset,
        short_day=row.short_day,
        short_until=row.short_until,
        work_from=row.work_from,
        work_until=row.work_until,
        ramadan=row.ramadan,
        ramadan_from=row.ramadan_from,
        ramadan_until=row.ramadan_until,
        own_days={date.fromisoformat(day): names for day, names in row.own_days.items()},
        switched_off=tuple(row.switched_off),
    )


def _form(brand: Brand, details: CalendarDetails, *, data: Any = None) -> WorkingDaysForm:
    row = kept_calendar(brand)
    first = clock.now().astimezone(ZoneInfo(brand.zone)).date().replace(day=1)
    drawn = commands.drafted(brand, details)
    rows = public_holidays(drawn, first, first + A_YEAR)
    names = [(day, _line(day, ", ".join(map(holiday_name, found)))) for day, found in rows]
    initial = WorkingDaysForm.initial_from(brand, row, details)
    off = set(details.switched_off)
    initial["kept"] = [day.isoformat() for day, _name in names if day not in off]
    code = (get_language() or "en")[:2]
    own = [
        (day, _line(date.fromisoformat(day), words.get(code) or next(iter(words.values()))))
        for day, words in sorted(row.own_days.items())
    ]
    return WorkingDaysForm(
        data, holidays=names, row=row, own_words=own, country=details.country, initial=initial
    )


def _line(day: date, name: str) -> str:
    return f"{date_format(day, 'D j F Y')} · {name}"


def _page(
    request: PersonRequest,
    brand: Brand,
    details: CalendarDetails,
    form: WorkingDaysForm,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    standing = details.country == kept_calendar(brand).country
    calendar = calendar_of(brand) if standing else commands.drafted(brand, details)
    given = {
        "brand": brand,
        "form": form,
        "country_form": CountryForm(initial={"country": details.country}),
        "is_preview": not standing,
        "month": _month(request, calendar),
    }
    return page(request, "working_days", "settings-brands", given | context, status=status)


def _month(request: PersonRequest, calendar: WorkCalendar) -> dict[str, Any]:
    """A month as weeks of days, from the brand's first day of the week on."""
    today = clock.now().astimezone(ZoneInfo(calendar.zone)).date()
    first = today.replace(day=1)
    with suppress(ValueError):
        wanted = date.fromisoformat(f"{request.GET.get('month', '')}-01")
        if abs((wanted - today).days) <= 800:  # noqa: PLR2004 - two years either way
            first = wanted
    after = (first + timedelta(days=32)).replace(day=1)
    day = first - timedelta(days=(first.isoweekday() - calendar.week_start) % 7)
    weeks = []
    while day < after:
        weeks.append([_cell(calendar, day + step * _ONE, first, today) for step in range(7)])
        day += timedelta(days=7)
    names = [WEEKDAYS_ABBR[(calendar.week_start - 1 + step) % 7] for step in range(7)]
    before = (first - _ONE).replace(day=1)
    return {"first": first, "weeks": weeks, "names": names, "before": before, "after": after}


def _cell(calendar: WorkCalendar, each: date, first: date, today: date) -> dict[str, Any]:
    day = day_of(calendar, each)
    return {
        "date": each,
        "kind": kind_of(day),
        "marks": marks_of(day, calendar.zone),
        "inside": each.month == first.month,
        "is_today": each == today,
    }
