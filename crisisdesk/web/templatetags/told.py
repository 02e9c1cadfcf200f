"""Words for who was told: `{% load told %}`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.translation import get_language, gettext

from crisisdesk.core import words
from crisisdesk.incidents.domain import because
from crisisdesk.notifications.enums import Outcome, State

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crisisdesk.notifications.queries.receipts import Attempt, Receipt

register = template.Library()

_SHAPES = {
    State.SENT: "full",
    State.PENDING: "part",
    State.SENDING: "part",
    State.FAILED: "gone",
    State.WITHHELD: "none",
    State.BUNDLED: "part",
}


@register.filter
def by_person(receipts: Iterable[Receipt]) -> list[dict[str, Any]]:
    """The receipts of each person together, in the order in which they were told."""
    found: dict[int, dict[str, Any]] = {}
    for receipt in receipts:
        entry = found.setdefault(
            receipt.person.pk,
            {"who": receipt.person, "why": because.short(receipt.why), "receipts": []},
        )
        entry["receipts"].append(receipt)
    return list(found.values())


@register.filter
def receipt_state(receipt: Receipt) -> str:
    """Where it stands, in words; what was withheld says why."""
    if receipt.state == State.WITHHELD:
        return words.word("withheld", receipt.withheld_for.partition(":")[0])
    if receipt.transport == "inbox":
        return gettext("in the inbox")
    return words.word("receipt", receipt.state)


@register.filter
def receipt_shape(receipt: Receipt) -> str:
    """The shape beside those words."""
    return _SHAPES.get(State(receipt.state), "")


@register.filter
def attempt_answer(attempt: Attempt) -> dict[str, str]:
    """What was said at this attempt with its language: the other side's answer, or our own reason for keeping it."""
    if attempt.outcome == Outcome.WITHHELD:
        return {}
    if attempt.outcome == Outcome.HELD:
        reason = words.word("held", attempt.answer.partition(":")[0])
        return {"text": reason, "language": get_language() or "en"}
    return {"text": attempt.answer, "language": "en"} if attempt.answer else {}
