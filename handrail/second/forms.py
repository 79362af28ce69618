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
