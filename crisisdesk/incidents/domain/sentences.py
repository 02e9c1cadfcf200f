"""What an event says, in the reader's language: events hold data, sentences are made when they are read (law 3).

Results and names, never gendered verbs. Called with the reader's language active; names of people come beside.
"""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext, ngettext

from crisisdesk.core.formats import span
from crisisdesk.core.words import word
from crisisdesk.incidents.domain.alarm_sentences import MAKERS as ALARMS
from crisisdesk.incidents.domain.phrases import Data, in_language, label_of, name_of, one_piece
from crisisdesk.incidents.domain.watch_words import watch_words
from crisisdesk.incidents.enums import EventKind

__all__ = ["in_language", "one_piece", "sentence"]


def sentence(kind: str, data: Data) -> str:
    """Return what happened, in one line. A kind or shape that this desk does not know still reads as its own name."""
    maker = _MAKERS.get(kind)
    if maker is None:
        return kind.replace("_", " ")
    return maker(data) + _lateness(data)


def _lateness(data: Data) -> str:
    """Say how late the deadlines were that this event met."""
    late = max((row.get("late_seconds", 0) for row in data.get("met", [])), default=0)
    if not data.get("met"):
        return ""
    if late < 60:
        return " · " + gettext("in time")
    return " · " + gettext("%(span)s late") % {"span": span(late)}


def _words_of(data: Data) -> dict[str, str]:
    return {"what": label_of(data), "language": word("language", str(data.get("language", "")))}


def _declared(data: Data) -> str:
    missed = data.get("missed") or []
    said = gettext("Incident opened · %(severity)s") % {
        "severity": str(data.get("severity", "")).upper()
    }
    if missed:
        said += " · " + gettext("missed before opening: %(list)s") % {
            "list": gettext("; ").join(in_language(label) for label in missed)
        }
    return said


def _status(data: Data) -> str:
    return gettext("Status: %(before)s → %(after)s") % {
        "before": word("status", data["from"]),
        "after": word("status", data["to"]),
    }


def _severity(data: Data) -> str:
    return gettext("Severity: %(before)s → %(after)s") % {
        "before": str(data["from"]).upper(),
        "after": str(data["to"]).upper(),
    }


def _reach(data: Data) -> str:
    """Where and in which languages we speak now; only what changed is told."""
    parts = []
    for name, group, label in (
        ("channels", "channel", gettext("Channels")),
        ("languages", "language", gettext("Languages")),
    ):
        if data[name]["from"] != data[name]["to"]:
            listed = gettext(", ").join(word(group, value) for value in data[name]["to"])
            parts.append(gettext("%(what)s: %(list)s") % {"what": label, "list": listed})
    return " · ".join(parts)


def _screening(data: Data) -> str:
    return gettext("%(question)s %(before)s → %(after)s") % {
        "question": label_of(data),
        "before": word("answer", data["from"]),
        "after": word("answer", data["to"]),
    }


def _cancelled(data: Data) -> str:
    if data.get("reason") == "same_matter":
        return gettext("Same matter as %(reference)s") % {"reference": data.get("same_matter_as")}
    return gettext("False alarm")


def _linked(data: Data) -> str:
    return gettext("%(reference)s was the same matter: its notes and evidence are linked here") % {
        "reference": data.get("reference")
    }


def _role(data: Data) -> str:
    facts = {"role": word("duty", data["role"]), "name": name_of(data)}
    return gettext("On duty as %(role)s: %(name)s") % facts


def _handover(pattern: Callable[[], str]) -> Callable[[Data], str]:
    def make(data: Data) -> str:
        return pattern() % {"role": word("duty", data["role"]), "name": name_of(data)}

    return make


def _about(pattern: Callable[[], str]) -> Callable[[Data], str]:
    """A sentence with only the name of the item, deadline or statement in it."""
    return lambda data: pattern() % {"what": label_of(data)}


def _assigned(data: Data) -> str:
    if not data.get("user"):
        return gettext("Given back: %(what)s") % {"what": label_of(data)}
    return gettext("%(what)s: with %(name)s") % {"what": label_of(data), "name": name_of(data)}


def _taken_over(data: Data) -> str:
    """One part by its name; of several how many, and each is named below."""
    items, texts = data.get("items", []), data.get("statements", [])
    parts = [label_of(row) for row in (*items, *texts)]
    if len(parts) != 1:
        said = ngettext("%(count)s item", "%(count)s items", len(items)) % {"count": len(items)}
        more = ngettext("%(count)s statement", "%(count)s statements", len(texts))
        parts = [said] * bool(items) + [more % {"count": len(texts)}] * bool(texts)
    facts = {"revision": data.get("revision"), "list": gettext(", ").join(parts)}
    return gettext("Taken over from revision %(revision)s of the playbook: %(list)s") % facts


def _evidence(data: Data) -> str:
    return gettext("Evidence: %(name)s") % {"name": name_of(data)}


def _fact(data: Data) -> str:
    if data.get("withdrawn"):
        return gettext("No longer held")
    return gettext("Known") if data.get("known") else gettext("Not known yet")


def _question(data: Data) -> str:
    times = int(data.get("times", 1))
    asker = word("asker", str(data.get("asker", "")))
    if times > 1:
        return ngettext(
            "Question from %(asker)s, asked %(times)s time",
            "Question from %(asker)s, asked %(times)s times",
            times,
        ) % {"asker": asker, "times": times}
    return gettext("Question from %(asker)s") % {"asker": asker}


def _statement(pattern: Callable[[], str]) -> Callable[[Data], str]:
    """A sentence about words in one language: %(what)s, %(language)s, and whatever the data holds."""

    def make(data: Data) -> str:
        facts = {key: value for key, value in data.items() if isinstance(value, str | int)}
        facts |= {key: name_of(data, key) for key in ("name", "deputy_name") if key in data}
        facts["channel"] = word("channel", str(data.get("channel", "")))
        return pattern() % {**facts, **_words_of(data)}

    return make


def _approved(data: Data) -> str:
    facts = _words_of(data)
    if data.get("how") == "presigned":
        return gettext("%(what)s, %(language)s: in words approved in advance") % facts
    if data.get("complete", True):
        return gettext("%(what)s, %(language)s: approved") % facts
    return gettext("%(what)s, %(language)s: %(had)s of %(needed)s approvals") % {
        **facts,
        "had": data.get("had"),
        "needed": data.get("needed"),
    }


def _planned(data: Data) -> str:
    return gettext("%(what)s, %(language)s: %(plan)s") % {
        **_words_of(data),
        "plan": word("plan", data["plan"]),
    }


def _replanned(data: Data) -> str:
    """How many deadlines moved, and what came onto the lists or left them; each clock has its own line below."""
    parts = []
    if count := len(data.get("changes", [])):
        moved = ngettext("%(count)s deadline moved", "%(count)s deadlines moved", count)
        parts.append(moved % {"count": count})
    if count := len(data.get("shown", [])):
        more = ngettext("%(count)s part added", "%(count)s parts added", count)
        parts.append(more % {"count": count})
    if count := len(data.get("hidden", [])):
        less = ngettext(
            "%(count)s part no longer needed", "%(count)s parts no longer needed", count
        )
        parts.append(less % {"count": count})
    return " · ".join(parts)


def _plain(pattern: Callable[[], str]) -> Callable[[Data], str]:
    return lambda data: pattern()


def _edition(data: Data) -> str:
    return gettext("Post-mortem final, edition %(edition)s") % {"edition": data.get("edition")}


def _action(data: Data) -> str:
    due = data.get("due", "")
    return gettext("Action for %(name)s, due %(due)s") % {"name": name_of(data), "due": due}


def _regulator_answered(data: Data) -> str:
    if not data.get("applies"):
        return gettext("Does not apply: %(what)s") % {"what": label_of(data)}
    if data.get("to"):
        return gettext("Applies, its clock runs: %(what)s") % {"what": label_of(data)}
    return gettext("Applies, its clock waits for the notice before it: %(what)s") % {
        "what": label_of(data)
    }


def _regulator_notified(data: Data) -> str:
    if data.get("first"):
        return gettext("Told: %(what)s") % {"what": label_of(data)}
    return gettext("Told more: %(what)s") % {"what": label_of(data)}


def _carried(data: Data) -> str:
    return gettext(
        "Announced as planned: prepared questions %(questions)s, prepared texts %(statements)s"
    ) % {
        "questions": data.get("questions", 0),
        "statements": data.get("statements", 0),
    }


_MAKERS: dict[str, Callable[[Data], str]] = {
    EventKind.DECLARED: _declared,
    EventKind.STATUS_CHANGED: _status,
    EventKind.SEVERITY_CHANGED: _severity,
    EventKind.TITLE_CHANGED: _plain(lambda: gettext("Title changed")),
    EventKind.REACH_CHANGED: _reach,
    EventKind.SCREENING_ANSWERED: _screening,
    EventKind.REOPENED: _plain(lambda: gettext("Opened again")),
    EventKind.CANCELLED: _cancelled,
    EventKind.LINKED: _linked,
    EventKind.JOINED: _plain(lambda: gettext("Seen again, joined to this incident")),
    EventKind.RESTRICTED: lambda data: (
        gettext("Restricted to named people")
        if data.get("restricted")
        else gettext("No longer restricted")
    ),
    EventKind.ACCESS_GRANTED: lambda data: (
        gettext("May see this incident: %(name)s") % {"name": name_of(data)}
    ),
    EventKind.ROLE_ASSIGNED: _role,
    EventKind.HANDOVER_OFFERED: _handover(
        lambda: gettext("Hand-over of %(role)s offered to %(name)s")
    ),
    EventKind.HANDOVER_ACCEPTED: _handover(
        lambda: gettext("%(role)s handed over: %(name)s has it")
    ),
    EventKind.HANDOVER_WITHDRAWN: _handover(
        lambda: gettext("Hand-over of %(role)s to %(name)s taken back")
    ),
    EventKind.WATCH_CHANGED: watch_words,
    EventKind.ITEM_DONE: _about(lambda: gettext("Done: %(what)s")),
    EventKind.ITEM_REOPENED: _about(lambda: gettext("Undone: %(what)s")),
    EventKind.ITEM_SKIPPED: _about(lambda: gettext("Skipped: %(what)s")),
    EventKind.ITEM_ASSIGNED: _assigned,
    EventKind.ITEMS_TAKEN_OVER: _taken_over,
    EventKind.EVIDENCE_ADDED: _evidence,
    EventKind.NOTE_ADDED: _plain(lambda: gettext("Note")),
    EventKind.FACT_STATED: _fact,
    EventKind.FACT_CHANGED: _fact,
    EventKind.DECISION_MADE: _plain(lambda: gettext("Decision")),
    EventKind.QUESTION_ASKED: _question,
    EventKind.QUESTION_ANSWERED: _plain(lambda: gettext("Question answered")),
    EventKind.TAKEN_PRIVATE: _plain(lambda: gettext("Conversation taken private")),
    EventKind.CLOSING_LINE_POSTED: _plain(lambda: gettext("Public closing line posted")),
    EventKind.AMENDED: lambda data: (
        gettext("Amendment of event %(number)s") % {"number": data.get("number")}
    ),
    EventKind.TEXT_ERASED: lambda data: (
        gettext("Words of event %(number)s erased") % {"number": data.get("number")}
    ),
    EventKind.STATEMENT_ADDED: _about(lambda: gettext("Statement added: %(what)s")),
    EventKind.LANGUAGE_PLANNED: _planned,
    EventKind.STATEMENT_REVISED: _statement(
        lambda: gettext("%(what)s, %(language)s: revision %(revision)s written")
    ),
    EventKind.APPROVAL_REQUESTED: _statement(
        lambda: gettext("%(what)s, %(language)s: sent to approval, %(name)s is asked")
    ),
    EventKind.DEPUTY_ASKED: _statement(
        lambda: gettext("%(what)s, %(language)s: no answer from %(name)s, %(deputy_name)s is asked")
    ),
    EventKind.NO_ANSWER: _statement(lambda: gettext("No answer from %(name)s")),
    EventKind.REACHED: _statement(lambda: gettext("Reached: %(name)s")),
    EventKind.STATEMENT_APPROVED: _approved,
    EventKind.PHONE_APPROVAL_RECORDED: _statement(
        lambda: gettext("%(what)s, %(language)s: approved by phone, to be confirmed · %(name)s")
    ),
    EventKind.PHONE_APPROVAL_CONFIRMED: _statement(
        lambda: gettext("%(what)s, %(language)s: approval by phone confirmed")
    ),
    EventKind.STATEMENT_SENT_BACK: _statement(lambda: gettext("%(what)s, %(language)s: sent back")),
    EventKind.STATEMENT_TAKEN_BACK: _statement(
        lambda: gettext("%(what)s, %(language)s: taken back from review")
    ),
    EventKind.POSTING_CLAIMED: _statement(
        lambda: gettext("%(what)s, %(language)s: being posted on %(channel)s")
    ),
    EventKind.POSTING_TAKEN_OVER: _statement(
        lambda: gettext("%(what)s, %(language)s: posting on %(channel)s taken over")
    ),
    EventKind.POSTING_RELEASED: _statement(
        lambda: gettext("%(what)s, %(language)s: not posted on %(channel)s after all")
    ),
    EventKind.PUBLISHED: _statement(
        lambda: gettext("%(what)s, %(language)s: posted on %(channel)s")
    ),
    EventKind.PUBLICATION_LINKED: _statement(
        lambda: gettext("%(what)s, %(language)s: link added for %(channel)s")
    ),
    EventKind.OVERRIDDEN: _statement(
        lambda: gettext(
            "%(what)s, %(language)s: posted on %(channel)s without approval, by emergency override"
        )
    ),
    EventKind.DEADLINE_WAIVED: _about(lambda: gettext("Deadline waived: %(what)s")),
    EventKind.DEADLINES_REPLANNED: _replanned,
    EventKind.COMMITMENT_MADE: _plain(lambda: gettext("Promise in public")),
    EventKind.COMMITMENT_KEPT: _plain(lambda: gettext("Promise kept")),
    EventKind.POSTMORTEM_SAVED: _plain(lambda: gettext("Post-mortem saved")),
    EventKind.POSTMORTEM_FINALISED: _edition,
    EventKind.ACTION_ITEM_ADDED: _action,
    EventKind.ACTION_ITEM_DONE: _plain(lambda: gettext("Action done")),
    EventKind.REGULATOR_ADDED: _about(lambda: gettext("Asked whether it applies: %(what)s")),
    EventKind.REGULATOR_ANSWERED: _regulator_answered,
    EventKind.REGULATOR_NOTIFIED: _regulator_notified,
    EventKind.PLAN_CARRIED: _carried,
    **ALARMS,
}
