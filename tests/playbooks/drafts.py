"""Commands of the editor, called as a person in the browser does."""

from __future__ import annotations

from typing import Any

from crisisdesk.organisation.models import Brand, User
from playbooks.domain import drafting, publishing
from playbooks.models import Playbook, PlaybookDraft, PlaybookRevision
from tests.factories.organisation import NOON, web

TITLE = "words.ar.title"


def begin(brand: Brand, who: User, slug: str = "ours", **asked: Any) -> PlaybookDraft:
    told = {"title": "Ours", "language": "en", "from_revision": None} | asked
    return drafting.start_playbook(brand_id=brand.pk, slug=slug, actor=web(who), at=NOON, **told)


def put(
    draft: PlaybookDraft, who: User, path: str, value: Any, was: Any, **asked: Any
) -> PlaybookDraft:
    at = asked.pop("at", NOON)
    return drafting.save_place(
        playbook_id=draft.playbook_id, path=path, value=value, was=was, actor=web(who), at=at
    )


def change(draft: PlaybookDraft, who: User, change: str, part: str, **asked: Any) -> Any:
    version = asked.pop("version", draft.version)
    return drafting.change_rows(
        playbook_id=draft.playbook_id, change=change, part=part, version=version,
        actor=web(who), at=NOON, **asked,
    )  # fmt: skip


def publish(draft: PlaybookDraft, who: User, **asked: Any) -> PlaybookRevision:
    told = {"note": "First words", "version": draft.version} | asked
    return publishing.publish_draft(playbook_id=draft.playbook_id, actor=web(who), at=NOON, **told)


def everything() -> list[list[dict[str, Any]]]:
    models: tuple[Any, ...] = (Playbook, PlaybookRevision, PlaybookDraft)
    return [list(model.objects.order_by("pk").values()) for model in models]
