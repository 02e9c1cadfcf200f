"""News for tests: a topic that is told by nobody else, and people who are told of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from crisisdesk.core.errors import Invalid
from crisisdesk.notifications import registry
from crisisdesk.notifications.domain.outbox import Message, enqueue_many
from crisisdesk.notifications.models import Address, Delivery, Notification
from crisisdesk.notifications.transports.carrying import Carrier, Entry, Parcel
from tests.factories.organisation import NOON

TOPIC = "news"
WORDS = {
    "en": ("Holding statement due", "Write it and ask for approval.", "Open the statement"),
    "ar": ("موعد البيان الأولي", "الحساب @NourHelp يجيب عملاءنا.", "البيان"),
    "he": ("מועד ההודעה הראשונה", "החשבון @NourHelp עונה ללקוחות.", "להודעה"),
}


@dataclass
class News:
    """Answers for the topic and remembers what it was asked."""

    refused: set[registry.Pair] = field(default_factory=set)
    asked: list[set[registry.Pair]] = field(default_factory=list)
    broken: set[int] = field(default_factory=set)
    restricted: set[int] = field(default_factory=set)

    def may_see(self, user: Any, topic_id: int) -> bool:
        """Whether this person is not refused."""
        return (user.pk, topic_id) not in self.refused

    def may_see_many(self, pairs: Collection[registry.Pair]) -> set[registry.Pair]:
        """Those that are not refused."""
        self.asked.append(set(pairs))
        return set(pairs) - self.refused

    def visible(self, user: Any) -> Any:
        """The ids of what this person may see: all they were told of and are not refused."""
        refused = [topic_id for pk, topic_id in self.refused if pk == user.pk]
        told = Notification.objects.filter(recipient_id=user.pk, topic=TOPIC)
        return told.exclude(topic_id__in=refused).values("topic_id")

    def render(
        self, *, kind: str, data: dict[str, Any], topic_id: int, language: str, zone: str
    ) -> registry.Rendered:
        """A reminder in the reader's language."""
        if topic_id in self.broken:
            raise KeyError("an old shape of data")
        headline, line, button = WORDS[language]
        number = data.get("number", 0)
        return registry.Rendered(
            subject=f"CD-2026-0042 · SEV2 · {headline} {number}",
            headline=headline,
            lines=(line,),
            action_label=button,
            path="/incidents/CD-2026-0042/",
            due_line=f"15:30 ({zone})",
            bare="CD-2026-0042",
            quote=registry.Quote("Is @NourHelp you?", "en", "ltr") if data.get("quote") else None,
        )

    def register(self, *, one_by_one: bool = False) -> None:
        """Answer for the topic, with or without the quick way."""
        registry.register(
            TOPIC,
            may_see=self.may_see,
            render=self.render,
            visible=self.visible,
            may_see_many=None if one_by_one else self.may_see_many,
            hushed=self.restricted.intersection,
        )


def message(recipient: Any, number: int = 1, **fields: Any) -> Message:
    """A reminder for this person; the number is the event's."""
    values: dict[str, Any] = {
        "topic": TOPIC,
        "topic_id": 7,
        "kind": "reminder_due",
        "data": {"number": number},
        "dedupe_key": f"{TOPIC}:7:{number}",
    } | fields
    return Message(recipient_id=recipient.pk, **values)


def make_address(user: Any, transport: str, value: str = "U1", **fields: Any) -> Address:
    """A verified address of this person."""
    given: dict[str, Any] = {"verified_at": NOON, "created_at": NOON} | fields
    return Address.objects.create(user=user, transport=transport, value=value, **given)


def make_webhook(like: Notification) -> tuple[Address, Notification]:
    """An endpoint of this line's reader that has not proven itself, where the same news went once."""
    url = "https://93.184.216.34/"
    address = make_address(like.recipient, "webhook", url, label="Pager", verified_at=None)
    told = Notification.objects.create(
        recipient=like.recipient, transport="webhook", address=address, state="sent", topic=like.topic,
        topic_id=like.topic_id, kind=like.kind, data=like.data, dedupe_key="w", created_at=NOON,
        sent_at=NOON,
    )  # fmt: skip
    Delivery.objects.create(
        notification=told, at=NOON, outcome="sent", answer="200 ok", took_ms=120
    )
    return address, told


@dataclass
class FakeCarrier(Carrier):
    """Carries nothing: keeps the parcels and answers as it is told."""

    parcels: list[Parcel] = field(default_factory=list)
    answer: Callable[[Parcel], str] = lambda parcel: "ok"
    is_there: bool = True
    needs: str = "Nothing."
    entry: Entry | None = field(default_factory=lambda: Entry("Name", "As it stands there."))
    proves_itself: bool = False

    def is_set_up(self) -> bool:
        """Whether the test says so."""
        return self.is_there

    def clean(self, value: str) -> str:
        """Any word is an address; two words are none."""
        if len(value.split()) != 1:
            raise Invalid("address_form", field="value")
        return value.strip()

    def send(self, parcel: Parcel) -> str:
        """Keep it, or raise what the test's answer raises."""
        said = self.answer(parcel)
        self.parcels.append(parcel)
        return said


def tell(messages: Iterable[Message], *, at: datetime = NOON) -> int:
    """Put the messages into the outbox in a transaction of their own."""
    with transaction.atomic():
        return enqueue_many(messages, at=at)
