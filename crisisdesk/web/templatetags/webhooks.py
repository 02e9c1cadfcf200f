"""Words and shapes of attempts to deliver."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.translation import gettext

from crisisdesk.core.words import word
from crisisdesk.web.templatetags.desk import state_badge

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

    from crisisdesk.notifications.models import Delivery

register = template.Library()

_SHAPES = {"sent": "full", "retry": "part", "failed": "gone", "withheld": "none", "lost": "part"}


@register.filter
def attempt_badge(attempt: Delivery) -> SafeString:
    """How an attempt ended, as a shape and a word."""
    return state_badge(word("attempt", attempt.outcome), _SHAPES.get(attempt.outcome, ""))


@register.filter
def took(milliseconds: int) -> str:
    """How long it took, in the unit that fits."""
    if milliseconds < 1000:
        return gettext("%(count)s ms") % {"count": milliseconds}
    return gettext("%(count)s s") % {"count": f"{milliseconds / 1000:.1f}"}
