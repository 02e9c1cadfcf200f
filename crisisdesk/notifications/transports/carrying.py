"""What carries news out of the desk, and how a transport plugs in.

A transport is one module with one class, entered under its `Transport` in `carriers.py`. Delivery,
the page *How you are told* and its API ask only what `Carrier` says here; none of them changes when
a transport is added. A carrier subclasses `Carrier` and writes

- `send(parcel)`, one call to the other side. It returns the other side's answer, the beginning of it
  (`ANSWER` characters are kept), and raises `Refused` or `Unreachable` otherwise. HTTP goes through
  `core/outbound.ask`. A service that takes an idempotency key is given `parcel.key`: it is the same
  at every attempt. `Unreachable` stops this transport for everybody and costs no attempt, so it is
  for a machine that all share (the mail server, the one API of a service); where each address names
  its own machine, a silent one is `Refused`.
- `is_set_up()`: whether whoever runs the desk has given it what it needs (`settings`). A transport
  that is not set up is shown with `needs` and cannot be added.
- `entry`: what a person types, as `Entry`; None where there is nothing to type (a browser
  subscribes itself).
- `clean(value)`: the value in its one canonical form, or `Invalid("address_form", field="value")`.

Codes and tests are parcels too (`kind` "code" and "test", `is_test`): a carrier sends them like news
and needs to know nothing of them. They never enter the outbox.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.utils.functional import Promise

from crisisdesk.notifications.models import Address
from crisisdesk.notifications.registry import Person, Rendered

ANSWER = 2000  # characters kept of what the other side said


class Unreachable(Exception):
    """Nobody answers there: nothing was sent and no message is to blame. The text says why."""


class Refused(Exception):
    """The other side did not take this message; `answer` is what it said.

    `again=False` is final. `after` is how long it asked us to wait. `gone` switches the address off,
    with the answer as the reason. `silent` says that nobody answered there: what else waits for this
    address is put off, so that one machine that is down holds up no other.
    """

    def __init__(
        self,
        answer: str,
        again: bool = True,
        after: timedelta | None = None,
        gone: bool = False,
        silent: bool = False,
    ) -> None:
        super().__init__(answer)
        self.answer = answer
        self.again = again and not gone
        self.after = after
        self.gone = gone
        self.silent = silent


@dataclass(frozen=True)
class Parcel:
    """One piece of news for one person at one address, in their language, ready to be carried.

    `key` is the same at every attempt ("n-<number of the outbox row>"). `number` is that of the
    timeline's event, where there is one. `created_at` is when it was told, `at` when it is sent.
    """

    key: str
    address: Address | None
    person: Person
    rendered: Rendered
    language: str
    direction: str
    kind: str
    topic: str
    topic_id: int
    number: int | None
    created_at: datetime
    at: datetime
    attempt: int
    urgent: bool = False
    is_test: bool = False
    # The news as facts, for programs.
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """The one field in which a person says where to reach them; its words are lazy translations."""

    label: str | Promise
    hint: str | Promise
    input_type: str = "text"  # text, tel, url
    placeholder: str = ""  # an example of the form, never translated


class Carrier(Protocol):
    """Carries parcels by one transport; see this module's first lines."""

    # What it needs before anybody can be told by it, and whom it suits: one or two sentences.
    needs: str | Promise = ""
    entry: Entry | None = None
    # Whether adding an address proves that it is the person's own, so that no code is sent.
    proves_itself: bool = False

    def is_set_up(self) -> bool:
        """Whether this desk has what the transport needs."""
        ...

    def clean(self, value: str) -> str:
        """Return the value in its one form; raises Invalid("address_form", field="value")."""
        ...

    def send(self, parcel: Parcel) -> str:
        """Hand it over and return the other side's answer; raises Refused or Unreachable."""
        ...

    def session(self) -> AbstractContextManager[Carrier]:
        """Return what sends a batch: itself, or something that keeps a connection open meanwhile."""
        return nullcontext(self)

    def message_id(self, parcel: Parcel) -> str:
        """Return the name under which the other side can find the message, empty without one."""
        return ""
