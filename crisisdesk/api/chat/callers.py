"""The person behind a call: known by a verified address, answered in their own language and zone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from crisisdesk.api.chat.replies import Reply, line
from crisisdesk.core.domain.idempotency import request_hash, run_once
from crisisdesk.core.languages import LANGUAGES
from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.queries.callers import person_at
from crisisdesk.notifications.rules import bidi
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.enums import Source
from crisisdesk.organisation.models import User


@dataclass(frozen=True)
class Caller:
    """Who calls, when, and the id of what they pressed: the same id acts once."""

    user: User
    at: datetime
    trigger: str

    @property
    def actor(self) -> Actor:
        """The person, through this door."""
        return Actor(self.user, Source.CHAT)

    def once(self, command: Callable[[], Reply], *asked: Any) -> Reply:
        """Make the one call of this press and keep its answer, or give the answer that was kept."""

        def act() -> tuple[int, dict[str, Any]]:
            return 200, command().kept()

        answer = run_once(
            user=self.user,
            key=request_hash("chat", self.trigger) if self.trigger else "",
            asked=request_hash(*asked),
            at=self.at,
            command=act,
        )
        return Reply.of(answer.body)


@contextmanager
def caller(
    transport: Transport, value: str, trigger: str, *, at: datetime
) -> Iterator[Caller | None]:
    """Speak the person's language while they are answered; None for an account that nobody has proven."""
    user = person_at(transport, value)
    if user is None:
        yield None
        return
    with translation.override(user.language), timezone.override(ZoneInfo(user.zone)):
        yield Caller(user, at, trigger)


def unknown(transport: Transport, value: str) -> Reply:
    """Return how this account is linked to a person, in each language: we do not know which one they read."""
    said = []
    for language in LANGUAGES:
        with translation.override(language):
            told = _(
                "This account is not linked to the desk yet. Sign in there, open Settings, “How you are told”, and add "
                "this ID: %(value)s"
            )
            said.append(line(told % {"value": bidi.isolate(value, "ltr")}))
    return Reply("\n".join(said), link=f"{settings.BASE_URL}/settings/transports/")
