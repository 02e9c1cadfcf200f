"""Open an incident: three questions, everything else pre-filled under Details."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crisisdesk.core import words
from crisisdesk.core.languages import CHOICES
from crisisdesk.incidents.enums import Severity
from crisisdesk.organisation.models import Brand, Channel
from playbooks.domain.content import Content, parse
from playbooks.queries.shelf import Shelved


@dataclass(frozen=True)
class Asked:
    """A question of one playbook on the page: its field, its words, and what is chosen."""

    name: str
    key: str
    words: str
    answer: str


class OpenForm(forms.Form):
    """What you see, which playbook, how grave; brand only where there are several."""

    seen = forms.CharField(
        label=_("What do you see?"),
        help_text=_("One line, or the link of the post."),
        max_length=500,
        error_messages={"required": _("Say in one line what you see.")},
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )
    playbook = forms.ChoiceField(
        label=_("What kind of thing is it?"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what kind of thing it is."),
            "invalid_choice": _("This playbook is not on the shelf. Choose one from the list."),
        },
    )
    severity = forms.ChoiceField(
        label=_("How grave is it?"), widget=forms.RadioSelect,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), _("Choose one of SEV1, SEV2, SEV3, SEV4.")
        ),
    )  # fmt: skip
    brand = forms.ChoiceField(label=_("Brand"))
    first_signal_at = forms.DateTimeField(
        label=_("First public"), required=False, help_text=_("When the first post went up, if you know."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    detected_at = forms.DateTimeField(
        label=_("Seen at"), required=False, help_text=_("Clocks run from here. Empty means now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    origin_channel = forms.ChoiceField(label=_("Where it started"), required=False)
    origin_url = forms.URLField(
        label=_("Link of the first post"), required=False, assume_scheme="https"
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages of the audience"), widget=forms.CheckboxSelectMultiple
    )
    channels = forms.MultipleChoiceField(
        label=_("Channels we will use"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("Nothing chosen means the channels of the playbook."),
    )  # fmt: skip
    is_restricted = forms.BooleanField(label=_("Only for people I name"), required=False)
    is_drill = forms.BooleanField(label=_("This is a drill"), required=False)
    key = forms.CharField(widget=forms.HiddenInput, max_length=80)

    def __init__(
        self,
        *args: Any,
        brands: list[Brand],
        shelf: list[Shelved],
        channels: list[Channel],
        language: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.language = language
        self.plans: dict[str, Content] = {
            str(each.revision.pk): parse(each.revision) for each in shelf
        }
        fields: dict[str, Any] = self.fields
        fields["brand"].choices = [(str(brand.pk), brand.name_in(language)) for brand in brands]
        if len(brands) == 1:
            fields["brand"].widget = forms.HiddenInput()
        fields["playbook"].choices = [(pk, plan.title[language]) for pk, plan in self.plans.items()]
        fields["severity"].choices = [
            (value, f"{value.upper()} · {words.word('severity', value)}") for value in Severity
        ]
        listed = [(channel.key, channel.name_in(language)) for channel in channels]
        fields["origin_channel"].choices = [("", _("As the playbook says")), *listed]
        fields["channels"].choices = listed
        fields["languages"].choices = CHOICES

    def asked_by(self, pk: str) -> list[Asked]:
        """Return the questions of this playbook with what was chosen; nothing chosen is not known yet."""
        plan = self.plans.get(pk)
        fields = [(f"ask-{pk}-{row.key}", row) for row in plan.questions] if plan else []
        return [
            Asked(name, row.key, row.ask[self.language], str(self.data.get(name) or "unknown"))
            for name, row in fields
        ]

    @property
    def questions(self) -> list[tuple[str, str, list[Asked]]]:
        """The playbooks that ask something: number, title, questions."""
        return [
            (pk, plan.title[self.language], self.asked_by(pk))
            for pk, plan in self.plans.items()
            if plan.questions
        ]

    def clean_detected_at(self) -> datetime | None:
        """Keep the moment as given; the view fills in now."""
        given: datetime | None = self.cleaned_data["detected_at"]
        return given
