"""What a person typed or pressed, and the one act it means."""

from __future__ import annotations

from collections.abc import Callable

from crisisdesk.api.chat import acts
from crisisdesk.api.chat.callers import Caller
from crisisdesk.api.chat.replies import Reply
from crisisdesk.core.errors import DomainError
from crisisdesk.core.languages import fold

# The words that are understood, whatever language the person writes in.
_SAID = {
    "late": "late متأخر متأخرة באיחור איחור",
    "items": "items list بنود قائمة פריטים רשימה",
    "tick": "tick done تم أنجز בוצע סומן",
    "note": "note ملاحظة הערה",
    "open": "open فتح افتح פתיחה פתח",
}
_MEANT = {fold(word): act for act, words in _SAID.items() for word in words.split()}
_READS: dict[str, Callable[[str, Caller], Reply]] = {
    "late": lambda words, caller: acts.late(caller),
    "items": acts.items_of,
}
_WRITES: dict[str, Callable[[str, Caller], Reply]] = {
    "tick": acts.tick_by,
    "note": acts.note,
    "open": acts.open_by,
}


def typed(text: str, caller: Caller, *, command: str) -> Reply:
    """Do what was typed after the command and return the answer; refused, and for words that mean nothing, it says
    what to do."""
    first, _space, rest = text.strip().partition(" ")
    act = _MEANT.get(fold(first), "")
    try:
        if act in _READS:
            return _READS[act](rest.strip(), caller)
        if act in _WRITES:
            return caller.once(lambda: _WRITES[act](rest.strip(), caller), act, rest)
    except DomainError as error:
        return acts.refused(error)
    return acts.help_for(command)


def pressed(act: str, value: str, caller: Caller) -> Reply | None:
    """Do what the button says and return the answer; None for a button that only opens a page."""
    item, _colon, times = value.partition(":")
    if act != "tick" or not (item.isdecimal() and times.isdecimal()):
        return None
    try:
        return caller.once(lambda: acts.tick(int(item), int(times), caller), act, value)
    except DomainError as error:
        return acts.refused(error)
