"""Acknowledgement words signed in peacetime, so that the first word of a crisis waits for nobody.

A signature covers exact words in one language for one brand, and the list of facts that may be
filled into them. It holds for every later revision that says the same; words, facts or their kinds
that differ need a new signature.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from crisisdesk.core.errors import Invalid, NotAllowed, NotVisible
from crisisdesk.core.placeholders import matches_template
from crisisdesk.organisation.domain.actors import Actor
from crisisdesk.organisation.domain.locking import brand_for_update
from crisisdesk.organisation.models import Brand, BrandLanguage, User
from crisisdesk.organisation.rules import require_write
from playbooks.domain.content import Content, StatementText, parse
from playbooks.enums import PlaceholderKind, Stage
from playbooks.models import PlaybookRevision, PresignedText
from playbooks.queries.shelf import newest_revision
from playbooks.queries.visibility import presigned_visible_to, revisions_visible_to
from playbooks.rules import is_signatory, reads

# A name or a time inside a sentence of the other direction may stand between these.
_DIRECTION_MARKS = "\u200e\u200f\u2066\u2067\u2068\u2069"
# What a fact may look like. Whatever else is typed there is new wording and goes the normal way.
_SHAPES = {
    PlaceholderKind.HANDLE: re.compile(r"[@#]?[\w.\-]{1,60}"),
    PlaceholderKind.LINK: re.compile(r"[^\s<>\"']{1,150}\.[^\s<>\"']{1,150}"),
    PlaceholderKind.TIME: re.compile(r"(?=[^\d]*\d)[^!?؟;؛\n]{1,60}"),
    PlaceholderKind.NUMBER: re.compile(r"(?=[^\d]*\d)[^!?؟;؛:\n]{1,24}"),
    PlaceholderKind.CHANNEL: re.compile(r"[^.,،!?؟;؛:\n]{1,30}"),
    PlaceholderKind.PHRASE: re.compile(r"[^.!?؟;؛:\n]{1,80}"),
}


@dataclass(frozen=True, slots=True)
class Presigned:
    """Signed words as they stand: the text with its placeholders, the facts that may go in, who
    signed and when.
    """

    id: int
    statement_key: str
    language: str
    text: str
    facts: tuple[str, ...]
    approver: User
    signed_at: datetime

    @property
    def approver_id(self) -> int:
        """The id of who signed."""
        return self.approver.pk


@transaction.atomic
def sign_acknowledgement(
    *,
    revision_id: int,
    brand_id: int,
    statement_key: str,
    language: str,
    actor: Actor,
    at: datetime,
) -> PresignedText:
    """Approve an acknowledgement's words in one language for one brand in advance, or raise and
    change nothing.
    """
    brand = brand_for_update(brand_id, actor=actor)
    signer = _authorise(brand, language, actor)
    revision = _revision_seen_by(actor, revision_id, brand)
    if not revision.playbook.is_published:
        raise Invalid("playbook_not_published")
    newest = newest_revision(revision.playbook)
    if newest is not None and newest.pk != revision.pk:
        raise Invalid("revision_superseded", number=newest.number)
    content = parse(revision)
    statement = content.statement(statement_key)
    if statement is None or statement.stage != Stage.ACKNOWLEDGEMENT:
        raise Invalid("not_an_acknowledgement", field="statement_key")
    if not statement.text.get(language):
        raise Invalid("words_missing", field="language", language=language)
    if any(
        each.statement_key == statement_key and each.language == language
        for each in _in_force(revision, brand)
    ):
        raise Invalid("already_signed")
    return PresignedText.objects.create(
        revision=revision,
        brand=brand,
        statement_key=statement_key,
        language=language,
        text_hash=signing_hash(content, statement, language),
        approver=signer,
        signed_at=at,
    )


@transaction.atomic
def withdraw_signature(*, presigned_id: int, actor: Actor, at: datetime) -> PresignedText:
    """Take a signature back: from now on these words are approved like any others. Or raise and
    change nothing.
    """
    if actor.user is None:
        raise NotAllowed("not_the_brands_approver", language="")
    seen = presigned_visible_to(actor.user).filter(pk=presigned_id).first()
    if seen is None:
        raise NotVisible
    brand = brand_for_update(seen.brand_id, actor=actor)
    signer = _authorise(brand, seen.language, actor)
    taken = PresignedText.objects.filter(pk=seen.pk, withdrawn_at__isnull=True).update(
        withdrawn_at=at, withdrawn_by=signer
    )
    if not taken:
        raise Invalid("already_withdrawn")
    seen.refresh_from_db()
    return seen


def presigned_texts(revision: PlaybookRevision, brand: Brand) -> tuple[Presigned, ...]:
    """Return the words of this revision that are signed for the brand, by statement and
    language.
    """
    return _in_force(revision, brand)


def find_presigned(
    revision: PlaybookRevision, brand: Brand, *, statement_key: str, language: str, text: str
) -> Presigned | None:
    """Return the signature that covers this very text: signed words with nothing but their facts
    filled in.
    """
    content = parse(revision)
    # A browser sends line breaks as CR LF; that is no change of words.
    said = text.replace("\r\n", "\n").strip()
    for signed in _in_force(revision, brand, content):
        if (signed.statement_key, signed.language) != (statement_key, language):
            continue
        if matches_template(
            signed.text,
            said,
            signed.facts,
            accepts=lambda name, value: is_fact(content, name, value, language),
        ):
            return signed
    return None


def is_fact(content: Content, name: str, value: str, language: str) -> bool:
    """Return whether the value is what this placeholder asks for, or what the playbook says to
    write when unknown.
    """
    placeholder = content.placeholders.get(name)
    if placeholder is None:
        return False
    if value == placeholder.unknown.get(language):
        return True
    bare = value.strip(_DIRECTION_MARKS)
    return _SHAPES[PlaceholderKind(placeholder.kind)].fullmatch(bare) is not None


def signing_hash(content: Content, statement: StatementText, language: str) -> str:
    """Return the hash of what a signature covers: the words, the facts, what kind each is, and its
    unknown-words.
    """
    facts = [
        [name, placeholder.kind, placeholder.unknown.get(language, "")]
        for name in sorted(statement.facts)
        if (placeholder := content.placeholders.get(name)) is not None
    ]
    signed = json.dumps(
        [statement.text[language], facts], ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(signed.encode()).hexdigest()


def _authorise(brand: Brand, language: str, actor: Actor) -> User:
    """Return who signs, or raise."""
    require_write(actor)
    names = BrandLanguage.objects.filter(brand_id=brand.pk, language=language).first()
    if actor.user is None or not is_signatory(actor, names):
        raise NotAllowed("not_the_brands_approver", language=language)
    if not reads(actor, language):
        raise NotAllowed("language_not_read", language=language)
    return actor.user


def _revision_seen_by(actor: Actor, revision_id: int, brand: Brand) -> PlaybookRevision:
    if actor.user is None:
        raise NotVisible
    revision = (
        revisions_visible_to(actor.user).select_related("playbook").filter(pk=revision_id).first()
    )
    if revision is None or revision.playbook.brand_id not in (None, brand.pk):
        raise NotVisible
    return revision


def _in_force(
    revision: PlaybookRevision, brand: Brand, content: Content | None = None
) -> tuple[Presigned, ...]:
    content = content or parse(revision)
    rows = PresignedText.objects.filter(
        brand_id=brand.pk, revision__playbook_id=revision.playbook_id, withdrawn_at__isnull=True
    )
    signed = rows.select_related("approver").order_by(
        "statement_key", "language", "signed_at", "pk"
    )
    found: dict[tuple[str, str], Presigned] = {}
    for row in signed:
        statement = content.statement(row.statement_key)
        if statement is None or not statement.text.get(row.language):
            continue
        if row.text_hash == signing_hash(content, statement, row.language):
            found[row.statement_key, row.language] = Presigned(
                id=row.pk,
                statement_key=row.statement_key,
                language=row.language,
                text=statement.text[row.language],
                facts=statement.facts,
                approver=row.approver,
                signed_at=row.signed_at,
            )
    return tuple(found.values())
