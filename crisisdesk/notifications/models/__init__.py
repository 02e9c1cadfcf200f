"""Models of the notifications room."""

from crisisdesk.notifications.models.address import Address
from crisisdesk.notifications.models.delivery import Delivery
from crisisdesk.notifications.models.heartbeat import Heartbeat
from crisisdesk.notifications.models.notification import Notification
from crisisdesk.notifications.models.preference import Preference
from crisisdesk.notifications.models.send_count import SendCount
from crisisdesk.notifications.models.sweep_time import SweepTime

__all__ = [
    "Address",
    "Delivery",
    "Heartbeat",
    "Notification",
    "Preference",
    "SendCount",
    "SweepTime",
]
