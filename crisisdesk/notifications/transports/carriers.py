"""Every transport that leaves the desk, and what carries it."""

from __future__ import annotations

from crisisdesk.notifications.enums import Transport
from crisisdesk.notifications.transports.carrying import Carrier
from crisisdesk.notifications.transports.email import Email
from crisisdesk.notifications.transports.mattermost import Mattermost
from crisisdesk.notifications.transports.push import Push
from crisisdesk.notifications.transports.service import Service
from crisisdesk.notifications.transports.slack import Slack
from crisisdesk.notifications.transports.sms import Sms
from crisisdesk.notifications.transports.teams import Teams
from crisisdesk.notifications.transports.telegram import Telegram
from crisisdesk.notifications.transports.webhook import Webhook
from crisisdesk.notifications.transports.whatsapp import WhatsApp

CARRIERS: dict[Transport, Carrier] = {
    Transport.EMAIL: Email(),
    Transport.PUSH: Push(),
    Transport.SLACK: Slack(),
    Transport.TEAMS: Teams(),
    Transport.MATTERMOST: Mattermost(),
    Transport.TELEGRAM: Telegram(),
    Transport.WHATSAPP: WhatsApp(),
    Transport.SMS: Sms(),
    Transport.SERVICE: Service(),
    Transport.WEBHOOK: Webhook(),
}
