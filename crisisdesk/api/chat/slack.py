"""Slack's slash command and its buttons."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from crisisdesk.api.chat.answers import chat_view
from crisisdesk.api.chat.callers import caller, unknown
from crisisdesk.api.chat.commands import pressed, typed
from crisisdesk.api.chat.proof import prove_slack
from crisisdesk.api.chat.replies import Reply, Row, line
from crisisdesk.core import clock, outbound
from crisisdesk.core.errors import Invalid
from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.transports.slack import escaped, plain

logger = logging.getLogger(__name__)
_SECTION, _BUTTON = 2900, 75


@chat_view
def command(request: HttpRequest) -> HttpResponse:
    """Answer what was typed after the slash command, to the person alone."""
    at = clock.now()
    prove_slack(request, at=at)
    person = request.POST.get("user_id", "")
    with caller(Transport.SLACK, person, request.POST.get("trigger_id", ""), at=at) as who:
        if who is None:
            return JsonResponse(message(unknown(Transport.SLACK, person)))
        text = _unescaped(request.POST.get("text", ""))
        name = request.POST.get("command", "/desk")
        return JsonResponse(message(typed(text, who, command=name)))


@chat_view
def press(request: HttpRequest) -> HttpResponse:
    """Do what a button says. Slack shows no words of this answer, so they are sent to the address that came with it."""
    at = clock.now()
    prove_slack(request, at=at)
    told = _payload(request)
    person = str(_part(told, "user").get("id", ""))
    actions = told.get("actions") or [{}]
    act = actions[0] if isinstance(actions, list) and isinstance(actions[0], dict) else {}
    with caller(Transport.SLACK, person, str(told.get("trigger_id", "")), at=at) as who:
        if who is None:
            reply: Reply | None = unknown(Transport.SLACK, person)
        else:
            name = str(act.get("action_id", "")).partition("-")[0]
            reply = pressed(name, str(act.get("value", "")), who)
        if reply is not None:
            _send(str(told.get("response_url", "")), message(reply) | {"replace_original": False})
    return HttpResponse()


def message(reply: Reply) -> dict[str, Any]:
    """Return the answer as blocks that only the person sees; nothing in it calls anybody."""
    blocks: list[dict[str, Any]] = [
        {"type": "section", "text": plain(line(reply.title), _SECTION)},
        *(_row(number, row) for number, row in enumerate(reply.rows)),
    ]
    if reply.hint:
        blocks.append({"type": "section", "text": plain(line(reply.hint), _SECTION)})
    if reply.link:
        blocks.append({"type": "section", "text": _link(reply.link)})
    text = escaped(line(reply.title))
    return {"response_type": "ephemeral", "text": text, "blocks": blocks}


def _row(number: int, row: Row) -> dict[str, Any]:
    text = escaped(line(row.text))[:_SECTION]
    shown = {"type": "mrkdwn", "text": f"{text}\n<{row.link}>" if row.link else text}
    block: dict[str, Any] = {"type": "section", "text": shown | {"verbatim": True}}
    if row.press is not None:
        block["accessory"] = {
            "type": "button",
            "action_id": f"{row.press.act}-{number}",
            "text": plain(row.press.label, _BUTTON),
            "value": row.press.value,
        }
    return block


def _link(link: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": f"<{link}>", "verbatim": True}


def _unescaped(text: str) -> str:
    """Return what was typed: Slack escapes these three, and nothing else."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _payload(request: HttpRequest) -> dict[str, Any]:
    try:
        found = json.loads(request.POST.get("payload", ""))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Invalid("unreadable")
    return found


def _part(told: dict[str, Any], name: str) -> dict[str, Any]:
    found = told.get(name)
    return found if isinstance(found, dict) else {}


def _send(address: str, said: dict[str, Any]) -> None:
    """Say it; what was done stays done where nobody listens."""
    try:
        answer = outbound.ask(
            address,
            method="POST",
            body=json.dumps(said).encode(),
            headers={"Content-Type": "application/json; charset=utf-8"},
            follow=False,
        )
        if not answer.is_good:
            logger.warning("Slack did not take an answer: %s", answer.status)
    except (outbound.Refused, outbound.Unanswered) as error:
        logger.warning("Slack did not take an answer: %s", type(error).__name__)
