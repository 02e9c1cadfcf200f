"""The room of reports: reads everything, writes only what it has drawn."""

from __future__ import annotations

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """The report on an incident, as PDF, in three languages."""

    name = "crisisdesk.reports"
    label = "reports"
