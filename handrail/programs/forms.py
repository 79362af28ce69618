from django import forms
from django.utils.translation import gettext_lazy as _

from handrail.gate.categories import PostKind, ProgramKind, StaffRole


class ProgramForm(forms.Form):
    name = forms.CharField(
        label=_("What is it called?"),
        help_text=_("The name that people in town know."),
        max_length=80,
        error_messages={"required": _("Type the name of the program.")},
    )
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=ProgramKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is.")},
    )
    about = forms.CharField(
        label=_("How can people tell that it is the right one?"),
        help_text=_("The street, or what the program does, in one line."),
        max_length=200,
        required=False,
    )


class KeeperForm(forms.Form):
    name = forms.CharField(
        label=_("What is their name at work?"),
        help_text=_("The people whom they serve see it, and it stands in the list of who looked."),
        max_length=60,
        error_messages={"required": _("Type the name that people will see.")},
    )
    role = forms.ChoiceField(
        label=_("What do they do there?"),
        choices=StaffRole.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what they do there.")},
    )


class StaffForm(KeeperForm):
    keeper = forms.BooleanField(label=_("They can name staff and end places here, as I can"), required=False)


class PostForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Which post?"),
        help_text=_(
            "An operator adds and closes programs and gives posts, on these pages. A moderator is to look after groups "
            "and messages. There are none here yet, so today that post opens no page."
        ),
        choices=PostKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a post.")},
    )


class CalledForm(forms.Form):
    called = forms.CharField(
        label=_("Which name do they know you by?"),
        help_text=_("Staff see this name, so that they know who you are."),
        max_length=60,
        error_messages={"required": _("Type the name that they know you by.")},
    )
