"""Words for what became of a piece of news; part of `words.WORDS`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import Promise

_ = gettext_lazy

RECEIPTS: dict[str, dict[str, str | Promise]] = {
    "receipt": {
        "pending": _("waits to be sent"),
        "sending": _("being sent"),
        "sent": _("taken by the other side"),
        "failed": _("given up"),
        "bundled": _("waits in a message that joins several"),
    },
    "withheld": {
        "not_visible": _("withheld: the incident was out of their sight by then"),
        "address_off": _("withheld: the address was switched off"),
        "stand_in": _("withheld: their stand-in was told instead"),
        "over": _("withheld: met, moved or let go before their quiet hours ended"),
    },
    "held": {
        "quiet": _("quiet hours"),
        "digest": _("kept for the message that joins several"),
    },
}
