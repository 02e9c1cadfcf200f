"""Where a person is told: what they enter for a transport, and the code that confirms it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from crisisdesk.notifications.transports.carrying import Entry


class AddressForm(forms.Form):
    """One address by the transport whose entry this is; ids carry the transport's name."""

    value = forms.CharField(max_length=2000, strip=True)
    label = forms.CharField(
        label=_("Your name for it"),
        max_length=80,
        required=False,
        help_text=_("For example “On call” or the name of a channel."),
    )

    def __init__(self, *args: Any, transport: str, entry: Entry, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"id_{transport}_%s"} | kwargs)
        field = self.fields["value"]
        field.label, field.help_text = str(entry.label), str(entry.hint)
        field.widget.input_type = entry.input_type
        field.widget.attrs.update(dir="ltr", autocomplete="off", placeholder=entry.placeholder)


class CodeForm(forms.Form):
    """The code that the other side received."""

    code = forms.CharField(
        label=_("The code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "dir": "ltr"}
        ),
    )

    def __init__(self, *args: Any, address_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"id_{address_id}_%s"} | kwargs)
