"""A stale save: what was typed and what stands, side by side, so that no edit is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.forms import BaseForm
    from django.http import QueryDict


@dataclass(frozen=True)
class Difference:
    """One field that two people left differently."""

    label: str
    typed: str
    stands: str


def differences(form: BaseForm, stands: dict[str, Any]) -> list[Difference]:
    """Return every visible field in which the form as typed differs from the row as it stands."""
    found = []
    for field in form.visible_fields():
        typed, kept = _plain(field.value()), _plain(stands.get(field.name))
        if typed != kept:
            found.append(Difference(str(field.label), typed, kept))
    return found


def with_version(data: Any, version: int) -> QueryDict:
    """Return what was typed with the version that stands, so that saving it again is a decision and
    no accident."""
    again: QueryDict = data.copy()
    again["version"] = str(version)
    return again


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(str(part) for part in value)
    return str(value).replace("\r\n", "\n").strip()
