"""Every action on a person's records and who may take it. One table, so that it can be read in one sitting.

`owner`   the person themself.
`member`  a live member of the circle: ANYTHING (the fields decide what opens), or one who holds that category's grant.
`in_person`  only by a place of their own: not for staff, who come for a program.
`system`  the worker, with a named reason.
`logged`  the owner's own act is written to the access log too (it changes who sees what).

What is not in the table cannot be done: `@gated` with an unknown action fails when the module is imported.
"""

from dataclasses import dataclass

from handrail.gate.categories import Category, PostKind

ANYTHING = "anything"


@dataclass(frozen=True, slots=True)
class Rule:
    owner: bool = False
    member: Category | str | None = None
    in_person: bool = False
    system: bool = False
    logged: bool = False


OWNER = Rule(owner=True)
OWNER_LOGGED = Rule(owner=True, logged=True)

POLICY: dict[str, Rule] = {
    # the account
    "account.read": Rule(owner=True, system=True),
    "account.change": Rule(owner=True, system=True),
    "account.erase": OWNER_LOGGED,  # asked for; until it is done it can be taken back
    "account.keep": OWNER_LOGGED,
    "account.vanish": OWNER,  # done: there is no log left to write it to
    "export.read": OWNER,
    "export.make": OWNER_LOGGED,
    "export.take": OWNER_LOGGED,
    "export.end": Rule(owner=True, system=True),
    "import.write": OWNER,
    "way.read": Rule(owner=True, system=True),
    "way.add": OWNER,
    "way.confirm": OWNER,
    "way.end": OWNER,
    "way.stop": Rule(system=True),  # the phone itself said STOP
    "way.send": Rule(system=True),
    # the circle
    "circle.read": Rule(owner=True, system=True),
    "circle.invite": OWNER_LOGGED,
    "circle.join": Rule(system=True),
    "circle.confirm": OWNER_LOGGED,
    "circle.order": OWNER,
    "circle.map": OWNER,
    "circle.add": OWNER_LOGGED,  # a program
    "circle.end": OWNER_LOGGED,
    "card.read": OWNER,
    "card.change": OWNER,
    "circle.leave": Rule(member=ANYTHING, in_person=True, logged=True),
    "circle.release": Rule(member=ANYTHING, logged=True),  # a keeper ends the place of their program
    "circle.bring_back": Rule(system=True),  # for a member who has left and has no right of their own any more
    "circle.return": Rule(member=ANYTHING, in_person=True, logged=True),
    "circle.door": OWNER_LOGGED,
    "circle.rest": Rule(member=ANYTHING, in_person=True, logged=True),
    "load.read": OWNER,
    "share.change": OWNER_LOGGED,
    "log.read": OWNER,
    "member.see": Rule(owner=True, member=ANYTHING),
    # day by day
    "checkin.record": OWNER,
    "checkin.read": OWNER,
    "use.record": OWNER,
    "use.read": OWNER,
    "day.hide": OWNER,  # not logged: whoever makes a person show the log must not find it there
    "days.read": OWNER,
    "days.change": OWNER,
    "days.see": Rule(owner=True, member=Category.DAYS),
    "plan.read": Rule(owner=True, member=Category.PLAN),
    "plan.change": OWNER,
    "care.read": Rule(owner=True, member=Category.MEDICINE),
    "care.change": OWNER,
    # a note, shown to one member; its words open for the member in that place alone, and rest with the place
    "note.read": OWNER,
    "note.show": OWNER_LOGGED,
    "note.follow": OWNER,  # the note was changed or deleted: what is shown changes and goes with it
    # what two have agreed on; the rows and their words open for the member in that place alone, see RecordBetweenTwo
    "agreement.read": Rule(owner=True, member=ANYTHING, in_person=True),
    "agreement.change": Rule(owner=True, member=ANYTHING, in_person=True),
    "agreement.remove": OWNER,
    "agreement.review": Rule(system=True),
    "kindness.send": Rule(member=ANYTHING, in_person=True),
    "kindness.read": OWNER,
    "kindness.change": OWNER,
    "draft.read": OWNER,  # of whoever writes it, on either side
    "draft.change": OWNER,
    # what somebody signs before a care worker or a program sees anything
    "consent.read": OWNER,
    "consent.write": OWNER,
    "consent.sign": OWNER_LOGGED,
    "consent.end": OWNER_LOGGED,
    "consent.copy": OWNER_LOGGED,
    "consent.refuse": OWNER,  # a copy was asked for that nothing covers: the line in the log is written by hand
    "consent.expire": Rule(system=True),
    # of whoever stands beside somebody: their own space, open to them alone
    "own.read": OWNER,
    "own.change": OWNER,
    "own.remind": Rule(system=True),
    # calling for help
    "call.make": OWNER,
    "call.read": OWNER,
    "call.change": OWNER,
    "call.climb": Rule(system=True),
    "call.see": Rule(member=Category.HELP),
    "call.answer": Rule(member=Category.HELP),
    # the trial install
    "demo.seed": Rule(system=True),
}


@dataclass(frozen=True, slots=True)
class Office:
    """Who may do what opens nobody's records. `keeper` and `staff`: of the program that is meant, while it is open."""

    post: str = ""
    keeper: bool = False
    staff: bool = False
    anyone: bool = False  # who is signed in
    system: bool = False


OFFICES: dict[str, Office] = {
    "post.give": Office(post=PostKind.OPERATOR, system=True),
    "post.read": Office(post=PostKind.OPERATOR, system=True),
    "post.end": Office(post=PostKind.OPERATOR, system=True),
    "post.own": Office(anyone=True),
    "office.read": Office(post=PostKind.OPERATOR),  # who made or ended programs, places at them, and posts
    "office.go": Office(anyone=True),  # whoever erases their account leaves their own places and posts
    "program.read": Office(anyone=True),  # which there are, and who works there
    "program.make": Office(post=PostKind.OPERATOR),
    "program.run": Office(post=PostKind.OPERATOR),
    "program.close": Office(post=PostKind.OPERATOR),
    "keeper.name": Office(post=PostKind.OPERATOR),  # while the program has none
    "staff.read": Office(keeper=True),
    "staff.name": Office(keeper=True),
    "staff.take": Office(anyone=True),  # who holds the link, to a place or to a post
    "staff.end": Office(keeper=True),
    "staff.leave": Office(staff=True),
    "staff.people": Office(staff=True),  # whom the program stands beside, as ids; the gate decides for each
}
