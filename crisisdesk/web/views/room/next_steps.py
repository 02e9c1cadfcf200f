"""Next for you: at most five things, the most urgent first, each with its one button."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from crisisdesk.core import formats
from crisisdesk.core.words import word
from crisisdesk.incidents.domain.sentences import in_language
from crisisdesk.incidents.enums import DeadlineKind, RevisionState
from crisisdesk.incidents.queries.desk import Promise
from crisisdesk.incidents.queries.now import Said
from crisisdesk.organisation.models import User
from crisisdesk.web.views.room.frame import Room, chip

MOST = 5


@dataclass(frozen=True)
class Step:
    """One thing to do; `post` is an address to press, `href` one to open."""

    what: str
    why: str
    action: str
    href: str = ""
    post: str = ""
    late: str = ""
    urgency: float = 0.0
    hidden: tuple[tuple[str, str], ...] = ()


def steps(here: Room, statements: list[Said]) -> tuple[list[Step], int]:
    """Return the first five steps of this person and how many there are in all."""
    user, at = here.request.user, here.at
    found = [
        *_handovers(here),
        *_words_for_me(here, statements),
        *_silent_approvers(here, statements),
    ]
    found += _ready_to_post(here, statements)
    found += [
        _promise(here, promise, at=at)
        for promise in here.head.promises
        if _concerns(here, promise, user)
    ]
    found.sort(key=lambda step: step.urgency)
    return found[:MOST], len(found)


def _concerns(here: Room, promise: Promise, user: User) -> bool:
    """Mine; or late or nobody's, where I may work. Approvals have steps of their own."""
    if promise.deadline.kind == DeadlineKind.APPROVAL:
        return False
    if promise.is_mine(user):
        return True
    return here.may["work"] and not promise.holders


def _promise(here: Room, promise: Promise, *, at: datetime) -> Step:
    deadline = promise.deadline
    row = chip(here.incident, promise)
    late = formats.clock_words(deadline.due_at, at) if deadline.due_at <= at else ""
    why = "" if late else formats.clock_words(deadline.due_at, at)
    if not promise.holders:
        why = " · ".join(part for part in (why, gettext("nobody has it")) if part)
    step: dict[str, Any] = {"action": row["action"], "href": row["href"]}
    if not promise.holders and deadline.subject_kind == "item" and here.may["work"]:
        step = {
            "action": gettext("Take it"),
            "post": reverse("web:item-assign", args=[here.incident.reference, deadline.subject_id]),
            "hidden": (("owner", str(here.request.user.pk)),),
        }
    return Step(
        what=in_language(deadline.label),
        why=why,
        late=late,
        urgency=(deadline.due_at - at).total_seconds(),
        **step,
    )


def _handovers(here: Room) -> list[Step]:
    return [
        Step(
            what=gettext("Hand-over: %(role)s") % {"role": word("duty", handover.role)},
            why=formats.ago(handover.offered_at, here.at),
            action=gettext("Read it"),
            href=reverse("web:handover", args=[here.incident.reference, handover.pk]),
            urgency=-1e9,
        )
        for handover in here.head.handovers
        if handover.receiver_id == here.request.user.pk
    ]


def _words_for_me(here: Room, statements: list[Said]) -> list[Step]:
    me = here.request.user.pk
    found = []
    for entry in statements:
        for text in entry.texts:
            revision = text.revision
            if (
                revision is None
                or revision.state != RevisionState.IN_REVIEW
                or revision.submitted_at is None
            ):
                continue
            if me == revision.asked_id or (me == revision.deputy_id and revision.deputy_asked_at):
                found.append(
                    Step(
                        what=gettext("Words to approve: %(stage)s, %(language)s")
                        % {
                            "stage": word("stage", entry.statement.stage),
                            "language": word("language", text.row.language),
                        },
                        why=gettext("Sent %(ago)s")
                        % {"ago": formats.ago(revision.submitted_at, here.at)},
                        action=gettext("Read the words"),
                        href=reverse("web:approve", args=[here.incident.reference, revision.pk]),
                        urgency=-1e8,
                    )
                )
    return found


def _silent_approvers(here: Room, statements: list[Said]) -> list[Step]:
    """Who has not answered yet, for the lead: a call, not another mail."""
    if not here.may["chase_approver"]:
        return []
    found = []
    for entry in statements:
        for text in entry.texts:
            revision = text.revision
            if (
                revision is None
                or revision.state != RevisionState.IN_REVIEW
                or not revision.asked
                or not revision.submitted_at
            ):
                continue
            name = revision.asked.name_in(here.request.LANGUAGE_CODE)
            why = gettext("Asked %(ago)s, no answer yet") % {
                "ago": formats.ago(revision.submitted_at, here.at)
            }
            if revision.deputy and not revision.deputy_asked_at:
                deputy = revision.deputy.name_in(here.request.LANGUAGE_CODE)
                why += ". " + gettext("%(name)s is the deputy.") % {"name": deputy}
            found.append(
                Step(
                    what=gettext("Call %(name)s about the %(language)s words")
                    % {"name": name, "language": word("language", text.row.language)},
                    why=why,
                    action=gettext("Call %(name)s") % {"name": name}
                    if revision.asked.phone
                    else gettext("Open"),
                    href=f"tel:{revision.asked.phone}"
                    if revision.asked.phone
                    else reverse("web:approve", args=[here.incident.reference, revision.pk]),
                    urgency=-10.0,
                )
            )
    return found


def _ready_to_post(here: Room, statements: list[Said]) -> list[Step]:
    if not here.may["publish"]:
        return []
    found = []
    for entry in statements:
        for text in entry.texts:
            revision = text.revision
            if revision is None or revision.state != RevisionState.APPROVED:
                continue
            out = {post.channel for post in text.posts}
            left = [channel for channel in entry.statement.channels if channel not in out]
            if left:
                found.append(
                    Step(
                        what=gettext("%(language)s words ready for %(channel)s")
                        % {
                            "language": word("language", text.row.language),
                            "channel": word("channel", left[0]),
                        },
                        why=word("stage", entry.statement.stage),
                        action=gettext("Copy and post"),
                        href=reverse(
                            "web:post", args=[here.incident.reference, revision.pk, left[0]]
                        ),
                        urgency=0.0,
                    )
                )
    return found
