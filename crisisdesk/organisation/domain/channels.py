"""The channels' facts, loaded from fixtures/channels.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from crisisdesk.core import counting
from crisisdesk.core.errors import Invalid
from crisisdesk.core.languages import LANGUAGES
from crisisdesk.organisation.models import Channel

_SCHEMA = 1
_WORDS = {
    "name": "names",
    "comment_controls": "comment_controls",
    "private_route": "private_route",
    "impersonation_route": "impersonation_route",
}
_PLAIN = ("limit", "link_length", "visible", "checked_on")


def channels_file() -> Path:
    """Return where the channels' facts lie."""
    return Path(settings.BASE_DIR) / "fixtures" / "channels.yaml"


def read_channels(path: Path) -> list[dict[str, Any]]:
    """Return the file's channels as rows for the model, in their order.

    Raises Invalid("channels_invalid", line…) naming the channel and the key that is wrong; nothing
    is written.
    """
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    if document.get("schema") != _SCHEMA:
        raise Invalid("channels_invalid", channel="", key="schema")
    rows = [_row(entry, position) for position, entry in enumerate(document["channels"], start=1)]
    keys = [row["key"] for row in rows]
    for key in keys:
        if keys.count(key) > 1:
            raise Invalid("channels_invalid", channel=key, key="key")
    return rows


@transaction.atomic
def load_channels(path: Path | None = None) -> int:
    """Every channel of the file stands as the file says; return how many were new or different.

    A channel that is no longer in the file stays: accounts and old incidents point at it.
    """
    changed = 0
    known = {channel.key: channel for channel in Channel.objects.select_for_update()}
    for row in read_channels(path or channels_file()):
        channel = known.get(row["key"], Channel(key=row["key"]))
        if channel.pk and all(getattr(channel, name) == value for name, value in row.items()):
            continue
        for name, value in row.items():
            setattr(channel, name, value)
        channel.save()
        changed += 1
    return changed


def _row(entry: dict[str, Any], position: int) -> dict[str, Any]:
    key = str(entry.get("key") or "")
    if not key:
        raise Invalid("channels_invalid", channel=f"number {position}", key="key")
    row: dict[str, Any] = {"key": key, "position": position}
    for written, name in _WORDS.items():
        words = entry.get(written) or {}
        if (words or written == "name") and set(words) != set(LANGUAGES):
            raise Invalid("channels_invalid", channel=key, key=written)
        row[name] = words
    for name in _PLAIN:
        row[name] = entry.get(name)
    row["counting"] = entry.get("counting", "plain")
    if row["counting"] not in counting.RULES:
        raise Invalid("channels_invalid", channel=key, key="counting")
    row["impersonation_url"] = entry.get("impersonation_url") or ""
    row["source"] = entry.get("source") or ""
    return row
