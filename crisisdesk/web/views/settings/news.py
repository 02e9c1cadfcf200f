"""What a person is told: which news by which way, when it is quiet, who stands in."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError, NotAllowed, NotVisible
from crisisdesk.notifications.domain.mornings import set_morning
from crisisdesk.notifications.domain.preferences import choose_news
from crisisdesk.notifications.domain.quiet_hours import set_quiet_hours
from crisisdesk.notifications.queries.preferences import (
    choices_of,
    last_morning,
    morning_of,
    quiet_rows,
    ways_of,
)
from crisisdesk.notifications.rules.news import DUTY, News
from crisisdesk.notifications.rules.quiet import Span
from crisisdesk.organisation.domain.stand_ins import end_stand_in, name_stand_in
from crisisdesk.organisation.queries.quiet_watches import own_quiet_watches
from crisisdesk.organisation.queries.stand_ins import in_sight, may_stand_in, running
from crisisdesk.organisation.queries.visibility import brands_visible_to
from crisisdesk.web.forms.news import MorningForm, NewsForm, QuietForm, StandInForm
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.views.settings.frame import page, settings_view
from crisisdesk.web.views.settings.week import span_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.forms import Form

    from crisisdesk.web.requests import PersonRequest

_PAGE = "web:settings-notifications"


@settings_view
def told(request: PersonRequest) -> HttpResponse:
    """Show the page; POST says which kinds of news come by which ways."""
    if request.method != "POST":
        return _told_page(request, at=clock.now())
    form = NewsForm(request.POST, ways=ways_of(request.user))
    return _save(request, "news_form", form, lambda **by: choose_news(form.cleaned_data, **by))


@settings_view
@require_POST
def quiet_hours(request: PersonRequest) -> HttpResponse:
    """The person says when they are not disturbed."""
    form = QuietForm(request.POST, first_day=_first_day(request))
    return _save(
        request, "quiet_form", form, lambda **by: set_quiet_hours(form.spans(), **by), at="quiet"
    )


@settings_view
@require_POST
def morning(request: PersonRequest) -> HttpResponse:
    """The person says when the digest of the morning comes, or that they want none."""
    form = MorningForm(request.POST)
    return _save(
        request, "morning_form", form, lambda **by: set_morning(**form.chosen(), **by), at="morning"
    )


@settings_view
@require_POST
def stand_in(request: PersonRequest) -> HttpResponse:
    """The person names who is told in their place."""
    form = _stand_in_form(request, request.POST)

    def name(**by: Any) -> object:
        given = form.cleaned_data
        return name_stand_in(
            stand_in_id=given["stand_in"],
            from_at=given["from_at"],
            until_at=given["until_at"],
            silent=given["silent"],
            **by,
        )

    return _save(request, "stand_in_form", form, name, at="stand-in")


@settings_view
@require_POST
def stand_in_end(request: PersonRequest, agreement_id: int) -> HttpResponse:
    """One of the two ends it; the other is told."""
    end_stand_in(agreement_id=agreement_id, actor=request.actor, at=clock.now())
    messages.success(request, _("Nobody stands in any more; both of you know."))
    return _back("stand-in")


def _back(part: str) -> HttpResponse:
    answer = redirect(_PAGE)
    answer["Location"] += f"#{part}"
    return answer


def _save(
    request: PersonRequest,
    name: str,
    form: Form,
    command: Callable[..., object],
    *,
    at: str = "kinds",
) -> HttpResponse:
    now = clock.now()
    if form.is_valid():
        try:
            command(actor=request.actor, at=now)
            messages.success(request, _("Saved."))
            return _back(at)
        except (NotVisible, NotAllowed):
            raise
        except DomainError as error:
            error.field = error.field.replace("day_", "begins_")
            add_refusal(form, error)
    return _told_page(request, at=now, status=422, **{name: form})


def _told_page(
    request: PersonRequest, *, at: datetime, status: int = 200, **forms: Any
) -> HttpResponse:
    person = request.user
    ways = ways_of(person)
    kept = [Span(row.weekday, row.begins, row.ends) for row in quiet_rows(person.pk)]
    news = forms.get("news_form") or NewsForm(initial=choices_of(person, News, ways), ways=ways)
    quiet = forms.get("quiet_form") or QuietForm(
        initial=QuietForm.initial_from(kept), first_day=_first_day(request)
    )
    wanted = morning_of(person)
    morning_form = MorningForm(
        initial={"enabled": wanted.enabled, "minute": time(*divmod(wanted.minute, 60))}
    )
    agreements = list(running(in_sight(person), at=at))
    context = {
        "now": at,
        "ways": ways,
        "news_form": news,
        "kinds": [
            {
                "kind": kind.value,
                "duty": kind in DUTY,
                "chosen": news.chosen(kind),
                "field": news[kind],
            }
            for kind in News
        ],
        "quiet_form": quiet,
        "quiet_watches": [
            (found.brand, span_words(found.starts_at, found.ends_at, person.zone))
            for found in own_quiet_watches(person, kept, at=at)
        ],
        "days": quiet.rows(kept),
        "morning_form": forms.get("morning_form") or morning_form,
        "last_morning": last_morning(person),
        "stand_in_form": forms.get("stand_in_form") or _stand_in_form(request),
        "mine": [row for row in agreements if row.person_id == person.pk],
        "for_others": [row for row in agreements if row.stand_in_id == person.pk],
    }
    return page(request, "notifications", "settings-notifications", context, status=status)


def _stand_in_form(request: PersonRequest, typed: Any = None) -> StandInForm:
    people = may_stand_in(request.user)
    initial = {"from_at": clock.now().replace(second=0, microsecond=0)}
    return StandInForm(typed, people=people, reader=request.user.language, initial=initial)


def _first_day(request: PersonRequest) -> int:
    """Return the weekday with which the person's week begins: that of their first brand."""
    brand = brands_visible_to(request.user).first()
    return brand.week_start if brand else 1
