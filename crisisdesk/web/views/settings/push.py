"""Browser news: the worker that shows it, and the browsers that asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.staticfiles.finders import find
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crisisdesk.core import clock
from crisisdesk.core.errors import Invalid
from crisisdesk.core.words import error_text
from crisisdesk.notifications.domain import devices
from crisisdesk.web.views.settings.frame import settings_view

if TYPE_CHECKING:
    from django.http import HttpRequest

    from crisisdesk.web.requests import PersonRequest

# Which words of its long name tell a browser and a system; the first that fits, because most claim to be others too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


@require_safe
def worker(request: HttpRequest) -> FileResponse:
    """The script that shows news while no page is open; from the root, so that it answers for the whole desk."""
    answer = FileResponse(open(str(find("js/push_worker.js")), "rb"))  # noqa: SIM115 - the answer closes it
    answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
    patch_cache_control(answer, no_cache=True)
    return answer


@settings_view
@require_POST
def on(request: PersonRequest) -> HttpResponse:
    """This browser shows the person's news from now on."""
    given = request.POST
    try:
        devices.subscribe(
            endpoint=given.get("endpoint", ""),
            p256dh=given.get("p256dh", ""),
            auth=given.get("auth", ""),
            label=device_name(request.headers.get("User-Agent", "")),
            actor=request.actor,
            at=clock.now(),
        )
        messages.success(
            request, _("This browser shows news from now on, also while the desk is closed.")
        )
    except Invalid as error:
        messages.error(request, error_text(error))
    return redirect("web:settings-transports")


@settings_view
@require_POST
def off(request: PersonRequest) -> HttpResponse:
    """This browser shows no news any more."""
    endpoint = request.POST.get("endpoint", "")
    devices.unsubscribe(endpoint=endpoint, actor=request.actor, at=clock.now())
    messages.success(request, _("This browser shows no news any more."))
    return redirect("web:settings-transports")


def device_name(told: str) -> str:
    """Return what a browser calls itself in two words, such as "Firefox, Windows"."""
    found = [
        next((name for mark, name in names if mark in told), "") for names in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(name for name in found if name)
