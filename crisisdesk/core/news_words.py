"""Kinds of news in the words of people who work in communications, and what is refused when they are chosen."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

NEWS: dict[str, str | Promise] = {
    "deadlines": _("Deadlines and reminders"),
    "approvals": _("Words to approve"),
    "duties": _("What is given to you"),
    "course": _("How an incident goes"),
    "published": _("What we say in public"),
    "record": _("Questions, facts and notes"),
    "review": _("The review afterwards"),
    "ahead": _("Announcements and playbooks"),
    "morning": _("The morning digest"),
    "desk": _("The desk itself"),
}
NEWS_HINTS: dict[str, str | Promise] = {
    "deadlines": _("what is due, late, moved or passed up to you"),
    "approvals": _("asked of you, approved, sent back, by phone"),
    "duties": _("roles, hand-overs, the watch, checklist items, actions, standing in"),
    "course": _("opened, status, severity, ended, ticked"),
    "published": _("drafts, posts, links, overrides"),
    "record": _("journalists and customers, what is known, authorities"),
    "review": _("the report and what is to be learned"),
    "ahead": _("gaps before an announcement, playbooks to read again"),
    "morning": _("what is overdue and due today, once a working day"),
    "desk": _("tests and everything else"),
}
MORNINGS: dict[str, str | Promise] = {
    "sent": pgettext_lazy("morning", "sent"),
    "empty": pgettext_lazy("morning", "nothing waited"),
    "skipped": pgettext_lazy("morning", "skipped, because the desk stood still until noon"),
}
NEWS_REFUSALS: dict[str, str | Promise] = {
    "news_unknown": _("This kind of news is not known. Choose one from the table."),
    "way_unknown": _("This way to you is not there, or its address is not confirmed yet."),
    "everything_silenced": _(
        "Then nothing that waits for you would reach you. Keep one way for deadlines, approvals or duties, or name "
        "somebody who stands in for you and be silent meanwhile."
    ),
    "week_all_quiet": _(
        "Then the whole week would be quiet. Leave some time, or name somebody who stands in for you and be silent "
        "meanwhile."
    ),
    "weekday_twice": _("A weekday can be quiet once only: from one time to another."),
    "time_unknown": _("This is not a time of the day. It looks like 22:00."),
    "stand_in_self": _("Nobody stands in for themselves. Choose a colleague."),
    "stand_in_away": _(
        "%(name)s is away at that time and has named somebody, too. Choose another colleague or another time."
    ),
    "stand_in_chain": _(
        "You stand in for %(name)s at that time. End that first: what you are told for others is not passed on."
    ),
    "stand_in_overlaps": _("%(name)s already stands in for you at that time. End that first."),
    "stand_in_too_long": _("Name somebody for %(days)s days at the most."),
    "until_before_from": _("The end lies before the beginning."),
    "until_in_past": _("The end lies in the past."),
}
