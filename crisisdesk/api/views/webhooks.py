"""Webhooks: news to a program of the asker's, signed (docs/webhooks.md)."""

from __future__ import annotations

from rest_framework import serializers

from crisisdesk.api.inputs import Input, Paged
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.paging import cursor_at, place_of
from crisisdesk.api.shapes import webhooks as shapes
from crisisdesk.core.errors import NotVisible
from crisisdesk.notifications.domain import addresses
from crisisdesk.notifications.domain import webhooks as commands
from crisisdesk.notifications.models import Address
from crisisdesk.notifications.queries.webhooks import sent_to, webhooks_of


@read("List your webhooks", answer=shapes.Webhook, many=True)
def list_webhooks(call: Call) -> Page:
    """The newest first, without their secrets."""
    return {"results": [shapes.webhook(one) for one in webhooks_of(call.user)], "next": None}


class WebhookWanted(Input):
    """Where a program listens, and what for."""

    url = serializers.CharField(max_length=2000)
    label = serializers.CharField(max_length=80)  # type: ignore[assignment]


@write(
    "Add a webhook",
    answer=shapes.NewWebhook,
    status=201,
    body=WebhookWanted,
    secret=True,
    refuses=(
        "webhook_url",
        "address_private",
        "host_unknown",
        "webhook_exists",
        "webhooks_too_many",
    ),
)
def add_webhook(call: Call) -> shapes.NewWebhook:
    """Nothing is sent there before it has proven itself; the secret is shown this once."""
    made = commands.add_webhook(**call.body, actor=call.actor, at=call.at)
    return shapes.new_webhook(made)


@write(
    "Ask a webhook for its proof",
    answer=shapes.Answered,
    secret=True,  # asked each time: an answer that was kept proves nothing
    throttle="30/min",
    refuses=("address_private", "webhook_silent", "webhook_unproven"),
)
def prove_webhook(call: Call, webhook_id: int) -> shapes.Answered:
    """The desk posts {"challenge": …}; the endpoint says it back, as JSON or alone."""
    said = commands.prove_webhook(address_id=webhook_id, actor=call.actor, at=call.at)
    return {"answer": said}


class Rotation(Input):
    """What becomes of the old secret."""

    both = serializers.BooleanField(
        default=True, help_text="The old secret signs beside the new one for a day."
    )


@write("Replace the secret of a webhook", answer=shapes.NewWebhook, body=Rotation, secret=True)
def rotate_webhook_secret(call: Call, webhook_id: int) -> shapes.NewWebhook:
    """The new secret is shown this once."""
    made = commands.rotate_secret(
        address_id=webhook_id, both=call.body["both"], actor=call.actor, at=call.at
    )
    return shapes.new_webhook(made)


@write("Remove a webhook")
def remove_webhook(call: Call, webhook_id: int) -> None:
    """Nothing is sent there any more, and its secret is forgotten."""
    addresses.remove_address(address_id=_own(call, webhook_id).pk, actor=call.actor, at=call.at)


@read("Read what was sent to a webhook", answer=shapes.SentMessage, many=True, query=Paged)
def list_webhook_messages(call: Call, webhook_id: int) -> Page:
    """Each message with every attempt, the newest first."""
    page = sent_to(
        _own(call, webhook_id),
        call.user,
        before=place_of(call.query["cursor"]),
        limit=call.query["limit"],
    )
    following = None if page.older is None else cursor_at(page.older)
    return {"results": [shapes.sent_message(row) for row in page.rows], "next": following}


@write("Send a message of a webhook once more", refuses=("webhook_off", "still_on_its_way"))
def resend_webhook_message(call: Call, webhook_id: int, message_id: int) -> None:
    """It goes out again under the same webhook-id, with every attempt anew."""
    _own(call, webhook_id)
    commands.send_again(notification_id=message_id, actor=call.actor, at=call.at)


def _own(call: Call, webhook_id: int) -> Address:
    found = webhooks_of(call.user).filter(pk=webhook_id).first()
    if found is None:
        raise NotVisible
    return found


ROUTES = {
    "webhooks/": endpoint(get=list_webhooks, post=add_webhook),
    "webhooks/<int:webhook_id>/prove/": endpoint(post=prove_webhook),
    "webhooks/<int:webhook_id>/rotate/": endpoint(post=rotate_webhook_secret),
    "webhooks/<int:webhook_id>/remove/": endpoint(post=remove_webhook),
    "webhooks/<int:webhook_id>/messages/": endpoint(get=list_webhook_messages),
    "webhooks/<int:webhook_id>/messages/<int:message_id>/resend/": endpoint(
        post=resend_webhook_message
    ),
}
