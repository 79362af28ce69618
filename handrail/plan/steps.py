"""The six steps in our own words: what each asks, and lines for when somebody is stuck.

The order is that of safety planning (signs, alone, company, ask, professionals, place); wording and form are ours.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Words:
    number: int
    icon: str
    colour: str  # of the dot: a class of the design system
    title: str | Promise
    question: str | Promise
    hint: str | Promise
    suggestions: tuple[str | Promise, ...]


STEPS = (
    Words(
        number=1,
        icon="flag",
        colour="a",
        title=_("Signs that it is getting hard"),
        question=_("How do you notice that a hard time is coming?"),
        hint=_("A thought, a feeling, a place, a time of day. One on each line."),
        suggestions=(
            _("I stop answering messages"),
            _("I sleep badly two nights in a row"),
            _("I tell myself that one time would be okay"),
            _("I think about people I used with"),
            _("After an argument"),
            _("Payday"),
            _("I skip a visit or a meeting"),
        ),
    ),
    Words(
        number=2,
        icon="leaf",
        colour="",
        title=_("What I can do on my own"),
        question=_("What helps you get through ten minutes?"),
        hint=_("Small things count. One on each line."),
        suggestions=(
            _("Walk around the block"),
            _("Take a shower"),
            _("Breathe out slowly, ten times"),
            _("Listen to one album"),
            _("Eat something and drink water"),
            _("Wait twenty minutes, then think again"),
            _("Write down what I feel"),
        ),
    ),
    Words(
        number=3,
        icon="smile",
        colour="s",
        title=_("People and places that take my mind off it"),
        question=_("Where can you go, and who is good company?"),
        hint=_("You do not have to talk about it there. One on each line."),
        suggestions=(
            _("A friend's kitchen"),
            _("A meeting"),
            _("The library"),
            _("The gym or the pool"),
            _("A place where nobody uses"),
            _("Watch a game with someone"),
        ),
    ),
    Words(
        number=4,
        icon="users-round",
        colour="p",
        title=_("People I can ask for help"),
        question=_("Who can you tell that it is hard?"),
        hint=_("Add a phone number and it gets a call button. One person on each line."),
        suggestions=(
            _("My sponsor"),
            _("Someone in my family"),
            _("A friend who knows"),
            _("Someone from my group"),
        ),
    ),
    Words(
        number=5,
        icon="phone",
        colour="c",
        title=_("Professionals and phone lines"),
        question=_("Which professionals and phone lines can you call?"),
        hint=_("Your clinic, your counsellor, a line that is open at night. One on each line."),
        suggestions=(
            _("My clinic"),
            _("My counsellor"),
            _("My doctor, after hours"),
        ),
    ),
    Words(
        number=6,
        icon="house",
        colour="",
        title=_("Making the place safer"),
        question=_("What makes the place around you safer?"),
        hint=_("Things to put away, hand over or keep near. One on each line."),
        suggestions=(
            _("Keep naloxone where others can find it"),
            _("Tell someone where my naloxone is"),
            _("Ask someone to hold my money or my card"),
            _("Take medicine I do not need back to the pharmacy"),
            _("Stay with someone tonight"),
            _("Block a number"),
        ),
    ),
)
FIRST_SMALL_STEP = 2


def words_of(number: int) -> Words:
    """The words of step 1 to 6."""
    return STEPS[number - 1]
