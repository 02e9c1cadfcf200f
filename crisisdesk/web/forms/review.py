"""The post-mortem and its actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crisisdesk.incidents.models import Postmortem
from crisisdesk.organisation.models import User

SECTIONS: tuple[tuple[str, Any, Any, int], ...] = (
    (
        "verdict",
        _("The verdict, in one sentence"),
        _("Page one begins with it. At most 140 characters."),
        2,
    ),
    ("summary", _("What happened"), "", 4),
    ("cause", _("Why it happened"), "", 3),
    (
        "affected",
        _("Who was affected, and how many"),
        _("One line each; “not known” is an answer."),
        3,
    ),
    ("business_effect", _("What it cost"), _("One line each; “not known” is an answer."), 2),
    ("went_well", _("What went well"), _("One line each."), 4),
    ("went_badly", _("What went badly"), _("One line each, on roles, never on names."), 4),
    ("what_could_return", _("What could return"), "", 3),
    (
        "decisions_asked",
        _("Decisions asked of the executives"),
        _("One line each, at most three."),
        3,
    ),
    ("changes", _("What changes"), "", 3),
)
SHORT = ("summary", "cause", "changes")  # SEV3 closes with three lines


class PostmortemForm(forms.Form):
    """All sections, or for SEV3 three lines."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    cause_known = forms.ChoiceField(
        label=_("Is the cause known?"),
        choices=[("yes", _("Yes")), ("no", _("Not known"))],
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        review: Postmortem | None,
        suggested: dict[str, str],
        short: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, label, hint, rows in SECTIONS:
            if short and name not in SHORT:
                continue
            kept = getattr(review, name) if review else ""
            self.fields[name] = forms.CharField(
                label=label,
                help_text=hint,
                required=False,
                strip=True,
                initial=kept or ("" if review else suggested.get(name, "")),
                widget=forms.Textarea(attrs={"rows": rows}),
            )
        self.initial.setdefault("version", review.version if review else 0)
        self.initial.setdefault(
            "cause_known", "yes" if review is None or review.cause_known else "no"
        )


class ActionForm(forms.Form):
    """What will be done, by whom, by when."""

    text = forms.CharField(label=_("What will be done"), max_length=300)
    owner = forms.ModelChoiceField(label=_("Who"), queryset=User.objects.none(), empty_label=None)
    due_date = forms.DateField(label=_("By"), widget=forms.DateInput(attrs={"type": "date"}))
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner: Any = self.fields["owner"]
        owner.queryset = people
