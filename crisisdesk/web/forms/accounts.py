"""What people fill in before they are signed in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from crisisdesk.core.languages import CHOICES
from crisisdesk.organisation.domain.brands import BrandDetails
from crisisdesk.organisation.models import User
from crisisdesk.web.forms.zones import zone_choices


class NewPasswordForm(forms.Form):
    """A name and a new password, held against the rules for passwords."""

    full_name = forms.CharField(
        label=_("Full name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("At least ten characters. A few unrelated words are easiest to keep in mind."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "dir": "ltr"}),
    )
    zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)

    address = ""

    def clean(self) -> dict[str, Any]:
        """Ask the password rules, which also look for the person's own name and address in it."""
        cleaned = super().clean() or {}
        password = cleaned.get("password", "")
        about = User(
            email=cleaned.get("email", self.address), full_name=cleaned.get("full_name", "")
        )
        if password:
            try:
                validate_password(password, user=about)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class InvitationForm(NewPasswordForm):
    """What an invited person adds to what the invitation says already."""

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = address


class FirstSetupForm(NewPasswordForm):
    """The first person and the first brand of a real desk."""

    field_order = [
        "code",
        "full_name",
        "email",
        "password",
        "language",
        "zone",
        "brand_name",
        "brand_key",
        "languages",
    ]

    code = forms.CharField(
        label=_("Set-up code"),
        help_text=_("It stands in the terminal where the desk was started."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username", "dir": "ltr"})
    )
    language = forms.ChoiceField(label=_("Your language"), choices=CHOICES)
    brand_name = forms.CharField(label=_("Name of the brand"), max_length=120)
    brand_key = forms.SlugField(
        label=_("Short key"),
        max_length=60,
        help_text=_(
            "Small letters, digits and hyphens, for example nour-home. It appears in addresses."
        ),
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages of the brand"), choices=CHOICES, widget=forms.CheckboxSelectMultiple
    )

    def details(self) -> BrandDetails:
        """Return the brand as described."""
        return BrandDetails(
            name=self.cleaned_data["brand_name"],
            languages=tuple(self.cleaned_data["languages"]),
            zone=self.cleaned_data["zone"],
        )
