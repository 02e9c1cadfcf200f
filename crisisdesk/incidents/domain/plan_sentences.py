"""What a plan says of itself, in the reader's language: its sections, its gaps, its history. Made when it is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext, pgettext_lazy

from crisisdesk.core.formats import clock_time, zone_of
from crisisdesk.core.words import word
from crisisdesk.incidents.domain.sentences import in_language, one_piece
from crisisdesk.incidents.models import PlanDuty
from crisisdesk.organisation.models import Brand

Data = Mapping[str, Any]
_ = gettext_lazy

SECTIONS: dict[str, str | Promise] = {
    "groups": _("Affected groups"),
    "questions": _("Worst questions"),
    "misreadings": _("Likely misreadings"),
    "duty": _("Duty for 48 hours"),
    "statements": _("Prepared statements"),
    "approvers": _("Approvers reachable"),
    "accounts": _("Official accounts tested"),
}
_FIELDS: dict[str, str | Promise] = {
    "title": pgettext_lazy("plan", "title"),
    "decision": pgettext_lazy("plan", "decision"),
    "announce_at": pgettext_lazy("plan", "time of the announcement"),
    "languages": pgettext_lazy("plan", "languages"),
    "lead": pgettext_lazy("plan", "lead"),
}


def section_words(key: str) -> str:
    """Return the name of one part of readiness."""
    return str(SECTIONS[key])


def gap_sentence(code: str, params: Data, *, zone: Any = None) -> str:
    """Return what is missing, in one line; moments in the zone given, else the page's."""
    return _GAPS[code](params, zone_of(zone))


def change_sentence(kind: str, data: Data, *, zone: Any = None) -> str:
    """Return one line of the history; a kind that this desk does not know reads as its own name."""
    maker = _CHANGES.get(kind)
    return maker(data, zone_of(zone)) if maker else kind.replace("_", " ")


def shift_words(duty: PlanDuty, brand: Brand) -> str:
    """Return who has which duty from when to when, in the brand's zone."""
    return gettext("%(role)s: %(name)s, %(start)s to %(end)s") % {
        "role": word("duty", duty.role),
        "name": one_piece(duty.person.name_in((get_language() or "en")[:2])),
        "start": _moment(duty.from_at, zone_of(brand.zone)),
        "end": _moment(duty.to_at, zone_of(brand.zone)),
    }


def _moment(when: datetime | str, zone: tzinfo) -> str:
    at = datetime.fromisoformat(when) if isinstance(when, str) else when
    date = date_format(at.astimezone(zone), "j M")
    return gettext("%(date)s, %(time)s") % {"date": date, "time": clock_time(at, zone)}


def _name(data: Data) -> str:
    """A person as the reader's language writes them."""
    return one_piece(in_language(data["name"]))


def _languages(params: Data) -> str:
    return gettext(", ").join(word("language", code) for code in params["languages"])


def _questions_few(params: Data, zone: tzinfo) -> str:
    count = int(params["count"])
    return ngettext(
        "%(count)s question is written down; the worst %(wanted)s are wanted",
        "%(count)s questions are written down; the worst %(wanted)s are wanted",
        count,
    ) % {"count": count, "wanted": params["wanted"]}


_GAPS: dict[str, Callable[[Data, tzinfo], str]] = {
    "groups_missing": lambda params, zone: gettext("No affected group is named"),
    "questions_few": _questions_few,
    "answers_missing": lambda params, zone: (
        gettext("“%(question)s” has no approved answer in: %(languages)s")
        % {"question": one_piece(params["question"]), "languages": _languages(params)}
    ),
    "misreadings_missing": lambda params, zone: gettext("No likely misreading is named"),
    "hours_without_duty": lambda params, zone: (
        gettext("Nobody is on duty from %(start)s to %(end)s")
        % {"start": _moment(params["from"], zone), "end": _moment(params["to"], zone)}
    ),
    "statement_missing": lambda params, zone: (
        gettext("%(stage)s: not ready in %(languages)s")
        % {"stage": word("stage", params["stage"]), "languages": _languages(params)}
    ),
    "approver_unnamed": lambda params, zone: (
        gettext("No approver is named for this language: %(language)s")
        % {"language": word("language", params["language"])}
    ),
    "deputy_unnamed": lambda params, zone: (
        gettext("No deputy approver is named for this language: %(language)s")
        % {"language": word("language", params["language"])}
    ),
    "approver_not_reached": lambda params, zone: (
        gettext("%(name)s was not reached in the last 30 days; approves: %(languages)s")
        % {"name": _name(params), "languages": _languages(params)}
    ),
    "accounts_missing": lambda params, zone: gettext("The brand has no official account here"),
    "account_untested": lambda params, zone: (
        gettext("%(handle)s on %(channel)s: nobody got in within 90 days")
        % {"handle": one_piece(params["handle"]), "channel": word("channel", params["channel"])}
    ),
}


def _changed(data: Data, zone: tzinfo) -> str:
    names = gettext(", ").join(str(_FIELDS[name]) for name in data.get("fields", {}))
    return gettext("Changed: %(list)s") % {"list": names}


def _point(pattern: Callable[[], str]) -> Callable[[Data, tzinfo], str]:
    return lambda data, zone: (
        pattern() % {"kind": word("point", data["kind"]), "text": one_piece(data["text"])}
    )


def _words(pattern: Callable[[], str]) -> Callable[[Data, tzinfo], str]:
    return lambda data, zone: (
        pattern()
        % {
            "what": one_piece(data.get("text") or in_language(data.get("label"))),
            "language": word("language", data["language"]),
        }
    )


def _duty(pattern: Callable[[], str]) -> Callable[[Data, tzinfo], str]:
    return lambda data, zone: (
        pattern()
        % {
            "role": word("duty", data["role"]),
            "name": _name(data),
            "start": _moment(data["from"], zone),
            "end": _moment(data["to"], zone),
        }
    )


def _reached(data: Data, zone: tzinfo) -> str:
    if data["reached"]:
        return gettext("Reached: %(name)s") % {"name": _name(data)}
    return gettext("No answer from %(name)s") % {"name": _name(data)}


def _reminded(data: Data, zone: tzinfo) -> str:
    names = gettext(", ").join(one_piece(in_language(name)) for name in data["names"])
    return ngettext(
        "Reminded of %(count)s gap: %(names)s",
        "Reminded of %(count)s gaps: %(names)s",
        data["gaps"],
    ) % {"count": data["gaps"], "names": names}


def _announced(data: Data, zone: tzinfo) -> str:
    said = gettext("Announced; the incident is %(reference)s") % {"reference": data["reference"]}
    if data["gaps"]:
        said += " · " + gettext("with %(count)s gaps: %(reason)s") % {
            "count": data["gaps"],
            "reason": one_piece(data["reason"]),
        }
    return said


_CHANGES: dict[str, Callable[[Data, tzinfo], str]] = {
    "opened": lambda data, zone: gettext("Plan opened"),
    "changed": _changed,
    "point_added": _point(lambda: gettext("%(kind)s added: %(text)s")),
    "point_changed": _point(lambda: gettext("%(kind)s changed: %(text)s")),
    "point_removed": _point(lambda: gettext("%(kind)s taken off: %(text)s")),
    "answer_written": _words(lambda: gettext("Answer in %(language)s written: %(what)s")),
    "answer_approved": _words(lambda: gettext("Answer in %(language)s approved: %(what)s")),
    "statement_prepared": _words(lambda: gettext("Words in %(language)s written: %(what)s")),
    "duty_added": _duty(lambda: gettext("On duty as %(role)s: %(name)s, %(start)s to %(end)s")),
    "duty_removed": _duty(
        lambda: gettext("No longer on duty as %(role)s: %(name)s, %(start)s to %(end)s")
    ),
    "reached": _reached,
    "reminded": _reminded,
    "announced": _announced,
    "dropped": lambda data, zone: (
        gettext("Dropped: %(reason)s") % {"reason": one_piece(data["reason"])}
    ),
}
