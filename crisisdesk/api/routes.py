"""The rooms of the API, in the order in which they are described, and their addresses."""

from __future__ import annotations

from crisisdesk.api.views import (
    approvals,
    calendars,
    checklist,
    deadlines,
    devices,
    given_up,
    inbox,
    incidents,
    newer,
    people,
    plan_words,
    plans,
    preferences,
    publications,
    receipts,
    record,
    regulators,
    review,
    review_dates,
    roles,
    rota,
    screening,
    shelf,
    statements,
    strategy,
    timeline,
    transports,
    updates,
    webhooks,
)

ROOMS = (
    incidents,
    timeline,
    checklist,
    newer,
    screening,
    record,
    strategy,
    statements,
    approvals,
    publications,
    deadlines,
    updates,
    receipts,
    regulators,
    roles,
    review,
    plans,
    plan_words,
    shelf,
    review_dates,
    people,
    rota,
    calendars,
    transports,
    given_up,
    devices,
    webhooks,
    inbox,
    preferences,
)
ROUTES = {address: view for room in ROOMS for address, view in room.ROUTES.items()}
TAGS = [
    {"name": room.__name__.rsplit(".", 1)[-1], "description": (room.__doc__ or "").strip()}
    for room in ROOMS
]
