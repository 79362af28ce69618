"""What two people can agree on, and how lines may begin. Own words throughout: no form or worksheet is copied."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from handrail.agreements.rules import Side

Text = str | Promise


class Kind(models.TextChoices):
    BOUNDARIES = "limits", _("Our boundaries")
    WORDS = "words", _("How to talk with me")
    WHAT_IF = "what-if", _("What we do if")


@dataclass(frozen=True, slots=True)
class Guide:
    """What a page says about one kind. `then` is empty where a line has no second half."""

    about: Text
    question: Text
    then: Text
    starters: dict[Side, Sequence[Text]]
    check: Sequence[Text]  # questions to oneself before it is offered


GUIDES: dict[str, Guide] = {
    Kind.BOUNDARIES: Guide(
        about=_("What each of you can do, cannot do, and asks for."),
        question=_("What can you do, what can’t you, what do you ask for?"),
        then=_("If it goes differently, I will"),
        starters={
            Side.OWNER: [_("I can"), _("I can’t"), _("If I use, please"), _("Best time to call:"), _("Money:")],
            Side.MEMBER: [_("I can"), _("I can’t"), _("If you use, I will"), _("Best time to call:"), _("Money:")],
        },
        check=[
            _("Is it about what I do, and not about what you must do?"),
            _("Does it help with the hard part, or does it hide what happened?"),
            _("Can I keep it up for a month, on a bad day too?"),
        ],
    ),
    Kind.WORDS: Guide(
        about=_("What helps to hear, what hurts, and when to just listen."),
        question=_("How would you like to be talked with?"),
        then="",
        starters={
            side: [
                _("It helps when you say"),
                _("Please do not say"),
                _("When I am quiet, please"),
                _("Just listen when"),
                _("Best time to talk:"),
            ]
            for side in Side
        },
        check=[
            _("Could the other person do this on a tired evening?"),
            _("Have I said what helps, and not only what hurts?"),
        ],
    ),
    Kind.WHAT_IF: Guide(
        about=_("What you will both do when something hard comes up."),
        question=_("What could come up?"),
        then=_("Then I will"),
        starters={
            Side.OWNER: [_("If I use"), _("If I can’t be reached"), _("If we argue"), _("If I want to leave a place")],
            Side.MEMBER: [_("If you use"), _("If I worry about you"), _("If we argue"), _("If I need a break")],
        },
        check=[
            _("Does it keep everybody safe, with naloxone at hand?"),
            _("Can I do it alone, if you cannot answer?"),
        ],
    ),
}


@dataclass(frozen=True, slots=True)
class RepairStep:
    name: str
    title: Text
    hint: Text


#: After a disagreement, one side at a time and each for themself. `say` is the only part that can be shared.
REPAIR: tuple[RepairStep, ...] = (
    RepairStep(
        "pause",
        _("Pause first"),
        _("Walk, drink water, sleep on it. What will you do, and until when?"),
    ),
    RepairStep(
        "happened",
        _("What happened, with no blame"),
        _("Only what a camera would have seen: who said what, and when."),
    ),
    RepairStep("need", _("What I need"), _("Begin with “I”. One thing is enough.")),
    RepairStep("offer", _("What I can offer"), _("Something small that you can really do.")),
    RepairStep(
        "say",
        _("What I would like to say"),
        _("A few lines. They stay with you until you choose to share them."),
    ),
)
