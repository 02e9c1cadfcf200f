"""What must hold where a playbook says who hears of a late promise, and when it rings."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from crisisdesk.notifications.enums import Transport
from playbooks.domain.inspector import Inspector
from playbooks.enums import BRAND_ROLES, OLD_TARGETS, EscalationTarget, Severity, StepEnd

LONGEST_WAIT = 10_080  # minutes after it was due: a week
_RULES = ("first", "second", "every", "most", "answer")


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom the steps of a playbook can reach: mail addresses of the brand's active people, and the roles that any of
    them has. `roles` None: for every brand, so that nobody can say."""

    people: Collection[str] = ()
    roles: Collection[str] | None = None


NO_BRAND = Reach()


def check_escalation(ask: Inspector, reach: Reach, *, is_newest: bool) -> None:
    """Note every fault of the steps and of the rules of ringing."""
    if not is_newest:
        _old_steps(ask)
        return
    _rules(ask)
    latest = {"after_percent": 100, "after_minutes": 0}
    for index in ask.rows("escalation"):
        at = ("escalation", index)
        row = ask.mapping(
            *at,
            required=("who", "origin"),
            optional=("after_percent", "after_minutes", "person", "transports", "until", "source"),
        )
        given = [name for name in latest if row.get(name) is not None]
        if len(given) != 1:
            ask.fault(at, "step_delay", "needs either after_percent or after_minutes")
        for name in given:
            latest[name] = _rising(ask, index, name, latest[name])
        _who(ask, reach, index)
        _transports(ask, index)
        if row.get("until") is not None:
            ask.choice([end.value for end in StepEnd], *at, "until")


def _old_steps(ask: Inspector) -> None:
    before = 100
    for index in ask.rows("escalation"):
        ask.mapping("escalation", index, required=("after_percent", "who"))
        ask.choice(OLD_TARGETS, "escalation", index, "who")
        before = _rising(ask, index, "after_percent", before)


def _rising(ask: Inspector, index: int, name: str, before: int) -> int:
    """Check that a step comes after those before it that count as it does; return what the next one is held against."""
    bounds = {"after_percent": (101, 1000), "after_minutes": (1, LONGEST_WAIT)}
    least, most = bounds[name]
    found = ask.number("escalation", index, name, least=least, most=most)
    if found is not None and found <= before:
        unit = "%" if name == "after_percent" else "minutes"
        ask.fault(
            ("escalation", index, name),
            "not_rising",
            f"must be later than the step before ({before} {unit})",
        )
    return max(before, found or 0)


def _who(ask: Inspector, reach: Reach, index: int) -> None:
    at = ("escalation", index)
    who = ask.choice([target.value for target in EscalationTarget], *at, "who")
    person = ask.document.at(*at, "person")
    if who == EscalationTarget.PERSON and not person:
        ask.fault((*at, "who"), "step_reaches_nobody", "names no person")
    elif person and who not in (None, EscalationTarget.PERSON):
        ask.fault((*at, "person"), "person_misplaced", "only the step to one person names one")
    elif person and str(person).lower() not in reach.people:
        ask.fault(
            (*at, "person"),
            "step_reaches_nobody",
            f"{person!r} is no active person of the brand"
            if reach.roles is not None
            else "a playbook of every brand names nobody",
        )
    role = BRAND_ROLES.get(EscalationTarget(who)) if who else None
    if role and reach.roles is not None and role not in reach.roles:
        ask.fault(
            (*at, "who"),
            "nobody_there",
            f"nobody of the brand has the role {role} now",
            is_warning=True,
        )


def _transports(ask: Inspector, index: int) -> None:
    at = ("escalation", index, "transports")
    if at not in ask.document.lines:
        return
    seen: set[str] = set()
    for place, name in enumerate(ask.texts(*at)):
        if name not in Transport.values:
            ask.fault((*at, place), "unknown_transport", f"unknown transport: {name!r}")
        elif name in seen:
            ask.fault((*at, place), "written_twice", f"{name!r} is already named here")
        seen.add(name)


def _rules(ask: Inspector) -> None:
    if ("reminders",) not in ask.document.lines:
        return
    ask.mapping("reminders", optional=_RULES)
    first = ask.number("reminders", "first", least=1, most=99)
    second = ask.number("reminders", "second", least=1, most=99)
    if first is not None and second is not None and second <= first:
        ask.fault(
            ("reminders", "second"), "not_rising", f"must be later than the first ({first} %)"
        )
    ask.number("reminders", "every", least=5, most=500)
    ask.number("reminders", "most", least=3, most=30)
    if ("reminders", "answer") in ask.document.lines:
        ask.mapping("reminders", "answer", optional=Severity.values)
        for severity in Severity.values:
            ask.number("reminders", "answer", severity, least=5, most=1440)
