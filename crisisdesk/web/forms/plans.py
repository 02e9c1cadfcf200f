"""What a plan of an announcement asks of people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crisisdesk.core.languages import CHOICES
from crisisdesk.incidents.domain.announcement_plans import LONGEST, LONGEST_TITLE, PlanDetails
from crisisdesk.incidents.models import AnnouncementPlan, PlanPoint
from crisisdesk.organisation.models import Brand, User

_MOMENT = "%Y-%m-%dT%H:%M"


class PlanForm(forms.Form):
    """The decision: what, when, to whom, and who leads."""

    brand = forms.ChoiceField(label=_("Brand"))
    title = forms.CharField(
        label=_("What will be announced?"),
        help_text=_("One line; it becomes the title of the incident."),
        max_length=LONGEST_TITLE,
    )
    decision = forms.CharField(
        label=_("The decision, as people will read it"),
        help_text=_("Two or three sentences: what changes, what stays, from when."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    announce_at = forms.DateTimeField(
        label=_("Announced at"),
        help_text=_("The 48 hours of duty begin here."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MOMENT),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages of the audience"),
        choices=CHOICES,
        widget=forms.CheckboxSelectMultiple,
    )
    lead = forms.TypedChoiceField(label=_("Who leads"), coerce=int)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, brands: Iterable[Brand], leads: Iterable[User], reader: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {person.pk: person for person in leads}
        fields: dict[str, Any] = self.fields
        fields["brand"].choices = [(brand.key, brand.name_in(reader)) for brand in brands]
        if len(fields["brand"].choices) == 1:
            fields["brand"].widget = forms.HiddenInput()
        fields["lead"].choices = [(pk, who.name_in(reader)) for pk, who in self.people.items()]

    @staticmethod
    def initial_from(plan: AnnouncementPlan) -> dict[str, Any]:
        """Return what the form shows of a plan."""
        return {
            "brand": plan.brand.key,
            "title": plan.title,
            "decision": plan.decision,
            "announce_at": plan.announce_at,
            "languages": plan.languages,
            "lead": plan.lead_id,
            "version": plan.version,
        }

    def details(self, *, kept: datetime | None = None) -> PlanDetails:
        """Return the decision as given; `kept` is the moment that stands, whose seconds the field does not show."""
        given = self.cleaned_data
        at = given["announce_at"]
        if kept is not None and f"{kept:{_MOMENT}}" == f"{at.astimezone(kept.tzinfo):{_MOMENT}}":
            at = kept
        return PlanDetails(
            title=given["title"],
            decision=given["decision"],
            announce_at=at,
            lead=self.people[given["lead"]],
            languages=tuple(given["languages"]),
        )


class PointForm(forms.Form):
    """A group, a question or a misreading; the second field has its own name for each."""

    text = forms.CharField(label=_("In one line"), max_length=LONGEST)
    detail = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))
    owner = forms.TypedChoiceField(
        label=_("Whose it is"), coerce=int, empty_value=None, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    DETAILS = {  # noqa: RUF012
        "group": _("How it touches them"),
        "question": _("Why they ask"),
        "misreading": _("What is right instead"),
    }

    def __init__(
        self, *args: Any, kind: str, people: Iterable[User], reader: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.people = {person.pk: person for person in people}
        fields: dict[str, Any] = self.fields
        fields["detail"].label = self.DETAILS[kind]
        names = [(pk, who.name_in(reader)) for pk, who in self.people.items()]
        fields["owner"].choices = [("", _("The lead of the plan")), *names]

    @staticmethod
    def initial_from(point: PlanPoint) -> dict[str, Any]:
        """Return what the form shows of a point."""
        return {
            "text": point.text,
            "detail": point.detail,
            "owner": point.owner_id,
            "version": point.version,
        }

    def given(self) -> dict[str, Any]:
        """Return the point as the command takes it."""
        asked = self.cleaned_data
        return {
            "text": asked["text"],
            "detail": asked["detail"],
            "owner": self.people.get(asked["owner"]),
        }


class WordsForm(forms.Form):
    """Prepared words in one language."""

    text = forms.CharField(label=_("The words"), widget=forms.Textarea(attrs={"rows": 8}))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
