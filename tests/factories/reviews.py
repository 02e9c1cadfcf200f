"""Review dates as the desk makes and moves them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from crisisdesk.organisation.models import Brand, User
from playbooks.domain.review_dates import date_missing
from playbooks.domain.reviews import mark_reviewed
from playbooks.models import ReviewDate
from tests.factories.organisation import NOON, web

# The morning on which what was published at noon today comes due.
DUE = NOON.replace(hour=5) + timedelta(days=90)


def dated(at: datetime = NOON) -> None:
    """Give dates to all that has none, as the sweep does."""
    date_missing(at=at)


def rows(brand: Brand, **asked: Any) -> dict[str, ReviewDate]:
    """Return the brand's dates of one playbook by statement key."""
    found = ReviewDate.objects.filter(brand=brand, **asked)
    return {row.statement_key: row for row in found.select_related("owner", "reviewed_by")}


def seen(*parts: ReviewDate) -> dict[int, int]:
    """Return what a person's screen knows of these parts."""
    return {part.pk: part.version for part in parts}


def review(who: User, *parts: ReviewDate, at: datetime = NOON) -> list[ReviewDate]:
    """Say that these parts are still right."""
    return mark_reviewed(seen=seen(*parts), actor=web(who), at=at)


def everything() -> list[dict[str, Any]]:
    """Return every date as it stands."""
    return list(ReviewDate.objects.order_by("pk").values())
