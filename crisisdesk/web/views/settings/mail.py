"""Mail that was kept here because no mail server is named."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from crisisdesk.web.mail import kept_mail, read_kept
from crisisdesk.web.requests import PersonRequest
from crisisdesk.web.views.settings.frame import may_read_mail, page, settings_view

SHOWN = 100


@settings_view
@require_safe
def mail_list(request: PersonRequest) -> HttpResponse:
    """The newest mails, who they went to and what they are about."""
    _require_reader(request)
    mails = kept_mail(Path(settings.EMAIL_FILE_PATH), limit=SHOWN)
    return page(request, "mail", "settings-mail", {"mails": mails})


@settings_view
@require_safe
def mail_message(request: PersonRequest, key: str) -> HttpResponse:
    """One mail as plain text; its links can be pressed."""
    _require_reader(request)
    mail = read_kept(Path(settings.EMAIL_FILE_PATH), key)
    if mail is None:
        raise Http404
    return page(request, "mail_message", "settings-mail", {"mail": mail})


def _require_reader(request: PersonRequest) -> None:
    if not may_read_mail(request.user):
        raise Http404
