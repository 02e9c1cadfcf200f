"""What people fill in about words. Forms parse; the commands decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crisisdesk.core import words
from crisisdesk.incidents.domain.publishing import Posting
from crisisdesk.incidents.enums import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from crisisdesk.organisation.models import Channel, OfficialAccount, User

_FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


def _moment(**options: Any) -> forms.DateTimeField:
    """A moment in the reader's zone; nothing typed means now."""
    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    return forms.DateTimeField(widget=widget, input_formats=_FORMATS, required=False, **options)


def _offer(form: forms.Form, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    cast("forms.ChoiceField", form.fields[name]).choices = list(choices)


class StatementForm(forms.Form):
    """A statement that the playbook has no words for."""

    title = forms.CharField(
        label=_("What it is about"),
        required=False,
        max_length=120,
        help_text=_("One line for us; it is not published."),
    )
    stage = forms.ChoiceField(label=_("Stage"), initial=Stage.UPDATE)
    audience = forms.ChoiceField(label=_("For whom"), initial="public")
    channels = forms.MultipleChoiceField(
        label=_("Channels"), required=False, widget=forms.CheckboxSelectMultiple
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, channels: Iterable[Channel], languages: Iterable[str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        reader = kwargs.get("initial", {}).get("reader", "en")
        _offer(self, "stage", words.choices("stage"))
        _offer(self, "audience", words.choices("audience"))
        _offer(self, "channels", [(row.key, row.name_in(reader)) for row in channels])
        _offer(self, "languages", [(code, words.word("language", code)) for code in languages])


class PlanForm(forms.Form):
    """What is meant to happen with one language."""

    plan = forms.ChoiceField(choices=lambda: words.choices("plan"))
    follow_by = _moment(label=_("To follow by"))


class PostingForm(forms.Form):
    """Where the words stand now; only the pasted link is needed."""

    url = forms.CharField(
        label=_("Link of the post"),
        required=False,
        max_length=500,
        widget=forms.TextInput(
            attrs={"dir": "ltr", "inputmode": "url", "autocomplete": "off", "spellcheck": "false"}
        ),
    )
    published_at = _moment(
        label=_("Posted at"), help_text=_("Nothing here means now. Earlier is possible.")
    )
    account_id = forms.TypedChoiceField(
        label=_("Account"), required=False, coerce=int, empty_value=None
    )
    is_reply = forms.BooleanField(
        label=_("It is a reply to somebody"),
        required=False,
        help_text=_("An answer to one person is not an announcement to everybody."),
    )

    def __init__(self, *args: Any, accounts: Iterable[OfficialAccount], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(row.pk, row.handle) for row in accounts]
        _offer(self, "account_id", rows or [("", pgettext_lazy("account", "None on the list"))])

    def posting(self, *, link_to_follow: bool) -> Posting:
        """Return what was said about the post."""
        return Posting(link_to_follow=link_to_follow, **self.cleaned_data)


class OverrideForm(PostingForm):
    """Words that go out without approval, and why."""

    reason = forms.CharField(
        label=_("Why they cannot wait"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands in the timeline and in the report."),
    )

    def posting(self, *, link_to_follow: bool) -> Posting:
        """Return what was said about the post, without the reason."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        return Posting(link_to_follow=link_to_follow, **said)


class PhoneForm(forms.Form):
    """A yes given by voice or message."""

    approver = forms.TypedChoiceField(label=_("Who said yes"), coerce=int)
    said_at = _moment(label=_("When"), help_text=_("Nothing here means now."))
    comment = forms.CharField(
        label=_("How and what was said"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    proof = forms.FileField(label=_("Screenshot of the message"), required=False)

    def __init__(
        self, *args: Any, people: Iterable[User], reader: str = "en", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "approver", [(person.pk, person.name_in(reader)) for person in people])
