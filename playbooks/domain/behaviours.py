"""What in the desk enforces or helps a lesson, by key: the register that lessons.yaml refers to.

Items and clocks are not here; they are found in the playbooks. `place` is a dotted name of the code, or the name of a
page's address (`web:…`); a test holds that every one exists. `reasons` are the codes under which people meet a gate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from playbooks.enums import BehaviourKind as Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import Promise

_INCIDENTS = "crisisdesk.incidents"


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One thing the desk does, in words; without a place it is still to come."""

    key: str
    kind: str
    words: str | Promise
    place: str = ""
    reasons: tuple[str, ...] = ()

    @property
    def is_planned(self) -> bool:
        """Whether it is still to come."""
        return self.kind == Kind.PLANNED

    @property
    def page(self) -> str:
        """The name of the page's address, if it is a page that stands on its own."""
        return self.place if self.place.startswith("web:") else ""


_REGISTER = (
    # gates
    Behaviour(
        "approved-words",
        Kind.GATE,
        _("Only words that were approved exactly as they stand can be posted."),
        f"{_INCIDENTS}.domain.publishing.claim_posting",
        ("not_approved",),
    ),
    Behaviour(
        "authors-do-not-approve",
        Kind.GATE,
        _("A second person reads the words: nobody approves what they wrote themselves."),
        f"{_INCIDENTS}.domain.approving.approve",
        ("own_text",),
    ),
    Behaviour(
        "override-with-review",
        Kind.GATE,
        _("To post without approval takes a reason, and is looked at again within a day."),
        f"{_INCIDENTS}.domain.publishing.override_publication",
    ),
    Behaviour(
        "nothing-said-yet",
        Kind.GATE,
        _("“Under control” is held up with a warning while nothing has been said in public."),
        f"{_INCIDENTS}.domain.transitions.can_move_to",
        ("nothing_published", "first_items_open"),
    ),
    Behaviour(
        "resolution-said",
        Kind.GATE,
        _("“Resolved” warns while people have not been told how it ended."),
        f"{_INCIDENTS}.domain.transitions.can_move_to",
        ("resolution_not_said",),
    ),
    Behaviour(
        "closing-line",
        Kind.GATE,
        _("A conversation taken private is not over before a last line stands in public."),
        f"{_INCIDENTS}.domain.notebook.post_closing_line",
        ("closing_lines_open",),
    ),
    Behaviour(
        "postmortem-before-closing",
        Kind.GATE,
        _("A grave incident closes only with a final post-mortem."),
        f"{_INCIDENTS}.domain.reviewing.finalise_postmortem",
        ("postmortem_not_final", "line_missing"),
    ),
    Behaviour(
        "prevention-before-closing",
        Kind.GATE,
        _("A grave incident closes only with a prevention action that has an owner and a day."),
        f"{_INCIDENTS}.domain.reviewing.add_action_item",
        ("prevention_missing",),
    ),
    # rules
    Behaviour(
        "open-from-playbook",
        Kind.RULE,
        _("One press opens an incident with its whole plan, and the clocks run."),
        f"{_INCIDENTS}.domain.opening.open_incident",
    ),
    Behaviour(
        "severity-in-words",
        Kind.RULE,
        _("Each playbook says in words what is grave and what is small; the clocks follow."),
        f"{_INCIDENTS}.domain.lifecycle.change_severity",
    ),
    Behaviour(
        "conditions",
        Kind.RULE,
        _(
            "Answers, severity and channels decide what the plan holds, and each part says why it is there."
        ),
        f"{_INCIDENTS}.domain.replanning.replan",
    ),
    Behaviour(
        "regulator-clocks",
        Kind.RULE,
        _("A duty to tell an authority has a clock of its own, and a late notice says why."),
        f"{_INCIDENTS}.domain.regulators.record_notice",
    ),
    Behaviour(
        "prepared-words",
        Kind.RULE,
        _("Statements stand ready in every language, with questions for what is missing."),
        f"{_INCIDENTS}.queries.autofill.blanks",
    ),
    Behaviour(
        "signed-in-advance",
        Kind.RULE,
        _("Acknowledgements signed in peacetime go out at once when only facts are filled in."),
        "playbooks.domain.presigning.sign_acknowledgement",
    ),
    Behaviour(
        "unknown-can-be-said",
        Kind.RULE,
        _("Every gap in a statement offers words for “we do not know yet”."),
        f"{_INCIDENTS}.queries.autofill.Blank",
    ),
    Behaviour(
        "known-and-not-known",
        Kind.RULE,
        _("The room keeps apart what is known and what is not; a wrong fact asks to be corrected."),
        f"{_INCIDENTS}.domain.notebook.change_fact",
    ),
    Behaviour(
        "words-to-avoid",
        Kind.RULE,
        _("The editor marks words that do harm in this case, in each language."),
        f"{_INCIDENTS}.queries.autofill.words_to_avoid",
    ),
    Behaviour(
        "announcements-without-reply",
        Kind.RULE,
        _("The room says so when announcements go out and nobody is answered."),
        f"{_INCIDENTS}.queries.now.announcements_without_reply",
    ),
    Behaviour(
        "where-our-words-are",
        Kind.RULE,
        _("A table shows on which channel and in which language our words are, or are missing."),
        f"{_INCIDENTS}.queries.now.coverage",
    ),
    Behaviour(
        "contact-line",
        Kind.RULE,
        _("The private contact line of the account is filled into the words by itself."),
        f"{_INCIDENTS}.queries.autofill.account_for",
    ),
    Behaviour(
        "question-log",
        Kind.RULE,
        _("Each question is written down once, with how often it is asked, and has a clock."),
        f"{_INCIDENTS}.domain.notebook.ask_question",
    ),
    Behaviour(
        "who-asks",
        Kind.RULE,
        _("Questions are kept by who asks: customer, press, staff, regulator, activist, rival."),
        f"{_INCIDENTS}.domain.notebook.ASKERS",
    ),
    Behaviour(
        "take-private",
        Kind.RULE,
        _("A conversation can be taken private; particulars do not stand in public."),
        f"{_INCIDENTS}.domain.notebook.take_private",
    ),
    Behaviour(
        "evidence",
        Kind.RULE,
        _("Files and links are kept as evidence, with who added them and when."),
        f"{_INCIDENTS}.domain.checklist.add_evidence",
    ),
    Behaviour(
        "decision-log",
        Kind.RULE,
        _("A decision keeps its question, the choice and the reason, and is never rewritten."),
        f"{_INCIDENTS}.domain.notebook.make_decision",
    ),
    Behaviour(
        "promises",
        Kind.RULE,
        _("What is promised in public stands in a list with a day, and has a clock."),
        f"{_INCIDENTS}.domain.promises.make_commitment",
    ),
    Behaviour(
        "next-update-promised",
        Kind.RULE,
        _("The time of the next update, once posted, becomes a promise by itself."),
        f"{_INCIDENTS}.domain.promises.make",
    ),
    Behaviour(
        "access-test",
        Kind.RULE,
        _("Each official account has an owner, a second one, and a date of its last access test."),
        "crisisdesk.organisation.domain.accounts.record_access_test",
    ),
    Behaviour(
        "strategy-adviser",
        Kind.RULE,
        _(
            "Three plain questions give the threat and the line that it calls for; the choice is kept."
        ),
        f"{_INCIDENTS}.domain.strategy.choose_line",
    ),
    # reminders
    Behaviour(
        "reminders",
        Kind.REMINDER,
        _("Every promise rings before it is late, and then rings one step higher."),
        f"{_INCIDENTS}.domain.reminders.fire_due",
    ),
    Behaviour(
        "gaps-before-the-announcement",
        Kind.REMINDER,
        _("Whoever owns a gap of a planned announcement is told of it before the day."),
        f"{_INCIDENTS}.domain.plan_reminders.fire_due",
    ),
    Behaviour(
        "read-again-by-a-day",
        Kind.REMINDER,
        _("Playbooks and their texts are read again by a day, and whoever owns them is reminded."),
        "playbooks.domain.review_reminders.remind_due",
    ),
    # measures
    Behaviour(
        "noticed-after",
        Kind.MEASURE,
        _("How long it was public before we noticed"),
        f"{_INCIDENTS}.queries.metrics.noticed_after",
    ),
    Behaviour(
        "said-after",
        Kind.MEASURE,
        _("How long until our first word, and until it stood where it began"),
        f"{_INCIDENTS}.queries.metrics.said_after",
    ),
    Behaviour(
        "silence-measured",
        Kind.MEASURE,
        _("The longest time in which we said nothing"),
        f"{_INCIDENTS}.queries.metrics.longest_silence",
    ),
    Behaviour(
        "promises-kept",
        Kind.MEASURE,
        _("How many promises were kept in time"),
        f"{_INCIDENTS}.queries.metrics.promises_kept",
    ),
    Behaviour(
        "actions-open",
        Kind.MEASURE,
        _("How many agreed actions are still open"),
        f"{_INCIDENTS}.queries.metrics.actions_open",
    ),
    # parts of the report
    Behaviour(
        "report-page-one",
        Kind.REPORT,
        _("The page that says in a minute what happened and how we did"),
        "crisisdesk.reports.domain.page_one.verdict",
    ),
    Behaviour(
        "course-in-time",
        Kind.REPORT,
        _("The course in time: what came in, and what we said when"),
        "crisisdesk.reports.domain.axis.draw",
    ),
    Behaviour(
        "words-as-published",
        Kind.REPORT,
        _("Every statement exactly as it was posted, with time and address"),
        "crisisdesk.reports.domain.published.statements",
    ),
    Behaviour(
        "report-questions",
        Kind.REPORT,
        _("What people asked, and what they were answered"),
        "crisisdesk.reports.domain.sections.questions",
    ),
    Behaviour(
        "report-actions",
        Kind.REPORT,
        _("What will be done differently, with owner and day"),
        "crisisdesk.reports.domain.sections.actions",
    ),
    # pages
    Behaviour("official-accounts", Kind.PAGE, _("Official accounts"), "web:settings-accounts"),
    Behaviour("hand-over", Kind.PAGE, _("Hand over"), "web:incident-handover"),
    Behaviour("readiness-plan", Kind.PAGE, _("A plan before a decision is announced"), "web:plans"),
    # still to come
    Behaviour("listening", Kind.PLANNED, _("Following what is said about us")),
    Behaviour("rota", Kind.PLANNED, _("A rota of who is on watch, with its gaps shown beforehand")),
    Behaviour("word-check", Kind.PLANNED, _("A check of every statement before approval")),
    Behaviour("moderation", Kind.PLANNED, _("A log of comments hidden or removed, each with why")),
    Behaviour("drill", Kind.PLANNED, _("Drills drawn from the case")),
    Behaviour("expert-session", Kind.PLANNED, _("A session with an outside expert")),
)
BEHAVIOURS = {behaviour.key: behaviour for behaviour in _REGISTER}
PRESENT = tuple(key for key, behaviour in BEHAVIOURS.items() if not behaviour.is_planned)
PLANNED = tuple(key for key, behaviour in BEHAVIOURS.items() if behaviour.is_planned)
_BY_REASON = {reason: behaviour for behaviour in _REGISTER for reason in behaviour.reasons}


def behaviours(keys: Iterable[str]) -> tuple[Behaviour, ...]:
    """Return these in the order of the register; keys that nobody knows any more are left out."""
    wanted = set(keys)
    return tuple(behaviour for behaviour in _REGISTER if behaviour.key in wanted)


def gate_of(reason: str) -> Behaviour | None:
    """Return the gate that people meet under this code."""
    return _BY_REASON.get(reason)
