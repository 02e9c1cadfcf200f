"""Plans of announcements."""

from __future__ import annotations

from django.urls import path

from crisisdesk.web.views.plans import pages, rows

_PLAN = "plans/<int:pk>"

urlpatterns = [
    path("plans/", pages.plans, name="plans"),
    path("plans/new/", pages.plan_new, name="plan-new"),
    path(f"{_PLAN}/", pages.plan, name="plan"),
    path(f"{_PLAN}/change/", pages.plan_change, name="plan-change"),
    path(f"{_PLAN}/announce/", pages.announce, name="plan-announce"),
    path(f"{_PLAN}/drop/", pages.drop, name="plan-drop"),
    path(f"{_PLAN}/points/", rows.add_point, name="plan-point-add"),
    path(f"{_PLAN}/points/<int:point_id>/", rows.point, name="plan-point"),
    path(f"{_PLAN}/points/<int:point_id>/<str:language>/", rows.answer, name="plan-answer"),
    path(f"{_PLAN}/statements/<slug:key>/<str:language>/", rows.statement, name="plan-statement"),
    path(f"{_PLAN}/duty/", rows.add_duty, name="plan-duty-add"),
    path(f"{_PLAN}/duty/<int:duty_id>/remove/", rows.remove_duty, name="plan-duty-remove"),
    path(f"{_PLAN}/reached/", rows.reached, name="plan-reached"),
]
