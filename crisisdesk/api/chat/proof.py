"""Whether a call comes from the chat it says it comes from: signed or with its token, fresh, and for the first time.

What is refused here is answered with a status and words for whoever set the chat up; nobody is told who has an account.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from crisisdesk.core.domain.heard_calls import hear, is_fresh
from crisisdesk.core.errors import DomainError, NotVisible


class Unproven(DomainError):
    """The call does not show that it comes from the chat, or comes late or again."""

    status = 401


def prove_slack(request: HttpRequest, *, at: datetime) -> None:
    """Return for a call that Slack signed just now.

    Raises NotVisible("chat_not_set_up"), Unproven("call_unsigned" | "call_old" | "call_repeated").
    """
    secret = settings.SLACK_SIGNING_SECRET
    if not secret:
        raise NotVisible("chat_not_set_up")
    stamp = request.headers.get("X-Slack-Request-Timestamp", "")
    given = request.headers.get("X-Slack-Signature", "")
    signed = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + request.body, hashlib.sha256)
    if not constant_time_compare(given, f"v0={signed.hexdigest()}"):
        raise Unproven("call_unsigned")
    _fresh(stamp, 1, at=at)
    _first(f"slack:{given}", at=at)


def prove_mattermost_token(token: str, trigger: str, *, at: datetime) -> None:
    """Return for a slash command that carries one of our tokens and was typed just now.

    Mattermost signs nothing: who knows the token can say anything, so it belongs to an https address and is compared in
    constant time. The trigger id says when the command was typed and makes it unique. Raises as `prove_slack` does.
    """
    tokens = settings.MATTERMOST_COMMAND_TOKENS
    if not tokens:
        raise NotVisible("chat_not_set_up")
    if not any([constant_time_compare(token, ours) for ours in tokens]):
        raise Unproven("call_unsigned")
    prove_trigger(trigger, at=at)


def prove_trigger(trigger: str, *, at: datetime) -> None:
    """Return for a Mattermost trigger id of just now that was not heard before.

    It is base64 of "id:user:milliseconds:signature".
    """
    try:
        parts = base64.b64decode(trigger, validate=True).decode().split(":")
    except (binascii.Error, ValueError):
        parts = []
    if len(parts) < 4:
        raise Unproven("call_unsigned")
    _fresh(parts[2], 1000, at=at)
    _first(f"mattermost:{trigger}", at=at)


def _fresh(stamp: str, parts_of_a_second: int, *, at: datetime) -> None:
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 14):
        raise Unproven("call_unsigned")
    sent_at = datetime.fromtimestamp(int(stamp) / parts_of_a_second, tz=UTC)
    if not is_fresh(sent_at, at=at):
        raise Unproven("call_old")


def _first(unique: str, *, at: datetime) -> None:
    if not hear(unique, at=at):
        raise Unproven("call_repeated")
