"""The six figures in words: value, target, and how each ended. Numbers come from
incidents/queries/metrics.py.
"""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from crisisdesk.incidents.queries.metrics import Figures, Measure, Outcome
from crisisdesk.reports.domain.parts import Figure
from crisisdesk.reports.domain.voice import Voice

_COUNTS = ("promises_kept", "actions_open")


def label(key: str) -> str:
    """The name of a figure."""
    return {
        "noticed_after": _("Noticed after"),
        "first_word_after": _("First public word after"),
        "full_statement_after": _("Full statement after"),
        "longest_silence": _("Longest silence"),
        "promises_kept": _("Promises kept"),
        "actions_open": _("Actions open"),
    }[key]


def six(figures: Figures, voice: Voice) -> tuple[Figure, ...]:
    """Return the six figures for page one, in their fixed order."""
    return tuple(_figure(measure, voice) for measure in figures.all())


def _figure(measure: Measure, voice: Voice) -> Figure:
    return Figure(
        label=voice.say(label(measure.key)),
        value=_value(measure, voice),
        words=voice.say(
            _("none yet") if measure.outcome in (Outcome.NOT_YET, Outcome.LATE) else "–"
        ),
        target=voice.say(_target(measure, voice)),
        result=voice.say(result(measure, voice)),
        is_late=measure.outcome == Outcome.LATE,
    )


def _value(measure: Measure, voice: Voice) -> tuple[tuple[str, str], ...]:
    if measure.value is None:
        return ()
    if measure.key in _COUNTS:
        total = _("of %(count)s") % {"count": voice.number(measure.of or 0)}
        return ((voice.number(measure.value), total),)
    return voice.pieces(measure.value)


def _target(measure: Measure, voice: Voice) -> str:
    if measure.key == "actions_open":
        return _("none overdue")
    if measure.key == "promises_kept":
        return pgettext("figure", "all") if measure.of else "–"
    return "–" if measure.target is None else voice.duration(measure.target)


def result(measure: Measure, voice: Voice) -> str:
    """How a figure ended: met, by how much it was late, or that it was not measured."""
    if measure.outcome == Outcome.LATE:
        if measure.key == "longest_silence":
            return _("%(span)s over") % {"span": voice.duration(measure.over)}
        if measure.key == "promises_kept":
            words = ngettext(
                "%(count)s late, by %(span)s", "%(count)s late, by up to %(span)s", measure.broken
            )
            return words % {
                "count": voice.number(measure.broken),
                "span": voice.duration(measure.over),
            }
        if measure.key == "actions_open":
            words = ngettext("%(count)s overdue", "%(count)s overdue", measure.broken)
            return words % {"count": voice.number(measure.broken)}
        return voice.late(measure.over)
    return {
        Outcome.MET: pgettext("figure", "met"),
        Outcome.NOT_YET: pgettext("figure", "not yet due"),
        Outcome.NO_TARGET: pgettext("figure", "no target"),
    }.get(measure.outcome, pgettext("figure", "not measured"))


def finding(figures: Figures, voice: Voice) -> str:
    """One sentence on what the clocks show, the gravest first; the caption of the time axis."""
    full, first, silence = (
        figures.full_statement_after,
        figures.first_word_after,
        figures.longest_silence,
    )
    if full.outcome == Outcome.LATE:
        words = (
            _("The full statement came %(late)s")
            if full.value is not None
            else _("No full statement; %(late)s")
        )
        return words % {"late": voice.late(full.over)}
    if first.outcome == Outcome.LATE:
        words = (
            _("The first public word came %(late)s")
            if first.value is not None
            else _("No public word; %(late)s")
        )
        return words % {"late": voice.late(first.over)}
    if silence.outcome == Outcome.LATE:
        return _("%(span)s without a public word") % {"span": voice.duration(silence.value or 0)}
    if first.value is None:
        return _("No public word of ours yet")
    if full.value is None:
        return _("The first public word came after %(span)s") % {
            "span": voice.duration(first.value)
        }
    spans = {"first": voice.duration(first.value), "full": voice.duration(full.value)}
    return _("First public word after %(first)s, full statement after %(full)s") % spans
