"""How a plan's news reads in mail and inbox, and who may still see it: what the registry below asks of us."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext, ngettext

from crisisdesk.incidents.domain.messages import due_line
from crisisdesk.incidents.domain.plan_reminders import TOPIC
from crisisdesk.incidents.domain.plan_sentences import gap_sentence
from crisisdesk.incidents.queries.plans import may_see_plan, may_see_plans, visible_plan_ids
from crisisdesk.notifications import registry
from crisisdesk.notifications.rules.bidi import isolate

MOST_GAPS = 5


def register() -> None:
    """Answer for the topic "plan" from now on."""
    registry.register(
        TOPIC,
        may_see=may_see_plan,
        render=render,
        may_see_many=may_see_plans,
        visible=visible_plan_ids,
        hushed=set,  # no other hands carry what is not announced yet
        explain=explain,
    )


def render(
    *, kind: str, data: dict[str, Any], topic_id: int, language: str, zone: str
) -> registry.Rendered:
    """Return which gaps are the reader's and by when. Runs no query; reader's language active."""
    gaps = data["gaps"]
    said = ngettext(
        "%(count)s thing is still missing before the announcement",
        "%(count)s things are still missing before the announcement",
        len(gaps),
    ) % {"count": len(gaps)}
    title = isolate(data["title"])
    lines = [title]
    lines += [
        gap_sentence(gap["code"], gap["params"], zone=ZoneInfo(zone)) for gap in gaps[:MOST_GAPS]
    ]
    more = len(gaps) - MOST_GAPS
    if more > 0:
        lines.append(ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more})
    return registry.Rendered(
        subject=f"{title} · {said}",
        headline=said,
        lines=tuple(lines),
        action_label=gettext("Open the plan"),
        path=f"/plans/{topic_id}/",
        due_line=due_line({"due_at": data["announce_at"]}, zone),
        about=title,
        because=gettext(
            "You get this mail because these parts of the plan are yours. Mail that is not urgent can be turned off "
            "under Settings."
        ),
    )


def explain(**row: Any) -> registry.Because:
    """Say that the gaps are the reader's own."""
    return registry.Because(
        gettext("Parts of the plan were yours and still missing when this was sent."),
        (
            gettext("Fill them in, or name somebody else for them in the plan."),
            gettext("Mail that is not urgent can be turned off under Settings."),
        ),
    )
