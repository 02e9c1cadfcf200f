"""What the law wanted told, and whether it was: one row a duty that somebody answered."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crisisdesk.incidents.queries.regulators import RegulatorRow
from crisisdesk.reports.domain.parts import AuthorityRow
from crisisdesk.reports.domain.source import Source
from crisisdesk.reports.domain.text import Text
from crisisdesk.reports.domain.voice import Voice


def authorities(source: Source, voice: Voice) -> tuple[AuthorityRow, ...]:
    """Return the duties that were answered, in the playbook's order."""
    return tuple(
        _row(row, source, voice) for row in source.regulators if row.clock.applies is not None
    )


def _row(row: RegulatorRow, source: Source, voice: Voice) -> AuthorityRow:
    beside = source.incident.detected_at
    return AuthorityRow(
        authority=voice.say(row.duty.title[voice.language]),
        due=voice.say(voice.moment(row.due_at, beside)).plain if row.due_at else "–",
        told=voice.say(voice.moment(row.told[0].notice.sent_at, beside)).plain if row.told else "–",
        outcome=voice.say(_outcome(row, voice)),
        is_late=bool(row.late_seconds) or (bool(row.clock.applies) and not row.told),
        reason=_reason(row, voice),
    )


def _outcome(row: RegulatorRow, voice: Voice) -> str:
    if not row.clock.applies:
        return _("Does not apply")
    if not row.told:
        return pgettext("notice", "Not sent")
    if row.late_seconds:
        return voice.late(max(1, round(row.late_seconds / 60)))
    return _("In time")


def _reason(row: RegulatorRow, voice: Voice) -> Text:
    return voice.typed(row.told[0].notice.late_reason if row.told else "")
