"""How the shelf's news reads in mail and inbox, and who may still see it: what the registry below asks of us."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from crisisdesk.notifications import registry
from crisisdesk.notifications.rules.bidi import isolate
from playbooks.domain.review_reminders import TOPIC
from playbooks.queries.reviews import brands_led_by, leads_still


def register() -> None:
    """Answer for the topic "review" from now on; its rows are about brands, and for those who lead them."""
    registry.register(
        TOPIC,
        may_see=lambda user, brand_id: bool(leads_still([(user.pk, brand_id)])),
        render=render,
        may_see_many=leads_still,
        visible=brands_led_by,
        explain=explain,
    )


def render(
    *, kind: str, data: dict[str, Any], topic_id: int, language: str, zone: str
) -> registry.Rendered:
    """Return what is due to be read again, one line a playbook. Runs no query; reader's language active."""
    rows = data["playbooks"]
    count = len(rows)
    said = ngettext(
        "%(count)s playbook is due to be read again",
        "%(count)s playbooks are due to be read again",
        count,
    ) % {"count": count}
    brand = isolate(data["brand"].get(language) or data["brand"][""])
    return registry.Rendered(
        subject=f"{brand} · {said}",
        headline=said,
        lines=(brand, *(_line(row, language) for row in rows)),
        action_label=gettext("Open the playbook") if count == 1 else gettext("Open my desk"),
        path=_path(rows[0]) if count == 1 else "/#reviews",
        because=gettext(
            "You get this mail because you look after these playbooks. Mail that is not urgent can be turned off under "
            "Settings."
        ),
    )


def _line(row: Mapping[str, Any], language: str) -> str:
    day = date_format(date.fromisoformat(row["review_by"]), "j F Y")
    facts = {"title": isolate(_in(row["title"], language)), "date": day, "count": row["texts"]}
    if not row["texts"]:
        return gettext("%(title)s: the plan; review by %(date)s") % facts
    if row["plan"]:
        return (
            ngettext(
                "%(title)s: the plan and %(count)s text; review by %(date)s",
                "%(title)s: the plan and %(count)s texts; review by %(date)s",
                row["texts"],
            )
            % facts
        )
    return (
        ngettext(
            "%(title)s: %(count)s text; review by %(date)s",
            "%(title)s: %(count)s texts; review by %(date)s",
            row["texts"],
        )
        % facts
    )


def _in(words: Mapping[str, str], language: str) -> str:
    return words.get(language) or words.get("en") or ""


def _path(row: Mapping[str, Any]) -> str:
    owner = row["owner"] or "shared"
    return f"/playbooks/{row['slug']}/?brand={owner}#review"


def explain(*, why: str, **row: Any) -> registry.Because:
    """Say whether the parts are the reader's own, or nobody's and theirs as a lead of the brand."""
    rule = gettext("You are to read these parts of the playbooks again.")
    if why != "owner":
        rule = gettext(
            "You lead for this brand, and nobody else is named for these parts of the playbooks."
        )
    return registry.Because(
        rule,
        (
            gettext("Read them again, or name somebody for them on the playbook's page."),
            gettext("Mail that is not urgent can be turned off under Settings."),
        ),
    )
