"""The room: now, checklists, timeline and what is pressed there."""

from __future__ import annotations

from django.urls import URLPattern, path

from crisisdesk.web.views.room import (
    alarms,
    changes,
    checklists,
    files,
    newer,
    now,
    promises,
    regulators,
    screening,
    small,
    strategy,
    timeline,
    told,
)

_ROOM = "incidents/<str:reference>"
_ITEM = f"{_ROOM}/items/<int:item_id>"

urlpatterns: list[URLPattern] = [
    path(f"{_ROOM}/", now.now, name="incident"),
    path(f"{_ROOM}/head/", now.head, name="incident-head"),
    path(f"{_ROOM}/news/", now.news, name="incident-news"),
    path(f"{_ROOM}/write/", now.write, name="incident-write"),
    path(f"{_ROOM}/checklists/", checklists.checklists, name="incident-checklists"),
    path(f"{_ROOM}/newer/", newer.newer, name="newer-revision"),
    path(f"{_ROOM}/newer/take-over/", newer.take_over, name="take-over"),
    path(f"{_ROOM}/items/assign/", checklists.assign_many, name="items-assign"),
    path(f"{_ITEM}/", checklists.item, name="item"),
    path(f"{_ITEM}/tick/", checklists.tick, name="item-tick"),
    path(f"{_ITEM}/undo/", checklists.undo, name="item-undo"),
    path(f"{_ITEM}/skip/", checklists.skip, name="item-skip"),
    path(f"{_ITEM}/assign/", checklists.assign, name="item-assign"),
    path(f"{_ITEM}/evidence/", checklists.attach, name="item-attach"),
    path(f"{_ROOM}/evidence/<int:evidence_id>/", files.evidence, name="evidence"),
    path(f"{_ROOM}/timeline/", timeline.timeline, name="incident-timeline"),
    path(f"{_ROOM}/timeline/<int:number>/", timeline.amend, name="event-amend"),
    path(f"{_ROOM}/timeline/<int:number>/told/", told.event, name="event-told"),
    path(f"{_ROOM}/status/", changes.status, name="incident-status"),
    path(f"{_ROOM}/severity/", changes.severity, name="incident-severity"),
    path(f"{_ROOM}/title/", changes.title, name="incident-title"),
    path(f"{_ROOM}/reach/", screening.reach, name="incident-reach"),
    path(f"{_ROOM}/screening/<int:screening_id>/", screening.answer, name="screening"),
    path(f"{_ROOM}/cancel/", changes.cancel, name="incident-cancel"),
    path(f"{_ROOM}/reopen/", changes.reopen, name="incident-reopen"),
    path(f"{_ROOM}/restrict/", changes.restrict, name="incident-restrict"),
    path(f"{_ROOM}/roles/", small.role, name="incident-role"),
    path(f"{_ROOM}/facts/<int:fact_id>/", small.fact, name="fact"),
    path(f"{_ROOM}/questions/<int:question_id>/", small.question, name="question"),
    path(f"{_ROOM}/promises/", promises.promise, name="promise"),
    path(f"{_ROOM}/promises/<int:commitment_id>/", promises.kept, name="promise-kept"),
    path(f"{_ROOM}/regulators/", regulators.regulators, name="regulators"),
    path(f"{_ROOM}/regulators/add/", regulators.add, name="regulator-add"),
    path(f"{_ROOM}/regulators/<int:clock_id>/", regulators.answer, name="regulator-answer"),
    path(f"{_ROOM}/regulators/<int:clock_id>/notices/", regulators.notice, name="regulator-notice"),
    path(f"{_ROOM}/strategy/", strategy.strategy, name="incident-strategy"),
    path(f"{_ROOM}/deadlines/", promises.deadlines, name="incident-deadlines"),
    path(f"{_ROOM}/deadlines/<int:deadline_id>/", alarms.deadline, name="deadline"),
    path(f"{_ROOM}/update/", alarms.update, name="incident-update"),
    path(f"{_ROOM}/deadlines/<int:deadline_id>/told/", told.deadline, name="deadline-told"),
]
