"""Duties to tell an authority are brought in line with their file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playbooks.domain.loading_rows import write_row
from playbooks.models import Regulator

if TYPE_CHECKING:
    from playbooks.domain.shelf_files import ShelfFiles


def load_regulators(shelf: ShelfFiles) -> int:
    """Write the duties, and unlist those that have left the file; return how many changed."""
    if shelf.regulators is None:
        return 0
    found = {regulator.key: regulator for regulator in Regulator.objects.select_for_update()}
    rows = shelf.rows(shelf.regulators, "regulators")
    written = 0
    for position, row in enumerate(rows):
        values = {
            "content": {name: value for name, value in row.items() if name != "key"},
            "is_listed": True,
            "position": position,
        }
        written += write_row(Regulator, found.get(row["key"]), row["key"], values)
    gone = Regulator.objects.filter(is_listed=True).exclude(key__in=[row["key"] for row in rows])
    return written + gone.update(is_listed=False)
