"""Lists by their numbers, newest first, without counting."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model

from crisisdesk.core.errors import Invalid

if TYPE_CHECKING:
    from django.db.models import QuerySet

Row = TypeVar("Row", bound=Model)
_CURSOR = re.compile(r"before-([0-9]{1,18})")


def newest_first(rows: QuerySet[Row], query: dict[str, Any]) -> tuple[list[Row], str | None]:
    """Return the rows of one page and the cursor of the next; raises as place_of()."""
    before, limit = place_of(query["cursor"]), query["limit"]
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: limit + 1])
    more = len(found) > limit
    return found[:limit], cursor_at(found[limit - 1].pk) if more else None


def place_of(cursor: str) -> int | None:
    """Return the number that a page ended with; Invalid("cursor_wrong") for what is no cursor."""
    if not cursor:
        return None
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise Invalid("cursor_wrong", field="cursor")
    return int(found[1])


def cursor_at(number: int) -> str:
    """Return the cursor of the page that follows this number."""
    return f"before-{number}"
