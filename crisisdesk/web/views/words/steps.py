"""The one next step of words in one language, as a sentence and a button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crisisdesk.core import formats, words
from crisisdesk.core.languages import direction, guess_direction
from crisisdesk.incidents.enums import LanguagePlan, RevisionState
from crisisdesk.incidents.queries.approvers import whom_to_ask

if TYPE_CHECKING:
    from datetime import tzinfo

    from crisisdesk.incidents.models import Incident
    from crisisdesk.incidents.queries.statements import Words
    from crisisdesk.organisation.models import Channel, User
    from playbooks.domain.presigning import Presigned


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next: `act` is save, submit, post, decide or nothing; `said` and `more` tell why."""

    language: str
    act: str
    said: str
    more: str = ""
    button: str = ""
    channel: str = ""


def _name(person: User | None, language: str) -> str:
    """The person's name; isolated where its script runs against the sentence."""
    name = person.name_in(language) if person else ""
    if guess_direction(name, direction(language)) == direction(language):
        return name
    return f"\u2068{name}\u2069"


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at the page: language, zone and what this person may do here."""

    id: int
    language: str
    zone: tzinfo
    may_draft: bool
    may_publish: bool
    may_decide: bool


def next_step(
    incident: Incident,
    found: Words,
    gaps: int,
    *,
    reader: Reader,
    channels: dict[str, Channel],
    presigned: Presigned | None,
    signer: User | None,
) -> Step:
    """Return the next step of these words for this reader; `gaps` is how many are open as typed."""
    name = words.word("language", found.language)
    state = found.revision.state if found.revision and found.revision.text else ""
    if state == RevisionState.APPROVED:
        return _after_approval(found, name, reader, channels)
    if found.was_overridden:
        said = _("%(language)s is out, without approval.") % {"language": name}
        return Step(found.language, "", said)
    if found.row.plan == LanguagePlan.NOT_NEEDED:
        return Step(found.language, "", _("%(language)s is not needed.") % {"language": name})
    if state == RevisionState.IN_REVIEW:
        return _while_waiting(found, name, reader)
    if gaps:
        said = ngettext(
            "%(language)s has %(count)s gap left.", "%(language)s has %(count)s gaps left.", gaps
        ) % {"language": name, "count": gaps}
        more = _("Fill it, or write that it is not known.")
        return _typed(found, reader, said, more, "save")
    if presigned and state != RevisionState.DRAFT:
        said = _("%(language)s was approved in advance by %(name)s.")
        more = _("Save it with the facts filled in, and it may be posted at once.")
        return _typed(
            found,
            reader,
            said % {"language": name, "name": _name(signer, reader.language)},
            more,
            "save",
        )
    if state == RevisionState.SENT_BACK:
        said = _("%(language)s came back: %(comment)s")
        comment = next((row.comment for row in found.approvals if not row.approved), "")
        more = _("Change it and save; then it can be sent again.")
        return _typed(found, reader, said % {"language": name, "comment": comment}, more, "save")
    if state == RevisionState.DRAFT:
        asked = whom_to_ask(incident, found.language, authors=found.authors).first
        said = _("%(language)s is ready for approval.") % {"language": name}
        more = _("%(name)s reads it.") if asked else _("Nobody can approve it yet.")
        more = more % {"name": _name(asked, reader.language)} if asked else more
        return _typed(found, reader, said, more, "submit")
    said = _("%(language)s is not saved yet.") % {"language": name}
    return _typed(found, reader, said, _("Read it, change it and save it."), "save")


def _typed(found: Words, reader: Reader, said: str, more: str, act: str) -> Step:
    if not reader.may_draft:
        return Step(found.language, "", said)
    name = words.word("language", found.language)
    button = _("Save %(language)s") if act == "save" else _("Send %(language)s to approval")
    return Step(found.language, act, said, more, button % {"language": name})


def _while_waiting(found: Words, name: str, reader: Reader) -> Step:
    revision = found.revision
    assert revision is not None  # noqa: S101 - told by its state
    asked = revision.deputy if revision.deputy_asked_at else revision.asked
    said = _("%(language)s waits for %(name)s.") % {
        "language": name,
        "name": _name(asked, reader.language),
    }
    more = ""
    if found.answer and revision.deputy and not revision.deputy_asked_at:
        more = _("%(name)s is asked from %(time)s.") % {
            "name": _name(revision.deputy, reader.language),
            "time": formats.clock_time(found.answer.due_at, reader.zone),
        }
    if reader.may_decide and asked and asked.pk == reader.id:
        return Step(found.language, "decide", said, more, _("Read the words"))
    return Step(found.language, "", said, more)


def _after_approval(found: Words, name: str, reader: Reader, channels: dict[str, Channel]) -> Step:
    left = [channels[key] for key in found.channels_left if key in channels]
    if not left:
        return Step(found.language, "", _("%(language)s is out.") % {"language": name})
    place = left[0]
    facts = {"language": name, "channel": place.name_in(reader.language)}
    claimed = next((row for row in found.claims if row.channel == place.key), None)
    if claimed and claimed.claimed_by and claimed.claimed_by_id != reader.id:
        said = _("%(name)s is posting %(language)s on %(channel)s.")
        facts["name"] = _name(claimed.claimed_by, reader.language)
    else:
        said = _("%(language)s can be posted on %(channel)s now.")
    more = _("It does not wait for the other languages.")
    if not reader.may_publish:
        return Step(found.language, "", said % facts)
    button = _("Copy and post %(language)s on %(channel)s") % facts
    return Step(found.language, "post", said % facts, more, button, place.key)
