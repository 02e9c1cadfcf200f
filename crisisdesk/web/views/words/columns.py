"""The editor's page as data: one column per language with its gaps, findings, previews and next step."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects
from django.utils import timezone

from crisisdesk.core import counting, placeholders
from crisisdesk.incidents.domain.promises import promised_time
from crisisdesk.incidents.enums import RevisionState, Stage
from crisisdesk.incidents.queries import autofill
from crisisdesk.web.views.words.gate import may
from crisisdesk.web.views.words.steps import Reader, Step, next_step
from playbooks.domain.presigning import Presigned, presigned_texts

if TYPE_CHECKING:
    from datetime import datetime

    from crisisdesk.core.counting import Count
    from crisisdesk.core.errors import DomainError
    from crisisdesk.incidents.models import Incident, Publication, StatementRevision
    from crisisdesk.incidents.queries.autofill import Avoided, Blank, Known
    from crisisdesk.incidents.queries.statements import Said, Words
    from crisisdesk.organisation.models import Channel, OfficialAccount, User
    from crisisdesk.web.requests import PersonRequest

_OPEN = (RevisionState.DRAFT, RevisionState.SENT_BACK)


@dataclass(frozen=True, slots=True)
class Look:
    """The words on one channel: the account, and how long they are there."""

    channel: Channel
    account: OfficialAccount | None
    count: Count

    @property
    def over(self) -> int:
        """By how much the words are too long there."""
        return -(self.count.left or 0) if self.count.is_over else 0

    @property
    def is_short(self) -> bool:
        """Whether the words are so far from the limit that counting them is no help."""
        return self.count.limit is not None and self.count.used * 2 < self.count.limit


@dataclass(slots=True)
class Typed:
    """What a person has typed in one language, to be shown again whatever became of it, and the
    text that the typing started from."""

    text: str
    started: str
    values: dict[str, str]
    version: int


@dataclass(slots=True)
class Column:
    """One language of the editor."""

    words: Words
    text: str
    version: int
    started: str
    blanks: list[Blank]
    is_editable: bool
    is_focus: bool
    step: Step
    looks: list[Look]
    avoid: list[Avoided]
    presigned: Presigned | None = None
    signer: User | None = None
    error: DomainError | None = None
    theirs: StatementRevision | None = None
    began: str = ""
    is_own: bool = False
    may_take_back: bool = False
    note: str = ""
    posts: list[Publication] = field(default_factory=list)

    @property
    def language(self) -> str:
        """The language of the column."""
        return self.words.language

    @property
    def open_gaps(self) -> list[str]:
        """Placeholders still open in the text as it stands in the column."""
        return placeholders.names(self.text)

    @property
    def filled(self) -> int:
        """How many of the gaps are filled."""
        return len([blank for blank in self.blanks if blank.name not in self.open_gaps])

    @property
    def found(self) -> list[Avoided]:
        """Words to avoid that the text holds."""
        return [entry for entry in self.avoid if entry.found]

    @property
    def values(self) -> list[str]:
        """What was filled in, longest first, to be marked in the words."""
        return sorted((blank.value for blank in self.blanks if blank.value), key=len, reverse=True)


@dataclass(slots=True)
class Desk:
    """What all columns of one page share, read once."""

    request: PersonRequest
    incident: Incident
    said: Said
    known: Known
    at: datetime
    reader: Reader
    signed: dict[str, Presigned]

    @property
    def channels(self) -> list[Channel]:
        """The channels these words go to, in the statement's order."""
        keys = self.said.statement.channels
        return [self.known.channels[key] for key in keys if key in self.known.channels]


def read_desk(request: PersonRequest, incident: Incident, said: Said, *, at: datetime) -> Desk:
    """Return what the page needs besides the words; a fixed number of queries."""
    signed: dict[str, Presigned] = {}
    if said.statement.stage == Stage.ACKNOWLEDGEMENT:
        signed = {
            row.language: row
            for row in presigned_texts(incident.playbook_revision, incident.brand)
            if row.statement_key == said.statement.key
        }
    reader = Reader(
        id=request.user.pk,
        language=request.LANGUAGE_CODE,
        zone=timezone.get_current_timezone(),
        may_draft=may(request, "draft", incident),
        may_publish=may(request, "publish", incident),
        may_decide=may(request, "approve", incident),
    )
    known = autofill.read_known(incident)
    prefetch_related_objects([incident.brand], "brand_languages")
    return Desk(request, incident, said, known, at, reader, signed)


def columns(desk: Desk, *, focus: str = "", editing: str = "") -> list[Column]:
    """Return a column for every language of the audience; one has the focus."""
    languages = [words.language for words in desk.said.words]
    if focus not in languages:
        focus = _first_to_do(desk)
    return [column(desk, code, focus=focus, editing=editing) for code in languages]


def column(
    desk: Desk,
    language: str,
    *,
    focus: str = "",
    editing: str = "",
    typed: Typed | None = None,
    error: DomainError | None = None,
    note: str = "",
) -> Column:
    """Return one language as it stands, or as it was typed."""
    words = desk.said.in_language(language)
    revision = words.revision if words.revision and words.revision.text else None
    blanks = autofill.blanks(
        desk.known,
        desk.incident,
        desk.said.statement,
        words.row,
        at=desk.at,
        promised=_promised_elsewhere(desk, language),
    )
    started = revision.text if revision else words.row.template
    text = typed.text if typed else _shown(started, blanks, is_saved=revision is not None)
    if typed:
        blanks = [
            autofill.filled(blank, typed.values[blank.name])
            if blank.name in typed.values
            else blank
            for blank in blanks
        ]
    signed = desk.signed.get(language)
    if signed and not _is_still_signed(signed, text):
        signed = None
    signer = signed.approver if signed else None
    may_edit = desk.reader.may_draft and (
        revision is None or revision.state in _OPEN or editing == language or typed is not None
    )
    own = revision is not None and desk.reader.id in words.authors
    # Saving again over what stands must be a decision: it takes the version that stands.
    is_stale = bool(typed and error and error.status == 409)
    return Column(
        words=words,
        text=text,
        version=typed.version if typed and not is_stale else words.row.version,
        started=started,
        blanks=blanks,
        is_editable=may_edit,
        is_focus=focus == language,
        step=next_step(
            desk.incident,
            words,
            len(placeholders.names(text)),
            reader=desk.reader,
            channels=desk.known.channels,
            presigned=signed,
            signer=signer,
        ),
        looks=looks(desk, text),
        avoid=autofill.words_to_avoid(desk.incident, language, text),
        presigned=signed,
        signer=signer,
        error=error,
        theirs=revision if is_stale else None,
        began=typed.started if typed else "",
        is_own=own,
        may_take_back=_may_take_back(desk, revision, own=own),
        note=note,
        posts=words.posts,
    )


def _may_take_back(desk: Desk, revision: StatementRevision | None, *, own: bool) -> bool:
    """Whether this reader may end the asking for approval of words that are not out yet."""
    if revision is None or revision.state != RevisionState.IN_REVIEW:
        return False
    wrote = desk.reader.may_draft and (own or revision.submitted_by_id == desk.reader.id)
    return wrote or may(desk.request, "take_back", desk.incident)


def looks(desk: Desk, text: str) -> list[Look]:
    """Return how long the text is on each of its channels, as that channel counts."""
    return [
        Look(
            channel=channel,
            account=desk.known.accounts.get(channel.key),
            count=counting.count(text, channel.counting, channel.link_length, limit=channel.limit),
        )
        for channel in desk.channels
    ]


def _shown(started: str, blanks: list[Blank], *, is_saved: bool) -> str:
    """The saved words as they are; prepared ones with what the desk knows already filled in."""
    if is_saved:
        return started
    return placeholders.fill(started, {blank.name: blank.value for blank in blanks}).text


def _is_still_signed(signed: Presigned, text: str) -> bool:
    """Whether the text as typed is the signed one with nothing but facts filled in, as far as the
    page can tell; the command decides."""
    told = placeholders.fill(text.strip(), dict.fromkeys(signed.facts, "0")).text
    return placeholders.matches_template(signed.text, told, signed.facts)


def _promised_elsewhere(desk: Desk, language: str) -> datetime | None:
    """The moment of the next update that another language of these words names already."""
    blanks = desk.said.statement.placeholders
    names = [name for name, blank in blanks.items() if blank.get("autofill") == "next_update"]
    for words in desk.said.words:
        if words.language == language or not words.revision:
            continue
        for name in names:
            value = words.row.values.get(name, "")
            zone = desk.incident.brand.zone_for(words.language)
            moment = promised_time(value, zone, after=words.revision.saved_at) if value else None
            if moment and moment > desk.at:
                return moment
    return None


def _first_to_do(desk: Desk) -> str:
    """The first language that still has to be written or sent; else the first."""
    for words in desk.said.words:
        if words.state in ("empty", "draft", "sent_back"):
            return words.language
    return desk.said.words[0].language if desk.said.words else ""
