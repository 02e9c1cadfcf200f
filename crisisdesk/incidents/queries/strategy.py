"""What the adviser starts from: the newest choice, or what playbook and past say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from crisisdesk.core.queries.compiled import compiled
from crisisdesk.incidents.models import Evidence, Incident, LineChoice
from crisisdesk.incidents.queries.visibility import visible_to
from playbooks.models import PlaybookRevision

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from crisisdesk.organisation.models import User

_LINE = "_line_taken"


@dataclass(frozen=True)
class Start:
    """The answers to begin with, what they come from, and every choice made so far, the newest first."""

    cluster: str
    had_similar: bool
    bad_reputation: bool
    proven_rumour: bool
    from_playbook: bool
    similar: tuple[Incident, ...]
    evidence: int
    choices: tuple[LineChoice, ...]


def start_of(incident: Incident, user: User) -> Start:
    """Return where the adviser starts for this person, in four queries.

    Similar are earlier incidents of the brand from the same playbook that the person may see, without drills.
    """
    choices = tuple(
        LineChoice.objects.filter(incident=incident).select_related("decision__decided_by")
    )
    similar = tuple(
        visible_to(user)
        .filter(
            brand=incident.brand_id,
            playbook_revision__playbook__revisions=incident.playbook_revision_id,
            opened_at__lt=incident.opened_at,
            is_drill=False,
        )
        .exclude(status="cancelled")
        .order_by("-opened_at")[:5]
    )
    evidence = Evidence.objects.filter(incident=incident).count()
    if choices:
        last = choices[0]
        return Start(
            cluster=last.cluster,
            had_similar=last.had_similar,
            bad_reputation=last.bad_reputation,
            proven_rumour=last.proven_rumour,
            from_playbook=False,
            similar=similar,
            evidence=evidence,
            choices=choices,
        )
    # The revision never changes, so what it says is as good as a copy in the plan.
    cluster = (
        PlaybookRevision.objects.filter(pk=incident.playbook_revision_id)
        .values_list("content__scct_cluster", flat=True)
        .first()
    )
    return Start(
        cluster=cluster or "accidental",
        had_similar=bool(similar),
        bad_reputation=False,
        proven_rumour=False,
        from_playbook=True,
        similar=similar,
        evidence=evidence,
        choices=(),
    )


@dataclass(frozen=True, slots=True)
class LineTaken:
    """The line that holds now, and why, in the language of whoever decided it."""

    lines: list[str]
    reason: str
    language: str


def with_line(incidents: QuerySet[Incident]) -> QuerySet[Incident]:
    """Return these incidents together with the line that each of them takes."""
    return incidents.annotate(**{_LINE: compiled(Incident, _newest_line)})


def _newest_line() -> Subquery:
    newest = LineChoice.objects.filter(incident=OuterRef("pk")).order_by("-pk")
    row = JSONObject(lines="lines", reason="decision__reason", language="decision__language")
    return Subquery(newest.values(row=row)[:1])


def line_taken(incident: Incident) -> LineTaken | None:
    """Return the line that holds now; one query for an incident that was read without `with_line`."""
    if _LINE not in incident.__dict__:
        rows = with_line(Incident.objects.filter(pk=incident.pk))
        incident.__dict__[_LINE] = rows.values_list(_LINE, flat=True)[0]
    found: dict[str, Any] | None = incident.__dict__[_LINE]
    return LineTaken(**found) if found else None
