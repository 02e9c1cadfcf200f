"""Brands and who approves for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError, Stale
from crisisdesk.organisation.domain import brands as commands
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.queries.roles import language_approvers, people_with_role
from crisisdesk.organisation.queries.visibility import brands_administered_by
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.forms.settings import ApproversForm, BrandForm, NewBrandForm
from crisisdesk.web.forms.stale import differences, with_version
from crisisdesk.web.views.settings.frame import page, require_admin, settings_view

if TYPE_CHECKING:
    from typing import Any

    from crisisdesk.organisation.models import Brand
    from crisisdesk.web.requests import PersonRequest


@settings_view
@require_safe
def brand_list(request: PersonRequest) -> HttpResponse:
    """The brands this person administers."""
    require_admin(request)
    brands = brands_administered_by(request.user).prefetch_related(
        "brand_languages__approver", "brand_languages__deputy"
    )
    return page(request, "brands", "settings-brands", {"brands": brands})


@settings_view
def brand_new(request: PersonRequest) -> HttpResponse:
    """Add a brand."""
    require_admin(request)
    form = NewBrandForm(
        request.POST or None,
        initial={"zone": request.user.zone},
    )
    if form.is_valid():
        try:
            made = commands.create_brand(
                key=form.cleaned_data["key"],
                details=form.details(),
                actor=request.actor,
                at=clock.now(),
            )
            messages.success(request, _("Saved."))
            return redirect("web:settings-brand", made.key)
        except DomainError as error:
            add_refusal(form, error)
    status = 422 if request.method == "POST" else 200
    return page(request, "brand_new", "settings-brands", {"form": form}, status=status)


@settings_view
def brand(request: PersonRequest, key: str) -> HttpResponse:
    """One brand; POST changes it, and a stale save shows both versions."""
    shown = get_object_or_404(brands_administered_by(request.user), key=key)
    if request.method != "POST":
        return _brand_page(request, shown)
    form = BrandForm(request.POST)
    if not form.is_valid():
        return _brand_page(request, shown, form=form, status=422)
    try:
        commands.change_brand(
            brand_id=shown.pk,
            details=form.details(),
            version=form.cleaned_data["version"] or 0,
            actor=request.actor,
            at=clock.now(),
        )
    except Stale as error:
        stands = BrandForm.initial_from(error.current)
        form = BrandForm(with_version(form.data, error.current.version))
        context = {"form": form, "stale": differences(form, stands)}
        return _brand_page(request, shown, **context, status=error.status)
    except DomainError as error:
        add_refusal(form, error)
        return _brand_page(request, shown, form=form, status=error.status)
    messages.success(request, _("Saved."))
    return redirect("web:settings-brand", shown.key)


@settings_view
@require_POST
def approvers(request: PersonRequest, key: str, language: str) -> HttpResponse:
    """Approver and deputy of one language are these two."""
    shown = get_object_or_404(brands_administered_by(request.user), key=key)
    form = _approvers_form(request, shown, data=request.POST)
    if form.is_valid():
        try:
            commands.set_brand_approvers(
                brand_id=shown.pk,
                language=language,
                approver_id=form.cleaned_data["approver"],
                deputy_id=form.cleaned_data["deputy"],
                zone=form.cleaned_data["zone"],
                actor=request.actor,
                at=clock.now(),
            )
            messages.success(request, _("Saved."))
            return redirect("web:settings-brand", shown.key)
        except DomainError as error:
            add_refusal(form, error)
    return _brand_page(request, shown, refused_approvers={language: form}, status=422)


def _brand_page(
    request: PersonRequest, brand: Brand, *, status: int = 200, **context: Any
) -> HttpResponse:
    refused = context.pop("refused_approvers", {})
    rows = language_approvers(brand.pk)
    people = people_with_role(brand.pk, Role.APPROVER, Role.LEAD)
    forms = [
        (
            language,
            refused.get(language)
            or _approvers_form(
                request,
                brand,
                people=people,
                initial={
                    "approver": rows[language].approver_id,
                    "deputy": rows[language].deputy_id,
                    "zone": rows[language].zone,
                },
                language=language,
            ),
        )
        for language in brand.languages
    ]
    shown = {
        "brand": brand,
        "form": BrandForm(initial=BrandForm.initial_from(brand)),
        "approvers": forms,
    }
    return page(request, "brand", "settings-brands", shown | context, status=status)


def _approvers_form(
    request: PersonRequest,
    brand: Brand,
    *,
    data: Any = None,
    people: Any = None,
    initial: Any = None,
    language: str = "",
) -> ApproversForm:
    if people is None:
        people = people_with_role(brand.pk, Role.APPROVER, Role.LEAD)
    # Several of these forms stand on one page: the language keeps their ids apart.
    return ApproversForm(
        data,
        people=people,
        reader=request.LANGUAGE_CODE,
        initial=initial,
        auto_id=f"id_{language}_%s",
    )
