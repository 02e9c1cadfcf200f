"""What every page's shell needs. What costs a query is called only where a template asks."""

from __future__ import annotations

from datetime import UTC
from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language

from crisisdesk.core import clock, formats, languages
from crisisdesk.notifications.queries.shell import told
from crisisdesk.organisation.enums import Role
from crisisdesk.organisation.queries.roles import roles_anywhere

if TYPE_CHECKING:
    from django.http import HttpRequest

_WRITERS = frozenset({Role.STAFF, Role.APPROVER, Role.LEAD, Role.ADMIN})
THEMES = ("light", "dark")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the reader's language, direction, zone and moment, and what the shell shows."""
    language = get_language() or settings.LANGUAGE_CODE
    now = clock.now().astimezone(UTC)
    user: Any = getattr(request, "user", None)
    signed_in = bool(user and user.is_authenticated)
    shown = cache(lambda: told(user, now))
    return {
        "language": language,
        "direction": languages.direction(language),
        "languages": languages.CHOICES,
        "now": now,
        "now_ms": int(now.timestamp() * 1000),
        "zone": timezone.get_current_timezone(),
        "theme": chosen_theme(request),
        "clock_forms": formats.clock_forms(language),
        "is_demo": settings.DEMO,
        "demo_people": DEMO_PEOPLE if settings.DEMO else (),
        "inbox_count": cache(lambda: shown().unread if signed_in else 0),
        "may_open": cache(lambda: signed_in and Role.LEAD in roles_anywhere(user)),
        "reads_only": cache(lambda: signed_in and _reads_only(user)),
        "silence": cache(lambda: shown().silence if signed_in else None),
        "mail_kept": settings.MAIL_KEPT,
    }


# The sign-in page offers these (issue 2, "Demo"); their words are made in the template.
DEMO_PEOPLE = ("lead", "staff", "approver", "executive")


def chosen_theme(request: HttpRequest) -> str:
    """Return light or dark if this device chose one, else nothing: the system decides."""
    chosen = request.COOKIES.get(settings.THEME_COOKIE_NAME, "")
    return chosen if chosen in THEMES else ""


def _reads_only(user: Any) -> bool:
    roles = roles_anywhere(user)
    return Role.EXECUTIVE in roles and not roles & _WRITERS
