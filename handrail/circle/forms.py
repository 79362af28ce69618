from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from handrail.gate.categories import Category, Role


class InviteForm(forms.Form):
    calls_member = forms.CharField(
        label=_("What do you call them?"),
        help_text=_("Only you and your people see this. “Mum” or “Sam” is fine."),
        max_length=40,
        error_messages={"required": _("Type a name, so that you know who this link is for.")},
    )
    role = forms.ChoiceField(
        label=_("What are they to you?"),
        choices=Role.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what they are to you.")},
    )
    shares = forms.MultipleChoiceField(
        label=_("What may they see from the start?"),
        help_text=_("Nothing is ticked for you. You can change it at any time, and they are not told."),
        choices=Category.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class OrderForm(forms.Form):
    """One small number a member: 1 is asked first, the same number is asked together."""

    def __init__(self, *args: Any, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for member in members:
            self.fields[member.membership_id] = forms.IntegerField(
                label=member.name,
                initial=member.rung,
                min_value=1,
                max_value=20,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "short"}),
                error_messages={
                    name: _("Type a number from 1 to 20.") for name in ("required", "invalid", "min_value", "max_value")
                },
            )
