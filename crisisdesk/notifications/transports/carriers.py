"""Every transport that leaves the desk, and what carries it."""

from __future__ import annotations

from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.transports.carrying import Carrier
from crisisdesk.notifications.transports.email import Email

CARRIERS: dict[Transport, Carrier] = {
    Transport.EMAIL: Email(),
}
