"""Webhooks: endpoints added, proven, given a new secret; what was sent there, and sending it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError, NotAllowed, NotVisible
from crisisdesk.notifications.domain import addresses
from crisisdesk.notifications.domain import webhooks as commands
from crisisdesk.notifications.queries.webhooks import sent_to, webhooks_of
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.forms.webhooks import RotateForm, WebhookForm
from crisisdesk.web.views.settings.frame import page, settings_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from crisisdesk.notifications.models import Address
    from crisisdesk.web.requests import PersonRequest


@settings_view
@never_cache
def webhooks(request: PersonRequest) -> HttpResponse:
    """List the person's endpoints; POST adds one and shows its secret this one time."""
    if request.method != "POST":
        return _list(request, WebhookForm())
    form = WebhookForm(request.POST)
    if form.is_valid():
        try:
            made = commands.add_webhook(**form.cleaned_data, actor=request.actor, at=clock.now())
            return _one(request, made.address, made=made, status=201)
        except DomainError as error:
            add_refusal(form, error)
    return _list(request, form, status=422)


@settings_view
def webhook(request: PersonRequest, pk: int) -> HttpResponse:
    """One endpoint: how it stands, its secret, what was sent there."""
    before = request.GET.get("before", "")
    if before.isdecimal() and request.headers.get("HX-Request"):
        address = _mine(request, pk)
        sent = sent_to(address, request.user, before=int(before))
        return render(request, "web/settings/webhook.html#rows", {"address": address, "sent": sent})
    return _one(request, _mine(request, pk), before=int(before) if before.isdecimal() else None)


@settings_view
@require_POST
def prove(request: PersonRequest, pk: int) -> HttpResponse:
    """Ask the endpoint for its proof, and show what it answered."""
    return _press(
        request,
        pk,
        lambda at: commands.prove_webhook(address_id=pk, actor=request.actor, at=at),
        _("The endpoint has proven itself. News goes there from now on."),
    )


@settings_view
@never_cache
@require_POST
def rotate(request: PersonRequest, pk: int) -> HttpResponse:
    """A new secret, shown this one time."""
    address, form = _mine(request, pk), RotateForm(request.POST)
    if not form.is_valid():
        return _one(request, address, rotate=form, status=422)
    made = commands.rotate_secret(
        address_id=pk,
        both=form.cleaned_data["old"] == "both",
        actor=request.actor,
        at=clock.now(),
    )
    return _one(request, made.address, made=made)


@settings_view
@require_POST
def test(request: PersonRequest, pk: int) -> HttpResponse:
    """Send one message of no consequence at once, and show what was answered."""
    address = _mine(request, pk)
    try:
        said = addresses.send_test(address_id=pk, actor=request.actor, at=clock.now())
    except (NotVisible, NotAllowed):
        raise
    except DomainError as error:
        return _one(request, address, refusal=error, status=422)
    return _one(request, address, said=said)


@settings_view
@require_POST
def again(request: PersonRequest, pk: int, message: int) -> HttpResponse:
    """Send one message once more under the same webhook-id."""
    return _press(
        request,
        pk,
        lambda at: commands.send_again(notification_id=message, actor=request.actor, at=at),
        _("It goes out again within seconds, under the same webhook-id."),
    )


@settings_view
@require_POST
def remove(request: PersonRequest, pk: int) -> HttpResponse:
    """Nothing is sent there any more, and its secret is forgotten."""
    _mine(request, pk)
    addresses.remove_address(address_id=pk, actor=request.actor, at=clock.now())
    messages.success(request, _("The webhook was removed."))
    return redirect("web:settings-webhooks")


def _press(
    request: PersonRequest, pk: int, command: Callable[[Any], Any], done: str
) -> HttpResponse:
    address = _mine(request, pk)
    try:
        command(clock.now())
    except (NotVisible, NotAllowed):
        raise
    except DomainError as error:
        return _one(request, address, refusal=error, status=422)
    messages.success(request, done)
    return redirect("web:settings-webhook", pk)


def _mine(request: PersonRequest, pk: int) -> Address:
    found = webhooks_of(request.user).filter(pk=pk).first()
    if found is None:
        raise NotVisible
    return found


def _list(request: PersonRequest, form: WebhookForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "webhooks": webhooks_of(request.user)}
    return page(request, "webhooks", "settings-webhooks", context, status=status)


def _one(
    request: PersonRequest,
    address: Address,
    *,
    before: int | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "address": address,
        "rotate": RotateForm(),
        "sent": sent_to(address, request.user, before=before),
    }
    return page(request, "webhook", "settings-webhooks", context | more, status=status)
