"""Every request is answered in the language and the zone of the person who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from crisisdesk.core.languages import LANGUAGES
from crisisdesk.notifications.queries.shell import forget_shell
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Source
from crisisdesk.organisation.models import User
from crisisdesk.organisation.queries.roles import remember_roles

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from crisisdesk.web.requests import VisitorRequest


class PersonMiddleware:
    """Sets `request.actor`, language and zone: from the person, or from cookie and browser before
    sign-in."""

    def __init__(self, get_response: Callable[[VisitorRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: VisitorRequest) -> HttpResponse:
        person = _person(request)
        request.actor = None if person is None else Actor(person, Source.WEB)
        language = person.language if person else translation.get_language_from_request(request)
        if language not in LANGUAGES:
            language = LANGUAGES[0]
        with translation.override(language), timezone.override(_zone(person)):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if person is None:
            patch_vary_headers(response, ("Accept-Language",))
        return response


def _person(request: VisitorRequest) -> User | None:
    """Return who is signed in, as the row itself instead of the lazy wrapper, so that commands may
    keep it."""
    if not request.user.is_authenticated:
        return None
    person: User = getattr(request.user, "_wrapped", request.user)
    only_reads = request.method in ("GET", "HEAD")
    remember_roles(person, as_read=only_reads)
    if not only_reads:
        forget_shell(person)
    request.user = person
    return person


def _zone(person: User | None) -> ZoneInfo:
    return ZoneInfo(person.zone if person else "UTC")
