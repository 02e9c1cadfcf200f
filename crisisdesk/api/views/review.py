"""Looking back: the post-mortem, what will be done, and the reports."""

from __future__ import annotations

from django.http import HttpResponseBase
from rest_framework import serializers

from crisisdesk.api.downloads import attachment
from crisisdesk.api.inputs import Id, Input, Language, Paged, Text, Versioned
from crisisdesk.api.operations import Call, Page, endpoint, read, write
from crisisdesk.api.paging import newest_first
from crisisdesk.api.shapes import review as shapes
from crisisdesk.core.errors import NotVisible
from crisisdesk.incidents.domain import reviewing
from crisisdesk.incidents.models import ActionItem, Postmortem
from crisisdesk.reports.domain import rendering
from crisisdesk.reports.enums import ReportKind
from crisisdesk.reports.models import RenderedReport
from crisisdesk.reports.queries import visibility as reports


@read("Read the post-mortem", answer=shapes.PostmortemShape)
def get_postmortem(call: Call, reference: str) -> shapes.PostmortemShape:
    """Version 0 is one that nobody has written yet."""
    incident = call.incident(reference)
    return shapes.postmortem(Postmortem.objects.filter(incident=incident).first(), incident)


class PostmortemSaved(Versioned):
    """What is written so far; what is left out stays."""

    language = Language(required=False)
    verdict = Text(required=False)
    summary = Text(required=False)
    cause = Text(required=False)
    cause_known = serializers.BooleanField(required=False)
    affected = Text(required=False)
    affected_known = serializers.BooleanField(required=False)
    business_effect = Text(required=False)
    business_effect_known = serializers.BooleanField(required=False)
    went_well = Text(required=False)
    went_badly = Text(required=False)
    what_could_return = Text(required=False)
    decisions_asked = Text(required=False)
    changes = Text(required=False)
    lessons = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, max_length=50
    )


@write(
    "Save the post-mortem",
    answer=shapes.PostmortemShape,
    body=PostmortemSaved,
    refuses=("text_too_long", "lesson_unknown"),
    stale=("stale",),
    versioned=True,
)
def save_postmortem(call: Call, reference: str) -> shapes.PostmortemShape:
    """A final one becomes a draft of the next edition. The first save has version 0."""
    incident = call.incident(reference)
    row = reviewing.save_postmortem(
        incident_id=incident.pk,
        fields={name: value for name, value in call.body.items() if name != "version"},
        version=call.version(_postmortem(incident.pk)),
        actor=call.actor,
        at=call.at,
    )
    return shapes.postmortem(row)


@write(
    "Sign the post-mortem",
    answer=shapes.PostmortemShape,
    body=Versioned,
    refuses=("postmortem_incomplete",),
    stale=("stale",),
    versioned=True,
)
def finalise_postmortem(call: Call, reference: str) -> shapes.PostmortemShape:
    """The lead makes it final: a new edition. What is missing comes as reasons."""
    incident_id = call.incident_id(reference)
    row = reviewing.finalise_postmortem(
        incident_id=incident_id,
        version=call.version(_postmortem(incident_id)),
        actor=call.actor,
        at=call.at,
    )
    return shapes.postmortem(row)


def _postmortem(incident_id: int) -> Postmortem | None:
    return Postmortem.objects.filter(incident=incident_id).first()


@read("List actions", answer=shapes.Action, many=True, query=Paged)
def list_actions(call: Call, reference: str) -> Page:
    """What will be done so that it does not return, the newest first."""
    rows = ActionItem.objects.filter(incident=call.incident_id(reference))
    found, following = newest_first(rows, call.query)
    return {"results": shapes.actions(found), "next": following}


class ActionAdded(Input):
    """What, by whom, by which day in the brand's zone."""

    text = Text()
    owner = Id()
    due_date = serializers.DateField()
    is_prevention = serializers.BooleanField(required=False)


@write(
    "Add an action",
    answer=shapes.Action,
    status=201,
    body=ActionAdded,
    refuses=(
        "text_missing", "text_too_long", "no_such_person", "person_not_of_brand", "due_in_past",
    ),
)  # fmt: skip
def add_action(call: Call, reference: str) -> shapes.Action:
    """It is a deadline too."""
    incident_id = call.incident_id(reference)
    row = reviewing.add_action_item(
        incident_id=incident_id,
        text=call.body["text"],
        owner=call.somebody(call.body["owner"], name="owner"),
        due_date=call.body["due_date"],
        actor=call.actor,
        at=call.at,
        **call.given("is_prevention"),
    )
    return shapes.actions([row])[0]


@read("Read an action", answer=shapes.Action)
def get_action(call: Call, reference: str, action_id: int) -> shapes.Action:
    """With its version, for finishing it."""
    return shapes.actions([call.child(ActionItem.objects.all(), reference, action_id)])[0]


@write(
    "Finish an action",
    answer=shapes.Action,
    body=Versioned,
    refuses=("already_done",),
    stale=("stale",),
    versioned=True,
)
def finish_action(call: Call, reference: str, action_id: int) -> shapes.Action:
    """Its owner, or anyone who works on the incident."""
    row = call.child(ActionItem.objects.all(), reference, action_id)
    done = reviewing.finish_action_item(
        action_id=row.pk, version=call.version(row), actor=call.actor, at=call.at
    )
    return shapes.actions([done])[0]


@read("List reports", answer=shapes.Report, many=True, query=Paged)
def list_reports(call: Call, reference: str) -> Page:
    """What was asked for, the newest first."""
    incident_id = call.incident_id(reference)
    rows = reports.visible_to(call.user).filter(incident=incident_id)
    found, following = newest_first(rows, call.query)
    return {"results": shapes.reports(found), "next": following}


class ReportAsked(Input):
    """Which report, in which language."""

    language = Language()
    kind = serializers.ChoiceField(ReportKind.choices, required=False)


@write(
    "Ask for a report",
    answer=shapes.Report,
    status=202,
    body=ReportAsked,
    throttle="30/min",
)
def request_report(call: Call, reference: str) -> shapes.Report:
    """Drawn by a worker; ask for it again until its state is `done`. The same report of the same
    moment is made once."""
    row = rendering.request_report(
        incident_id=call.incident_id(reference),
        actor=call.actor,
        at=call.at,
        **call.body,
    )
    return shapes.reports([row])[0]


@read("Read a report's state", answer=shapes.Report)
def get_report(call: Call, reference: str, report_id: int) -> shapes.Report:
    """Ready once its state is `done`."""
    return shapes.reports([_report(call, reference, report_id)])[0]


@read("Download a report", file="application/pdf")
def download_report(call: Call, reference: str, report_id: int) -> HttpResponseBase:
    """The PDF as an attachment; 404 until it is done."""
    row = _report(call, reference, report_id)
    if row.file is None:
        raise NotVisible
    return attachment(row.file, row.file_name)


def _report(call: Call, reference: str, report_id: int) -> RenderedReport:
    rows = reports.visible_to(call.user).filter(pk=report_id, incident__reference=reference)
    found = rows.first()
    if found is None:
        raise NotVisible
    return found


_INCIDENT = "incidents/<str:reference>/"
_ACTION = f"{_INCIDENT}actions/<int:action_id>/"
_REPORT = f"{_INCIDENT}reports/<int:report_id>/"
ROUTES = {
    f"{_INCIDENT}postmortem/": endpoint(get=get_postmortem, put=save_postmortem),
    f"{_INCIDENT}postmortem/finalise/": endpoint(post=finalise_postmortem),
    f"{_INCIDENT}actions/": endpoint(get=list_actions, post=add_action),
    _ACTION: endpoint(get=get_action),
    f"{_ACTION}finish/": endpoint(post=finish_action),
    f"{_INCIDENT}reports/": endpoint(get=list_reports, post=request_report),
    _REPORT: endpoint(get=get_report),
    f"{_REPORT}file/": endpoint(get=download_report),
}
