"""The next frozen text of a playbook, whoever brings it: the files, the editor, an import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from crisisdesk.core.languages import LANGUAGES, fold
from crisisdesk.organisation.models import User
from playbooks.domain.content import Content, content_hash, parse
from playbooks.domain.review_dates import date_words
from playbooks.models import Playbook, PlaybookRevision
from playbooks.queries.shelf import newest_revision


def add_revision(
    playbook: Playbook,
    content: Mapping[str, Any],
    *,
    note: str = "",
    author: User | None = None,
    at: datetime,
) -> PlaybookRevision | None:
    """Bring the playbook's row in line with checked content and freeze it as the next revision; None when the newest
    one says the same. Review dates of changed words begin anew.

    The caller has locked the playbook's row.
    """
    parsed = parse(content)
    told = shown(parsed)
    if any(getattr(playbook, name) != value for name, value in told.items()):
        Playbook.objects.filter(pk=playbook.pk).update(**told)
    last, digest = newest_revision(playbook), content_hash(content)
    if last is not None and last.content_hash == digest:
        return None
    made = PlaybookRevision.objects.create(
        playbook=playbook,
        number=1 if last is None else last.number + 1,
        schema=parsed.schema,
        content=content,
        content_hash=digest,
        note=note,
        author=author,
        created_at=at,
    )
    date_words(playbook, content, author=author, at=at)
    return made


def shown(content: Content) -> dict[str, Any]:
    """Return what the playbook's row repeats of its newest revision."""
    return {
        "crisis_type": content.crisis_type,
        "scct_cluster": content.scct_cluster,
        "is_published": True,
        "search_text": fold(" ".join((content.slug, *_search_words(content)))),
    }


def _search_words(content: Content) -> Iterator[str]:
    for code in LANGUAGES:
        yield from (
            content.title[code],
            content.summary[code],
            content.when_to_use[code],
            content.trap[code],
        )
        yield from (item.words[code] for item in content.items)
