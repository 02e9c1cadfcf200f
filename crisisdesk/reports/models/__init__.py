"""Models of the reports."""

from crisisdesk.reports.models.rendered_report import RenderedReport

__all__ = ["RenderedReport"]
