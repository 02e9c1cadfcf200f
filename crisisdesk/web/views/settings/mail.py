"""Mail that was kept here because no mail server is named."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.views.decorators.http import require_safe

from crisisdesk.notifications.queries import kept_mail
from crisisdesk.web.views.settings.frame import may_read_mail, page, settings_view

if TYPE_CHECKING:
    from django.http import HttpResponse

    from crisisdesk.web.requests import PersonRequest

SHOWN = 100


@settings_view
@require_safe
def mail_list(request: PersonRequest) -> HttpResponse:
    """The newest mails, who they went to and what they are about."""
    _require_reader(request)
    return page(request, "mail", "settings-mail", {"mails": kept_mail.newest(SHOWN)})


@settings_view
@require_safe
def mail_message(request: PersonRequest, key: str) -> HttpResponse:
    """One mail as plain text; its links can be pressed."""
    _require_reader(request)
    mail = kept_mail.one(key)
    if mail is None:
        raise Http404
    return page(request, "mail_message", "settings-mail", {"mail": mail})


def _require_reader(request: PersonRequest) -> None:
    if not may_read_mail(request.user):
        raise Http404
