"""Who the demo shows, and the six weeks behind them. Invented from end to end; names and words are nobody's."""

from dataclasses import dataclass

from handrail.gate import Category, Role

C = Category


@dataclass(frozen=True)
class Supporter:
    who: str
    name: str
    called: str  # what Jo calls them
    role: Role
    shares: tuple[Category, ...]
    closeness: int
    lean: int


JO = "Jo"
PASSPHRASE = "only for this demo"  # noqa: S105  demo/passphrase.html shows it where "Is it still you?" is asked
SUPPORTERS = (
    Supporter("mother", "Maria", "Mum", Role.FAMILY, (C.FEELING, C.PLAN, C.HELP, C.DAYS), 1, 3),
    Supporter(
        "sponsor", "Sam", "Sam", Role.SPONSOR, (C.FEELING, C.CRAVINGS, C.USE, C.PLAN, C.HELP, C.PLACE, C.DAYS), 1, 3
    ),
    Supporter("peer", "Dee", "Dee", Role.PEER, (C.HELP,), 2, 2),
    Supporter("physician", "Dr Osei", "Dr Osei", Role.PHYSICIAN, (C.PLAN, C.MEDICINE), 2, 2),
)
PROGRAM = "River House"
RIVER_HOUSE_SEES = (C.FEELING, C.PLAN)
#: (who, name, where their story begins) of the operator and of the case worker, who names staff there.
AT_WORK = (("operator", "Olu", "/o"), ("worker", "Dana", "/c/people"))
SINCE_DAYS = 142
USE_DAYS_AGO = 18
HIDDEN_DAYS_AGO = 6  # a rough one that Jo keeps from everybody

#: One line a day, 42 days ago first: mood 1-5, craving 0-3, sleep 1-3; a dash is a day without a check-in.
DAYS = """
2 2 1 | 3 1 2 | 3 2 2 | 2 2 1 | - | 3 1 2 | 4 1 3 | 4 0 3 | 3 1 2 | 3 1 2 | 2 2 1 | 3 1 2 | 4 0 3 | 4 1 3 | - |
3 2 2 | 3 1 2 | 4 1 3 | 3 1 2 | 3 2 1 | 2 2 1 | 2 3 1 | 2 3 1 | 2 3 1 | 1 3 1 | 2 2 2 | 3 2 2 | 3 1 2 | 3 1 3 |
- | 4 1 3 | 4 0 3 | 3 1 2 | 3 1 2 | 4 1 3 | 3 2 2 | 2 3 1 | 2 3 1 | 3 2 2 | 3 2 2 | 4 0 3 | 4 1 3
"""

NOTES = {20: "Payday. Walked home the long way.", 17: "Told Sam. It was easier than I thought.", 3: "Garden with Mum."}
SHOWN_TO_MUM = 3  # days ago

PLAN = {
    1: ["I stop answering Dee", "Two bad nights in a row", "Payday"],
    2: ["Walk to the river and back", "Cold water on my face", "The playlist Sam made"],
    3: ["Mum's kitchen", "The library on Fifth", "Basketball court before dark"],
    4: ["Sam", "Dee, evenings are fine"],
    5: ["The clinic, ask for Dr Osei", "988"],
    6: ["Naloxone is in the hall drawer", "Cash stays with Mum on payday"],
}

JO_SAYS = [
    ("I can come for dinner on Sundays", ""),
    ("If I use, please call Sam first", "tell you the next day myself"),
    ("Money: I ask before I borrow", "say so the same day"),
]
MUM_SAYS = [
    ("I can drive you to group on Tuesdays", "tell you the day before"),
    ("I can’t talk after ten at night", "call you back at eight"),
]
MUM_LIKES = ["It helps when you say that you are tired", "Please do not say that I worry too much"]

#: How Mum was doing, weeks ago: strength 1-4, sleep 1-3, worry 1-4, something good.
MUM_WEEKS = {
    6: (2, 1, 4, ""),
    5: (2, 2, 3, "Jo laughed on the phone"),
    4: (3, 2, 3, "Choir was on again"),
    3: (2, 1, 4, "My sister came by"),
    2: (3, 3, 2, "An evening in the garden"),
}
MUM_NOTE = "I cannot fix it for Jo. I can be there on Sundays, and sleep on the other nights."

#: Jo's calls, days ago: what each said. All of them ended well.
CALLS = {
    20: {"mother": "yes"},
    12: {"mother": "cannot", "sponsor": "yes"},
    5: {"mother": "yes"},
}


def days() -> list[tuple[int, int, int] | None]:
    """(mood, craving, sleep) of each day, oldest first; None for a quiet one."""
    cells = [cell.split() for cell in DAYS.replace("\n", " ").split("|")]
    return [None if cell == ["-"] else (int(cell[0]), int(cell[1]), int(cell[2])) for cell in cells]


#: who, what, hours ago
KIND_WORDS = (("mother", "Proud of you for Sunday. No need to reply.", 20),)
