"""Kinds of news in the words of people who work in communications, and which kind of event belongs to which.

One table: pages and API offer these kinds, preferences name them, and the outbox asks here. What has no line here is
news of the desk itself. A test holds that every kind of event of an incident has one.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class News(StrEnum):
    """What a person may be told of, in the order in which it is offered."""

    DEADLINES = "deadlines"
    APPROVALS = "approvals"
    DUTIES = "duties"
    COURSE = "course"
    PUBLISHED = "published"
    RECORD = "record"
    REVIEW = "review"
    AHEAD = "ahead"
    MORNING = "morning"
    DESK = "desk"


# What waits for this person to do something: a stand-in gets these too, and nobody is without all of them.
DUTY = frozenset({News.DEADLINES, News.APPROVALS, News.DUTIES})

# Several pieces of news in one message; each has its own kind.
DIGEST = "digest"


def _each(news: News, kinds: str) -> Iterable[tuple[str, News]]:
    return ((kind, news) for kind in kinds.split())


NEWS_OF: dict[str, News] = dict(
    (
        *_each(
            News.DEADLINES,
            "reminder_due escalated deadline_waived deadline_snoozed deadlines_replanned commitment_made"
            " commitment_kept deadline_acknowledged reminders_stopped update_requested update_answered",
        ),
        *_each(
            News.APPROVALS,
            "approval_requested deputy_asked no_answer reached statement_approved phone_approval_recorded"
            " phone_approval_confirmed statement_sent_back statement_taken_back",
        ),
        *_each(
            News.DUTIES,
            "role_assigned handover_offered handover_accepted handover_withdrawn item_assigned access_granted"
            " action_item_added stand_in_named stand_in_ended watch_changed watch_gap swap_set swap_asked swap_accepted"
            " swap_declined swap_withdrawn",
        ),
        *_each(
            News.COURSE,
            "declared status_changed severity_changed title_changed reach_changed screening_answered reopened"
            " cancelled linked joined restricted items_taken_over item_done item_reopened item_skipped",
        ),
        *_each(
            News.PUBLISHED,
            "statement_added language_planned statement_revised posting_claimed posting_taken_over posting_released"
            " published publication_linked overridden closing_line_posted",
        ),
        *_each(
            News.RECORD,
            "evidence_added note_added fact_stated fact_changed decision_made question_asked question_answered"
            " taken_private amended text_erased regulator_added regulator_answered regulator_notified",
        ),
        *_each(News.REVIEW, "postmortem_saved postmortem_finalised action_item_done"),
        *_each(News.AHEAD, "plan_gaps_open plan_carried review_due"),
        *_each(News.MORNING, "morning"),
    )
)


def news_of(kind: str) -> News:
    """Return to which kind of news this event belongs."""
    return NEWS_OF.get(kind, News.DESK)


def is_duty(kind: str, *, urgent: bool) -> bool:
    """Whether somebody has to do something: then a stand-in is told, too."""
    return urgent or news_of(kind) in DUTY
