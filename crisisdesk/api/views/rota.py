"""Who is on watch: the rota of a brand, its swaps and gaps; and the days a brand works."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from rest_framework import serializers

from crisisdesk.api.inputs import Id, Input, Moment, Versioned
from crisisdesk.api.operations import Call, endpoint, read, write
from crisisdesk.api.shapes import rota as shapes
from crisisdesk.core.errors import Invalid, NotVisible
from crisisdesk.core.working_calendar import day_of
from crisisdesk.organisation.domain import calendars
from crisisdesk.organisation.domain import rota as commands
from crisisdesk.organisation.domain import watch_swaps as swaps
from crisisdesk.organisation.models import Brand, Rota
from crisisdesk.organisation.queries.calendars import calendar_of, kept_calendar
from crisisdesk.organisation.queries.rota import (
    AHEAD,
    on_watch,
    rota_of,
    shifts_of,
    swaps_of,
)
from crisisdesk.organisation.queries.visibility import brands_visible_to

_LONGEST = timedelta(days=92)
_SLOT = ("watch_without_role", "slot_taken")
_FITS = (*_SLOT, "rota_missing", "swap_empty", "cover_busy")
_SWAP = (*_FITS, "swap_same", "swap_times", "return_half", "return_of_nobody", "return_overlaps")


def _brand(call: Call, key: str) -> Brand:
    found = brands_visible_to(call.user).select_related("calendar").filter(key=key).first()
    if found is None:
        raise NotVisible
    return found


class RotaQuery(Input):
    """Which stretch of time; without it the next four weeks."""

    since = Moment(required=False)
    until = Moment(required=False)


@read("Read a brand's rota", answer=shapes.RotaShape, query=RotaQuery, refuses=("span_wrong",))
def get_rota(call: Call, key: str) -> shapes.RotaShape:
    """Slots between two moments, at most 92 days; gaps always of the four weeks ahead."""
    brand = _brand(call, key)
    start = call.query.get("since", call.at)
    end = call.query.get("until", start + AHEAD)
    if not timedelta(0) < end - start <= _LONGEST:
        raise Invalid("span_wrong", field="until")
    found = rota_of(brand.pk, start=min(start, call.at), end=max(end, call.at + AHEAD))
    today = commands.today(brand, at=call.at)
    return {
        "zone": brand.zone,
        "needed": shapes.needed(found.kept) if found else None,
        "on_watch": shapes.people(found.watching(call.at)) if found else [],
        "slots": shapes.slots(found.slots(start, end, at=call.at)) if found else [],
        "gaps": shapes.spans(found.gaps(call.at, call.at + AHEAD, at=call.at)) if found else [],
        "shifts": shapes.shifts(shifts_of(brand.pk, on=today)),
        "swaps": shapes.swaps(swaps_of(brand.pk, at=call.at)),
    }


class WatchQuery(Input):
    """At which moment; without it, now."""

    at = Moment(required=False)


@read("Read who is on watch", answer=shapes.OnWatchShape, query=WatchQuery)
def get_on_watch(call: Call, key: str) -> shapes.OnWatchShape:
    """The one longest there first; nobody for a brand without a rota."""
    at = call.query.get("at", call.at)
    return {"at": at, "people": shapes.people(on_watch(_brand(call, key).pk, at=at))}


class Weekdays(serializers.ListField):
    """ISO weekdays: 1 is Monday, 7 is Sunday."""

    child = serializers.IntegerField(min_value=1, max_value=7)


class RotaWanted(Versioned):
    """When somebody has to watch; version 0 for a brand without a rota."""

    weekdays = Weekdays()
    starts = serializers.TimeField()
    ends = serializers.TimeField()
    on_days_off = serializers.BooleanField(required=False, default=True)


@write(
    "Set when somebody has to watch",
    answer=shapes.NeededShape,
    body=RotaWanted,
    refuses=("weekdays_missing",),
    stale=("stale",),
    versioned=True,
)
def set_rota(call: Call, key: str) -> shapes.NeededShape:
    """Local times of the brand; gaps are counted anew."""
    brand = _brand(call, key)
    given = call.given("weekdays", "starts", "ends", "on_days_off")
    details = commands.RotaDetails(**given)
    version = call.version(Rota.objects.filter(brand=brand).first())
    row = commands.set_rota(
        brand_id=brand.pk, details=details, version=version, actor=call.actor, at=call.at
    )
    return shapes.needed(row)


class ShiftWanted(Input):
    """One person's weekly shift; null for a time is sunset."""

    person = Id()
    weekdays = Weekdays()
    starts = serializers.TimeField(allow_null=True)
    ends = serializers.TimeField(allow_null=True)
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(required=False, allow_null=True, default=None)
    every = serializers.IntegerField(required=False, default=1)
    together = serializers.BooleanField(
        required=False, default=False, help_text="Two people in one slot are meant."
    )


@write(
    "Add a weekly shift",
    answer=shapes.ShiftShape,
    status=201,
    body=ShiftWanted,
    refuses=(
        *_SLOT, "slot_twice", "weekdays_missing", "shift_in_past", "dates_reversed", "every_wrong",
        "sunset_unknown",
    ),
)  # fmt: skip
def add_shift(call: Call, key: str) -> shapes.ShiftShape:
    """A brand without a rota has one now, around the clock."""
    brand, given = _brand(call, key), dict(call.body)
    details = commands.ShiftDetails(person_id=given.pop("person"), **given)
    row = commands.add_shift(brand_id=brand.pk, details=details, actor=call.actor, at=call.at)
    return shapes.shifts([row])[0]


@write("End a weekly shift", refuses=("shift_ended",))
def end_shift(call: Call, shift_id: int) -> None:
    """From today on; what was watched before stays known."""
    commands.end_shift(shift_id=shift_id, actor=call.actor, at=call.at)


class SwapWanted(Input):
    """Who takes whose watch, from when until when; without `away`, where nobody watches. With the two moments of a
    watch in return, `away` takes one of `cover`."""

    away = Id(allow_null=True, required=False, default=None)
    cover = Id()
    starts_at = Moment()
    ends_at = Moment()
    together = serializers.BooleanField(required=False, default=False)
    note = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)
    return_starts_at = Moment(required=False, allow_null=True, default=None)
    return_ends_at = Moment(required=False, allow_null=True, default=None)


@write(
    "Ask for a swap, or set it",
    answer=shapes.SwapShape,
    status=201,
    body=SwapWanted,
    refuses=_SWAP,
)
def ask_swap(call: Call, key: str) -> shapes.SwapShape:
    """It holds when the other accepts; what a PR lead or an administrator sets holds at once."""
    brand, given = _brand(call, key), dict(call.body)
    details = swaps.SwapDetails(away_id=given.pop("away"), cover_id=given.pop("cover"), **given)
    row = swaps.ask_swap(brand_id=brand.pk, details=details, actor=call.actor, at=call.at)
    return shapes.swaps([row])[0]


class SwapAnswer(Input):
    """Yes or no."""

    accept = serializers.BooleanField()


@write(
    "Answer a swap",
    answer=shapes.SwapShape,
    body=SwapAnswer,
    refuses=(*_SWAP, "swap_answered", "swap_over"),
)
def answer_swap(call: Call, swap_id: int) -> shapes.SwapShape:
    """By whoever was asked, and nobody else; one answer for both halves of an exchange."""
    row = swaps.answer_swap(
        swap_id=swap_id, accept=call.body["accept"], actor=call.actor, at=call.at
    )
    return shapes.swaps([row])[0]


@write("Take a swap back", answer=shapes.SwapShape, refuses=("swap_answered", "swap_over"))
def withdraw_swap(call: Call, swap_id: int) -> shapes.SwapShape:
    """What was asked, by whoever asked; what was agreed, by a PR lead or an administrator."""
    row = swaps.withdraw_swap(swap_id=swap_id, actor=call.actor, at=call.at)
    return shapes.swaps([row])[0]


class DaysQuery(Input):
    """Which days; without it the next four weeks."""

    since = serializers.DateField(required=False)
    until = serializers.DateField(required=False)


@read(
    "Read the days a brand works",
    answer=shapes.CalendarDaysShape,
    query=DaysQuery,
    refuses=("span_wrong",),
)
def get_working_days(call: Call, key: str) -> shapes.CalendarDaysShape:
    """Its calendar, and day by day what each is; at most 92 days."""
    brand = _brand(call, key)
    since = call.query.get("since", call.at.astimezone(ZoneInfo(brand.zone)).date())
    return _calendar(brand, since, call.query.get("until", since + AHEAD))


def _calendar(brand: Brand, since: date, until: date) -> shapes.CalendarDaysShape:
    if not timedelta(0) <= until - since <= _LONGEST:
        raise Invalid("span_wrong", field="until")
    calendar = calendar_of(brand)
    days = [
        shapes.day(day_of(calendar, since + timedelta(days=step)))
        for step in range((until - since).days + 1)
    ]
    return shapes.calendar_days(
        kept_calendar(brand), week_start=brand.week_start, weekend=brand.weekend, days=days
    )


class WorkingDaysWanted(Versioned):
    """Everything about the days a brand works; version 0 for a brand whose calendar nobody has set."""

    country = serializers.CharField(
        required=False, default="", allow_blank=True, max_length=2,
        help_text="IL, SA, AE, KW, QA, BH, OM, EG, JO, or nothing for own days only.",
    )  # fmt: skip
    weekend = Weekdays()
    week_start = serializers.IntegerField(min_value=1, max_value=7)
    latitude = serializers.DecimalField(7, 4, required=False, allow_null=True, default=None)
    longitude = serializers.DecimalField(7, 4, required=False, allow_null=True, default=None)
    by_sunset = serializers.BooleanField(required=False, default=False)
    short_day = serializers.IntegerField(
        min_value=1, max_value=7, required=False, allow_null=True, default=None
    )
    short_until = serializers.TimeField(required=False, allow_null=True, default=None)
    work_from = serializers.TimeField(required=False)
    work_until = serializers.TimeField(required=False)
    ramadan = serializers.BooleanField(required=False, default=False)
    ramadan_from = serializers.TimeField(required=False)
    ramadan_until = serializers.TimeField(required=False)
    own_days = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(max_length=80)),
        required=False, default=dict,
    )  # fmt: skip
    switched_off = serializers.ListField(
        child=serializers.DateField(), required=False, default=list
    )


@write(
    "Set the days a brand works",
    answer=shapes.CalendarDaysShape,
    body=WorkingDaysWanted,
    refuses=(
        "country_unknown", "weekday_unknown", "no_working_day", "place_missing", "place_wrong",
        "short_day_half", "hours_reversed", "own_days_many", "name_missing", "language_unknown",
        "date_wrong",
    ),
    stale=("stale",),
    versioned=True,
)  # fmt: skip
def set_working_days(call: Call, key: str) -> shapes.CalendarDaysShape:
    """The rota and the morning digests go by these days. Deadlines do not: their hours and days run on, and a
    regulator's business days are those of its own week."""
    brand, given = _brand(call, key), dict(call.body)
    given.pop("version", None)
    given["own_days"] = {_date(day): names for day, names in given["own_days"].items()}
    calendars.set_brand_calendar(
        brand_id=brand.pk,
        details=calendars.CalendarDetails(**given),
        version=call.version(kept_calendar(brand)),
        actor=call.actor,
        at=call.at,
    )
    changed = _brand(call, key)
    since = call.at.astimezone(ZoneInfo(changed.zone)).date()
    return _calendar(changed, since, since + AHEAD)


def _date(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise Invalid("date_wrong", field="own_days") from error


ROUTES = {
    "brands/<slug:key>/on-watch/": endpoint(get=get_on_watch),
    "brands/<slug:key>/rota/": endpoint(get=get_rota, put=set_rota),
    "brands/<slug:key>/rota/shifts/": endpoint(post=add_shift),
    "rota/shifts/<int:shift_id>/end/": endpoint(post=end_shift),
    "brands/<slug:key>/rota/swaps/": endpoint(post=ask_swap),
    "rota/swaps/<int:swap_id>/answer/": endpoint(post=answer_swap),
    "rota/swaps/<int:swap_id>/withdraw/": endpoint(post=withdraw_swap),
    "brands/<slug:key>/working-days/": endpoint(get=get_working_days, put=set_working_days),
}
