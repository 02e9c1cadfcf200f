"""Every kind of event that can be told belongs to a word that people choose by."""

from __future__ import annotations

import pytest

from crisisdesk.core.news_words import NEWS, NEWS_HINTS
from crisisdesk.incidents.domain import plan_reminders
from crisisdesk.incidents.enums import EventKind
from crisisdesk.notifications.rules.news import NEWS_OF, News
from crisisdesk.organisation.domain import watch_gaps
from playbooks.domain import review_reminders

SWAPS = ("swap_set", "swap_asked", "swap_accepted", "swap_declined", "swap_withdrawn")


@pytest.mark.parametrize(
    "kind",
    [*EventKind.values, plan_reminders.KIND, review_reminders.KIND, watch_gaps.GAP, *SWAPS],
    ids=str,
)
def test_every_kind_of_event_has_its_line_in_rules_news(kind: str) -> None:
    assert kind in NEWS_OF


def test_every_kind_of_news_has_its_words() -> None:
    assert set(NEWS) == set(NEWS_HINTS) == set(News)
