"""An incident whose plan moves, opened through the product's own command."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from crisisdesk.incidents.domain import checklist, screening
from crisisdesk.incidents.domain.opening import Opening, open_incident
from crisisdesk.incidents.models import (
    ChecklistItem,
    Deadline,
    Incident,
    ScreeningQuestion,
    TimelineEvent,
)
from playbooks.models import Playbook, PlaybookRevision
from tests.factories.incidents import Desk
from tests.factories.moving import MOVING, moving_folder
from tests.factories.organisation import NOON


def moving_content(files: dict[str, dict[str, Any]] | None = None) -> PlaybookRevision:
    """Put the moving playbook on the shelf without its files, and return its revision."""
    files = files or moving_folder()
    content = {
        **files["playbook.yaml"],
        "words": {code: files[f"{code}.yaml"] for code in ("en", "ar", "he")},
    }
    playbook, _ = Playbook.objects.get_or_create(
        slug=MOVING,
        defaults={
            "origin": "desk", "crisis_type": "general", "scct_cluster": "victim",
            "created_at": NOON,
        },
    )  # fmt: skip
    number = playbook.revisions.count() + 1
    return PlaybookRevision.objects.create(
        playbook=playbook, number=number, schema=2, content=content, content_hash=str(number),
        created_at=NOON,
    )  # fmt: skip


def make_moving(desk: Desk, *, at: datetime = NOON, **fields: Any) -> Incident:
    """Open an incident from the moving playbook as the lead; `revision` may be given."""
    values: dict[str, Any] = {
        "seen": "The kettles burn",
        "brand_id": desk.brand.pk,
        "severity": "sev2",
        "detected_at": at,
        "origin_channel": "x",
        "channels": ("x", "facebook"),
        "languages": ("ar", "he"),
    } | fields
    values.setdefault("revision", None)
    values["revision"] = values["revision"] or moving_content()
    return open_incident(Opening(**values), actor=desk.actor("lead"), at=at)


def item_of(incident: Incident, number: int) -> ChecklistItem:
    """Return the item of that number as it stands."""
    return ChecklistItem.objects.get(incident=incident, key=f"item-{number}")


def hidden_items(incident: Incident) -> set[int]:
    """Return the numbers of the items that are hidden."""
    rows = ChecklistItem.objects.filter(incident=incident, is_hidden=True)
    return {int(key.removeprefix("item-")) for key in rows.values_list("key", flat=True)}


def clock_of(incident: Incident, key: str) -> Deadline | None:
    """Return the newest deadline of an item or a clock."""
    return Deadline.objects.filter(incident=incident, key=key).order_by("-pk").first()


def question_of(incident: Incident, key: str) -> ScreeningQuestion:
    """Return a question as it stands."""
    return ScreeningQuestion.objects.get(incident=incident, key=key)


def later(minutes: int) -> datetime:
    """A moment of the story."""
    return NOON + timedelta(minutes=minutes)


def answer(
    incident: Incident, desk: Desk, key: str, said: str, *, at: datetime = NOON, **more: Any
) -> ScreeningQuestion:
    """Answer a question of the plan as staff."""
    return screening.answer_screening_question(
        question_id=question_of(incident, key).pk,
        answer=said,
        actor=desk.actor("staff"),
        at=at,
        **more,
    )


def state(incident: Incident, key: str) -> tuple[str, str]:
    """State and reason of a clock."""
    row = clock_of(incident, key)
    return (row.state, row.reason) if row else ("none", "")


def replanned(incident: Incident) -> list[dict[str, Any]]:
    """What each re-planning said."""
    rows = TimelineEvent.objects.filter(incident=incident, kind="deadlines_replanned")
    return [event.data for event in rows.order_by("number")]


def tick(incident: Incident, desk: Desk, number: int, *, at: datetime, **more: Any) -> None:
    """Tick an item as staff."""
    item = item_of(incident, number)
    checklist.tick_item(item_id=item.pk, actor=desk.actor("staff"), at=at, **more)
