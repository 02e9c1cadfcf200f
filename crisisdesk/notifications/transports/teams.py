"""News in Microsoft Teams: an adaptive card, posted to a workflow of the person ("When a Teams webhook request is
received")."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crisisdesk.core.errors import Invalid
from crisisdesk.notifications.transports import asking
from crisisdesk.notifications.transports.carrying import Carrier, Entry, Parcel
from crisisdesk.notifications.transports.wording import cut, words

_GONE = {404, 410}
_URL = re.compile(r"https?://[^\s/@]+/\S+")
_MOST = 4000  # characters of one text; a card takes 28 KB
_CARD = "application/vnd.microsoft.card.adaptive"


class Teams(Carrier):
    """Posts one card after the other; the address is the workflow's own URL, which is a secret."""

    needs = _("Nothing: each person makes a workflow in Teams and gives its address.")
    entry = Entry(
        _("Address of the workflow"),
        _("In Teams: Workflows, “Send webhook alerts to a chat”, a chat with yourself."),
        input_type="url",
        placeholder="https://….logic.azure.com/workflows/…",
    )

    def is_set_up(self) -> bool:
        """Always: the person brings the address."""
        return True

    def clean(self, value: str) -> str:
        """Return the address; only over https, unless whoever runs the desk has named the host."""
        found = asking.matching(value, _URL)
        own = urlsplit(found).hostname in settings.OUTBOUND_PRIVATE_HOSTS
        if not found.startswith("https://") and not own:
            raise Invalid("address_form", field="value")
        return found

    def send(self, parcel: Parcel) -> str:
        """Post it; raise Refused with what the workflow said, for good when it is not there any more."""
        answer = asking.post_json(asking.value_of(parcel), card(parcel), ours=False)
        if not answer.is_good:
            raise asking.refusal(answer, at=parcel.at, gone=answer.status in _GONE)
        return asking.said_by(answer)


def card(parcel: Parcel) -> dict[str, Any]:
    """Return the message. Text runs know no markdown, so nothing that the public wrote is read as markup; `rtl` turns
    the whole card."""
    told = words(parcel)
    body = [_text(told.title, weight="Bolder", size="Medium")]
    body += [_text(line) for line in told.lines]
    body += [_text(line, italic=True) for line in told.quote]
    if told.because:
        body.append(_text(told.because, isSubtle=True, size="Small"))
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "lang": parcel.language,
        "rtl": parcel.direction == "rtl",
        "fallbackText": cut(told.title, _MOST),
        "body": body,
        "actions": [{"type": "Action.OpenUrl", "title": told.button, "url": told.link}],
    }
    attachment = {"contentType": _CARD, "contentUrl": None, "content": content}
    return {"type": "message", "attachments": [attachment]}


def _text(text: str, **look: Any) -> dict[str, Any]:
    run = {"type": "TextRun", "text": cut(text, _MOST), **look}
    return {"type": "RichTextBlock", "inlines": [run]}
