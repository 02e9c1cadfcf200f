"""What people fill in for a webhook. Forms parse; the commands decide."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class WebhookForm(forms.Form):
    """Where a program of the person's listens, and what for."""

    url = forms.CharField(
        label=_("Address of the endpoint"),
        max_length=2000,
        widget=forms.URLInput(attrs={"dir": "ltr", "placeholder": "https://example.com/desk"}),
    )
    label = forms.CharField(label=_("What it is for"), max_length=80)


class RotateForm(forms.Form):
    """A new secret, and what becomes of the old one."""

    old = forms.ChoiceField(
        label=_("The old secret"),
        choices=[
            ("both", _("Signs beside the new one for a day")),
            ("ends", _("Ends at once: it has leaked")),
        ],
        initial="both",
        widget=forms.RadioSelect,
    )
