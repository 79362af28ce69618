from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from handrail.people.forms import NewPassphraseField, PinField, WithNewPassphrase


class _Named(WithNewPassphrase):
    def __init__(self, *args: Any, name: str, **options: Any) -> None:
        self._name = name
        super().__init__(*args, **options)

    def name_for_check(self) -> str:
        return self._name


class SecondForm(_Named):
    passphrase = NewPassphraseField(label=_("The second passphrase"))
    pin = PinField(label=_("A second PIN"), help_text=_("4 to 8 digits. On the lock screen it opens the second view."))
    began = forms.DateField(
        label=_("Count days from"),
        help_text=_("In the second view. Leave it empty for no count."),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Please write the day like 2026-03-31.")},
    )
    lived_in = forms.BooleanField(
        label=_("Put some ordinary check-ins into it"),
        help_text=_("About ten, over the last three weeks. An empty app looks new."),
        required=False,
    )


class AnotherForm(_Named):
    passphrase = NewPassphraseField(label=_("A new second passphrase"))


class PinForm(forms.Form):
    """Another second PIN, or none any more."""

    pin = PinField(label=_("A new second PIN"), help_text=_("4 to 8 digits, and not those of your own PIN."))
    no_pin = forms.BooleanField(label=_("Use no second PIN any more"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not (self.errors or cleaned.get("pin") or cleaned.get("no_pin")):
            self.add_error("pin", _("Please type the new PIN."))
        return cleaned

    def chosen(self) -> str:
        """ "" for none."""
        return "" if self.cleaned_data["no_pin"] else str(self.cleaned_data["pin"])
