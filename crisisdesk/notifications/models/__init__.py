"""Models of the notifications room."""

from crisisdesk.notifications.models.address import Address
from crisisdesk.notifications.models.delivery import Delivery
from crisisdesk.notifications.models.heartbeat import Heartbeat
from crisisdesk.notifications.models.morning import Morning, MorningTime
from crisisdesk.notifications.models.notification import Notification
from crisisdesk.notifications.models.preference import Preference
from crisisdesk.notifications.models.quiet_hours import QuietHours
from crisisdesk.notifications.models.send_count import SendCount
from crisisdesk.notifications.models.stand_in import StandIn
from crisisdesk.notifications.models.sweep_time import SweepTime

__all__ = [
    "Address",
    "Delivery",
    "Heartbeat",
    "Morning",
    "MorningTime",
    "Notification",
    "Preference",
    "SendCount",
    "SweepTime",
    "QuietHours",
    "StandIn",
]
