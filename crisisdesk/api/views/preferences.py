"""What you are told: kinds of news by ways, quiet hours, and who stands in for you."""

from __future__ import annotations

from rest_framework import serializers

from crisisdesk.api.inputs import Id, Input, Moment
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.shapes import preferences as shapes
from crisisdesk.notifications.domain import mornings, preferences, quiet_hours
from crisisdesk.notifications.queries.preferences import (
    choices_of,
    last_morning,
    morning_of,
    quiet_rows,
    ways_of,
)
from crisisdesk.notifications.rules.news import News
from crisisdesk.notifications.rules.quiet import Span
from crisisdesk.organisation.domain import stand_ins
from crisisdesk.organisation.queries.stand_ins import in_sight, running


@read("Read what you are told", answer=shapes.ChoicesShape)
def read_choices(call: Call) -> shapes.ChoicesShape:
    """Which kind of news comes by which way; until you choose, by every one."""
    ways = ways_of(call.user)
    return shapes.choices(choices_of(call.user, News, ways), ways)


class Choices(Input):
    """The ways of some kinds of news; a kind that is not named keeps its own."""

    kinds = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(max_length=20), max_length=20)
    )


@write(
    "Choose what you are told",
    answer=shapes.ChoicesShape,
    body=Choices,
    refuses=("news_unknown", "way_unknown", "everything_silenced"),
)
def choose_news(call: Call) -> shapes.ChoicesShape:
    """Each kind named comes by these ways and by no other; what is urgent is always mailed as well."""
    chosen = preferences.choose_news(call.body["kinds"], actor=call.actor, at=call.at)
    return shapes.choices(chosen, ways_of(call.user))


@read("Read your quiet hours", answer=shapes.QuietShape)
def read_quiet_hours(call: Call) -> shapes.QuietShape:
    """Not more than one span begins on a weekday."""
    rows = quiet_rows(call.user.pk)
    return shapes.quiet([Span(row.weekday, row.begins, row.ends) for row in rows], call.user.zone)


class SpanInput(Input):
    """One span of quiet."""

    weekday = serializers.IntegerField()
    begins = serializers.TimeField()
    ends = serializers.TimeField()


class QuietInput(Input):
    """The whole week; what is not named is not quiet."""

    spans = SpanInput(many=True)


@write(
    "Set your quiet hours",
    answer=shapes.QuietShape,
    body=QuietInput,
    refuses=("weekday_unknown", "weekday_twice", "week_all_quiet"),
)
def set_quiet_hours(call: Call) -> shapes.QuietShape:
    """Meanwhile news waits, urgent news too. What belongs to SEV1 and SEV2 comes at once, and so does what calls you
    because you are on watch. Webhooks never wait."""
    spans = [
        Span(
            given["weekday"],
            *(60 * given[end].hour + given[end].minute for end in ("begins", "ends")),
        )
        for given in call.body["spans"]
    ]
    kept = quiet_hours.set_quiet_hours(spans, actor=call.actor, at=call.at)
    return shapes.quiet(kept, call.user.zone)


@read("Read when your morning digest comes", answer=shapes.MorningShape)
def read_morning(call: Call) -> shapes.MorningShape:
    """At eight of the days on which one of your brands works, until you choose; weekends and holidays bring none."""
    return shapes.morning(morning_of(call.user), last_morning(call.user))


class MorningInput(Input):
    """Whether it comes, and when."""

    enabled = serializers.BooleanField()
    time = serializers.TimeField()


@write("Set your morning digest", answer=shapes.MorningShape, body=MorningInput)
def set_morning(call: Call) -> shapes.MorningShape:
    """What is overdue, due today and waits for you, in one message a working day; nothing when nothing waits."""
    when = call.body["time"]
    chosen = mornings.set_morning(
        enabled=call.body["enabled"],
        minute=when.hour * 60 + when.minute,
        actor=call.actor,
        at=call.at,
    )
    return shapes.morning(chosen, last_morning(call.user))


@read("List who stands in", answer=shapes.StandInShape, many=True)
def list_stand_ins(call: Call) -> Page:
    """For you, and you for others: what holds now or later."""
    rows = running(in_sight(call.user), at=call.at)
    return {"results": [shapes.stand_in(row, call.user.language) for row in rows], "next": None}


class StandInWanted(Input):
    """Who, from when to when."""

    stand_in = Id()
    from_at = Moment()
    until_at = Moment()
    silent = serializers.BooleanField(
        default=False, help_text="Meanwhile you are told in the inbox only, of urgent things too."
    )


@write(
    "Name a stand-in",
    answer=shapes.StandInShape,
    status=201,
    body=StandInWanted,
    refuses=(
        "no_such_person", "stand_in_self", "stand_in_away", "stand_in_chain", "stand_in_overlaps",
        "until_before_from", "until_in_past", "stand_in_too_long",
    ),
)  # fmt: skip
def name_stand_in(call: Call) -> shapes.StandInShape:
    """The colleague gets what waits for you as well, as far as they may see it, and is told so."""
    row = stand_ins.name_stand_in(
        stand_in_id=call.body["stand_in"],
        from_at=call.body["from_at"],
        until_at=call.body["until_at"],
        silent=call.body["silent"],
        actor=call.actor,
        at=call.at,
    )
    return shapes.stand_in(row, call.user.language)


@write("End standing in", answer=shapes.StandInShape)
def end_stand_in(call: Call, agreement_id: int) -> shapes.StandInShape:
    """Either of the two; the other is told."""
    row = stand_ins.end_stand_in(agreement_id=agreement_id, actor=call.actor, at=call.at)
    return shapes.stand_in(row, call.user.language)


ROUTES = {
    "notifications/choices/": endpoint(get=read_choices, put=choose_news),
    "notifications/quiet-hours/": endpoint(get=read_quiet_hours, put=set_quiet_hours),
    "notifications/morning/": endpoint(get=read_morning, put=set_morning),
    "stand-ins/": endpoint(get=list_stand_ins, post=name_stand_in),
    "stand-ins/<int:agreement_id>/end/": endpoint(post=end_stand_in),
}
