"""The shelf is brought in line with its files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from crisisdesk.core.errors import DomainError, NotAllowed
from crisisdesk.organisation.domain.actors import Actor
from playbooks.domain.checking import check_shelf
from playbooks.domain.content import parse
from playbooks.domain.loading_lessons import load_lessons, load_sources
from playbooks.domain.loading_regulators import load_regulators
from playbooks.domain.revisions import add_revision, shown
from playbooks.domain.yaml_files import Fault
from playbooks.enums import PlaybookOrigin
from playbooks.models import Playbook
from playbooks.rules import may_load_shelf


class ShelfRefused(DomainError):
    """The files have faults; nothing was written."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("shelf_has_faults", count=len(faults))
        self.faults = faults


@dataclass(slots=True)
class LoadReport:
    """What loading did, by slug, and how many lessons and sources were written."""

    created: list[str] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    lessons: int = 0
    sources: int = 0
    regulators: int = 0


@transaction.atomic
def load_shelf(root: Path, *, actor: Actor, at: datetime) -> LoadReport:
    """Load sources, lessons and playbooks from a fixtures folder; loading the same files again
    changes nothing.

    Changed content becomes the next revision. A playbook whose folder is gone is unpublished; one
    written at the desk under the same slug is left alone: either it keeps the place of the shared
    one (`kept`) or it is a brand's own and both stand (`beside`). Raises ShelfRefused when the files
    have faults.
    """
    if not may_load_shelf(actor):
        raise NotAllowed("load_shelf_not_allowed")
    checked = check_shelf(root)
    if checked.errors:
        raise ShelfRefused(checked.errors)
    report = LoadReport()
    report.sources = load_sources(checked.shelf)
    report.lessons = load_lessons(checked.shelf)
    report.regulators = load_regulators(checked.shelf)
    found = {
        playbook.slug: playbook
        for playbook in Playbook.objects.select_for_update(of=("self",))
        .filter(brand__isnull=True)
        .order_by("pk")
    }
    for folder in checked.shelf.folders:
        _load_playbook(found.get(folder.slug), folder.content(), report, at=at)
    here = {folder.slug for folder in checked.shelf.folders}
    for playbook in found.values():
        if (
            playbook.origin == PlaybookOrigin.FILES
            and playbook.is_published
            and playbook.slug not in here
        ):
            Playbook.objects.filter(pk=playbook.pk).update(is_published=False)
            report.retired.append(playbook.slug)
    report.beside = [
        f"{slug} ({brand})"
        for slug, brand in Playbook.objects.filter(brand__isnull=False, slug__in=here)
        .order_by("slug", "brand__key")
        .values_list("slug", "brand__key")
    ]
    return report


def _load_playbook(
    playbook: Playbook | None, content: dict[str, Any], report: LoadReport, *, at: datetime
) -> None:
    parsed = parse(content)
    if playbook is not None and playbook.origin != PlaybookOrigin.FILES:
        report.kept.append(playbook.slug)
        return
    if playbook is None:
        playbook = Playbook.objects.create(
            slug=parsed.slug, origin=PlaybookOrigin.FILES, created_at=at, **shown(parsed)
        )
        report.created.append(parsed.slug)
    is_first = parsed.slug in report.created
    added = add_revision(playbook, content, at=at)
    if added is None:
        report.unchanged.append(parsed.slug)
    elif not is_first:
        report.revised.append(parsed.slug)
