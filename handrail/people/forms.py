"""What people type about their account. Secrets are never written back into a page."""

from functools import cache
from importlib.resources import files
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.utils.translation import gettext_lazy as _

from handrail.library import queries as library
from handrail.people import door, rules
from handrail.people.rules import Weakness
from handrail.people.scopes import SCOPES

LOCK_AFTER = [
    (0, _("Never lock")),
    (1, _("1 minute")),
    (5, _("5 minutes")),
    (15, _("15 minutes")),
    (60, _("1 hour")),
]
LONGEST_NAME = 60  # characters
TOO_WEAK = {
    Weakness.SHORT: _("Please make it a bit longer: at least 12 letters, or 3 words or more."),
    Weakness.SAME: _("Please mix it up a little: this one repeats itself."),
    Weakness.COMMON: _("Many people use this one, so it is easy to guess. Three words that come to mind work well."),
    Weakness.NAME: _("Please choose something that is not your name."),
}


@cache
def common_passphrases() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


@cache
def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Every zone that people live in, by region: ("America", [("America/New_York", "New York"), ...])."""
    table = files("tzdata").joinpath("zoneinfo/zone.tab").read_text(encoding="utf-8")
    names = sorted(line.split("\t")[2].strip() for line in table.splitlines() if line and not line.startswith("#"))
    if settings.HANDRAIL.time_zone not in names:
        names.append(settings.HANDRAIL.time_zone)
    regions: dict[str, list[tuple[str, str]]] = {}
    for name in names:
        region, _slash, place = name.partition("/")
        regions.setdefault(region, []).append((name, (place or region).replace("_", " ").replace("/", ", ")))
    return list(regions.items())


class NameField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        attrs = {"autocomplete": "username", "autocapitalize": "words", "spellcheck": "false"}
        super().__init__(max_length=LONGEST_NAME, widget=forms.TextInput(attrs), **options)
        self.error_messages["required"] = _("Please type a name. Any name you like.")
        self.error_messages["max_length"] = _("Please choose a shorter name.")

    def clean(self, value: Any) -> str:
        name = str(super().clean(value))
        if name and not (name.isprintable() and door.tidy(name)):
            raise forms.ValidationError(_("Please use letters in your name."))
        return name


class PassphraseField(forms.CharField):
    """A secret as it was typed: no stripping, never shown again."""

    def __init__(self, *, new: bool = False, **options: Any) -> None:
        attrs = {"autocomplete": "new-password" if new else "current-password"}
        widget = forms.PasswordInput(attrs)
        super().__init__(strip=False, max_length=door.LONGEST, widget=widget, **options)
        self.error_messages["required"] = _("Please type your passphrase.")
        self.error_messages["max_length"] = _("Please choose a shorter passphrase.")


class NewPassphraseField(PassphraseField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Choose a passphrase"))
        options.setdefault("help_text", _("At least 12 letters, or 3 words or more. A short sentence is easy to keep."))
        super().__init__(new=True, **options)


class WithNewPassphrase(forms.Form):
    """A form that has `passphrase`: it must not be easy to guess."""

    def name_for_check(self) -> str:
        return str(self.cleaned_data.get("name") or "")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if passphrase := cleaned.get("passphrase"):
            found = rules.weakness(passphrase, name=self.name_for_check(), common=common_passphrases())
            if found:
                self.add_error("passphrase", TOO_WEAK[found])
        return cleaned


class TimeZoneField(forms.ChoiceField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Your time"))
        options.setdefault("initial", settings.HANDRAIL.time_zone)
        super().__init__(choices=zone_choices, widget=forms.Select({"data-guess-zone": ""}), **options)


class CountryField(forms.ChoiceField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Your country"))
        options.setdefault("help_text", _("So that we show the right phone lines."))
        options.setdefault("initial", settings.HANDRAIL.country)
        super().__init__(choices=library.countries, **options)


class SignUpForm(WithNewPassphrase):
    name = NameField(
        label=_("What shall we call you?"), help_text=_("Any name you like. It need not be your real one.")
    )
    passphrase = NewPassphraseField()
    time_zone = TimeZoneField()
    country = CountryField()


class EnterForm(forms.Form):
    name = NameField(label=_("Your name here"))
    passphrase = PassphraseField(label=_("Your passphrase"))


class RecoverForm(WithNewPassphrase):
    words = forms.CharField(
        label=_("Your six words"),
        help_text=_("In the order in which you wrote them down."),
        max_length=door.LONGEST,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Please type your six words.")},
    )
    passphrase = NewPassphraseField(label=_("Choose a new passphrase"))
    name = NameField(
        label=_("Your name here"), help_text=_("If you have forgotten it, type a new one."), required=False
    )


class NameForm(forms.Form):
    name = NameField(label=_("Your name"), help_text=_("You sign in with this name and your passphrase."))
    passphrase = PassphraseField(
        label=_("Your passphrase"), help_text=_("Only needed when you change your name."), required=False
    )
    time_zone = TimeZoneField()
    country = CountryField()


class OwnWordsForm(forms.Form):
    for_use = forms.CharField(label=_("Your word for using"), max_length=30, required=False)
    for_recovery = forms.CharField(label=_("Your word for being in recovery"), max_length=30, required=False)


class ChangePassphraseForm(WithNewPassphrase):
    current = PassphraseField(label=_("Your passphrase now"))
    passphrase = NewPassphraseField(label=_("Your new passphrase"))

    def __init__(self, *args: Any, name: str, **options: Any) -> None:
        self._name = name
        super().__init__(*args, **options)

    def name_for_check(self) -> str:
        return self._name


class PinField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "8"}
        super().__init__(required=False, widget=forms.PasswordInput(attrs), **options)

    def clean(self, value: Any) -> str:
        pin = str(super().clean(value))
        if pin and not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 8):
            raise forms.ValidationError(_("A PIN has 4 to 8 digits."))
        return pin


class UnlockForm(forms.Form):
    """A PIN, or else a passphrase. Where a passphrase was typed it decides, whatever stands in the other field."""

    pin = PinField(label=_("Your PIN"))
    passphrase = PassphraseField(label=_("Your passphrase"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("passphrase"):
            self.errors.pop("pin", None)
        if not (self.errors or cleaned.get("pin") or cleaned.get("passphrase")):
            self.add_error("passphrase", _("Please type your passphrase."))
        return {**cleaned, "pin": "" if cleaned.get("passphrase") else cleaned.get("pin", "")}


class LooksForm(forms.Form):
    """What other eyes see. Nothing of it needs the passphrase: it shows less, never more."""

    cover = forms.BooleanField(
        label=_("Cover the page when I switch apps"),
        help_text=_("The list of open apps then shows a blank page. Some phones are too quick for it."),
        required=False,
    )
    soft_help = forms.BooleanField(
        label=_("Call the help button “Support”"),
        help_text=_("It does the same."),
        required=False,
    )
    days_hidden = forms.BooleanField(
        label=_("Hide the number of days"),
        help_text=_("Today then shows no count. We keep counting, and you can show it again."),
        required=False,
    )


class LockForm(forms.Form):
    lock_after = forms.TypedChoiceField(
        label=_("Lock when nobody has used it for"),
        choices=LOCK_AFTER,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one."), "invalid_choice": _("Please choose one.")},
    )
    pin = PinField(
        label=_("A PIN to open it"),
        help_text=_("4 to 8 digits, not your birthday. Without a PIN, your passphrase opens it."),
    )
    no_pin = forms.BooleanField(label=_("Use no PIN any more"), required=False)


class TokenForm(forms.Form):
    label = forms.CharField(
        label=_("What is it for?"), max_length=60, error_messages={"required": _("Please give it a name.")}
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        choices=list(SCOPES.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please tick at least one.")},
    )
