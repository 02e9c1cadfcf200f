"""Incidents: find, open, move, end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rest_framework import serializers

from crisisdesk.api.errors import reason_shape
from crisisdesk.api.inputs import Input, Key, Language, Moment, Paged, Text, Versioned
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.shapes import incidents as shapes
from crisisdesk.api.shapes import review
from crisisdesk.core.errors import Invalid
from crisisdesk.core.words import word
from crisisdesk.incidents.domain import lifecycle, opening, transitions
from crisisdesk.incidents.domain.screening import answers_given
from crisisdesk.incidents.enums import CancelReason, Severity, Status
from crisisdesk.incidents.models import Incident
from crisisdesk.incidents.queries import listing, metrics
from crisisdesk.organisation.queries.visibility import brands_visible_to
from playbooks.domain.content import parse
from playbooks.queries.shelf import published_playbook

ENDED = "incident_ended"


class IncidentQuery(Paged):
    """Which incidents."""

    q = serializers.CharField(
        required=False, default="", allow_blank=True, help_text="Words in any script."
    )
    status = serializers.ListField(child=serializers.ChoiceField(Status.choices), required=False)
    severity = serializers.ListField(
        child=serializers.ChoiceField(Severity.choices), required=False
    )
    brand = serializers.SlugField(required=False)
    open = serializers.BooleanField(required=False, allow_null=True, default=None)


@read("List and find incidents", answer=shapes.IncidentRow, query=IncidentQuery, many=True)
def list_incidents(call: Call) -> Page:
    """The incidents that the asker may see, newest first, each with the running deadline due
    first."""
    query = call.query
    filters = listing.ListFilters(
        statuses=tuple(query.get("status", ())),
        severities=tuple(query.get("severity", ())),
        is_open=query["open"],
        words=query["q"],
    )
    if "brand" in query:
        brand = brands_visible_to(call.user).filter(key=query["brand"]).values_list("pk", flat=True)
        filters = replace(filters, brand_id=brand.first() or 0)
    found = listing.page(call.user, filters, query["cursor"], query["limit"])
    return {"results": [shapes.row(row) for row in found.rows], "next": found.next_cursor or None}


class RecentQuery(Input):
    """Of which brand."""

    brand = serializers.SlugField()


@read("List what to join before opening", answer=shapes.IncidentRow, query=RecentQuery, many=True)
def list_recent_incidents(call: Call) -> Page:
    """This brand's incidents of the last 72 hours: join one of them before opening anyway."""
    brand = brands_visible_to(call.user).filter(key=call.query["brand"]).first()
    rows = lifecycle.recent_of_brand(call.actor, brand.pk, at=call.at) if brand else []
    found = listing.rows_of([row.pk for row in rows])
    return {"results": [shapes.row(row) for row in found], "next": None}


class Opening(Input):
    """What somebody sees, and which playbook fits; the rest is filled in."""

    seen = Text(max_length=2000)
    playbook = serializers.SlugField()
    severity = serializers.CharField(required=False, max_length=10)
    brand = serializers.SlugField(required=False)
    detected_at = Moment(required=False)
    first_signal_at = Moment(required=False, allow_null=True)
    origin_channel = Key(required=False)
    origin_url = serializers.CharField(required=False, allow_blank=True, max_length=500)
    languages = serializers.ListField(child=serializers.CharField(max_length=5), required=False)
    channels = serializers.ListField(child=Key(allow_blank=False), required=False)
    self_disclosed = serializers.BooleanField(required=False)
    is_restricted = serializers.BooleanField(required=False)
    title_language = Language(required=False)
    answers = serializers.DictField(
        child=serializers.ChoiceField(["yes", "no", "unknown"]),
        required=False,
        help_text="Answers to the playbook's questions, by their keys.",
    )


@write(
    "Open an incident",
    answer=shapes.IncidentHead,
    status=201,
    body=Opening,
    refuses=(
        "no_such_brand", "playbook_unknown", "title_missing", "severity_unknown", "link_invalid",
        "detected_in_future", "first_signal_after_detection", "language_unknown",
        "channel_unknown", "question_unknown",
    ),
)  # fmt: skip
def open_incident(call: Call) -> shapes.IncidentHead:
    """Copies the playbook's plan, starts its clocks from `detected_at` (now, unless given) and
    tells the team. Without a brand it is the only one the asker has."""
    brands = list(brands_visible_to(call.user))
    if "brand" in call.body:
        brands = [brand for brand in brands if brand.key == call.body["brand"]]
    if len(brands) != 1:
        raise Invalid("no_such_brand", field="brand")
    found = published_playbook(call.user, call.body["playbook"], brand_id=brands[0].pk)
    if found is None:
        raise Invalid("playbook_unknown", field="playbook")
    told = call.given(
        "first_signal_at", "origin_channel", "origin_url", "self_disclosed", "is_restricted",
        "title_language",
    )  # fmt: skip
    incident = opening.open_incident(
        opening.Opening(
            seen=call.body["seen"],
            brand_id=brands[0].pk,
            revision=found.revision,
            severity=call.body.get("severity") or parse(found.revision).default_severity,
            detected_at=call.body.get("detected_at") or call.at,
            languages=tuple(call.body.get("languages", ())),
            channels=tuple(call.body.get("channels", ())),
            answers=answers_given(call.body.get("answers", {})),
            **told,
        ),
        actor=call.actor,
        at=call.at,
    )
    return _head(call, incident)


@read("Read an incident", answer=shapes.IncidentHead)
def get_incident(call: Call, reference: str) -> shapes.IncidentHead:
    """The head of the room: state, times, people, plan, and what the asker may do here."""
    return shapes.head(call.incident(reference), call.actor, at=call.at)


@read("List the possible steps", answer=shapes.Transition, many=True)
def list_transitions(call: Call, reference: str) -> Page:
    """The statuses that can follow, each with what stands in the way."""
    incident = call.incident(reference)
    found = []
    for to in transitions.ALLOWED[Status(incident.status)]:
        reasons = [reason.as_dict() for reason in transitions.can_move_to(incident, to)]
        found.append(
            {
                "to": str(to),
                "label": word("status", to),
                "is_open": not any(reason["blocks"] for reason in reasons),
                "reasons": [reason_shape(reason) for reason in reasons],
            }
        )
    return {"results": found, "next": None}


@read("Read the six figures", answer=review.FigureList)
def get_figures(call: Call, reference: str) -> review.FigureList:
    """How well the response goes: value, target and outcome of each figure."""
    return review.figures(metrics.of_incident(call.incident(reference), at=call.at))


class StatusChange(Input):
    """The next status, and the one that was seen."""

    to = serializers.ChoiceField(Status.choices)
    expected = serializers.ChoiceField(Status.choices, required=False)
    note = Text(required=False, max_length=2000)


@write(
    "Change the status",
    answer=shapes.IncidentHead,
    body=StatusChange,
    refuses=(
        "transition_not_allowed", "not_ready", "reopen_needs_reason", "cancel_needs_reason",
    ),
    stale=("status_changed",),
)  # fmt: skip
def change_status(call: Call, reference: str) -> shapes.IncidentHead:
    """Moves along the table of steps; with `expected`, only from the status that was seen."""
    incident = lifecycle.change_status(
        incident_id=call.incident_id(reference),
        to=Status(call.body["to"]),
        actor=call.actor,
        at=call.at,
        **call.given("expected", "note"),
    )
    return _head(call, incident)


class SeverityChange(Input):
    """The new severity, and the one that was seen."""

    to = serializers.CharField(max_length=10)
    expected = serializers.ChoiceField(Severity.choices, required=False)
    reason = Text(required=False, max_length=2000)


@write(
    "Change the severity",
    answer=shapes.IncidentHead,
    body=SeverityChange,
    refuses=(ENDED, "severity_unknown", "reason_missing"),
    stale=("severity_changed",),
)
def change_severity(call: Call, reference: str) -> shapes.IncidentHead:
    """Running clocks are planned anew; a reason may be left out when raising."""
    incident = lifecycle.change_severity(
        incident_id=call.incident_id(reference),
        to=call.body["to"],
        actor=call.actor,
        at=call.at,
        **call.given("expected", "reason"),
    )
    return _head(call, incident)


class TitleChange(Versioned):
    """The new title."""

    title = Text(max_length=2000)


@write(
    "Change the title",
    answer=shapes.IncidentHead,
    body=TitleChange,
    refuses=(ENDED, "title_missing"),
    stale=("stale",),
    versioned=True,
)
def change_title(call: Call, reference: str) -> shapes.IncidentHead:
    """The language of the title follows its letters."""
    incident = call.incident(reference)
    changed = lifecycle.change_title(
        incident_id=incident.pk,
        title=call.body["title"],
        version=call.version(incident),
        actor=call.actor,
        at=call.at,
    )
    return _head(call, changed)


class Cancelling(Input):
    """Why it is no incident."""

    reason = serializers.ChoiceField(CancelReason.choices)
    line = Text(max_length=2000)
    same_matter_as = serializers.CharField(required=False, max_length=20)


@write(
    "End as a false alarm or as the same matter",
    answer=shapes.IncidentHead,
    body=Cancelling,
    refuses=(
        "transition_not_allowed", "line_missing_cancel", "same_matter_missing",
        "same_matter_itself",
    ),
)  # fmt: skip
def cancel_incident(call: Call, reference: str) -> shapes.IncidentHead:
    """Needs one line and no post-mortem. The notes and evidence of a duplicate are linked to the
    incident it belongs to (`same_matter_as`, a reference)."""
    other = call.body.get("same_matter_as")
    incident = lifecycle.cancel_incident(
        incident_id=call.incident_id(reference),
        reason=CancelReason(call.body["reason"]),
        line=call.body["line"],
        same_matter_as=call.incident_id(other) if other else None,
        actor=call.actor,
        at=call.at,
    )
    return _head(call, incident)


class Reopening(Input):
    """Why work goes on."""

    reason = Text(max_length=2000)


@write(
    "Open again",
    answer=shapes.IncidentHead,
    body=Reopening,
    refuses=("not_ended", "reason_missing"),
)
def reopen_incident(call: Call, reference: str) -> shapes.IncidentHead:
    """Work goes on after resolving, closing or cancelling."""
    incident = lifecycle.reopen_incident(
        incident_id=call.incident_id(reference),
        reason=call.body["reason"],
        actor=call.actor,
        at=call.at,
    )
    return _head(call, incident)


class Joining(Input):
    """What was seen again."""

    seen = Text(max_length=2000)


@write(
    "Join instead of opening",
    answer=shapes.IncidentHead,
    body=Joining,
    refuses=(ENDED, "title_missing"),
)
def join_incident(call: Call, reference: str) -> shapes.IncidentHead:
    """Brings what was seen to an incident that is open already."""
    incident = opening.join_incident(
        incident_id=call.incident_id(reference),
        seen=call.body["seen"],
        actor=call.actor,
        at=call.at,
    )
    return _head(call, incident)


class ClosingLine(Versioned):
    """What it was."""

    line = Text(max_length=2000)


@write(
    "Keep the closing line",
    answer=shapes.IncidentHead,
    body=ClosingLine,
    refuses=("line_missing",),
    stale=("stale",),
    versioned=True,
)
def set_closing_line(call: Call, reference: str) -> shapes.IncidentHead:
    """The one line that a SEV4 incident closes with."""
    incident = call.incident(reference)
    kept = lifecycle.set_closing_line(
        incident_id=incident.pk,
        line=call.body["line"],
        version=call.version(incident),
        actor=call.actor,
        at=call.at,
    )
    return _head(call, kept)


def _head(call: Call, incident: Incident) -> Any:
    """Answer with the incident as the database has it after the command."""
    incident.refresh_from_db()
    return shapes.head(incident, call.actor, at=call.at)


ROUTES = {
    "incidents/": endpoint(get=list_incidents, post=open_incident),
    "incidents/recent/": endpoint(get=list_recent_incidents),
    "incidents/<str:reference>/": endpoint(get=get_incident),
    "incidents/<str:reference>/transitions/": endpoint(get=list_transitions),
    "incidents/<str:reference>/figures/": endpoint(get=get_figures),
    "incidents/<str:reference>/status/": endpoint(post=change_status),
    "incidents/<str:reference>/severity/": endpoint(post=change_severity),
    "incidents/<str:reference>/title/": endpoint(put=change_title),
    "incidents/<str:reference>/cancel/": endpoint(post=cancel_incident),
    "incidents/<str:reference>/reopen/": endpoint(post=reopen_incident),
    "incidents/<str:reference>/join/": endpoint(post=join_incident),
    "incidents/<str:reference>/closing-line/": endpoint(put=set_closing_line),
}
