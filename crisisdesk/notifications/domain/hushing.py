"""Of what is restricted, or not announced yet, other hands carry no words: only that there is something, and the link.

Asked when a message is sent, so that an incident restricted meanwhile is hushed in what still waits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext

from crisisdesk.notifications import registry
from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.models import Notification

# Inbox and mail are the person's own, and so is the program behind a webhook. All other ways lead through machines of
# other firms, or to a lock screen that is read by whoever stands near.
OWN_WAYS = frozenset({Transport.INBOX, Transport.EMAIL, Transport.WEBHOOK})
BY_OTHER_HANDS = frozenset(Transport) - OWN_WAYS


def hushed(rows: Sequence[Notification]) -> set[int]:
    """Return the numbers of those of these rows that go by other hands and whose words must not; no query where none
    goes by them."""
    ids: dict[str, set[int]] = defaultdict(set)
    carried = [row for row in rows if row.transport in BY_OTHER_HANDS]
    for row in carried:
        ids[row.topic].add(row.topic_id)
    found = {topic: registry.hushed(topic, asked) for topic, asked in ids.items()}
    return {row.pk for row in carried if row.topic_id in found[row.topic]}


def hush(news: registry.Rendered, *, language: str) -> registry.Rendered:
    """Return what other hands carry instead of these words, in this language: what is bare in them, and the link."""
    with translation.override(language):
        said = " · ".join(part for part in (news.bare, gettext("News for you")) if part)
        return registry.Rendered(
            subject=said,
            headline=said,
            lines=(gettext("Open the desk to read it."),),
            action_label=gettext("Open the desk"),
            path=news.path,
        )
