"""Writing a playbook at the desk: it starts, its draft changes place by place, and no edit is lost."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from crisisdesk.core.errors import Invalid, NotVisible, Stale
from crisisdesk.core.languages import LANGUAGES
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.domain.locking import brand_for_update
from crisisdesk.organisation.models import User
from playbooks.domain import places, rows
from playbooks.domain.blank import blank_content
from playbooks.domain.content import raise_schema
from playbooks.domain.inspector import KEY
from playbooks.domain.locking import own_playbook, playbook_for_update
from playbooks.models import Playbook, PlaybookDraft
from playbooks.queries.shelf import newest_revision
from playbooks.queries.visibility import revisions_visible_to
from playbooks.rules import require_writer


@dataclass(frozen=True, slots=True)
class BothTexts:
    """What a stale save shows: what the person typed, what stands, and who wrote it when."""

    path: str
    typed: Any
    stands: Any
    who: User
    saved_at: datetime


@transaction.atomic
def start_playbook(
    *,
    brand_id: int,
    slug: str,
    title: str,
    language: str,
    from_revision: int | None = None,
    actor: Actor,
    at: datetime,
) -> PlaybookDraft:
    """A new playbook of the brand stands as a draft, empty or as a copy of a revision; nobody opens from it yet.

    Raises NotVisible, NotAllowed, Invalid: "key_invalid", "key_taken", "title_missing", "language_unknown".
    """
    brand = brand_for_update(brand_id, actor=actor)
    author = require_writer(actor, brand.pk)
    slug = slug.strip()
    if not KEY.fullmatch(slug) or "_" in slug or len(slug) > 80:
        raise Invalid("key_invalid", field="slug")
    if Playbook.objects.filter(brand=brand, slug=slug).exists():
        raise Invalid("key_taken", field="slug", key=slug)
    if language not in LANGUAGES:
        raise Invalid("language_unknown", field="language")
    content = _beginning(author, slug, from_revision)
    if title.strip():
        places.put(content, f"words.{language}.title", places.clean("line", title))
    elif from_revision is None:
        raise Invalid("title_missing", field="title")
    playbook = own_playbook(brand, slug, content, at=at)
    return PlaybookDraft.objects.create(
        playbook=playbook, content=content, created_at=at, updated_at=at, updated_by=author
    )


def _beginning(author: User, slug: str, from_revision: int | None) -> dict[str, Any]:
    if from_revision is None:
        return blank_content(slug)
    source = revisions_visible_to(author).filter(pk=from_revision).first()
    if source is None:
        raise NotVisible
    return {**copy.deepcopy(source.content), "slug": slug}


@transaction.atomic
def open_draft(*, playbook_id: int, actor: Actor, at: datetime) -> PlaybookDraft:
    """Return the playbook's draft; where there is none, one stands that says what its newest revision says.

    Raises NotVisible and NotAllowed.
    """
    playbook = playbook_for_update(playbook_id, actor=actor)
    author = require_writer(actor, playbook.brand_id)
    found = PlaybookDraft.objects.filter(playbook=playbook).first()
    if found is not None:
        return found
    base = newest_revision(playbook)
    if base is None:
        raise NotVisible
    return PlaybookDraft.objects.create(
        playbook=playbook,
        base=base,
        content=base.content,
        created_at=at,
        updated_at=at,
        updated_by=author,
    )


@transaction.atomic
def save_place(
    *, playbook_id: int, path: str, value: Any, was: Any, actor: Actor, at: datetime
) -> PlaybookDraft:
    """One place of the draft holds the value; `was` is what stood there when the person began.

    Others may change other places meanwhile. Raises Stale with both texts when somebody changed this very place,
    Invalid: "no_such_place", "wrong_kind_of_value", "text_too_long"; NotVisible and NotAllowed.
    """
    draft, author = _locked(playbook_id, actor)
    kind = places.kind_of(path)
    kept = places.clean(kind, value)
    stands = places.value_at(draft.content, path)
    if _same(kind, stands, kept):
        return draft
    if not _same(kind, stands, places.clean(kind, was)):
        both = BothTexts(path, kept, stands, draft.updated_by, draft.updated_at)
        raise Stale(current=both, field="value")
    places.put(draft.content, path, kept)
    return _saved(draft, author, at=at)


def _same(kind: str, one: Any, other: Any) -> bool:
    """Whether two values of a place say the same: nothing, an empty text and "no" of a question that may be left
    out are one."""
    if kind.startswith("keys"):
        return sorted(one or ()) == sorted(other or ())
    return (one or None) == (other or None) if kind != "truth" else one is other


@transaction.atomic
def change_rows(
    *,
    playbook_id: int,
    change: str,
    part: str,
    name: str = "",
    after: str = "",
    to: int = 0,
    version: int,
    actor: Actor,
    at: datetime,
) -> tuple[PlaybookDraft, str]:
    """A row is added, taken out or moved (`change`: add, remove, move); returns the draft and the row's name.

    Raises Stale when anybody changed the draft since `version`; Invalid as in rows.py; NotVisible and NotAllowed.
    """
    draft, author = _locked(playbook_id, actor)
    if draft.version != version:
        raise Stale("draft_changed", current=draft)
    changes: Mapping[str, Callable[[], str | None]] = {
        "add": lambda: rows.add_row(draft.content, part, name=name, after=after),
        "remove": lambda: rows.remove_row(draft.content, part, name),
        "move": lambda: rows.move_row(draft.content, part, name, to=to),
    }
    if change not in changes:
        raise Invalid("no_such_place", field="change")
    made = changes[change]()
    return _saved(draft, author, at=at), made or name


@transaction.atomic
def discard_draft(*, playbook_id: int, version: int, actor: Actor, at: datetime) -> Playbook:
    """The draft is gone and the playbook says what its newest revision says; one that was never published is gone
    with it.

    Raises Stale when anybody changed the draft since `version`; NotVisible and NotAllowed.
    """
    del at  # nothing of it is kept
    draft, _ = _locked(playbook_id, actor)
    if draft.version != version:
        raise Stale("draft_changed", current=draft)
    playbook = draft.playbook
    draft.delete()
    if newest_revision(playbook) is None:
        playbook.delete()
    return playbook


def _locked(playbook_id: int, actor: Actor) -> tuple[PlaybookDraft, User]:
    playbook = playbook_for_update(playbook_id, actor=actor)
    author = require_writer(actor, playbook.brand_id)
    draft = PlaybookDraft.objects.select_related("playbook", "updated_by").filter(playbook=playbook)
    found = draft.first()
    if found is None:
        raise Invalid("no_draft")
    return found, author


def _saved(draft: PlaybookDraft, author: User, *, at: datetime) -> PlaybookDraft:
    raise_schema(draft.content)
    draft.version += 1
    draft.updated_at, draft.updated_by = at, author
    draft.save(update_fields=["content", "version", "updated_at", "updated_by"])
    return draft
