"""The line taken in public: advice for three answers, and the choice as a decision."""

from __future__ import annotations

from rest_framework import serializers

from crisisdesk.api.inputs import Input, Text
from crisisdesk.api.operations import Call, endpoint, read, write
from crisisdesk.api.shapes import strategy as shapes
from crisisdesk.incidents.domain import strategy
from crisisdesk.incidents.domain.strategy_advice import BLAME, Situation, hints
from crisisdesk.incidents.enums import Line
from crisisdesk.incidents.queries.strategy import start_of


class AdviceQuery(Input):
    """The answers to ask about; those left out are the newest choice's, or the playbook's."""

    cluster = serializers.ChoiceField(choices=BLAME, required=False)
    had_similar = serializers.BooleanField(required=False)
    bad_reputation = serializers.BooleanField(required=False)
    proven_rumour = serializers.BooleanField(required=False)
    lines = serializers.ListField(
        child=serializers.ChoiceField(Line.choices), required=False, default=list
    )


@read("Ask which line to take", answer=shapes.AdviceShape, query=AdviceQuery)
def get_advice(call: Call, reference: str) -> shapes.AdviceShape:
    """The threat, the line it calls for, why and from which source, and what speaks against the
    lines asked about; changes nothing."""
    incident = call.incident(reference)
    start = start_of(incident, call.user)
    situation = Situation(
        cluster=call.query.get("cluster", start.cluster),
        had_similar=call.query.get("had_similar", start.had_similar),
        bad_reputation=call.query.get("bad_reputation", start.bad_reputation),
        proven_rumour=call.query.get("proven_rumour", start.proven_rumour),
    )
    told = hints(
        self_disclosed=incident.self_disclosed, is_public=incident.first_signal_at is not None
    )
    return shapes.advice(situation, lines=call.query["lines"], hints=told, choices=start.choices)


class LineChosen(Input):
    """The three answers, the lines, and why."""

    cluster = Text()
    had_similar = serializers.BooleanField()
    bad_reputation = serializers.BooleanField()
    proven_rumour = serializers.BooleanField(required=False, default=False)
    lines = serializers.ListField(child=Text())
    reason = Text()


@write(
    "Choose the line to take",
    answer=shapes.LineChoiceShape,
    status=201,
    body=LineChosen,
    refuses=(
        "cluster_unknown", "line_unknown", "line_not_chosen", "text_missing", "text_too_long",
        "incident_ended",
    ),
)  # fmt: skip
def choose_line(call: Call, reference: str) -> shapes.LineChoiceShape:
    """Writes a decision; what speaks against the choice is kept with it and blocks nothing."""
    choice = strategy.choose_line(
        incident_id=call.incident_id(reference),
        situation=Situation(
            **call.given("cluster", "had_similar", "bad_reputation", "proven_rumour")
        ),
        lines=call.body["lines"],
        reason=call.body["reason"],
        actor=call.actor,
        at=call.at,
    )
    return shapes.line_choices([choice])[0]


ROUTES = {
    "incidents/<str:reference>/strategy/": endpoint(get=get_advice, post=choose_line),
}
