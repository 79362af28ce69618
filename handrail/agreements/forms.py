from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handrail.agreements import rules
from handrail.agreements.kinds import REPAIR, Guide
from handrail.agreements.rules import Line, Side

OWN_WORDS = {"autocomplete": "off", "spellcheck": "true"}


class LinesForm(forms.Form):
    """Up to five lines. Empty rows hold a beginning; one that nobody has finished is left out when it is saved."""

    def __init__(self, *args: Any, guide: Guide, side: Side, lines: Sequence[Line] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.then = str(guide.then)
        used = " ".join(line.say for line in lines).casefold()
        unused = iter([start for start in map(str, guide.starters[side]) if start.casefold() not in used])
        rows = [*lines, *([Line("")] * (rules.MOST_LINES - len(lines)))]
        for number, line in enumerate(rows, start=1):
            self._add(f"say_{number}", _("Line %(n)s") % {"n": number}, line.say or next(unused, ""))
            if self.then:
                label = _("%(then)s (line %(n)s)") % {"then": self.then, "n": number}
                self._add(f"then_{number}", label, line.then)

    def _add(self, name: str, label: str, initial: str) -> None:
        self.fields[name] = forms.CharField(
            label=label,
            initial=initial,
            required=False,
            max_length=rules.LONGEST_LINE,
            widget=forms.TextInput(attrs=OWN_WORDS),
            error_messages={"max_length": _("That line is very long. Please shorten it.")},
        )

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """(line, what follows it) as fields, for the page."""
        return [
            (self[f"say_{number}"], self[f"then_{number}"] if self.then else None)
            for number in range(1, rules.MOST_LINES + 1)
        ]

    def lines(self) -> list[Line]:
        said = self.cleaned_data
        return [
            Line(said[f"say_{number}"], said.get(f"then_{number}", "")) for number in range(1, rules.MOST_LINES + 1)
        ]


class TopicForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What would you like to talk about?"),
        max_length=rules.LONGEST_LINE,
        widget=forms.TextInput(attrs=OWN_WORDS),
        error_messages={
            "required": gettext_lazy("Write what you would like to talk about."),
            "max_length": gettext_lazy("That is very long. Please shorten it."),
        },
    )


class NoteForm(forms.Form):
    """One's own note on a topic."""

    note = forms.CharField(
        label=gettext_lazy("My note"),
        required=False,
        max_length=rules.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4, **OWN_WORDS}),
        error_messages={"max_length": gettext_lazy("That is very long. Please shorten it.")},
    )
    shared = forms.BooleanField(required=False)

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shared"].label = _("%(name)s may read this note") % {"name": name}


class RepairForm(forms.Form):
    """One's own steps after a disagreement. `third` is somebody who could sit with the two; nobody is asked for you."""

    third = forms.CharField(
        label=gettext_lazy("Would a third person help?"),
        help_text=gettext_lazy("Somebody you both trust, who takes no side. You can leave it empty."),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "third-people"}),
        error_messages={"max_length": gettext_lazy("That name is very long. Please shorten it.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        steps = {
            step.name: forms.CharField(
                label=str(step.title),
                help_text=str(step.hint),
                required=False,
                max_length=rules.LONGEST_NOTE,
                widget=forms.Textarea(attrs={"rows": 3, **OWN_WORDS}),
                error_messages={"max_length": _("That is very long. Please shorten it.")},
            )
            for step in REPAIR
        }
        self.fields = {**steps, "third": self.fields["third"]}
