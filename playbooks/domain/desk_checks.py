"""The rules of `load_playbooks --check`, held against what the desk itself knows: its channels, documents, lessons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crisisdesk.core.errors import DomainError
from crisisdesk.organisation.models import Channel, Membership
from playbooks.domain.checking import check_folder, sorted_faults
from playbooks.domain.checking_escalation import NO_BRAND, Reach
from playbooks.domain.checking_structure import Known
from playbooks.domain.checking_words import ChannelLimit
from playbooks.domain.shelf_files import Folder, folder_of
from playbooks.domain.yaml_files import Fault
from playbooks.models import Lesson, Regulator, Source


class PlaybookRefused(DomainError):
    """The playbook has faults, each with its file, line and key; nothing was written."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        count = sum(not fault.is_warning for fault in faults)
        super().__init__("playbook_has_faults", count=count, field="file")
        self.faults = faults


def check_content(content: Mapping[str, Any], *, brand_id: int | None) -> tuple[Fault, ...]:
    """Return what is wrong in content of this brand (None: of every brand) that stands in no file; each fault carries
    its path (`Fault.at`)."""
    return faults_of(folder_of(content), brand_id=brand_id)


def faults_of(folder: Folder, *, brand_id: int | None) -> tuple[Fault, ...]:
    """Return every fault and warning of one playbook, in the order of its files."""
    limits = channel_limits()
    known = Known(
        channels=tuple(Channel.objects.values_list("key", flat=True)),
        documents=tuple(Source.objects.values_list("key", flat=True)),
        lessons=tuple(Lesson.objects.values_list("key", flat=True)),
        regulators=tuple(Regulator.objects.values_list("key", flat=True)),
        reach=_reach(brand_id),
    )
    check_folder(folder, known, limits)
    return sorted_faults(folder.documents())


def _reach(brand_id: int | None) -> Reach:
    if brand_id is None:
        return NO_BRAND
    held = list(
        Membership.objects.filter(brand=brand_id, user__is_active=True).values_list(
            "user__email", "role"
        )
    )
    return Reach({email.lower() for email, _ in held}, {role for _, role in held})


def require_clean(faults: tuple[Fault, ...]) -> None:
    """Return if nothing but warnings was found, or raise PlaybookRefused."""
    if any(not fault.is_warning for fault in faults):
        raise PlaybookRefused(faults)


def channel_limits() -> dict[str, ChannelLimit]:
    """Return how each channel of the desk counts, for those that have a limit."""
    return {
        row.key: ChannelLimit(row.limit, row.counting, row.link_length)
        for row in Channel.objects.all()
        if row.limit is not None
    }
