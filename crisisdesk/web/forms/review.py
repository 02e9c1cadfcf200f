"""The post-mortem and its actions. Forms parse; the commands decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from crisisdesk.core.languages import guess_direction, guess_language
from crisisdesk.incidents.domain.reviewing import LONGEST
from crisisdesk.web.forms.stale import Difference, differences
from playbooks.queries.lessons import lessons_by_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.forms.boundfield import BoundField
    from django.http import QueryDict
    from django.utils.functional import Promise

    from crisisdesk.incidents.models import Postmortem
    from crisisdesk.organisation.models import User


@dataclass(frozen=True)
class Line:
    """One field of the post-mortem: its label, what helps, and how many rows it begins with."""

    name: str
    label: Any
    hint: Any = ""
    rows: int = 3


SECTIONS: tuple[tuple[str, str | Promise, tuple[Line, ...]], ...] = (
    (
        "said",
        _("What happened"),
        (
            Line(
                "verdict",
                _("The verdict, in one sentence"),
                _("Page one begins with it. At most 140 characters."),
                2,
            ),
            Line("summary", _("What happened"), rows=4),
            Line(
                "affected",
                _("Who was affected, and how many"),
                _("One line each."),
            ),
            Line(
                "business_effect",
                _("What it cost"),
                _("One line each."),
                2,
            ),
        ),
    ),
    ("why", _("Why it happened"), (Line("cause", _("Why it happened")),)),
    (
        "looking-back",
        _("Looking back"),
        (
            Line("went_well", _("What went well"), _("One line each."), 4),
            Line(
                "went_badly", _("What went badly"), _("One line each, on roles, never on names."), 4
            ),
        ),
    ),
    (
        "from-here",
        _("From here on"),
        (
            Line("what_could_return", _("What could return")),
            Line(
                "decisions_asked",
                _("Decisions asked of the executives"),
                _("One line each, at most three."),
            ),
            Line("changes", _("What changes")),
        ),
    ),
)
_CAUSE: dict[str, Any] = {"yes": _("Yes"), "no": pgettext_lazy("cause", "Not known")}
_NOT_KNOWN = ("affected", "business_effect")  # each with a box to tick; the cause asks first
SHORT = ("summary", "cause", "changes")  # SEV3 closes with three lines


@dataclass(frozen=True)
class Section:
    """A part of the form with its own progress."""

    key: str
    title: str | Promise
    fields: tuple[BoundField, ...]
    written: int

    @property
    def of(self) -> int:
        """How many lines there are to write."""
        return len(self.fields)


class PostmortemForm(forms.Form):
    """All sections, or for SEV3 three lines."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    cause_known = forms.ChoiceField(
        label=_("Is the cause known?"),
        choices=list(_CAUSE.items()),
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        review: Postmortem | None,
        suggested: dict[str, str],
        short: bool,
    ) -> None:
        super().__init__(data)
        self.short = short
        for line in self._lines():
            start = getattr(review, line.name) if review else suggested.get(line.name, "")
            shown = data.get(line.name, "") if data is not None else start
            attrs: dict[str, Any] = {"rows": line.rows}
            if shown.strip():
                attrs["dir"] = guess_direction(shown)
            if line.name in LONGEST and LONGEST[line.name] < 500:
                attrs["data-count"] = LONGEST[line.name]
            if line.name in _NOT_KNOWN:
                self.fields[f"{line.name}_unknown"] = forms.BooleanField(
                    label=pgettext_lazy("in a post-mortem", "Not known"), required=False
                )
                known = review is None or getattr(review, f"{line.name}_known")
                self.initial[f"{line.name}_unknown"] = not known
            self.fields[line.name] = forms.CharField(
                label=line.label,
                help_text=line.hint,
                required=False,
                initial=start,
                widget=forms.Textarea(attrs=attrs),
            )
        self.initial["version"] = review.version if review else 0
        self.initial["cause_known"] = "yes" if review is None or review.cause_known else "no"

    def _lines(self) -> Iterator[Line]:
        for _key, _title, lines in SECTIONS:
            yield from (line for line in lines if not self.short or line.name in SHORT)

    def sections(self) -> list[Section]:
        """Return the parts in their order, each with how much of it is written."""
        found = []
        for key, title, lines in SECTIONS:
            fields = tuple(self[line.name] for line in lines if line.name in self.fields)
            if fields:
                written = sum(self._is_written(field) for field in fields)
                found.append(Section(key, title, fields, written))
        return found

    def _is_written(self, field: BoundField) -> bool:
        if field.name == "cause" and self["cause_known"].value() == "no":
            return True
        if field.name in _NOT_KNOWN and self[f"{field.name}_unknown"].value():
            return True
        return bool(str(field.value() or "").strip())

    @property
    def written(self) -> int:
        """How many lines are written, of `lines`."""
        return sum(section.written for section in self.sections())

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return sum(section.of for section in self.sections())

    def given(self) -> dict[str, Any]:
        """Return what was typed, as the command wants it; its language is that of most of its letters."""
        fields = {line.name: self.cleaned_data[line.name] for line in self._lines()}
        fields["cause_known"] = self.cleaned_data["cause_known"] != "no"
        for name in _NOT_KNOWN:
            if name in self.fields:
                fields[f"{name}_known"] = not self.cleaned_data[f"{name}_unknown"]
        typed = " ".join(fields[line.name] for line in self._lines())
        if typed.strip():
            fields["language"] = guess_language(typed)
        return fields

    def is_typed(self) -> bool:
        """Whether the lines came along; a bare press carries only the version."""
        return any(line.name in self.data for line in self._lines())

    def differences_from(
        self, review: Postmortem | None, lessons: list[str] | None = None
    ) -> list[Difference]:
        """Return every line, and the choice of lessons, that differs from the review as it stands."""
        kept: dict[str, Any] = {line.name: getattr(review, line.name, "") for line in self._lines()}
        typed_cause = self["cause_known"].value() or "yes"
        kept_cause = "yes" if review is None or review.cause_known else "no"
        boxes = ["cause_known", *(f"{name}_unknown" for name in _NOT_KNOWN)]
        same = {name: self[name].value() for name in boxes if name in self.fields}
        found = differences(self, kept | same)  # the boxes are told in words below
        if typed_cause != kept_cause:
            label = str(self.fields["cause_known"].label)
            found.append(Difference(label, _CAUSE[typed_cause], _CAUSE[kept_cause]))
        answers = {True: gettext("Not known"), False: "–"}
        for name in _NOT_KNOWN:
            stands = not getattr(review, f"{name}_known", True)
            if name in self.fields and bool(same[f"{name}_unknown"]) != stands:
                label = str(self.fields[name].label)
                found.append(Difference(label, answers[not stands], answers[stands]))
        stand = review.lessons if review else []
        if lessons is not None and not self.short and set(lessons) != set(stand):
            label = gettext("Lessons this incident tested")
            found.append(Difference(label, _lesson_words(lessons), _lesson_words(stand)))
        return found


def _lesson_words(keys: list[str]) -> str:
    known = lessons_by_key(keys)
    language = get_language() or "en"
    return " · ".join(known[key].words_in(language) for key in keys if key in known)


class ActionForm(forms.Form):
    """What will be done, by whom, by when."""

    text = forms.CharField(label=_("What will be done"), max_length=300)
    owner = forms.TypedChoiceField(label=_("Who"), coerce=int)
    due_date = forms.DateField(label=_("By"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(
        self, data: QueryDict | None = None, *, people: Iterable[User], reader: User, language: str
    ) -> None:
        super().__init__(data, auto_id="action_%s", initial={"owner": reader.pk})
        self.people = {person.pk: person for person in people}
        owner = cast("forms.TypedChoiceField", self.fields["owner"])
        owner.choices = [
            ("", "—"),
            *((person.pk, person.name_in(language)) for person in self.people.values()),
        ]
