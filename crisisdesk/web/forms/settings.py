"""What people fill in under Settings. Forms parse; the commands decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crisisdesk.core import words
from crisisdesk.core.languages import CHOICES, LANGUAGES
from crisisdesk.organisation.domain.accounts import AccountDetails
from crisisdesk.organisation.domain.brands import BrandDetails
from crisisdesk.organisation.enums import DigitStyle, Role
from crisisdesk.organisation.models import Brand, Channel, OfficialAccount, User
from crisisdesk.web.forms.zones import zone_choices

if TYPE_CHECKING:
    from collections.abc import Iterable

_LTR = {"dir": "ltr"}


def _spelling(code: str) -> dict[str, str]:
    return {"lang": code, "dir": "rtl" if code in {"ar", "he"} else "ltr"}


def _roles() -> list[tuple[str, Any]]:
    return [(role.value, words.WORDS["role"][role.value]) for role in Role]


def _people(people: Iterable[User], language: str) -> list[tuple[str, str]]:
    return [("", "—"), *((str(person.pk), person.name_in(language)) for person in people)]


def _offer(form: forms.Form, name: str, choices: Iterable[tuple[Any, str]]) -> None:
    """Give a field the choices that depend on who asks."""
    cast("forms.ChoiceField", form.fields[name]).choices = list(choices)


class ProfileForm(forms.Form):
    """How a person is called and reached."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)
    title = forms.CharField(
        label=pgettext_lazy("person", "Title"),
        max_length=40,
        required=False,
        help_text=_("For example Dr., د., ד״ר."),
    )
    name_ar = forms.CharField(
        label=_("Name in Arabic letters"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs=_spelling("ar")),
    )
    name_he = forms.CharField(
        label=_("Name in Hebrew letters"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs=_spelling("he")),
    )
    name_en = forms.CharField(
        label=_("Name in Latin letters"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs=_spelling("en")),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=32,
        required=False,
        help_text=_("Colleagues press it to call when an answer is late."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"}),
    )


class ZoneForm(forms.Form):
    """In which zone a person reads times."""

    zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)


class ReadsForm(forms.Form):
    """Which languages a person reads well enough to approve."""

    reads = forms.MultipleChoiceField(
        label=_("Languages you read"),
        choices=CHOICES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class TokenForm(forms.Form):
    """A token's name, scope and life."""

    name = forms.CharField(
        label=_("What it is for"), max_length=80, help_text=_("For example: weekly figures.")
    )
    scope = forms.ChoiceField(label=_("What it may do"), choices=lambda: words.choices("scope"))
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        empty_value=None,
        choices=[
            ("30", _("30 days")),
            ("90", _("90 days")),
            ("365", _("One year")),
            ("0", _("Until revoked")),
        ],
    )


class CalendarForm(forms.Form):
    """Which deadlines stand in a calendar: the person's own, or all of one incident."""

    incident = forms.ChoiceField(label=_("What stands in it"), required=False)

    def __init__(
        self, *args: Any, incidents: Iterable[tuple[str, str]] = (), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        rows = [(reference, f"{reference} · {title}") for reference, title in incidents]
        _offer(self, "incident", [("", str(_("My deadlines, of every incident"))), *rows])


class InviteForm(forms.Form):
    """Whom to ask in, to which brand, as what."""

    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs=_LTR))
    full_name = forms.CharField(label=_("Full name"), max_length=120)
    brand = forms.TypedChoiceField(label=_("Brand"), coerce=int)
    role = forms.ChoiceField(label=_("Role"), choices=_roles)
    language = forms.ChoiceField(label=_("Language of the invitation"), choices=CHOICES)

    def __init__(self, *args: Any, brands: Iterable[Brand], reader: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "brand", [(brand.pk, brand.name_in(reader)) for brand in brands])


class BrandForm(forms.Form):
    """A brand as `BrandDetails` wants it."""

    name = forms.CharField(label=_("Name"), max_length=120)
    name_en = forms.CharField(
        label=_("Name in English"), required=False, widget=forms.TextInput(attrs=_spelling("en"))
    )
    name_ar = forms.CharField(
        label=_("Name in Arabic"), required=False, widget=forms.TextInput(attrs=_spelling("ar"))
    )
    name_he = forms.CharField(
        label=_("Name in Hebrew"), required=False, widget=forms.TextInput(attrs=_spelling("he"))
    )
    aliases = forms.CharField(
        label=_("Other names"),
        required=False,
        help_text=_("What people also write, one a line."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages of the brand"), choices=CHOICES, widget=forms.CheckboxSelectMultiple
    )
    zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)
    digit_style = forms.ChoiceField(
        label=_("Numbers"), choices=[(DigitStyle.LATIN, "123"), (DigitStyle.ARABIC, "١٢٣")]
    )
    colour = forms.CharField(
        label=_("Colour"), required=False, max_length=7, widget=forms.TextInput(attrs=_LTR)
    )
    contact_email = forms.EmailField(
        label=_("Address for the press"), required=False, widget=forms.EmailInput(attrs=_LTR)
    )
    marking_en = forms.CharField(
        label=_("Line on every document, English"),
        required=False,
        widget=forms.TextInput(attrs=_spelling("en")),
    )
    marking_ar = forms.CharField(
        label=_("Line on every document, Arabic"),
        required=False,
        widget=forms.TextInput(attrs=_spelling("ar")),
    )
    marking_he = forms.CharField(
        label=_("Line on every document, Hebrew"),
        required=False,
        widget=forms.TextInput(attrs=_spelling("he")),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @staticmethod
    def initial_from(brand: Brand) -> dict[str, Any]:
        """Return what the form shows of a brand."""
        return {
            "name": brand.name,
            "aliases": "\n".join(brand.aliases),
            "languages": brand.languages,
            "zone": brand.zone,
            "digit_style": brand.digit_style,
            "colour": brand.colour,
            "contact_email": brand.contact_email,
            "version": brand.version,
            **{f"name_{code}": brand.names.get(code, "") for code in LANGUAGES},
            **{f"marking_{code}": brand.marking.get(code, "") for code in LANGUAGES},
        }

    def details(self) -> BrandDetails:
        """Return the brand as described."""
        given = self.cleaned_data
        return BrandDetails(
            name=given["name"],
            languages=tuple(given["languages"]),
            names={code: given[f"name_{code}"] for code in LANGUAGES},
            aliases=tuple(given["aliases"].splitlines()),
            zone=given["zone"],
            colour=given["colour"],
            digit_style=given["digit_style"],
            marking={code: given[f"marking_{code}"] for code in LANGUAGES},
            contact_email=given["contact_email"],
        )


class NewBrandForm(BrandForm):
    """A brand that has no key yet."""

    field_order = ["name", "key"]

    key = forms.SlugField(
        label=_("Short key"),
        max_length=60,
        help_text=_(
            "Small letters, digits and hyphens, for example nour-home. It appears in addresses."
        ),
        widget=forms.TextInput(attrs=_LTR),
    )


class ApproversForm(forms.Form):
    """Approver and deputy of one language, and where its readers live."""

    approver = forms.TypedChoiceField(
        label=_("Approver"), coerce=int, empty_value=None, required=False
    )
    deputy = forms.TypedChoiceField(label=_("Deputy"), coerce=int, empty_value=None, required=False)
    zone = forms.ChoiceField(
        label=_("Time zone of its readers"),
        required=False,
        choices=lambda: [("", _("As the brand")), *zone_choices()],
    )

    def __init__(self, *args: Any, people: Iterable[User], reader: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = _people(people, reader)
        _offer(self, "approver", choices)
        _offer(self, "deputy", choices)


class AccountForm(forms.Form):
    """An official account as `AccountDetails` wants it."""

    channel = forms.ChoiceField(label=_("Channel"))
    handle = forms.CharField(
        label=_("Name on the channel"),
        max_length=120,
        help_text=_("For example @nourhome."),
        widget=forms.TextInput(attrs=_LTR),
    )
    url = forms.CharField(
        label=_("Link to the account"),
        required=False,
        max_length=500,
        widget=forms.URLInput(attrs=_LTR),
    )
    contact_url = forms.CharField(
        label=_("Link for private contact"),
        required=False,
        max_length=500,
        widget=forms.URLInput(attrs=_LTR),
    )
    line_en = forms.CharField(
        label=_("Invitation to write in private, English"),
        required=False,
        widget=forms.TextInput(attrs=_spelling("en")),
    )
    line_ar = forms.CharField(
        label=_("Invitation to write in private, Arabic"),
        required=False,
        widget=forms.TextInput(attrs=_spelling("ar")),
    )
    line_he = forms.CharField(
        label=_("Invitation to write in private, Hebrew"),
        required=False,
        widget=forms.TextInput(attrs=_spelling("he")),
    )
    owner = forms.TypedChoiceField(
        label=_("Who keeps it"), coerce=int, empty_value=None, required=False
    )
    backup_owner = forms.TypedChoiceField(
        label=_("Who else can open it"), coerce=int, empty_value=None, required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        channels: Iterable[Channel],
        people: Iterable[User],
        reader: str,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "channel", [(channel.key, channel.name_in(reader)) for channel in channels])
        keepers = _people(people, reader)
        _offer(self, "owner", keepers)
        _offer(self, "backup_owner", keepers)

    @staticmethod
    def initial_from(account: OfficialAccount) -> dict[str, Any]:
        """Return what the form shows of an account."""
        return {
            "channel": account.channel.key,
            "handle": account.handle,
            "url": account.url,
            "contact_url": account.contact_url,
            "owner": account.owner_id,
            "backup_owner": account.backup_owner_id,
            "version": account.version,
            **{f"line_{code}": account.contact_line.get(code, "") for code in LANGUAGES},
        }

    def details(self) -> AccountDetails:
        """Return the account as described."""
        given = self.cleaned_data
        return AccountDetails(
            channel=given["channel"],
            handle=given["handle"],
            url=given["url"],
            contact_url=given["contact_url"],
            contact_line={code: given[f"line_{code}"] for code in LANGUAGES},
            owner_id=given["owner"],
            backup_owner_id=given["backup_owner"],
        )
