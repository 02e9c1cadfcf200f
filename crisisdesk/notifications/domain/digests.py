"""Several pieces of news in one message: what goes out in it is written when it is sent."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext, ngettext

from crisisdesk.notifications import registry
from crisisdesk.notifications.domain import settling
from crisisdesk.notifications.domain.hushing import hush, hushed
from crisisdesk.notifications.domain.screening import sift
from crisisdesk.notifications.domain.settling import Tally
from crisisdesk.notifications.enums import State
from crisisdesk.notifications.models import Notification
from crisisdesk.notifications.rules.news import DIGEST

logger = logging.getLogger(__name__)


def register() -> None:
    """Answer for the topic "digest" from now on: each reader sees their own."""
    registry.register(
        DIGEST, may_see=_is_own, may_see_many=_own, render=render, visible=_none_in_the_inbox
    )


def _is_own(user: Any, topic_id: int) -> bool:
    return bool(user.pk == topic_id)


def _own(pairs: Collection[registry.Pair]) -> set[registry.Pair]:
    return {(user, topic_id) for user, topic_id in pairs if user == topic_id}


def _none_in_the_inbox(user: Any) -> QuerySet[Any]:
    return Notification.objects.none().values("topic_id")


def fill(
    rows: list[Notification], people: dict[int, Any], tally: Tally, *, at: datetime
) -> list[Notification]:
    """Write into each digest among these what goes out in it, and return what is to be sent, in order.

    What its reader may no longer see is withheld; of what no other hands may carry a bare line stands there; what
    cannot be written goes out by itself, as any row does. A digest of which nothing is left is withheld.
    """
    digests = {row.pk: row for row in rows if row.topic == DIGEST}
    if not digests:
        return rows
    rows_in = Notification.objects.filter(digest__in=digests, state=State.BUNDLED)
    found = sift(list(rows_in.order_by("pk")), people, at=at)
    for answer, group in found.refused.items():
        settling.withhold(group, tally, at=at, answer=answer, state=State.BUNDLED)
    apart = [row.pk for row, _ in found.broken]
    kept_back = hushed(found.passed)
    lines: dict[int, list[str]] = defaultdict(list)
    for row in found.passed:
        try:
            line = _line(row, people[row.recipient_id], is_hushed=row.pk in kept_back)
            lines[row.digest_id or 0].append(line)
        except Exception:
            # One that cannot be written must not stop those beside it.
            logger.exception("Notification %s could not be written", row.pk)
            apart.append(row.pk)
    Notification.objects.filter(pk__in=apart, state=State.BUNDLED).update(
        state=State.PENDING, digest=None, next_attempt_at=at, attempts=1, held=""
    )
    for pk, row in digests.items():
        row.data = {"lines": lines[pk]}
    empty = [row for pk, row in digests.items() if not lines[pk]]
    settling.withhold(empty, tally, at=at)
    return [row for row in rows if row.pk not in digests or lines[row.pk]]


def _line(row: Notification, person: Any, *, is_hushed: bool) -> str:
    said = registry.written(row, person)
    if is_hushed:
        said = hush(said, language=person.language)
    return f"{said.subject} · {said.due_line}" if said.due_line else said.subject


def render(
    *, kind: str, data: dict[str, Any], topic_id: int, language: str, zone: str
) -> registry.Rendered:
    """Return the news line by line. Runs no query; reader's language active."""
    count = len(data["lines"])
    said = ngettext("%(count)s more piece of news", "%(count)s more pieces of news", count) % {
        "count": count
    }
    return registry.Rendered(
        subject=said,
        headline=said,
        lines=tuple(data["lines"]),
        action_label=gettext("Open the inbox"),
        path="/inbox/",
        because=gettext(
            "More than three messages within a minute come as one. What is urgent comes by itself, unless it waited "
            "for the end of your quiet hours."
        ),
    )
