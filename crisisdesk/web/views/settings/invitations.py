"""Asking a colleague in."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError
from crisisdesk.organisation.domain.invitations import (
    NewInvitation,
    invite_person,
    withdraw_invitation,
)
from crisisdesk.organisation.queries.visibility import brands_administered_by
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.forms.settings import InviteForm
from crisisdesk.web.views.settings.frame import page, require_admin, settings_view

if TYPE_CHECKING:
    from typing import Any

    from crisisdesk.web.requests import PersonRequest

logger = logging.getLogger(__name__)


@settings_view
def invite(request: PersonRequest) -> HttpResponse:
    """Ask somebody in: the link goes by mail, from the account adapter, and is shown nowhere
    else."""
    require_admin(request)
    form = _form(request, request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = invite_person(
                brand_id=given["brand"],
                email=given["email"],
                full_name=given["full_name"],
                role=given["role"],
                language=given["language"],
                actor=request.actor,
                at=clock.now(),
            )
            _send(request, made)
            return redirect("web:settings-people")
        except DomainError as error:
            add_refusal(form, error)
    return page(
        request,
        "invite",
        "settings-people",
        {"form": form},
        status=422 if request.method == "POST" else 200,
    )


@settings_view
@require_POST
def withdraw(request: PersonRequest, pk: int) -> HttpResponse:
    """The invitation's link opens nothing any more."""
    withdraw_invitation(invitation_id=pk, actor=request.actor, at=clock.now())
    messages.success(request, _("The invitation was withdrawn."))
    return redirect("web:settings-people")


def _form(request: PersonRequest, data: Any) -> InviteForm:
    language = request.LANGUAGE_CODE
    return InviteForm(
        data,
        brands=brands_administered_by(request.user),
        reader=language,
        initial={"language": language},
    )


def _send(request: PersonRequest, made: NewInvitation) -> None:
    """Mail the link and say what became of it; the invitation stands either way and can be sent
    anew."""
    invitation = made.invitation
    context = {
        "language": invitation.language,
        "invitation": invitation,
        "brand": invitation.brand.name_in(invitation.language),
        "inviter": request.user.name_in(invitation.language),
        "link": request.build_absolute_uri(reverse("web:invitation", args=[made.secret])),
    }
    try:
        get_adapter(request).send_mail("account/email/invitation", invitation.email, context)
    except (OSError, SMTPException):
        logger.exception("The invitation %s could not be mailed.", invitation.pk)
        messages.error(
            request, _("The mail did not go out. Invite once more when the mail server answers.")
        )
        return
    messages.success(
        request, _("The invitation to %(email)s is on its way.") % {"email": invitation.email}
    )
