"""How an incident's news reads in mail and inbox, and who may still see it: what the registry below asks of us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext

from crisisdesk.core.formats import zone_name
from crisisdesk.incidents.domain import because
from crisisdesk.incidents.domain.sentences import in_language, sentence
from crisisdesk.incidents.enums import DeadlineKind, DeadlineState, EventKind
from crisisdesk.incidents.models import Deadline
from crisisdesk.incidents.queries.visibility import (
    may_see,
    may_see_many,
    restricted_among,
    visible_ids,
)
from crisisdesk.notifications import registry
from crisisdesk.notifications.rules.bidi import isolate

if TYPE_CHECKING:
    from crisisdesk.notifications.models import Notification

_APPROVALS = {EventKind.APPROVAL_REQUESTED, EventKind.DEPUTY_ASKED}
# Clocks of the plan that words meet, and those that ticking an item meets.
_SAID = {
    DeadlineKind.ACKNOWLEDGEMENT,
    DeadlineKind.HOLDING,
    DeadlineKind.UPDATE,
    DeadlineKind.CORRECTION,
    DeadlineKind.INTERNAL_NOTE,
}
_TICKED = {DeadlineKind.ACTIVATION, DeadlineKind.POSTS_PAUSED, DeadlineKind.FAKE_REPORT}


def register() -> None:
    """Answer for the topic "incident" from now on."""
    registry.register(
        "incident",
        may_see=may_see,
        render=render,
        may_see_many=may_see_many,
        visible=visible_ids,
        hushed=restricted_among,
        explain=because.explain,
        over=over,
    )


def over(rows: Sequence[Notification]) -> set[int]:
    """Return the numbers of those reminders whose deadline was met, moved or let go since; one query."""
    asked = {
        row.pk: row.data for row in rows if row.kind in because.ALARMS and "due_at" in row.data
    }
    deadlines = {data["deadline"] for data in asked.values()}
    running = Deadline.objects.filter(pk__in=deadlines, state=DeadlineState.RUNNING)
    due = dict(running.values_list("pk", "due_at")) if deadlines else {}
    return {
        pk
        for pk, data in asked.items()
        if due.get(data["deadline"]) != datetime.fromisoformat(data["due_at"])
    }


def render(
    *, kind: str, data: dict[str, Any], topic_id: int, language: str, zone: str
) -> registry.Rendered:
    """Return one piece of news: what happened, what to do, by when, one button. Runs no query; reader's
    language active."""
    said = sentence(kind, data)
    severity = str(data.get("severity", "")).upper()
    path, action = _way(kind, data)
    who = in_language(data.get("actor"))
    lines = [isolate(str(data.get("title", "")))]
    if who:
        lines.append(gettext("By %(name)s") % {"name": isolate(who)})
    return registry.Rendered(
        subject=f"{data['reference']} · {severity} · {said}",
        headline=said,
        lines=tuple(lines),
        action_label=action,
        path=path,
        due_line=due_line(data, zone),
        silence_path=f"/incidents/{data['reference']}/deadlines/{data['deadline']}/"
        if kind in because.ALARMS
        else "",
        bare=str(data["reference"]),
        about=f"{data['reference']} · {isolate(str(data.get('title', '')))}",
    )


def _way(kind: str, data: dict[str, Any]) -> tuple[str, str]:
    """Return the page that meets it, and the words on the one button."""
    room = f"/incidents/{data['reference']}/"
    if kind in _APPROVALS:
        return f"{room}approve/{data['revision_id']}/", gettext("Read the words")
    if kind in because.ALARMS:
        return way_to_subject(room, data)
    if kind == EventKind.REMINDERS_STOPPED:
        return f"{room}deadlines/{data['deadline']}/", gettext("Open the deadline")
    if kind in (EventKind.UPDATE_REQUESTED, EventKind.UPDATE_ANSWERED):
        return f"{room}update/", (
            gettext("Answer the request")
            if kind == EventKind.UPDATE_REQUESTED
            else gettext("Read the update")
        )
    if kind == EventKind.HANDOVER_OFFERED:
        return f"{room}handover/{data['handover']}/", gettext("Open the hand-over page")
    if kind == EventKind.WATCH_CHANGED:
        return f"{room}handover/", gettext("Open the hand-over page")
    if kind in (
        EventKind.STATEMENT_APPROVED,
        EventKind.STATEMENT_SENT_BACK,
        EventKind.STATEMENT_TAKEN_BACK,
        EventKind.PHONE_APPROVAL_RECORDED,
    ):
        return f"{room}statements/{data['statement']}/", gettext("Open the statement")
    if kind in (EventKind.ITEM_ASSIGNED,):
        return f"{room}checklists/#item-{data['item']}", gettext("Open the checklist")
    if kind == EventKind.ITEMS_TAKEN_OVER:
        return f"{room}checklists/", gettext("Open the checklist")
    if kind in (EventKind.POSTMORTEM_FINALISED, EventKind.ACTION_ITEM_ADDED):
        return f"{room}report/", gettext("Open the report")
    return room, gettext("Open the incident")


def way_to_subject(room: str, data: dict[str, Any]) -> tuple[str, str]:
    """Return the page where a deadline is met, and the words on its button; `data` as reminders keep it."""
    subject, pk = (data.get("subject") or ["incident", 0])[:2]
    kind = data.get("kind")
    if subject == "item":
        return f"{room}checklists/#item-{pk}", gettext("Open the checklist")
    if subject == "revision":
        return f"{room}approve/{pk}/", gettext("Read the words")
    if subject == "regulator":
        return f"{room}regulators/#regulator-{pk}", gettext("Open the notice")
    if subject in ("question", "closing_line"):
        return f"{room}questions/{pk}/", gettext("Open the question")
    if subject == "request":
        return f"{room}update/", gettext("Answer the request")
    if subject == "publication":
        return f"{room}publications/{pk}/link/", gettext("Add the link")
    if subject == "commitment":
        return f"{room}#promise-{pk}", gettext("Open the promise")
    if subject == "action" or kind == "postmortem":
        return f"{room}report/", gettext("Open the report")
    if subject in ("language", "approval", "override") or kind in _SAID:
        return f"{room}statements/", gettext("Open the statements")
    if kind in _TICKED:
        return f"{room}checklists/", gettext("Open the checklist")
    if kind == DeadlineKind.COMPLAINT_REPLY:
        return f"{room}#now-questions", gettext("Open the questions")
    return room, gettext("Open the incident")


def due_line(data: dict[str, Any], zone: str) -> str:
    """Return by when it is due, in the reader's zone; "" for what has no time."""
    if not data.get("due_at"):
        return ""
    local = datetime.fromisoformat(data["due_at"]).astimezone(ZoneInfo(zone))
    return gettext("Due %(date)s, %(time)s, %(zone)s") % {
        "date": date_format(local, "j F"),
        "time": f"{local:%H:%M}",
        "zone": zone_name(ZoneInfo(zone), local),
    }
