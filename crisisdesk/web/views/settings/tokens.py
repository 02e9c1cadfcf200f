"""API tokens: made, shown once, revoked."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from crisisdesk.core import clock
from crisisdesk.core.errors import DomainError
from crisisdesk.organisation.domain.tokens import NewToken, create_token, revoke_token
from crisisdesk.organisation.queries.visibility import tokens_visible_to
from crisisdesk.web.forms.refused import add_refusal
from crisisdesk.web.forms.settings import TokenForm
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.settings.frame import page, settings_view


@settings_view
@never_cache
def tokens(request: PersonRequest) -> HttpResponse:
    """List the person's tokens; POST makes one and shows its secret this one time."""
    if request.method != "POST":
        return _tokens_page(request, TokenForm())
    form, at = TokenForm(request.POST), clock.now()
    if form.is_valid():
        given = form.cleaned_data
        try:
            made = create_token(
                user_id=request.user.pk,
                name=given["name"],
                scope=given["scope"],
                expires_at=at + timedelta(days=given["days"]) if given["days"] else None,
                actor=request.actor,
                at=at,
            )
            return _tokens_page(request, TokenForm(), made=made, status=201)
        except DomainError as error:
            add_refusal(form, error)
    return _tokens_page(request, form, status=422)


@settings_view
@require_POST
def revoke(request: PersonRequest, token_key: str) -> HttpResponse:
    """The token opens nothing any more."""
    revoke_token(token_key=token_key, actor=request.actor, at=clock.now())
    messages.success(request, _("The token was revoked."))
    return redirect("web:settings-tokens")


def _tokens_page(
    request: PersonRequest, form: TokenForm, *, made: NewToken | None = None, status: int = 200
) -> HttpResponse:
    context = {"form": form, "made": made, "tokens": tokens_visible_to(request.user)}
    return page(request, "tokens", "settings-tokens", context, status=status)
