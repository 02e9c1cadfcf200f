"""A draft becomes a revision, and an older revision comes back; nothing that was published is ever changed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from crisisdesk.core.errors import Invalid, NotVisible, Stale
from crisisdesk.organisation.domain.actors import Actor
from playbooks.domain.desk_checks import check_content, require_clean
from playbooks.domain.locking import playbook_for_update
from playbooks.domain.revisions import add_revision
from playbooks.models import PlaybookDraft, PlaybookRevision
from playbooks.queries.shelf import newest_revision
from playbooks.rules import require_writer

NOTE_AT_MOST = 200


@transaction.atomic
def publish_draft(
    *,
    playbook_id: int,
    version: int,
    note: str,
    over: int | None = None,
    actor: Actor,
    at: datetime,
) -> PlaybookRevision:
    """The draft is the playbook's next revision and no draft any more; running incidents keep their plan.

    `over` is the newest revision's number, given by whoever publishes although it came after the draft began. Raises
    Stale when the draft changed since `version`, PlaybookRefused with every fault, Invalid: "note_missing",
    "draft_behind", "nothing_new", "no_draft"; NotVisible and NotAllowed.
    """
    playbook = playbook_for_update(playbook_id, actor=actor)
    author = require_writer(actor, playbook.brand_id)
    draft = PlaybookDraft.objects.select_related("updated_by").filter(playbook=playbook).first()
    if draft is None:
        raise Invalid("no_draft")
    if draft.version != version:
        raise Stale("draft_changed", current=draft)
    said = _note(note)
    newest = newest_revision(playbook)
    if newest is not None and draft.base_id != newest.pk and over != newest.number:
        raise Invalid("draft_behind", number=newest.number)
    require_clean(check_content(draft.content, brand_id=playbook.brand_id))
    made = add_revision(playbook, draft.content, note=said, author=author, at=at)
    if made is None:
        raise Invalid("nothing_new")
    draft.delete()
    return made


@transaction.atomic
def restore_revision(
    *, playbook_id: int, number: int, note: str, actor: Actor, at: datetime
) -> PlaybookRevision:
    """What an older revision said is the playbook's next one; an open draft stays as it is.

    Raises NotVisible, NotAllowed, PlaybookRefused when today's rules find faults in it, Invalid: "note_missing",
    "nothing_new".
    """
    playbook = playbook_for_update(playbook_id, actor=actor)
    author = require_writer(actor, playbook.brand_id)
    old = playbook.revisions.filter(number=number).first()
    if old is None:
        raise NotVisible
    said = _note(note)
    require_clean(check_content(old.content, brand_id=playbook.brand_id))
    made = add_revision(playbook, old.content, note=said, author=author, at=at)
    if made is None:
        raise Invalid("nothing_new")
    return made


def _note(note: str) -> str:
    said = " ".join(note.split())
    if not said:
        raise Invalid("note_missing", field="note")
    if len(said) > NOTE_AT_MOST:
        raise Invalid("text_too_long", field="note", length=len(said), limit=NOTE_AT_MOST)
    return said
