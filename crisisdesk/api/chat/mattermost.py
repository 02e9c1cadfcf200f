"""Mattermost's slash command and its buttons.

A press carries no token. What its button does is therefore signed by us when the button is made, for the one person
who asked; Mattermost keeps it on its server and hands it back.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from crisisdesk.api.chat.answers import chat_view
from crisisdesk.api.chat.callers import caller, unknown
from crisisdesk.api.chat.commands import pressed, typed
from crisisdesk.api.chat.proof import Unproven, prove_mattermost_token, prove_trigger
from crisisdesk.api.chat.replies import Press, Reply, Row, line
from crisisdesk.core import clock
from crisisdesk.core.errors import Invalid, NotVisible
from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.transports.mattermost import escaped

_SALT = "chat.mattermost.press"
_GOOD_FOR = timedelta(days=1)  # a button of yesterday speaks of yesterday


@chat_view
def command(request: HttpRequest) -> HttpResponse:
    """Answer what was typed after the slash command, to the person alone."""
    at = clock.now()
    trigger = request.POST.get("trigger_id", "")
    prove_mattermost_token(request.POST.get("token", ""), trigger, at=at)
    person = request.POST.get("user_id", "")
    with caller(Transport.MATTERMOST, person, trigger, at=at) as who:
        if who is None:
            return JsonResponse(message(unknown(Transport.MATTERMOST, person), person, at=at))
        name = request.POST.get("command", "/desk")
        reply = typed(request.POST.get("text", ""), who, command=name)
        return JsonResponse(message(reply, person, at=at))


@chat_view
def press(request: HttpRequest) -> HttpResponse:
    """Do what a button says, if we made it for this person."""
    if not settings.MATTERMOST_COMMAND_TOKENS:
        raise NotVisible("chat_not_set_up")
    at = clock.now()
    told = _body(request)
    person, trigger = str(told.get("user_id", "")), str(told.get("trigger_id", ""))
    act, value = _signed(told.get("context"), person, at=at)
    prove_trigger(trigger, at=at)
    with caller(Transport.MATTERMOST, person, trigger, at=at) as who:
        found = unknown(Transport.MATTERMOST, person) if who is None else pressed(act, value, who)
        if found is None:
            raise Invalid("unreadable")
        return JsonResponse({"ephemeral_text": _text(found)})


def message(reply: Reply, person: str, *, at: datetime) -> dict[str, Any]:
    """Return the answer that only the person sees, with a button below each row that has one."""
    plain = [row for row in reply.rows if row.press is None]
    text = "\n".join([_text(reply), *(f"- {_line(row)}" for row in plain)])
    attached = [
        {"text": _line(row), "actions": [_button(number, row.press, person, at=at)]}
        for number, row in enumerate(reply.rows)
        if row.press is not None
    ]
    return {"response_type": "ephemeral", "text": text, "attachments": attached}


def _text(reply: Reply) -> str:
    parts = [f"**{escaped(line(reply.title))}**", escaped(line(reply.hint)), reply.link]
    return "\n".join(part for part in parts if part)


def _line(row: Row) -> str:
    return f"{escaped(line(row.text))} {row.link}".rstrip()


def _button(number: int, press: Press, person: str, *, at: datetime) -> dict[str, Any]:
    signed = signing.dumps([press.act, press.value, person, int(at.timestamp())], salt=_SALT)
    url = settings.BASE_URL + reverse("chat:mattermost-press")
    return {
        "id": f"{press.act}{number}",
        "name": press.label,
        "integration": {"url": url, "context": {"signed": signed}},
    }


def _signed(context: Any, person: str, *, at: datetime) -> tuple[str, str]:
    """Return what the button does and to what. Raises Unproven: not ours, another person's, or too old."""
    given = str(context.get("signed", "")) if isinstance(context, dict) else ""
    try:
        act, value, whose, made_at = signing.loads(given, salt=_SALT)
    except (signing.BadSignature, ValueError) as error:
        raise Unproven("call_unsigned") from error
    if whose != person:
        raise Unproven("call_unsigned")
    if at.timestamp() - made_at > _GOOD_FOR.total_seconds():
        raise Unproven("call_old")
    return str(act), str(value)


def _body(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Invalid("unreadable")
    return found
