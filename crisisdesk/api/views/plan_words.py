"""What stands on a plan: groups, questions, misreadings, and the words prepared for them."""

from __future__ import annotations

from crisisdesk.api.inputs import Id, Input, Key, Language, Text, Versioned
from crisisdesk.api.operations import Call, endpoint, write
from crisisdesk.api.shapes import plans as shapes
from crisisdesk.api.views.plans import PERSON, PLAN, WORDS, child_of_plan
from crisisdesk.incidents.domain import plan_words
from crisisdesk.incidents.models import PlanPoint, PlanText
from crisisdesk.incidents.queries.plans import visible_plan
from crisisdesk.organisation.models import User


class PointBody(Input):
    """Words, what they mean for whom or what is right instead, and whose it is."""

    text = Text()
    detail = Text(required=False)
    owner = Id(required=False, allow_null=True)


class PointAdded(PointBody):
    """`kind` is group, question or misreading."""

    kind = Key()


@write(
    "Add a point to a plan",
    answer=shapes.PlanPointShape,
    status=201,
    body=PointAdded,
    refuses=("point_kind_unknown", *WORDS, *PERSON, "plan_ended"),
)
def add_plan_point(call: Call, plan_id: int) -> shapes.PlanPointShape:
    """An affected group, a question that will be asked, a likely misreading."""
    point = plan_words.add_plan_point(
        plan_id=plan_id,
        actor=call.actor,
        at=call.at,
        owner=_owner(call),
        **call.given("kind", "text", "detail"),
    )
    return shapes.point(point)


class PointChanged(PointBody, Versioned):
    """The point as it should read."""


@write(
    "Change a point of a plan",
    answer=shapes.PlanPointShape,
    body=PointChanged,
    refuses=(*WORDS, *PERSON, "plan_ended"),
    stale=("stale",),
    versioned=True,
)
def change_plan_point(call: Call, plan_id: int, point_id: int) -> shapes.PlanPointShape:
    """Its words, its detail, whose it is."""
    point = child_of_plan(call, PlanPoint.objects.filter(is_removed=False), plan_id, point_id)
    changed = plan_words.change_plan_point(
        point_id=point_id,
        version=call.version(point),
        actor=call.actor,
        at=call.at,
        owner=_owner(call),
        **call.given("text", "detail"),
    )
    return shapes.point(changed)


@write("Take a point off a plan", refuses=("plan_ended",))
def remove_plan_point(call: Call, plan_id: int, point_id: int) -> None:
    """The history keeps what it said."""
    child_of_plan(call, PlanPoint.objects.all(), plan_id, point_id)
    plan_words.remove_plan_point(point_id=point_id, actor=call.actor, at=call.at)


class WordsWritten(Versioned):
    """The words; `version` is the edition that was read, 0 for none."""

    text = Text()


@write(
    "Write the answer to a question",
    answer=shapes.PlanTextShape,
    body=WordsWritten,
    refuses=("not_a_question", "language_not_planned", *WORDS, "plan_ended"),
    stale=("stale",),
    versioned=True,
)
def write_plan_answer(
    call: Call, plan_id: int, point_id: int, language: str
) -> shapes.PlanTextShape:
    """A new edition, which nobody has approved yet."""
    child_of_plan(call, PlanPoint.objects.filter(is_removed=False), plan_id, point_id)
    newest = PlanText.objects.filter(point=point_id, language=language).order_by("-number").first()
    row = plan_words.write_plan_answer(
        point_id=point_id,
        language=language,
        text=call.body["text"],
        version=call.version(newest),
        actor=call.actor,
        at=call.at,
    )
    return shapes.text(row)


@write(
    "Approve an answer",
    answer=shapes.PlanTextShape,
    forbids=("own_text", "language_not_read"),
    refuses=("not_a_question", "newer_revision", "already_approved", "plan_ended"),
)
def approve_plan_answer(call: Call, plan_id: int, text_id: int) -> shapes.PlanTextShape:
    """This very edition, by somebody who reads the language and wrote none."""
    child_of_plan(call, PlanText.objects.all(), plan_id, text_id)
    row = plan_words.approve_plan_answer(text_id=text_id, actor=call.actor, at=call.at)
    return shapes.text(row)


class StatementWritten(WordsWritten):
    """Which statement of the playbook, in which language."""

    statement = Key(max_length=60)
    language = Language()


@write(
    "Prepare a statement",
    answer=shapes.PlanTextShape,
    body=StatementWritten,
    refuses=("statement_unknown", "language_not_planned", *WORDS, "plan_ended"),
    stale=("stale",),
    versioned=True,
)
def prepare_plan_statement(call: Call, plan_id: int) -> shapes.PlanTextShape:
    """It is ready when no blank is left open; in the incident it waits as a draft for approval."""
    plan = visible_plan(call.user, plan_id)
    key, language = call.body["statement"], call.body["language"]
    newest = PlanText.objects.filter(plan=plan, point=None, key=key, language=language)
    row = plan_words.prepare_plan_statement(
        plan_id=plan_id,
        key=key,
        language=language,
        text=call.body["text"],
        version=call.version(newest.order_by("-number").first()),
        actor=call.actor,
        at=call.at,
    )
    return shapes.text(row)


def _owner(call: Call) -> User | None:
    owner = call.body.get("owner")
    return call.somebody(owner, name="owner") if owner else None


_POINT = f"{PLAN}points/<int:point_id>/"
ROUTES = {
    f"{PLAN}points/": endpoint(post=add_plan_point),
    _POINT: endpoint(put=change_plan_point),
    f"{_POINT}remove/": endpoint(post=remove_plan_point),
    f"{_POINT}answers/<str:language>/": endpoint(put=write_plan_answer),
    f"{PLAN}texts/<int:text_id>/approve/": endpoint(post=approve_plan_answer),
    f"{PLAN}statements/": endpoint(put=prepare_plan_statement),
}
