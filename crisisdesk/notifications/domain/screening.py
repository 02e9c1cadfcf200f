"""Who may still be told: asked again before anything leaves the desk."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crisisdesk.notifications import registry
from crisisdesk.notifications.domain.away import told_instead
from crisisdesk.notifications.enums import Held, Transport
from crisisdesk.notifications.models import Notification

logger = logging.getLogger(__name__)

OVER = "over"


@dataclass
class Sifted:
    """What may go, what may not with a code ("" where the reader may no longer see it), and what could not be asked."""

    passed: list[Notification] = field(default_factory=list)
    refused: dict[str, list[Notification]] = field(default_factory=lambda: defaultdict(list))
    broken: list[tuple[Notification, Exception]] = field(default_factory=list)


def sift(rows: Sequence[Notification], people: dict[int, Any], *, at: datetime) -> Sifted:
    """Part what its reader may still see from the rest; a drill never leaves the desk, and nothing goes to somebody who
    is silent while a colleague was told in their place, nor what waited through quiet hours or is tried again, and is
    over by then."""
    found = Sifted()
    by_topic: dict[str, list[Notification]] = defaultdict(list)
    for row in rows:
        by_topic[row.topic].append(row)
    seen: dict[str, set[registry.Pair]] = {}
    for topic, group in by_topic.items():
        pairs = {(row.recipient_id, row.topic_id) for row in group}
        try:
            seen[topic] = registry.allowed(topic, pairs, people)
        except Exception as error:
            logger.exception("Topic %s could not say who may see it", topic)
            found.broken += [(row, error) for row in group]
    asked = [row for row in rows if row.topic in seen]
    may = [
        row
        for row in asked
        if (row.recipient_id, row.topic_id) in seen[row.topic] and not row.is_drill
    ]
    instead = told_instead(may, at=at) if may else {}
    # Said by the row as it was leased. A program is told of each event, also of one that is over.
    waited = [
        row
        for row in may
        if (row.held == Held.QUIET or row.attempts > 1) and row.transport != Transport.WEBHOOK
    ]
    instead |= dict.fromkeys(registry.over(waited), OVER)
    going = {row.pk for row in may} - set(instead)
    for row in asked:
        if row.pk in going:
            found.passed.append(row)
        else:
            found.refused[instead.get(row.pk, "")].append(row)
    return found
