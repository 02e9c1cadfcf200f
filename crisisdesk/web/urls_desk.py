"""My desk, lists, search, opening, playbooks, inbox."""

from __future__ import annotations

from django.urls import path

from crisisdesk.web.views.desk import (
    deadlines,
    inbox,
    incidents,
    my_desk,
    opening,
    search,
    shelf,
)
from crisisdesk.web.views.shelf import editor, exchange, history, lessons, starting

urlpatterns = [
    path("", my_desk.my_desk, name="desk"),
    path("incidents/", incidents.incidents, name="incidents"),
    path("deadlines/", deadlines.deadlines, name="deadlines"),
    path("incidents/open/", opening.open_page, name="incident-open"),
    path("incidents/<str:reference>/join/", opening.join, name="incident-join"),
    path("search/", search.search, name="search"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox-read-all"),
    path("inbox/<int:notification_id>/", inbox.open_item, name="inbox-open"),
    path("inbox/<int:notification_id>/why/", inbox.why, name="inbox-why"),
    path("playbooks/", shelf.playbooks, name="playbooks"),
    path("playbooks/lessons/", lessons.lessons, name="lessons"),
    path("playbooks/lessons/<slug:key>/", lessons.lesson, name="lesson"),
    path("playbooks/<slug:slug>/", shelf.playbook, name="playbook"),
    path("playbooks/own/new/", starting.new, name="playbook-new"),
    path("playbooks/own/<int:playbook_id>/", editor.edit, name="playbook-edit"),
    path("playbooks/own/<int:playbook_id>/save/", editor.save, name="playbook-save"),
    path("playbooks/own/<int:playbook_id>/rows/", editor.change_rows, name="playbook-rows"),
    path("playbooks/own/<int:playbook_id>/publish/", starting.publish, name="playbook-publish"),
    path("playbooks/own/<int:playbook_id>/discard/", starting.discard, name="playbook-discard"),
    path("playbooks/own/<int:playbook_id>/restore/", history.restore, name="playbook-restore"),
    path("playbooks/<slug:slug>/history/", history.history, name="playbook-history"),
    path("playbooks/own/import/", exchange.import_page, name="playbook-import"),
    path("playbooks/<slug:slug>/export/", exchange.export, name="playbook-export"),
    path("playbooks/<slug:slug>/sign/", shelf.sign, name="playbook-sign"),
    path("playbooks/<slug:slug>/review/", shelf.review, name="playbook-review"),
]
