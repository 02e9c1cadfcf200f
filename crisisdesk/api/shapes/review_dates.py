"""By when the parts of playbooks are read again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict

from crisisdesk.api.shapes.people import Person, person
from crisisdesk.incidents.queries.listing import names_of

if TYPE_CHECKING:
    from playbooks.models import ReviewDate


class ReviewDateShape(TypedDict):
    """The day by which a brand reads one part of a playbook again: `statement` is null for the plan itself, `owner` is
    null where all PR leads of the brand have it. It is due from `due_at` on."""

    id: int
    playbook: str
    own: bool
    brand: str
    statement: str | None
    label: dict[str, str]
    started_at: datetime
    review_by: date
    due_at: datetime
    owner: Person | None
    reviewed_by: Person | None
    reviewed_at: datetime | None
    version: int


def review_dates(rows: Sequence[ReviewDate]) -> list[ReviewDateShape]:
    """Return dates; the rows come with their playbook and brand."""
    names = names_of(pk for row in rows for pk in (row.owner_id, row.reviewed_by_id))
    return [
        {
            "id": row.pk,
            "playbook": row.playbook.slug,
            "own": row.playbook.brand_id is not None,
            "brand": row.brand.key,
            "statement": row.statement_key or None,
            "label": row.label,
            "started_at": row.started_at,
            "review_by": row.review_by,
            "due_at": row.due_at,
            "owner": person(names, row.owner_id),
            "reviewed_by": person(names, row.reviewed_by_id),
            "reviewed_at": row.reviewed_at,
            "version": row.version,
        }
        for row in rows
    ]


def review_date(row: ReviewDate) -> ReviewDateShape:
    """Return one date."""
    return review_dates([row])[0]
