"""What a phone reads when somebody puts the desk on its home screen; an iPhone shows browser news only from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, JsonResponse
from django.templatetags.static import static
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from crisisdesk.core import languages

if TYPE_CHECKING:
    from django.http import HttpRequest

GROUND = "#f5f7f7"  # --bg of tokens.css by day; head.html names it by night, too, which a manifest cannot
_HOUR = 3600
_ICONS = (
    ("img/mark.svg", "any", "image/svg+xml", "any"),
    ("img/desk-192.png", "192x192", "image/png", "any"),
    ("img/desk-512.png", "512x512", "image/png", "any"),
    ("img/desk-maskable-192.png", "192x192", "image/png", "maskable"),
    ("img/desk-maskable-512.png", "512x512", "image/png", "maskable"),
)


@require_safe
def manifest(request: HttpRequest, language: str) -> JsonResponse:
    """The desk as an application of its own, in the language of the page that links it: browsers ask without a cookie,
    so nobody could be recognised here."""
    if language not in languages.LANGUAGES:
        raise Http404
    with translation.override(language):
        told = {
            "id": "/",
            "name": "Crisis Desk",
            # Stands under the icon, and phones lie on tables: it does not say what the desk is for.
            "short_name": pgettext("home screen", "Desk"),
            "description": _("What is due, by when, and who has it."),
            "lang": language,
            "dir": languages.direction(language),
            "start_url": "/",
            "scope": "/",
            "display": "standalone",
            "theme_color": GROUND,
            "background_color": GROUND,
            "icons": [
                {"src": static(path), "sizes": sizes, "type": kind, "purpose": purpose}
                for path, sizes, kind, purpose in _ICONS
            ],
        }
    answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    answer.headers["Content-Type"] = "application/manifest+json"
    answer.headers["Content-Language"] = language
    patch_cache_control(answer, public=True, max_age=_HOUR)
    return answer
