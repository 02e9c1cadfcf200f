"""How you are told: every way out of the desk, with the person's own addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError, NotAllowed, NotVisible
from crisisdesk.core.words import error_text
from crisisdesk.notifications.domain import addresses
from crisisdesk.notifications.domain.ways import Place, Way, ways_of
from crisisdesk.notifications.transports import sealing
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.forms.transports import AddressForm, CodeForm
from crisisdesk.web.views.settings.frame import page, settings_view

if TYPE_CHECKING:
    from django.http import HttpResponse

    from crisisdesk.web.requests import PersonRequest


@dataclass
class Shown:
    """What one press brought: forms with their refusals, and what the other side said."""

    add: AddressForm | None = None
    transport: str = ""
    code: CodeForm | None = None
    place: int | None = None  # the address that `code` and the answer are about; 0 for the e-mail
    answer: str | None = None
    refusal: str = ""


@settings_view
@require_safe
@never_cache
def transports(request: PersonRequest) -> HttpResponse:
    """Each transport in its row: what it needs, where it reaches the person, and what can be done."""
    return _page(request, Shown())


@settings_view
@require_POST
def add(request: PersonRequest, transport: str) -> HttpResponse:
    """Send a code to a new address and keep it until the code comes back."""
    way = next((way for way in ways_of(request.user) if way.transport == transport), None)
    if way is None or way.entry is None:
        raise NotVisible
    form = AddressForm(request.POST, transport=transport, entry=way.entry)
    if form.is_valid():
        try:
            addresses.add_address(
                transport=transport,
                value=form.cleaned_data["value"],
                label=form.cleaned_data["label"],
                actor=request.actor,
                at=clock.now(),
            )
        except NotAllowed:
            raise
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("A code was sent there. Enter it here within 15 minutes."))
            return redirect("web:settings-transports")
    return _page(request, Shown(add=form, transport=transport), status=422)


@settings_view
@require_POST
def send_code(request: PersonRequest, pk: int) -> HttpResponse:
    """Send another code there."""
    try:
        addresses.send_code(address_id=pk, actor=request.actor, at=clock.now())
    except (NotVisible, NotAllowed):
        raise
    except DomainError as error:
        return _page(request, Shown(place=pk, refusal=error_text(error)), status=422)
    messages.success(request, _("A code was sent there. Enter it here within 15 minutes."))
    return redirect("web:settings-transports")


@settings_view
@require_POST
def confirm(request: PersonRequest, pk: int) -> HttpResponse:
    """The code came back: news goes there from now on."""
    form = CodeForm(request.POST, address_id=pk)
    if form.is_valid():
        try:
            addresses.confirm_address(
                address_id=pk,
                code=form.cleaned_data["code"],
                actor=request.actor,
                at=clock.now(),
            )
        except (NotVisible, NotAllowed):
            raise
        except DomainError as error:
            add_refusal(form, error)
        else:
            messages.success(request, _("The address is confirmed. News goes there from now on."))
            return redirect("web:settings-transports")
    return _page(request, Shown(code=form, place=pk), status=422)


@settings_view
@require_POST
def remove(request: PersonRequest, pk: int) -> HttpResponse:
    """Nothing is sent there any more."""
    addresses.remove_address(address_id=pk, actor=request.actor, at=clock.now())
    messages.success(request, _("The address was removed."))
    return redirect("web:settings-transports")


@settings_view
@require_POST
def test(request: PersonRequest, pk: int = 0) -> HttpResponse:
    """Send one message of no consequence at once, and show what was answered; 0 is the own e-mail."""
    try:
        said = addresses.send_test(address_id=pk or None, actor=request.actor, at=clock.now())
    except (NotVisible, NotAllowed):
        raise
    except DomainError as error:
        return _page(request, Shown(place=pk, refusal=error_text(error)), status=422)
    return _page(request, Shown(place=pk, answer=said))


def _page(request: PersonRequest, shown: Shown, *, status: int = 200) -> HttpResponse:
    at = clock.now()
    rows = [_row(way, shown, at) for way in ways_of(request.user)]
    context = {"ways": rows, "shown": shown, "push_key": sealing.public_key()}
    return page(request, "transports", "settings-transports", context, status=status)


def _row(way: Way, shown: Shown, at: Any) -> dict[str, Any]:
    form = shown.add if shown.transport == way.transport else None
    if form is None and way.entry is not None:
        form = AddressForm(transport=way.transport, entry=way.entry)
    return {
        "way": way,
        "form": form,
        "may_add": form is not None and (way.is_set_up or shown.add is form),
        "is_open": shown.transport == way.transport,
        "places": [_place(place, way, shown, at) for place in way.places],
    }


def _place(place: Place, way: Way, shown: Shown, at: Any) -> dict[str, Any]:
    pk = place.address.pk
    is_meant = shown.place == pk
    return {
        "place": place,
        "address": place.address,
        "has_code": place.has_code(at),
        "may_have_code": way.entry is not None and way.is_set_up,
        "code": shown.code if is_meant and shown.code else CodeForm(address_id=pk),
        "answer": shown.answer if is_meant else None,
        "refusal": shown.refusal if is_meant else "",
    }
