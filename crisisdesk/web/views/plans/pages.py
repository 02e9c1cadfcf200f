"""The list of plans, a new one, the plan itself, its change, its end."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError, Invalid, NotAllowed, NotVisible, Stale
from crisisdesk.incidents.domain import announcement_plans, announcing
from crisisdesk.incidents.enums import Severity
from crisisdesk.incidents.queries.plan_gaps import readiness
from crisisdesk.incidents.queries.plans import (
    board_of,
    boards_of,
    ended_page,
    listed,
    preparing_page,
)
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Brand
from crisisdesk.organisation.queries.roles import brands_with_role, people_with_role
from crisisdesk.web.forms.plans import PlanForm
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.forms.stale import differences, with_version
from crisisdesk.web.once import press_once
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.plans.frame import Here, plan_view, press, show


@login_required
@require_safe
def plans(request: PersonRequest) -> HttpResponse:
    """Every plan the reader may see: what is being prepared, the next announcement on top, and what is over."""
    at, asked = clock.now(), request.GET
    try:
        preparing = preparing_page(request.user, asked.get("after", ""))
        ended = ended_page(request.user, asked.get("older", ""))
    except Invalid:
        preparing, ended = preparing_page(request.user), ended_page(request.user)
    context = {
        "nav": "plans",
        "preparing": [
            {"plan": board.plan, "ready": readiness(board, at=at)}
            for board in boards_of(preparing.rows)
        ],
        "after": preparing.next_cursor,
        "ended": ended.rows,
        "older": ended.next_cursor,
        "writes": bool(brands_with_role(request.user, Role.LEAD)),
    }
    template = "web/plans/plans.html"
    if request.headers.get("HX-Request"):
        template += "#preparing" if asked.get("after") else "#ended" if asked.get("older") else ""
    return render(request, template, context)


@login_required
def plan_new(request: PersonRequest) -> HttpResponse:
    """Open a plan: the decision, its hour, its languages, its lead."""
    brands = list(
        Brand.objects.filter(pk__in=brands_with_role(request.user, Role.LEAD)).order_by(
            "name", "pk"
        )
    )
    if not brands:
        raise Http404
    asked = request.POST.get("brand") or request.GET.get("brand", "")
    brand = next((row for row in brands if row.key == asked), brands[0])
    initial = {"brand": brand.key, "languages": brand.languages, "lead": request.user.pk}
    form = _form(request, brands, brand, request.POST or None, initial)
    if form.is_valid():
        made: list[Any] = []

        def command() -> None:
            made.append(
                announcement_plans.open_plan(
                    brand_id=brand.pk,
                    details=form.details(),
                    actor=request.actor,
                    at=clock.now(),
                )
            )

        try:
            press_once(request, command, at=clock.now())
            return redirect(
                reverse("web:plan", args=[made[0].pk]) if made else reverse("web:plans")
            )
        except DomainError as error:
            add_refusal(form, error)
    return _form_page(request, form, status=422 if request.method == "POST" else 200)


@require_safe
@plan_view
def plan(here: Here) -> HttpResponse:
    """The plan with its readiness and its gaps."""
    return show(here)


@plan_view
def plan_change(here: Here) -> HttpResponse:
    """Change the decision, its hour, its languages, its lead; a stale save shows both."""
    request, shown = here.request, here.plan
    if not here.may("plan"):
        raise NotAllowed("not_allowed")
    initial = PlanForm.initial_from(shown)
    form = _form(request, [shown.brand], shown.brand, request.POST or None, initial)
    if not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return _form_page(request, form, here=here, status=status)
    try:
        announcement_plans.change_plan(
            plan_id=shown.pk,
            details=form.details(kept=shown.announce_at),
            version=form.cleaned_data["version"] or 0,
            actor=request.actor,
            at=here.at,
        )
    except Stale as error:
        again = _form(
            request,
            [shown.brand],
            shown.brand,
            with_version(form.data, error.current.version),
            initial,
        )
        stale = differences(again, _plain(again, PlanForm.initial_from(error.current)))
        return _form_page(request, again, here=here, stale=stale, status=error.status)
    except (NotVisible, NotAllowed):
        raise
    except DomainError as error:
        add_refusal(form, error)
        return _form_page(request, form, here=here, status=error.status)
    messages.success(request, gettext("Saved."))
    return redirect(here.address)


def _plain(form: PlanForm, stands: dict[str, Any]) -> dict[str, Any]:
    """Return what stands as the form's controls would write it."""
    return {
        name: form.fields[name].prepare_value(value)
        if name != "announce_at"
        else form["announce_at"].field.widget.format_value(
            form.fields["announce_at"].prepare_value(value)
        )
        for name, value in stands.items()
        if name in form.fields
    }


@plan_view
def announce(here: Here) -> HttpResponse:
    """Say what is still missing; POST opens the incident with everything carried over."""
    if not here.may("plan"):
        if here.plan.incident_id and here.request.method == "GET":
            return redirect(here.address)
        raise NotAllowed("not_allowed")
    if here.request.method != "POST":
        return _announce_page(here)
    given = here.request.POST
    try:
        press_once(
            here.request,
            lambda: announcing.announce_plan(
                plan_id=here.plan.pk,
                reason=given.get("reason", ""),
                severity=given.get("severity", ""),
                actor=here.request.actor,
                at=here.at,
            ),
            at=here.at,
        )
    except (NotVisible, NotAllowed):
        raise
    except DomainError as error:
        return _announce_page(here, error=error)
    opened = listed(here.request.user).filter(pk=here.plan.pk)
    return redirect("web:incident", opened.values_list("incident__reference", flat=True)[0])


def _announce_page(here: Here, *, error: DomainError | None = None) -> HttpResponse:
    board = board_of(here.plan)
    context = {
        "nav": "plans",
        "plan": here.plan,
        "ready": readiness(board, at=here.at),
        "severities": list(Severity),
        "severity": here.request.POST.get("severity") or board.content.default_severity,
        "typed": here.request.POST,
        "error": error,
    }
    status = error.status if error else 200
    return render(here.request, "web/plans/announce.html", context, status=status)


@require_POST
@plan_view
def drop(here: Here) -> HttpResponse:
    """The decision will not be announced."""
    return press(
        here,
        lambda: announcement_plans.drop_plan(
            plan_id=here.plan.pk,
            reason=here.request.POST.get("reason", ""),
            actor=here.request.actor,
            at=here.at,
        ),
        section="drop",
        back=here.address,
    )


def _form(
    request: PersonRequest, brands: list[Brand], brand: Brand, data: Any, initial: dict[str, Any]
) -> PlanForm:
    return PlanForm(
        data,
        brands=brands,
        leads=people_with_role(brand.pk, Role.LEAD),
        reader=request.LANGUAGE_CODE,
        initial=initial,
    )


def _form_page(
    request: PersonRequest,
    form: PlanForm,
    *,
    here: Here | None = None,
    stale: Any = None,
    status: int = 200,
) -> HttpResponse:
    context = {"nav": "plans", "form": form, "plan": here and here.plan, "stale": stale}
    return render(request, "web/plans/form.html", context, status=status)
