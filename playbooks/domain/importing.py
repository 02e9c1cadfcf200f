"""A playbook comes in as one .zip of its files: all of it, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.domain.locking import brand_for_update
from playbooks.domain.archive import MOST_BYTES, unpack
from playbooks.domain.desk_checks import PlaybookRefused, faults_of, require_clean
from playbooks.domain.locking import own_playbook
from playbooks.domain.revisions import add_revision
from playbooks.domain.yaml_files import Fault
from playbooks.models import Playbook, PlaybookRevision
from playbooks.queries.shelf import newest_revision
from playbooks.rules import require_writer


@dataclass(frozen=True, slots=True)
class Imported:
    """The playbook that holds the words now; `is_new` is false when it said the same before."""

    playbook: Playbook
    revision: PlaybookRevision
    is_new: bool
    warnings: tuple[Fault, ...]


@transaction.atomic
def import_playbook(
    raw: bytes, *, brand_id: int, note: str = "", actor: Actor, at: datetime
) -> Imported:
    """The brand's own playbook of the archive's slug says what the archive says, as its next revision.

    A shared playbook of the same slug stays as it is; inside the brand its own takes the place. Raises NotVisible,
    NotAllowed, and PlaybookRefused with every fault (file, line, key); then nothing was written.
    """
    brand = brand_for_update(brand_id, actor=actor)
    author = require_writer(actor, brand.pk)
    if len(raw) > MOST_BYTES:
        words = f"{len(raw)} bytes; at most {MOST_BYTES}"
        raise PlaybookRefused((Fault(Path("archive.zip"), 1, "", "archive_too_large", words),))
    folder, dangers = unpack(raw)
    if folder is None:
        raise PlaybookRefused(dangers)
    faults = faults_of(folder, brand_id=brand.pk)
    require_clean(faults)
    content = folder.content()
    playbook = own_playbook(brand, folder.slug, content, at=at)
    added = add_revision(playbook, content, note=note.strip()[:200], author=author, at=at)
    newest = added or newest_revision(playbook)
    assert newest is not None  # noqa: S101 - one of the two lines above has made it
    return Imported(playbook, newest, added is not None, faults)
