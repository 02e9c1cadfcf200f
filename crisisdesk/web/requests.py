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
