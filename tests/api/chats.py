"""Slack and Mattermost as they call the desk: signed or with a token, at the hour of the test."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import datetime
from itertools import count
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from tests.factories.organisation import NOON

SECRET, TOKEN = "8f742231b10e8888abcd99yyyzzz85a5", "mmtoken1"
_FORM = "application/x-www-form-urlencoded"
_numbers = count(1)


class SlackApp:
    """The desk's app in a workspace."""

    def __init__(self, *, at: datetime = NOON, secret: str = SECRET) -> None:
        self.client, self.at, self.secret = Client(), at, secret

    def type(self, person: str, text: str, *, trigger: str = "", **headers: str) -> Any:
        """Type the slash command and return the response."""
        form = {
            "token": "old", "team_id": "T1", "channel_id": "D1", "user_id": person, "command": "/desk", "text": text,
            "response_url": "https://hooks.slack.com/commands/1", "trigger_id": trigger or f"13345.{next(_numbers)}",
        }  # fmt: skip
        return self.send("/chat/slack/command/", urlencode(form), **headers)

    def press(
        self,
        person: str,
        act: str,
        value: str = "",
        *,
        trigger: str = "",
        to: str = "",
        **headers: str,
    ) -> Any:
        """Press a button and return the response."""
        told = {
            "type": "block_actions",
            "user": {"id": person, "team_id": "T1"},
            "trigger_id": trigger or f"13345.{next(_numbers)}",
            "response_url": to or "http://127.0.0.1:1/",
            "actions": [{"action_id": act, "value": value, "type": "button"}],
        }
        body = urlencode({"payload": json.dumps(told)})
        return self.send("/chat/slack/press/", body, **headers)

    def send(self, path: str, body: str, **headers: str) -> Any:
        """Send this body as Slack does; a header that is given takes the place of the right one."""
        stamp = headers.pop("stamp", str(int(self.at.timestamp())))
        key = f"v0:{stamp}:{body}".encode()
        signed = hmac.new(self.secret.encode(), key, hashlib.sha256).hexdigest()
        sent = {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": headers.pop("signature", f"v0={signed}"),
        }
        return self.client.post(path, body, content_type=_FORM, headers=sent)


class MattermostServer:
    """The server where the desk's slash command stands."""

    def __init__(self, *, at: datetime = NOON, token: str = TOKEN) -> None:
        self.client, self.at, self.token = Client(), at, token

    def trigger(self, person: str, *, at: datetime | None = None) -> str:
        """Return a trigger id as the server makes it."""
        moment = int((at or self.at).timestamp() * 1000)
        return base64.b64encode(f"id{next(_numbers)}:{person}:{moment}:c2ln".encode()).decode()

    def type(self, person: str, text: str, *, trigger: str = "") -> Any:
        """Type the slash command and return the response."""
        form = {
            "token": self.token, "team_id": "t1", "channel_id": "c1", "user_id": person, "user_name": "sara",
            "command": "/desk", "text": text, "trigger_id": trigger or self.trigger(person),
        }  # fmt: skip
        return self.client.post("/chat/mattermost/command/", urlencode(form), content_type=_FORM)

    def press(self, person: str, action: dict[str, Any], *, trigger: str = "") -> Any:
        """Press a button of an answer and return the response."""
        told = {
            "user_id": person, "post_id": "p1", "channel_id": "c1", "type": "button",
            "trigger_id": trigger or self.trigger(person), "context": action["integration"]["context"],
        }  # fmt: skip
        return self.client.post("/chat/mattermost/press/", told, content_type="application/json")


def words(response: Any) -> str:
    """Return all that an answer of the desk shows, as one text."""
    assert response.status_code == 200, response.content
    return json.dumps(response.json(), ensure_ascii=False)
