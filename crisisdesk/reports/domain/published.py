"""Statements as published: exact copies in every language, who approved, where they stood, kept or
late.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crisisdesk.core.words import word
from crisisdesk.incidents.enums import ApprovalHow, DeadlineKind, IncidentRole, Stage
from crisisdesk.incidents.models import Commitment, Deadline, Publication, Statement
from crisisdesk.incidents.queries.metrics import INSIDE
from crisisdesk.reports.domain import wording
from crisisdesk.reports.domain.event_words import channel_words
from crisisdesk.reports.domain.parts import PublishedStatement, PublishedWords, Side
from crisisdesk.reports.domain.roles import role_of, role_words
from crisisdesk.reports.domain.source import Source
from crisisdesk.reports.domain.voice import Voice, minutes_between


def statements(source: Source, voice: Voice) -> tuple[PublishedStatement, ...]:
    """Return every text that was published, in time, the report's language first."""
    order = source.language_order(voice.language)
    found = []
    for group in source.words_said:
        by_language = {row.language: row for row in reversed(group)}
        shown = sorted(by_language.values(), key=lambda row: order[row.language])
        words = tuple(
            PublishedWords(
                voice.say(_copy_label(row, group, source, voice)),
                voice.exact(row.revision.text, row.language),
            )
            for row in shown
        )
        found.append(
            PublishedStatement(
                side=_side(group[0], source, voice),
                stage=voice.say(_title(group[0].statement, voice)),
                words=words,
                proof=voice.say(
                    " ".join([_approved(group, source, voice), *_places(group, source, voice)])
                ),
            )
        )
    return tuple(found)


def _title(statement: Statement, voice: Voice) -> str:
    """The stage and the statement's own title."""
    title = wording.label_words(statement.title, voice.language)
    return _("%(stage)s: %(title)s") % {"stage": word("stage", statement.stage), "title": title}


def _moment(row: Publication, source: Source) -> datetime:
    return row.published_at or source.at


def _copy_label(
    row: Publication, group: Sequence[Publication], source: Source, voice: Voice
) -> str:
    """The language, and where it differs from the first one, when it came."""
    first = group[0]
    parts = [word("language", row.language)]
    if row is first and source.publications and first is source.publications[0]:
        parts.append(_("language of origin"))
    if _moment(row, source) != _moment(first, source):
        parts.append(voice.moment(_moment(row, source), source.incident.detected_at))
    return voice.joined(parts)


def _side(first: Publication, source: Source, voice: Voice) -> Side:
    at = _moment(first, source)
    time = voice.say(voice.moment(at, source.incident.detected_at))
    nothing = voice.say("")
    if first.statement.audience == INSIDE:
        return Side(time, nothing, nothing)
    clock = _clock_of(first, source)
    if clock:
        if at > clock.due_at:
            late = voice.late(max(1, minutes_between(clock.due_at, at)))
            role = _("on the role: %(role)s") % {"role": late_role(clock, first, source)}
            return Side(time, voice.say(role), voice.say(late))
        spans = {
            "used": voice.number(minutes_between(clock.started_at, at)),
            "allowed": voice.duration(minutes_between(clock.started_at, clock.due_at)),
        }
        return Side(time, voice.say(_("met, %(used)s of %(allowed)s") % spans), nothing)
    promise = _promise_kept_by(first, source)
    if promise and promise.kept_at:
        due = voice.moment(promise.due_at, source.incident.detected_at)
        if promise.kept_at > promise.due_at:
            late = voice.late(max(1, minutes_between(promise.due_at, promise.kept_at)))
            return Side(time, voice.say(_("promise of %(due)s") % {"due": due}), voice.say(late))
        return Side(time, voice.say(_("promise of %(due)s, kept") % {"due": due}), nothing)
    return Side(time, nothing, nothing)


def _clock_of(first: Publication, source: Source) -> Deadline | None:
    """The clock that this text was the first to answer: the acknowledgement's or the holding
    statement's.
    """
    if first.statement.stage == Stage.HOLDING:
        earlier = [row for row in source.public if row.statement.stage == Stage.HOLDING]
        return source.clock(DeadlineKind.HOLDING) if earlier[:1] == [first] else None
    return source.clock(DeadlineKind.ACKNOWLEDGEMENT) if source.public[:1] == [first] else None


def late_role(clock: Deadline, first: Publication, source: Source) -> str:
    """The role on which a late text waited: the approver's when the words lay there as the clock
    ran out.
    """
    revision = first.revision
    waited = revision.submitted_at and revision.submitted_at < clock.due_at
    if waited and (revision.approved_at or source.at) > clock.due_at:
        return role_words(IncidentRole.APPROVER)
    earlier = (
        row
        for row in source.revisions
        if row.statement_id == first.statement_id
        and row.submitted_at
        and row.submitted_at < clock.due_at
    )
    if any(
        said.decided_at > clock.due_at
        for row in earlier
        for said in source.approvals.get(row.pk, [])
    ):
        return role_words(IncidentRole.APPROVER)
    return role_words(clock.role)


def _promise_kept_by(first: Publication, source: Source) -> Commitment | None:
    at = _moment(first, source)
    return next(
        (row for row in source.commitments if row.is_next_update and row.kept_at == at), None
    )


def _approved(group: Sequence[Publication], source: Source, voice: Voice) -> str:
    """Who approved each language, as roles, when and how; what went out without approval says
    so.
    """
    parts = []
    revisions = {row.revision_id: row for row in reversed(group)}
    for row in sorted(revisions.values(), key=lambda one: _moment(one, source)):
        for said in source.approvals.get(row.revision_id, []):
            if not said.approved:
                continue
            role = role_of(source, said.approver_id, said.decided_at, approving=True)
            facts = {
                "language": word("language", row.language),
                "role": role,
                "at": voice.moment(said.decided_at, source.incident.detected_at),
            }
            words = _("%(language)s, %(role)s, %(at)s") % facts
            if said.how == ApprovalHow.PRESIGNED:
                facts["date"] = voice.date(said.decided_at)
                words = (
                    _("%(language)s, signed in advance on %(date)s, only facts filled in") % facts
                )
            elif said.how == ApprovalHow.BY_PHONE:
                words += " " + (
                    _("(by phone, confirmed)")
                    if said.confirmed_at
                    else _("(by phone, not confirmed)")
                )
            parts.append(words)
    overridden = [row.override_reason for row in group if row.override_reason]
    if overridden:
        parts.append(
            _("published without approval, as an emergency: “%(reason)s”")
            % {"reason": overridden[0]}
        )
    return _("Approved: %(approvals)s.") % {
        "approvals": _("; ").join(parts) or pgettext("approval", "not recorded")
    }


def _places(group: Sequence[Publication], source: Source, voice: Voice) -> list[str]:
    """Where the text stood, each channel once, with the account and the link of the first."""
    channels: dict[str, Publication] = {}
    for row in group:
        channels.setdefault(row.channel, row)
    names = voice.joined(
        [
            " ".join(
                part
                for part in (
                    channel_words(source, row.channel, voice.language),
                    row.account.handle if row.account else "",
                )
                if part
            )
            for row in channels.values()
        ]
    )
    links = [row.url for row in group if row.url][:1]
    where = voice.joined(
        [names, *(link.removeprefix("https://").removeprefix("http://") for link in links)]
    )
    return [_("Published: %(where)s.") % {"where": where}]
