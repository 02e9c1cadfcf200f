"""Models of the notifications room."""

from crisisdesk.notifications.models.address import Address
from crisisdesk.notifications.models.delivery import Delivery
from crisisdesk.notifications.models.heartbeat import Heartbeat
from crisisdesk.notifications.models.notification import Notification
from crisisdesk.notifications.models.preference import Preference

__all__ = ["Address", "Delivery", "Heartbeat", "Notification", "Preference"]
