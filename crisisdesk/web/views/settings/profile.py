"""A person's own page: name, zone, languages, sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError
from crisisdesk.organisation.domain import profile as commands
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.forms.settings import ProfileForm, ReadsForm, ZoneForm
from crisisdesk.web.views.settings.frame import page, settings_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.forms import Form

    from crisisdesk.web.requests import PersonRequest


@settings_view
def profile(request: PersonRequest) -> HttpResponse:
    """Show the person's page; POST changes name, title and phone."""
    if request.method != "POST":
        return _profile_page(request)
    form = ProfileForm(request.POST)
    return _save(request, "form", form, lambda given, **by: commands.change_profile(**given, **by))


@settings_view
@require_POST
def zone(request: PersonRequest) -> HttpResponse:
    """Times are shown in this zone."""
    form = ZoneForm(request.POST)
    return _save(
        request, "zone_form", form, lambda given, **by: commands.change_zone(given["zone"], **by)
    )


@settings_view
@require_POST
def reads(request: PersonRequest) -> HttpResponse:
    """The person says what they read."""
    form = ReadsForm(request.POST)
    return _save(
        request, "reads_form", form, lambda given, **by: commands.change_reads(given["reads"], **by)
    )


@settings_view
@require_safe
def security(request: PersonRequest) -> HttpResponse:
    """Password and second factor, each a link to its own page."""
    kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    context = {
        "has_app": Authenticator.Type.TOTP in kinds,
        "has_codes": Authenticator.Type.RECOVERY_CODES in kinds,
    }
    return page(request, "security", "settings-security", context)


def _save(
    request: PersonRequest, name: str, form: Form, command: Callable[..., Any]
) -> HttpResponse:
    if form.is_valid():
        try:
            command(form.cleaned_data, actor=request.actor, at=clock.now())
            messages.success(request, _("Saved."))
            return redirect("web:settings")
        except DomainError as error:
            add_refusal(form, error)
    return _profile_page(request, **{name: form}, status=422)


def _profile_page(request: PersonRequest, *, status: int = 200, **forms: Form) -> HttpResponse:
    person = request.user
    names = ("full_name", "title", "name_ar", "name_he", "name_en", "phone")
    context = {
        "form": ProfileForm(initial={field: getattr(person, field) for field in names}),
        "zone_form": ZoneForm(initial={"zone": person.zone}),
        "reads_form": ReadsForm(initial={"reads": person.reads}),
    }
    return page(request, "profile", "settings", context | forms, status=status)
