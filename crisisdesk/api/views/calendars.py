"""Deadlines in a calendar: secret addresses that a calendar program reads."""

from __future__ import annotations

from rest_framework import serializers

from crisisdesk.api.inputs import Input
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.shapes import calendars as shapes
from crisisdesk.core.errors import Invalid, NotVisible
from crisisdesk.incidents.domain import feeds
from crisisdesk.incidents.domain.calendars import address_of
from crisisdesk.incidents.queries.feeds import feeds_of


@read("List your calendar addresses", answer=shapes.CalendarShape, many=True)
def list_calendars(call: Call) -> Page:
    """The newest first, without their secrets."""
    return {"results": [shapes.calendar(feed) for feed in feeds_of(call.user)], "next": None}


class CalendarWanted(Input):
    """Whose deadlines; without an incident the asker's own, of every incident."""

    incident = serializers.CharField(required=False, allow_null=True, default=None, max_length=40)


@write(
    "Make a calendar address",
    answer=shapes.NewCalendarShape,
    status=201,
    body=CalendarWanted,
    secret=True,
    refuses=("no_such_incident", "feeds_too_many"),
)
def make_calendar(call: Call) -> shapes.NewCalendarShape:
    """The address is a key: it is shown this once, and whoever has it reads these deadlines."""
    made = feeds.make_feed(incident_id=_incident_id(call), actor=call.actor, at=call.at)
    return {**shapes.calendar(made.feed), "address": address_of(made.secret)}


def _incident_id(call: Call) -> int | None:
    """Return the incident that the body names, if any; one out of sight is the field's fault."""
    if not call.body["incident"]:
        return None
    try:
        return call.incident_id(call.body["incident"])
    except NotVisible as error:
        raise Invalid("no_such_incident", field="incident") from error


@write("Revoke a calendar address")
def revoke_calendar(call: Call, calendar_id: int) -> None:
    """It answers 410 from now on."""
    feeds.revoke_feed(feed_id=calendar_id, actor=call.actor, at=call.at)


ROUTES = {
    "calendars/": endpoint(get=list_calendars, post=make_calendar),
    "calendars/<int:calendar_id>/revoke/": endpoint(post=revoke_calendar),
}
