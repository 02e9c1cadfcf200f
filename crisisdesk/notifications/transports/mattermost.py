"""News in Mattermost: a direct message from the desk's bot."""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crisisdesk.core import outbound
from crisisdesk.notifications.transports import asking
from crisisdesk.notifications.transports.carrying import Entry, Parcel
from crisisdesk.notifications.transports.wording import Words, cut, words

_MOST = 16_000  # characters; a post takes 16,383
_MARKUP = re.compile(r"([\\`*_\[\]()~|#<>!])")
_USER = re.compile(r"[a-z0-9]{26}")
_LINK = re.compile(r"(https?://\S+)")


class Mattermost(asking.ByService):
    """Posts one parcel after the other to the direct channel of bot and person; the address holds the user id."""

    settings_needed = ("MATTERMOST_URL", "MATTERMOST_TOKEN")
    needs = _("A Mattermost server with a bot account for the desk.")
    entry = Entry(
        _("Mattermost user ID"),
        _(
            "Not your name: 26 letters and digits. The desk's command in Mattermost tells you yours."
        ),
        placeholder="4xp9fdt77pncbef59f4k1qe83o",
    )

    def __init__(self) -> None:
        self._bots: dict[tuple[str, str], str] = {}

    def clean(self, value: str) -> str:
        """Return the user id in small letters."""
        return asking.matching(value.lower(), _USER)

    def send(self, parcel: Parcel) -> str:
        """Post it; raise Unreachable, or Refused with what the server said, for good when it knows no such person."""
        token = asking.secret("MATTERMOST_TOKEN")
        person = asking.value_of(parcel)
        bot = self._bot(token, parcel)
        channel = self._call("channels/direct", [bot, person], token)
        if not channel.is_good:
            # It answers 400 or 404 for a user id that is not there or was deactivated.
            raise asking.refusal(channel, at=parcel.at, gone=channel.status in {400, 404, 410})
        post = {
            "channel_id": str(channel.json().get("id", "")),
            "message": text(words(parcel)),
            "pending_post_id": f"{bot}:{asking.identity(parcel)}",
        }
        answer = self._call("posts", post, token)
        if not answer.is_good:
            raise asking.refusal(answer, at=parcel.at)
        return asking.said_by(answer)

    def _bot(self, token: str, parcel: Parcel) -> str:
        """Return the bot's own id, asked for once a token."""
        known = (settings.MATTERMOST_URL, token)
        if known not in self._bots:
            answer = self._call("users/me", None, token)
            found = str(answer.json().get("id", ""))
            if not answer.is_good or not found:
                raise asking.refusal(answer, at=parcel.at, again=answer.is_good or None)
            self._bots[known] = found
        return self._bots[known]

    def _call(self, path: str, payload: Any, token: str) -> outbound.Answer:
        url = f"{asking.secret('MATTERMOST_URL')}/api/v4/{path}"
        headers = {"Authorization": f"Bearer {token}"}
        if payload is None:
            return asking.ask(url, headers=headers)
        return asking.post_json(url, payload, headers=headers)


def text(told: Words) -> str:
    """Return the message in Mattermost's markdown, in which only our own title and link are markup."""
    quoted = [f"> {escaped(line)}" for line in told.quote]
    because = [f"*{escaped(told.because)}*"] if told.because else []
    parts = [f"**{escaped(told.title)}**", *map(escaped, told.lines), *quoted, *because]
    return f"{cut(chr(10).join(parts), _MOST)}\n[{escaped(told.button)}]({told.link})"


def escaped(words: str) -> str:
    """Return the words so that they are read as they stand; links stay links."""
    pieces = _LINK.split(words)
    return "".join(
        piece if _LINK.fullmatch(piece) else _MARKUP.sub(r"\\\1", piece) for piece in pieces
    )
