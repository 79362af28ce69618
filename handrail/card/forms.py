from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from handrail.circle.forms import PhoneField
from handrail.circle.queries import Member


class NumbersForm(forms.Form):
    """One line a member."""

    def __init__(self, *args: Any, members: Sequence[Member], known: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for member in members:
            self.fields[member.membership_id] = PhoneField(
                label=member.name, initial=known.get(member.membership_id, "")
            )
