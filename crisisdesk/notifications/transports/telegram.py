"""News in Telegram: a message from the desk's bot (sendMessage)."""

from __future__ import annotations

import re
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crisisdesk.core import outbound
from crisisdesk.notifications.transports import asking
from crisisdesk.notifications.transports.carrying import Entry, Parcel
from crisisdesk.notifications.transports.wording import cut, words

_CHAT = re.compile(r"-?\d{1,20}")
_MOST = 3500  # characters; a message takes 4,096, and the link must not be cut
# What it says of a chat into which the bot cannot write any more.
_GONE = (
    "chat not found", "bot was blocked", "user is deactivated", "bot was kicked", "bot can't initiate conversation",
    "group chat was upgraded",
)  # fmt: skip


class Telegram(asking.ByService):
    """Sends one parcel after the other to the chat id that the address holds. No parse mode is given, so nothing that
    the public wrote is read as markup."""

    settings_needed = ("TELEGRAM_BOT_TOKEN",)
    needs = _("A Telegram bot of your own.")
    entry = Entry(
        _("Telegram chat ID"),
        _(
            "A number. Write to the desk's bot first: a bot may not begin. Telegram's own bots tell you your number."
        ),
        placeholder="123456789",
    )

    def clean(self, value: str) -> str:
        """Return the chat's number."""
        return str(int(asking.matching(value, _CHAT)))

    def send(self, parcel: Parcel) -> str:
        """Send it; raise Unreachable, or Refused with what Telegram said."""
        token = asking.secret("TELEGRAM_BOT_TOKEN")
        told = words(parcel)
        said = "\n".join(part for part in (told.title, told.body()) if part)
        payload = {
            "chat_id": asking.value_of(parcel),
            "text": f"{cut(said, _MOST)}\n{told.link}",
            "link_preview_options": {"is_disabled": True},
        }
        answer = asking.post_json(f"{settings.TELEGRAM_URL}/bot{token}/sendMessage", payload)
        if answer.is_good and answer.json().get("ok") is True:
            return asking.said_by(answer)
        raise asking.refusal(
            answer,
            at=parcel.at,
            again=True if answer.is_good else None,
            gone=_is_gone(answer),
            after=_asked_to_wait(answer),
        )


def _is_gone(answer: outbound.Answer) -> bool:
    """Whether the chat is closed to us. A 404 is about the bot's token, never about the person."""
    described = str(answer.json().get("description", "")).lower()
    return answer.status in {400, 403} and any(words in described for words in _GONE)


def _asked_to_wait(answer: outbound.Answer) -> timedelta | None:
    told = answer.json().get("parameters")
    seconds = told.get("retry_after") if isinstance(told, dict) else None
    if not isinstance(seconds, int) or seconds < 0:
        return None
    return min(timedelta(seconds=min(seconds, 86_400)), asking.MOST_WAIT)
