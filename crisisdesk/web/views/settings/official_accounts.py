"""Our own accounts: which are really ours, who can open them, and the test that somebody
still can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError, NotVisible, Stale
from crisisdesk.organisation.domain import accounts as commands
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.models import Channel
from crisisdesk.organisation.queries.roles import people_with_role, roles_anywhere
from crisisdesk.organisation.queries.visibility import (
    accounts_visible_to,
    brands_administered_by,
)
from crisisdesk.organisation.rules import PERMISSIONS
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.forms.settings import AccountForm
from crisisdesk.web.forms.stale import differences, with_version
from crisisdesk.web.views.settings.frame import page, settings_view

if TYPE_CHECKING:
    from typing import Any

    from crisisdesk.organisation.models import Brand, OfficialAccount
    from crisisdesk.web.requests import PersonRequest


@settings_view
@require_safe
def account_list(request: PersonRequest) -> HttpResponse:
    """Every official account of the brands this person has a role for."""
    held = roles_anywhere(request.user)
    if not held:
        raise NotVisible
    accounts = accounts_visible_to(request.user).select_related(
        "brand", "channel", "owner", "backup_owner"
    )
    administered = list(brands_administered_by(request.user))
    context = {
        "accounts": accounts.order_by("brand__name", "channel__position", "handle"),
        "administered": administered,
        "administered_ids": {brand.pk for brand in administered},
        "may_test": bool(held & PERMISSIONS["organisation.test_access"]),
    }
    return page(request, "accounts", "settings-accounts", context)


@settings_view
def account_new(request: PersonRequest, key: str) -> HttpResponse:
    """Add an account to a brand."""
    brand = get_object_or_404(brands_administered_by(request.user), key=key)
    form = _form(request, brand, data=request.POST or None)
    if form.is_valid():
        try:
            commands.add_official_account(
                brand_id=brand.pk, details=form.details(), actor=request.actor, at=clock.now()
            )
            messages.success(request, _("Saved."))
            return redirect("web:settings-accounts")
        except DomainError as error:
            add_refusal(form, error)
    status = 422 if request.method == "POST" else 200
    return page(
        request, "account", "settings-accounts", {"form": form, "brand": brand}, status=status
    )


@settings_view
def account(request: PersonRequest, pk: int) -> HttpResponse:
    """One account; POST changes it, and a stale save shows both versions."""
    shown = _administered(request, pk)
    form = _form(
        request, shown.brand, data=request.POST or None, initial=AccountForm.initial_from(shown)
    )
    if not form.is_valid():
        return _account_page(request, shown, form, status=422 if request.method == "POST" else 200)
    try:
        commands.save_official_account(
            account_id=shown.pk,
            details=form.details(),
            version=form.cleaned_data["version"] or 0,
            actor=request.actor,
            at=clock.now(),
        )
    except Stale as error:
        again = _form(request, shown.brand, data=with_version(form.data, error.current.version))
        stale = differences(again, AccountForm.initial_from(error.current))
        return _account_page(request, shown, again, stale=stale, status=error.status)
    except DomainError as error:
        add_refusal(form, error)
        return _account_page(request, shown, form, status=error.status)
    messages.success(request, _("Saved."))
    return redirect("web:settings-accounts")


@settings_view
@require_POST
def access_test(request: PersonRequest, pk: int) -> HttpResponse:
    """Somebody tried to open the account just now."""
    worked = request.POST.get("worked") == "yes"
    commands.record_access_test(account_id=pk, worked=worked, actor=request.actor, at=clock.now())
    messages.success(request, _("The access test is on record."))
    return redirect("web:settings-accounts")


def _administered(request: PersonRequest, pk: int) -> OfficialAccount:
    rows = accounts_visible_to(request.user).filter(brand__in=brands_administered_by(request.user))
    return get_object_or_404(rows.select_related("brand", "channel"), pk=pk)


def _account_page(
    request: PersonRequest,
    account: OfficialAccount,
    form: AccountForm,
    *,
    stale: Any = None,
    status: int,
) -> HttpResponse:
    context = {"form": form, "brand": account.brand, "account": account, "stale": stale}
    return page(request, "account", "settings-accounts", context, status=status)


def _form(
    request: PersonRequest, brand: Brand, *, data: Any = None, initial: Any = None
) -> AccountForm:
    return AccountForm(
        data,
        channels=Channel.objects.all(),
        people=people_with_role(brand.pk, *Role),
        reader=request.LANGUAGE_CODE,
        initial=initial,
    )
