"""One row of the shelf is brought in line with its file."""

from __future__ import annotations

from typing import Any

from playbooks.models import Lesson, Regulator, Source


def write_row(
    model: type[Source] | type[Lesson] | type[Regulator],
    row: Source | Lesson | Regulator | None,
    key: str,
    values: dict[str, Any],
) -> int:
    """Create the row or bring it in line; return whether anything was written."""
    if row is None:
        model._default_manager.create(key=key, **values)
        return 1
    if all(getattr(row, name) == value for name, value in values.items()):
        return 0
    return model._default_manager.filter(pk=row.pk).update(**values)
