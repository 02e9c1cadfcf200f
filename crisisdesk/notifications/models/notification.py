"""A row of the outbox: one piece of news for one person by one transport."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from crisisdesk.notifications.enums import Held, State, Transport
from crisisdesk.notifications.models.address import Address


class Notification(models.Model):
    """News as data, never prose; the sentence is made when it is sent or shown, in the reader's
    language.

    An inbox row is `sent` from the start and waits to be read; every other row waits for a hand to
    deliver it. `address` says where to; a person's own e-mail and inbox need none. `why` is a code:
    why this person was told ("lead", "owner", "step:2" …). `grave` news breaks through quiet hours, `urgent`
    news alone does not.
    `held` says why a row waits until `next_attempt_at`; one that is bundled goes out in the row `digest`
    and shares its fate.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notifications"
    )
    transport = models.CharField(max_length=12, choices=Transport.choices)
    address = models.ForeignKey(
        Address,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notifications",
        db_index=False,  # most rows have none: the partial index below
    )
    why = models.CharField(max_length=40, blank=True)
    topic = models.CharField(max_length=40)
    topic_id = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=160)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    is_drill = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)
    grave = models.BooleanField(default=False)
    held = models.CharField(max_length=8, choices=Held.choices, blank=True)
    digest = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bundled",
        db_index=False,  # most rows have none: the partial index below
    )
    created_at = models.DateTimeField()
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    read_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            # Doing the same thing twice adds nothing: every message traces to one event.
            models.UniqueConstraint(
                fields=("recipient", "transport", "address", "dedupe_key"),
                nulls_distinct=False,
                name="one_message_per_event",
            ),
        ]
        indexes = [
            models.Index(
                fields=("transport", "-urgent", "next_attempt_at", "id"),
                name="notification_due",
                condition=models.Q(state=State.PENDING),
            ),
            models.Index(
                fields=("-id",),
                name="notification_given_up",
                condition=models.Q(state=State.FAILED),
            ),
            models.Index(
                fields=("address", "-id"),
                name="notification_address",
                condition=models.Q(address__isnull=False),
            ),
            # Who was told of an event, read from the event's side.
            models.Index(fields=("dedupe_key",), name="notification_event"),
            models.Index(
                fields=("digest",),
                name="notification_digest",
                condition=models.Q(digest__isnull=False),
            ),
            # What a person was sent within the last minute that may be bundled.
            models.Index(
                fields=("recipient", "transport", "-sent_at"),
                name="notification_lately",
                condition=models.Q(urgent=False, sent_at__isnull=False)
                & ~models.Q(transport=Transport.INBOX),
            ),
            models.Index(
                fields=("lease_until",),
                name="notification_leased",
                condition=models.Q(state=State.SENDING),
            ),
            models.Index(
                fields=("recipient", "-id"),
                name="notification_inbox",
                condition=models.Q(transport=Transport.INBOX, state=State.SENT),
            ),
            models.Index(
                fields=("recipient", "topic", "topic_id"),
                name="notification_unread",
                condition=models.Q(
                    transport=Transport.INBOX, state=State.SENT, read_at__isnull=True
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transport} {self.kind} {self.dedupe_key}"
