"""The link in the head of a mail that ends mail of its kind: pressed in the mail program or on its page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crisisdesk.core.errors import NotVisible
from crisisdesk.notifications.domain.unsubscribing import open_wish, stop_mail

if TYPE_CHECKING:
    from django.http import HttpResponse

    from crisisdesk.web.requests import VisitorRequest


@csrf_exempt  # a mail program posts here, without cookies; the link's signature is who acts
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: VisitorRequest, token: str) -> HttpResponse:
    """Opening it only asks, because mail scanners open links too; POST ends the mail."""
    is_done = request.method == "POST"
    try:
        person, news = stop_mail(token) if is_done else open_wish(token)
    except NotVisible as error:
        raise Http404 from error
    # The language of the mail, until somebody chooses another on this browser.
    has_chosen = request.actor is not None or settings.LANGUAGE_COOKIE_NAME in request.COOKIES
    with translation.override(request.LANGUAGE_CODE if has_chosen else person.language):
        shown = {"news": news.value, "is_done": is_done}
        response = render(request, "web/accounts/unsubscribe.html", shown)
        response["Content-Language"] = translation.get_language()
    return response
