"""What must hold in playbook.yaml, the file without words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from playbooks.domain.checking_dynamics import (
    check_audiences,
    check_moves,
    check_when,
    public_stages,
    question_keys,
)
from playbooks.domain.checking_escalation import NO_BRAND, Reach, check_escalation
from playbooks.domain.content import SCHEMAS
from playbooks.domain.inspector import Inspector
from playbooks.domain.shelf_files import Folder
from playbooks.enums import (
    Audience,
    Autofill,
    ClockEnd,
    ClockKind,
    ClockStart,
    CrisisType,
    Duty,
    Phase,
    PlaceholderKind,
    Provenance,
    ScctCluster,
    Severity,
    Stage,
)

NEEDED_STAGES = (
    Stage.ACKNOWLEDGEMENT,
    Stage.HOLDING,
    Stage.UPDATE,
    Stage.CORRECTION,
    Stage.RESOLUTION,
)
FIRST_ITEMS_AT_MOST = 6
FIRST_ITEMS_REQUIRED = 3
ITEMS = {1: range(20, 27), 2: range(20, 31)}  # schema 3 has as many as 2
_TOP = (
    "schema",
    "slug",
    "crisis_type",
    "scct_cluster",
    "default_severity",
    "origin_channel",
    "channels",
    "clocks",
    "items",
    "statements",
    "placeholders",
    "lanes",
    "escalation",
    "lessons",
)


@dataclass(frozen=True, slots=True)
class Known:
    """What a playbook may refer to."""

    channels: Collection[str]
    documents: Collection[str]
    lessons: Collection[str]
    cases: Collection[str] | None = None  # None: a brand tells cases of its own
    regulators: Collection[str] | None = None  # None: no file of regulators, any key will do
    reach: Reach = NO_BRAND


def check_structure(folder: Folder, known: Known) -> None:
    """Note every fault of the structure in its document."""
    ask = Inspector(folder.structure)
    moves = folder.structure.at("schema") != 1
    newest = ("reminders",) if folder.structure.at("schema") == 3 else ()
    ask.mapping(
        required=_TOP if moves else (*_TOP, "case"),
        optional=("case", "questions", "regulators", *newest) if moves else (),
    )
    if "schema" in folder.structure.data and not _is_schema(folder.structure.at("schema")):
        ask.fault(("schema",), "bad_value", "schema must be 1, 2 or 3")
    slug = ask.key("slug")
    if slug is not None and slug != folder.slug:
        ask.fault(("slug",), "slug_differs", f"must be the folder's name, {folder.slug!r}")
    ask.choice(CrisisType.values, "crisis_type")
    ask.choice(ScctCluster.values, "scct_cluster")
    ask.choice(Severity.values, "default_severity")
    ask.known("channel", known.channels, "origin_channel")
    if ("case",) in folder.structure.lines:
        ask.mapping("case", required=("name_key", "document"))
        name = ask.key("case", "name_key")
        if name is not None and known.cases is not None:
            ask.known("case", known.cases, "case", "name_key")
        ask.known("document", known.documents, "case", "document")
    _references(ask, "channel", known.channels, "channels")
    _references(ask, "lesson", known.lessons, "lessons")
    questions = _questions(ask, known) if moves else []
    _clocks(ask, known, moves)
    _items(ask, known, moves)
    _statements(ask, known, moves)
    if moves:
        for part in ("clocks", "items", "statements"):
            for index in ask.rows(part):
                check_when(ask, questions, known.channels, part, index)
        check_moves(ask)
        check_audiences(ask)
    _placeholders(ask)
    _lanes(ask)
    check_escalation(ask, known.reach, is_newest=bool(newest))
    if newest:
        for index in ask.rows("escalation"):
            _provenance(ask, known, "escalation", index)


def _is_schema(found: object) -> bool:
    return isinstance(found, int) and not isinstance(found, bool) and found in SCHEMAS


def _questions(ask: Inspector, known: Known) -> list[str]:
    """Check what schema 2 adds at the top; return the keys of the questions."""
    for index in ask.rows("questions"):
        _provenance(ask, known, "questions", index)
    for index in range(len(ask.texts("regulators"))):
        ask.key("regulators", index)
        if known.regulators is not None:
            ask.known("regulator", known.regulators, "regulators", index)
    return question_keys(ask)


def _references(ask: Inspector, what: str, known: Collection[str], *path: str | int) -> list[str]:
    return [
        text
        for index, text in enumerate(ask.texts(*path))
        if ask.known(what, known, *path, index) is not None
    ]


def _clocks(ask: Inspector, known: Known, moves: bool) -> None:
    rows = ask.rows("clocks")
    ask.once(rows, "clocks")
    for index in rows:
        at = ("clocks", index)
        row = ask.mapping(
            *at,
            required=("key", "kind", "from", "lives_until", "role", "origin"),
            optional=("minutes", "days", "source", *(("when",) if moves else ())),
        )
        ask.choice(ClockKind.values, *at, "kind")
        ask.choice([start.value for start in ClockStart], *at, "from")
        ask.choice([end.value for end in ClockEnd], *at, "lives_until")
        ask.choice(Duty.values, *at, "role")
        if ("minutes" in row) == ("days" in row):
            ask.fault(at, "clock_length", "needs either minutes or days, per severity")
        for unit in ("minutes", "days"):
            if unit in row:
                _per_severity(ask, *at, unit)
        _provenance(ask, known, *at)


def _items(ask: Inspector, known: Known, moves: bool) -> None:
    rows = ask.rows("items")
    ask.once(rows, "items")
    kinds = [ask.document.at("clocks", index, "kind") for index in ask.rows("clocks")]
    found = ask.document.at("lessons")
    listed = found if isinstance(found, list) else []
    for index in rows:
        at = ("items", index)
        row = ask.mapping(
            *at,
            required=("key", "phase", "role", "origin"),
            optional=(
                *("channel", "required", "minutes", "meets", "source", "lesson"),
                *(("when", "from", "after", "repeat") if moves else ()),
            ),
        )
        ask.choice(Phase.values, *at, "phase")
        ask.choice(Duty.values, *at, "role")
        ask.truth(*at, "required")
        if row.get("channel") is not None:
            ask.known("channel", known.channels, *at, "channel")
        if row.get("minutes") is not None:
            _per_severity(ask, *at, "minutes")
        if row.get("meets") is not None and row["meets"] not in kinds:
            ask.fault(
                (*at, "meets"),
                "unknown_clock",
                f"no clock of kind {row['meets']!r} in this playbook",
            )
        if row.get("lesson") is not None:
            lesson = ask.known("lesson", known.lessons, *at, "lesson")
            if lesson is not None and lesson not in listed:
                ask.fault(
                    (*at, "lesson"),
                    "lesson_not_listed",
                    f"{lesson!r} is missing in this playbook's lessons",
                )
        _provenance(ask, known, *at)
    if ("items",) in ask.document.lines:
        _phases(ask, rows, ITEMS[2 if moves else 1])


def _phases(ask: Inspector, rows: list[int], room: range) -> None:
    if len(rows) not in room:
        ask.fault(
            ("items",),
            "item_count",
            f"{len(rows)} items; a crisis has room for {room.start} to {room.stop - 1}",
            is_warning=True,
        )
    for phase in Phase.values:
        if not any(ask.document.at("items", index, "phase") == phase for index in rows):
            ask.fault(("items",), "phase_missing", f"no item in phase {phase}")
    first = [i for i in rows if ask.document.at("items", i, "phase") == Phase.FIRST_15_MINUTES]
    if len(first) > FIRST_ITEMS_AT_MOST:
        ask.fault(
            ("items", first[FIRST_ITEMS_AT_MOST]),
            "first_items_too_many",
            f"{len(first)} items in the first 15 minutes; at most {FIRST_ITEMS_AT_MOST}",
        )
    required = [i for i in first if ask.document.at("items", i, "required") is True]
    if first and len(required) != FIRST_ITEMS_REQUIRED:
        ask.fault(
            ("items", (required or first)[-1]),
            "first_items_required",
            f"{len(required)} required in the first 15 minutes; exactly {FIRST_ITEMS_REQUIRED}",
        )


def _statements(ask: Inspector, known: Known, moves: bool) -> None:
    rows = ask.rows("statements")
    ask.once(rows, "statements")
    lanes = [ask.document.at("lanes", index, "key") for index in ask.rows("lanes")]
    blanks = ask.document.at("placeholders")
    rows_of = blanks if isinstance(blanks, dict) else {}
    kinds = {name: row.get("kind") for name, row in rows_of.items() if isinstance(row, dict)}
    for index in rows:
        at = ("statements", index)
        row = ask.mapping(
            *at,
            required=("key", "stage", "audience", "channels", "lane", "origin"),
            optional=("facts", "source", *(("when",) if moves else ())),
        )
        stage = ask.choice(Stage.values, *at, "stage")
        ask.choice(Audience.values, *at, "audience")
        _references(ask, "channel", known.channels, *at, "channels")
        if "lane" in row and row["lane"] not in lanes:
            ask.fault((*at, "lane"), "unknown_lane", f"no lane {row['lane']!r} in this playbook")
        facts = ask.texts(*at, "facts")
        if facts and stage not in (None, Stage.ACKNOWLEDGEMENT):
            ask.fault(
                (*at, "facts"), "facts_misplaced", "only an acknowledgement is signed in advance"
            )
        for number, fact in enumerate(facts):
            if fact not in kinds:
                ask.fault(
                    (*at, "facts", number), "unknown_placeholder", f"unknown placeholder: {fact!r}"
                )
            elif kinds[fact] == PlaceholderKind.PHRASE:
                ask.fault(
                    (*at, "facts", number),
                    "fact_is_phrase",
                    f"{fact!r} is a phrase: the approver signs words not yet written",
                    is_warning=True,
                )
        _provenance(ask, known, *at)
    if ("statements",) in ask.document.lines:
        stages = [ask.document.at("statements", index, "stage") for index in rows]
        if moves:
            stages = public_stages(ask)
        for stage in NEEDED_STAGES:
            if stage not in stages:
                ask.fault(("statements",), "stage_missing", f"no statement for stage {stage.value}")


def _placeholders(ask: Inspector) -> None:
    if ("placeholders",) not in ask.document.lines:
        return
    for name in ask.mapping("placeholders", optional=ask.document.at("placeholders") or ()):
        at = ("placeholders", str(name))
        if not str(name).isidentifier() or str(name) != str(name).lower():
            ask.fault(at, "bad_key", f"not a placeholder name: {name!r}")
        ask.mapping(*at, required=("kind",), optional=("autofill",))
        ask.choice([kind.value for kind in PlaceholderKind], *at, "kind")
        if ask.document.at(*at, "autofill") is not None:
            ask.choice([way.value for way in Autofill], *at, "autofill")


def _lanes(ask: Inspector) -> None:
    rows = ask.rows("lanes")
    ask.once(rows, "lanes")
    for index in rows:
        at = ("lanes", index)
        ask.mapping(*at, required=("key", "approvals"))
        ask.mapping(*at, "approvals", required=Severity.values)
        for severity in Severity.values:
            ask.number(*at, "approvals", severity, least=1, most=5)


def _per_severity(ask: Inspector, *path: str | int) -> None:
    found = ask.mapping(*path, optional=Severity.values)
    if isinstance(ask.document.at(*path), dict) and not found:
        ask.fault(path, "clock_length", "names no severity")
    for severity in Severity.values:
        ask.number(*path, severity)


def _provenance(ask: Inspector, known: Known, *path: str | int) -> None:
    """A document is cited with its paragraph, a public source by name; our own practice cites
    nothing.
    """
    origin = ask.choice(Provenance.values, *path, "origin")
    source = ask.document.at(*path, "source")
    if origin == Provenance.OURS and source is not None:
        ask.fault((*path, "source"), "source_misplaced", "our practice has no source")
    elif origin in (Provenance.DOCUMENT, Provenance.PUBLIC) and source is None:
        ask.fault((*path, "source"), "source_missing", f"origin {origin} needs a source")
    elif origin == Provenance.DOCUMENT:
        ask.mapping(*path, "source", required=("document", "paragraph"))
        ask.known("document", known.documents, *path, "source", "document")
        ask.number(*path, "source", "paragraph", most=999)
    elif origin == Provenance.PUBLIC:
        ask.mapping(*path, "source", required=("public",), optional=("url",))
        ask.text(*path, "source", "public")
