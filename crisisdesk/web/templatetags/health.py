"""Words of the health page, of the banner and of /readyz."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext, gettext_lazy, ngettext

from crisisdesk.core.words import word

if TYPE_CHECKING:
    from crisisdesk.incidents.queries.findings import Found
    from crisisdesk.notifications.queries.heartbeat import Silence

register = template.Library()


def silent_line(silence: Silence) -> str:
    """Say which hand is silent and since when (UTC), as plain text."""
    hand = word("hand", silence.hand)
    if silence.since is None:
        return gettext("%(hand)s: no sign of life yet") % {"hand": hand}
    return gettext("%(hand)s: no sign of life since %(time)s") % {
        "hand": hand,
        "time": f"{silence.since:%Y-%m-%d %H:%M:%S} UTC",
    }


# What delivery itself writes where the other side was not asked.
_OURS = {
    "not_set_up": gettext_lazy("This way is not set up on this desk."),
    "address_off": gettext_lazy("The address was removed or switched off."),
}


@register.filter
def delivery_answer(answer: str) -> str:
    """Say how an attempt ended: the other side's own words, or ours where it was not asked."""
    return str(_OURS.get(answer, answer)) or "—"


@register.filter
def finding_words(found: Found) -> str:
    """Say what the auditor found."""
    return kind_words(found.kind, found.count)


def kind_words(kind: str, count: int) -> str:
    """Say what a finding of this kind means."""
    values = {"count": count}
    if kind == "alarm_missing":
        return gettext("A running deadline had no alarm left.")
    if kind == "chain_broken":
        return gettext("A history does not prove: something in it was changed, cut or added.")
    if kind == "alarms_late":
        return (
            ngettext(
                "%(count)s alarm is more than two minutes late.",
                "%(count)s alarms are more than two minutes late.",
                count,
            )
            % values
        )
    if kind == "leases_over":
        return (
            ngettext(
                "%(count)s message was held by a worker that is gone.",
                "%(count)s messages were held by a worker that is gone.",
                count,
            )
            % values
        )
    if kind == "messages_undated":
        return (
            ngettext(
                "%(count)s message waited without a time to be sent.",
                "%(count)s messages waited without a time to be sent.",
                count,
            )
            % values
        )
    return (
        ngettext(
            "%(count)s message should have been sent more than two minutes ago.",
            "%(count)s messages should have been sent more than two minutes ago.",
            count,
        )
        % values
    )
