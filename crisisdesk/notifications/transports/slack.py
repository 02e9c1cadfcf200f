"""News in Slack: a direct message from the desk's app (chat.postMessage), with one button that opens the page."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crisisdesk.notifications.transports import asking
from crisisdesk.notifications.transports.carrying import Entry, Parcel
from crisisdesk.notifications.transports.wording import Words, cut, words

# Slack answers 200 and says in `error` what went wrong.
_GONE = {"user_not_found", "users_not_found", "channel_not_found", "user_disabled", "is_archived"}
_AGAIN = {
    "ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout",
    "team_added_to_org",
}  # fmt: skip
_MEMBER = re.compile(r"[UW][A-Z0-9]{5,20}")
_HEADER, _SECTION, _BUTTON = 150, 3000, 75  # characters


class Slack(asking.ByService):
    """Posts one parcel after the other to the user id that the address holds."""

    settings_needed = ("SLACK_BOT_TOKEN",)
    needs = _("A Slack app of your own with a bot that may write messages.")
    entry = Entry(
        _("Slack member ID"),
        _("In Slack, under your profile: the three dots, Copy member ID."),
        placeholder="U012AB3CD",
    )

    def clean(self, value: str) -> str:
        """Return the member id in capitals."""
        return asking.matching(value.upper(), _MEMBER)

    def send(self, parcel: Parcel) -> str:
        """Post it; raise Unreachable, or Refused with what Slack said."""
        token = asking.secret("SLACK_BOT_TOKEN")
        told = words(parcel)
        payload = {
            "channel": asking.value_of(parcel),
            "text": escaped(told.title),
            "blocks": blocks(told),
            "unfurl_links": False,
            "unfurl_media": False,
            "client_msg_id": str(asking.identity(parcel)),
        }
        answer = asking.post_json(
            f"{settings.SLACK_URL}/chat.postMessage",
            payload,
            headers={"Authorization": f"Bearer {token}"},
        )
        if not answer.is_good:
            raise asking.refusal(answer, at=parcel.at)
        said = answer.json()
        if said.get("ok") is not True:
            error = str(said.get("error", ""))
            raise asking.refusal(
                answer, at=parcel.at, again=not error or error in _AGAIN, gone=error in _GONE
            )
        return asking.said_by(answer)


def escaped(text: str) -> str:
    """Return the text so that nothing in it calls a channel or a person."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def blocks(told: Words) -> list[dict[str, Any]]:
    """Return the message as blocks; every word is plain text, so nothing that the public wrote is read as markup."""
    body = "\n".join(told.lines)
    shown: list[dict[str, Any]] = [
        {"type": "header", "text": plain(told.title, _HEADER)},
    ]
    shown += [{"type": "section", "text": plain(part, _SECTION)} for part in (body,) if part]
    if told.quote:
        quoted = "\n".join(f"> {line}" for line in told.quote)
        shown.append({"type": "section", "text": plain(quoted, _SECTION)})
    button = {
        "type": "button",
        "action_id": "open",
        "text": plain(told.button, _BUTTON),
        "url": told.link,
    }
    shown.append({"type": "actions", "elements": [button]})
    if told.because:
        shown.append({"type": "context", "elements": [plain(told.because, _SECTION)]})
    return shown


def plain(text: str, most: int) -> dict[str, Any]:
    """Return Slack's text object without markup."""
    return {"type": "plain_text", "text": cut(text, most), "emoji": False}
