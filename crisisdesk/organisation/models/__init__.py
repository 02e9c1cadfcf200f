"""Who we are: one model a file."""

from __future__ import annotations

from crisisdesk.organisation.models.api_token import ApiToken
from crisisdesk.organisation.models.brand import Brand
from crisisdesk.organisation.models.brand_calendar import BrandCalendar
from crisisdesk.organisation.models.brand_language import BrandLanguage
from crisisdesk.organisation.models.channel import Channel
from crisisdesk.organisation.models.invitation import Invitation
from crisisdesk.organisation.models.membership import Membership
from crisisdesk.organisation.models.official_account import OfficialAccount
from crisisdesk.organisation.models.rota import Rota
from crisisdesk.organisation.models.sign_in_link import SignInLink
from crisisdesk.organisation.models.user import NAMED, User
from crisisdesk.organisation.models.watch_gap import WatchGap
from crisisdesk.organisation.models.watch_shift import WatchShift
from crisisdesk.organisation.models.watch_swap import WatchSwap

__all__ = [
    "NAMED",
    "ApiToken",
    "Brand",
    "BrandCalendar",
    "BrandLanguage",
    "Channel",
    "Invitation",
    "Membership",
    "OfficialAccount",
    "Rota",
    "SignInLink",
    "User",
    "WatchGap",
    "WatchShift",
    "WatchSwap",
]
