"""Statements: editing, approving, posting."""

from __future__ import annotations

from django.urls import URLPattern, path

from crisisdesk.web.views.words import approve, board, editor, override, phone, posting

_ROOM = "incidents/<str:reference>"
_STATEMENT = f"{_ROOM}/statements/<int:statement_id>"
_WORDS = f"{_STATEMENT}/<str:language>"
_APPROVE = f"{_ROOM}/approve/<int:revision_id>"
_POST = f"{_ROOM}/post/<int:revision_id>/<slug:channel>"
_OUT = f"{_ROOM}/publications/<int:publication_id>"

urlpatterns: list[URLPattern] = [
    path(f"{_ROOM}/statements/", board.board, name="incident-statements"),
    path(f"{_ROOM}/statements/new/", board.new, name="statement-new"),
    path(f"{_STATEMENT}/", editor.statement, name="statement"),
    path(f"{_WORDS}/save/", editor.save, name="statement-save"),
    path(f"{_WORDS}/look/", editor.look, name="statement-look"),
    path(f"{_WORDS}/submit/", editor.submit, name="statement-submit"),
    path(f"{_WORDS}/plan/", editor.plan, name="statement-plan"),
    path(f"{_APPROVE}/", approve.approve, name="approve"),
    path(f"{_APPROVE}/back/", approve.send_back, name="send-back"),
    path(f"{_APPROVE}/take-back/", approve.take_back, name="take-back"),
    path(f"{_APPROVE}/phone/", phone.by_phone, name="phone-approval"),
    path(f"{_APPROVE}/confirm/", phone.confirm, name="phone-confirm"),
    path(f"{_APPROVE}/chase/", phone.chase, name="chase-approver"),
    path(f"{_POST}/", posting.post, name="post"),
    path(f"{_POST}/claim/", posting.claim, name="post-claim"),
    path(f"{_POST}/release/", posting.release, name="post-release"),
    path(f"{_POST}/override/", override.override, name="post-override"),
    path(f"{_OUT}/link/", posting.add_link, name="publication-link"),
    path(f"{_OUT}/review/", override.review, name="override-review"),
]
