"""What every page under Settings shares: who may come in, the tabs, how a refusal is answered."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from crisisdesk.core.errors import NotAllowed, NotVisible
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.queries.roles import roles_anywhere

if TYPE_CHECKING:
    from collections.abc import Callable

    from crisisdesk.organisation.models import User
    from crisisdesk.web.requests import PersonRequest


def settings_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for people who are signed in: what they may not see is 404, what they may not do is
    403."""

    @login_required
    @wraps(view)
    def shown(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotVisible as error:
            raise Http404 from error
        except NotAllowed as error:
            raise PermissionDenied from error

    return shown


def page(
    request: PersonRequest,
    template: str,
    current: str,
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """Render a page under Settings with its tab marked."""
    frame = {"nav": "settings", "settings_tabs": tabs(request.user, current)}
    return render(request, f"web/settings/{template}.html", frame | context, status=status)


def tabs(user: User, current: str) -> list[dict[str, Any]]:
    """Return the tabs this person has: their own, and an administrator's."""
    shown = [
        ("settings", _("Profile")),
        ("settings-transports", _("How you are told")),
        ("settings-notifications", _("What you are told")),
        ("settings-security", _("Sign-in")),
        ("settings-calendars", _("Calendars")),
        ("settings-tokens", _("API tokens")),
        ("settings-webhooks", _("Webhooks")),
    ]
    held = roles_anywhere(user)
    if Role.ADMIN in held:
        shown += [("settings-people", _("People")), ("settings-brands", _("Brands"))]
        shown.append(("settings-chats", _("Chats")))
    if held:
        shown.append(("settings-rotas", _("On watch")))
        shown.append(("settings-accounts", _("Official accounts")))
    if may_read_mail(user):
        shown.append(("settings-mail", _("Mail")))
    if may_see_health(user):
        shown.append(("settings-health", _("Health")))
    return [
        {"href": reverse(f"web:{name}"), "word": word, "current": name == current}
        for name, word in shown
    ]


def may_read_mail(user: User) -> bool:
    """Whether mail is kept here and this person may look at it: administrators, and everybody in
    the demo."""
    return settings.MAIL_KEPT and (settings.DEMO or Role.ADMIN in roles_anywhere(user))


def may_see_health(user: User) -> bool:
    """Whether this person looks after the desk or leads a response from it: both must know when the
    clocks stand."""
    return bool({Role.ADMIN, Role.LEAD} & roles_anywhere(user))


def require_admin(request: PersonRequest) -> None:
    """Return for who administers a brand; for all others the page does not exist."""
    if Role.ADMIN not in roles_anywhere(request.user):
        raise NotVisible
