"""What refusals about a brand's working days and its rota say; part of `refusals.REFUSALS`."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ROTA_REFUSALS: dict[str, str | Promise] = {
    "country_unknown": _("This country is not known. Choose one from the list."),
    "no_working_day": _("A week of seven days off has no working day. Leave one."),
    "place_missing": _("The sunset needs a place: choose one, or give latitude and longitude."),
    "place_wrong": _("Latitude lies between -90 and 90, longitude between -180 and 180."),
    "short_day_half": _("A short day needs both: which day it is, and when it ends."),
    "hours_reversed": _("Work ends after it begins. Give a later time."),
    "own_days_many": _("At most %(most)s own days are kept. Take old ones away first."),
    "date_wrong": _("A day is written as year, month and day, for example 2026-12-24."),
    # --- the rota ---
    "span_wrong": _("Ask for a stretch of time that ends after it begins, at most 92 days."),
    "rota_missing": _("This brand has no rota yet. Add a weekly shift first."),
    "watch_without_role": _(
        "This person has no role on the brand. Give the role first, or choose somebody else."
    ),
    "weekdays_missing": _("Choose at least one day."),
    "shift_in_past": _("A shift begins today or later. Who watched before stays as it was."),
    "shift_ended": _("This shift has ended already."),
    "dates_reversed": _("The last day lies before the first one."),
    "every_wrong": _("Choose from 1, every week, to %(most)s."),
    "sunset_unknown": _(
        "The brand's calendar keeps no sunset. Give a time, or set the place in the brand's working days."
    ),
    "slot_twice": _("This person is on watch then already. Choose other days or times."),
    "slot_taken": _(
        "%(name)s is on watch then, on %(date)s from %(time)s. Choose other times, or tick that both are meant."
    ),
    "swap_same": _("Nobody takes their own watch. Choose two people."),
    "swap_times": _("A swap ends after it begins, later than now, and within 31 days."),
    "swap_empty": _("%(name)s is not on watch then. Look at the week and choose other times."),
    "cover_busy": _("%(name)s is on watch then already. Choose other times or somebody else."),
    "return_half": _("A watch in return has a beginning and an end. Give both, or neither."),
    "return_of_nobody": _(
        "Where a gap is filled, nobody has a watch to give in return. Leave it empty."
    ),
    "return_overlaps": _(
        "The two watches lie over each other. Give times that follow one another."
    ),
    "swap_answered": _("This swap was answered already. The page shows how."),
    "swap_over": _("This watch is over. Nothing can be changed about it any more."),
}
