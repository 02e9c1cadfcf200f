"""Finding incidents in any script."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crisisdesk.core.languages import search_forms
from crisisdesk.incidents.queries.listing import ListFilters, Row, page

if TYPE_CHECKING:
    from crisisdesk.organisation.models import User


def search(user: User, words: str, limit: int = 10) -> list[Row]:
    """Return the newest incidents the person may see whose reference, title or brand hold all the
    words."""
    if not search_forms(words):
        return []
    return page(user, ListFilters(words=words), limit=limit).rows
