"""What a request carries once `PersonMiddleware` has seen it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from crisisdesk.organisation.domain.actors import Actor
    from crisisdesk.organisation.models import User


class VisitorRequest(HttpRequest):
    """A request of somebody who may be signed out: then there is no actor."""

    actor: Actor | None
    LANGUAGE_CODE: str


class PersonRequest(HttpRequest):
    """A request of somebody who is signed in."""

    user: User  # type: ignore[assignment]  # never anonymous behind login_required
    actor: Actor
    LANGUAGE_CODE: str


def typed_version(request: HttpRequest) -> int:
    """Return the version of the row that a form was made from; 0, which no row has, for nothing or nonsense."""
    version = request.POST.get("version", "")
    return int(version) if version.isdecimal() else 0
