"""Who is on watch, week by week; who answers for the rota changes it here."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError, NotAllowed, NotVisible, Stale
from crisisdesk.organisation.domain import rota as commands
from crisisdesk.organisation.domain import watch_swaps as swaps
from crisisdesk.organisation.enums import SwapState
from crisisdesk.organisation.models import Rota
from crisisdesk.organisation.queries.calendars import calendar_of
from crisisdesk.organisation.queries.quiet_watches import quiet_watches_of
from crisisdesk.organisation.queries.rota import (
    AHEAD,
    members_of,
    people_by_id,
    rota_of,
    shifts_of,
    swaps_of,
    watch_now,
)
from crisisdesk.organisation.queries.visibility import brands_visible_to
from crisisdesk.organisation.rules import allows
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.forms.rota import NeededForm, ShiftForm, SwapForm
from crisisdesk.web.forms.stale import differences, with_version
from crisisdesk.web.forms.weekdays import weekday_names
from crisisdesk.web.once import press_once
from crisisdesk.web.views.settings.frame import page, settings_view
from crisisdesk.web.views.settings.week import span_words, week_of, zone_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.core.working_calendar import WorkCalendar
    from crisisdesk.organisation.models import Brand, User, WatchShift, WatchSwap
    from crisisdesk.organisation.queries.rota import BrandRota
    from crisisdesk.web.requests import PersonRequest

MOST_GAPS = 10


@settings_view
@require_safe
def rota_list(request: PersonRequest) -> HttpResponse:
    """Every brand of the person, and who is on watch there now."""
    at = clock.now()
    now = {found.brand.pk: found for found in watch_now(request.user, at=at)}
    brands = [(brand, now.get(brand.pk)) for brand in brands_visible_to(request.user)]
    if not brands:
        raise NotVisible
    return page(request, "rotas", "settings-rotas", {"brands": brands})


@settings_view
def rota(request: PersonRequest, key: str) -> HttpResponse:
    """One brand's rota; POST is one press of one of its forms."""
    brands = brands_visible_to(request.user).select_related("calendar")
    shown = get_object_or_404(brands, key=key)
    board = _Board(request, shown)
    if request.method != "POST":
        return board.page()
    press = request.POST.get("press", "")
    if press in ("needed", "shift", "swap"):
        return board.saved(press)
    return board.pressed(press, request.POST.get("row", ""))


class _Board:
    """The page of one brand's rota, and what its forms do."""

    def __init__(self, request: PersonRequest, brand: Brand) -> None:
        self.request, self.brand, self.at = request, brand, clock.now()
        self.zone = ZoneInfo(brand.zone)
        self.calendar: WorkCalendar = calendar_of(brand)
        self.may = allows(request.user, "organisation.change_rota", brand.pk)
        self.people: list[User] = members_of(brand.pk)
        self.kept = Rota.objects.filter(brand=brand).first() or Rota(
            brand_id=brand.pk, since=self.at, version=0
        )

    def form(self, name: str, data: Any = None) -> Any:
        """Return one of the three forms, with what was typed or what stands."""
        common: dict[str, Any] = {"auto_id": f"{name}_%s"}
        if name == "needed":
            stands = NeededForm.initial_from(self.kept)
            return NeededForm(data, first=self.calendar.week_start, initial=stands, **common)
        common |= {"people": self.people, "reader": self.request.LANGUAGE_CODE}
        if name == "shift":
            return ShiftForm(
                data,
                first=self.calendar.week_start,
                by_sunset=self.calendar.by_sunset,
                initial={"valid_from": commands.today(self.brand, at=self.at), "every": 1},
                **common,
            )
        return SwapForm(data, initial=self._swap_from_address(), **common)

    def saved(self, press: str) -> HttpResponse:
        """One form was sent: its command, or the page again with what was typed."""
        form = self.form(press, self.request.POST)
        if form.is_valid():
            try:
                press_once(self.request, lambda: self._command(press, form), at=self.at)
                messages.success(self.request, _("Saved."))
                return redirect(self._address())
            except (NotVisible, NotAllowed):
                raise
            except Stale as error:
                stands = NeededForm.initial_from(error.current)
                form = self.form(press, with_version(form.data, error.current.version))
                context = {"needed_form": form, "stale": differences(form, stands)}
                return self.page(**context, status=error.status)
            except DomainError as error:
                add_refusal(form, error)
                return self.page(**{f"{press}_form": form}, status=error.status)
        return self.page(**{f"{press}_form": form}, status=422)

    def _command(self, press: str, form: Any) -> Any:
        common: dict[str, Any] = {
            "brand_id": self.brand.pk,
            "actor": self.request.actor,
            "at": self.at,
        }
        if press == "needed":
            version = form.cleaned_data["version"] or 0
            return commands.set_rota(details=form.details(), version=version, **common)
        if press == "shift":
            return commands.add_shift(details=form.details(), **common)
        return swaps.ask_swap(details=form.details(self.zone), **common)

    def pressed(self, press: str, row: str) -> HttpResponse:
        """A button of one row was pressed."""
        common: dict[str, Any] = {"actor": self.request.actor, "at": self.at}
        number = int(row) if row.isdecimal() and len(row) < 19 else 0  # noqa: PLR2004 - fits a key
        acts: dict[str, Callable[[], Any]] = {
            "end": lambda: commands.end_shift(shift_id=number, **common),
            "accept": lambda: swaps.answer_swap(swap_id=number, accept=True, **common),
            "decline": lambda: swaps.answer_swap(swap_id=number, accept=False, **common),
            "withdraw": lambda: swaps.withdraw_swap(swap_id=number, **common),
        }
        if press not in acts:
            raise NotVisible
        try:
            acts[press]()
        except (NotVisible, NotAllowed):
            raise
        except DomainError as error:
            return self.page(refusal=error, status=error.status)
        messages.success(self.request, _("Saved."))
        return redirect(self._address())

    def page(self, *, status: int = 200, **context: Any) -> HttpResponse:
        """The page as it stands, with a refused form where there is one."""
        shown = self._shown_day()
        first = datetime.combine(shown, datetime.min.time(), tzinfo=self.zone)
        start, end = first - timedelta(days=8), first + timedelta(days=8)
        read = rota_of(self.brand.pk, start=min(start, self.at), end=max(end, self.at + AHEAD))
        slots = read.slots(start, end, at=self.at) if read else []
        people = people_by_id(slot.person for slot in slots)
        now = read.watching(self.at) if read else []
        known = {person.pk: person for person in self.people} | people
        given = {
            "brand": self.brand,
            "week": week_of(self.calendar, read, people, shown, at=self.at),
            "rota": read,
            "zone_name": zone_words(self.brand.zone, self.at),
            "on_watch": [known[pk] for pk in now if pk in known],
            "quiet": self._quiet(read),
            "gaps": self._gaps(read),
            "gaps_count": len(self.all_gaps(read)),
            "shifts": [self._shift(row) for row in shifts_of(self.brand.pk, on=self._today())],
            "swaps": [self._swap(row) for row in swaps_of(self.brand.pk, at=self.at)],
            "may": self.may,
            "needed_form": self.form("needed"),
            "shift_form": self.form("shift"),
            "swap_form": self.form("swap"),
            "first_step": read is None,
        }
        return page(self.request, "rota", "settings-rotas", given | context, status=status)

    def all_gaps(self, read: BrandRota | None) -> list[tuple[datetime, datetime]]:
        """The gaps of the next four weeks."""
        return read.gaps(self.at, self.at + AHEAD, at=self.at) if read else []

    def _gaps(self, read: BrandRota | None) -> list[dict[str, Any]]:
        return [
            {
                "words": span_words(start, end, self.brand.zone),
                "is_now": start <= self.at,
                "starts": start.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M"),
                "ends": end.astimezone(self.zone).strftime("%Y-%m-%dT%H:%M"),
            }
            for start, end in self.all_gaps(read)[:MOST_GAPS]
        ]

    def _quiet(self, read: BrandRota | None) -> list[dict[str, Any]]:
        """Whose quiet hours lie over their watch: one's own, and everybody's for who answers for the rota."""
        if read is None:
            return []
        me = self.request.user
        asked = self.people if self.may else [person for person in self.people if person == me]
        return [
            {
                "person": found.person,
                "own": found.person == me,
                "words": span_words(found.starts_at, found.ends_at, self.brand.zone),
            }
            for found in quiet_watches_of(read, asked, at=self.at)
        ]

    def _shift(self, row: WatchShift) -> dict[str, Any]:
        return {
            "row": row,
            "days": weekday_names(row.weekdays),
            "is_open": row.valid_until is None or row.valid_until >= self._today(),
            "has_left": row.person_id not in {person.pk for person in self.people},
        }

    def _swap(self, row: WatchSwap) -> dict[str, Any]:
        me = self.request.user.pk
        asked = row.state == SwapState.ASKED  # so are both halves
        return {
            "row": row,
            "halves": [
                (half, span_words(half.starts_at, half.ends_at, self.brand.zone))
                for half in row.halves
            ],
            "asked": asked,
            "mine_to_answer": asked and swaps.asked_person(row) == me,
            "may_withdraw": self.may or (asked and row.asked_by_id == me),
        }

    def _today(self) -> date:
        return commands.today(self.brand, at=self.at)

    def _shown_day(self) -> date:
        with suppress(ValueError):
            wanted = date.fromisoformat(self.request.GET.get("week", ""))
            if abs((wanted - self._today()).days) <= 800:  # noqa: PLR2004 - two years either way
                return wanted
        return self._today()

    def _swap_from_address(self) -> dict[str, Any]:
        asked = self.request.GET
        return {name: asked[name] for name in ("starts_at", "ends_at") if name in asked}

    def _address(self) -> str:
        return reverse("web:settings-rota", args=[self.brand.key])
