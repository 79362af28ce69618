"""Making and closing programs, naming who works there, and adding a program to one's circle."""

import hmac
from collections.abc import Collection
from hashlib import sha256
from secrets import compare_digest

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from handrail.circle.rules import phrases_to_choose_from
from handrail.engine import bell
from handrail.gate import Actor, Role, gated, office_log
from handrail.gate import circle as places
from handrail.gate import programs as kept
from handrail.gate.categories import PostKind, ProgramKind, StaffRole
from handrail.gate.offices import by_office
from handrail.kernel import clock
from handrail.kernel.errors import HandrailError, Invalid, NotHere, TooLate
from handrail.kernel.ids import LENGTH, new_id
from handrail.people import words
from handrail.programs import rules
from handrail.programs.models import Offer

State = Offer.State


class LastOperator(HandrailError):
    """Nobody else runs the install: whoever ends the post is to know that before."""

    status = 409
    code = "last_operator"
    message = gettext_lazy("After this nobody runs this place through its pages. Say that you know, and the post ends.")


# --- whoever runs the install -----------------------------------------------------------------------------------------


@by_office("program.make", writes=True)
def make_program(actor: Actor, *, name: str, kind: str, about: str = "") -> str:
    """Answers its id. Nobody works there yet."""
    name, about = " ".join(name.split()), " ".join(about.split())
    if not name:
        raise Invalid(_("Type the name of the program."), field="name")
    if kind not in ProgramKind.values:
        raise Invalid(_("Choose what it is."), field="kind")
    made = kept.make(name=name, kind=kind, about=about)
    office_log.note(actor, "program.make", program=made)
    return made


@by_office("program.close", writes=True)
def close_program(actor: Actor, *, program: str) -> None:
    """All its places end, in circles and at its desks, and links to it die."""
    told = kept.close(program)
    _links_die(Offer.objects.filter(program_id=program))
    office_log.note(actor, "program.close", program=program)
    bell.ring(told)


@by_office("keeper.name", writes=True)
def name_keeper(actor: Actor, *, program: str, name: str, role: str) -> str:
    """A link for a keeper, while the program has none: whoever runs the install puts nobody into a running program."""
    if kept.has_keeper(program):
        raise TooLate(_("Somebody there can name staff already. Ask them for a link."))
    code = _offer(actor, program, name, role, keeper=True)
    office_log.note(actor, "keeper.offer", program=program)
    return code


@by_office("post.give", writes=True)
def offer_post(actor: Actor, *, kind: str) -> str:
    """A link for one post of the install; answers its code, which is not kept."""
    if kind not in PostKind.values:
        raise Invalid(_("Choose a post."), field="kind")
    code = _make(actor, post=kind)
    office_log.note(actor, "post.offer", post=kind)
    return code


@by_office("post.give", writes=True)
def take_post_back(actor: Actor, *, offer: str) -> None:
    """A link to a post that nobody has used yet, whoever made it. NotHere for any other."""
    waits = Offer.objects.filter(pk=offer, program_id="", state=State.MADE)
    kind = waits.values_list("post", flat=True).first()
    if kind is None or not waits.update(state=State.TAKEN_BACK):
        raise NotHere
    office_log.note(actor, "post.withdraw", post=kind)


@by_office("post.end", writes=True)
def end_post(actor: Actor, *, post: str, although_last: bool = False) -> None:
    """Whoever no longer runs the install leaves no link behind that they made as such.

    Raises LastOperator where nobody else runs it, unless whoever ends the post has read that (`although_last`).
    """
    if not although_last and kept.operators_held() == [post]:
        raise LastOperator
    ended = kept.end_post(post)
    person = ended.person_id
    if PostKind.OPERATOR not in kept.posts_of(person):
        works_at = [desk.program_id for desk in kept.desks_of(person)]
        _links_die(Offer.objects.filter(maker_id=person).exclude(program_id__in=works_at))
    office_log.note(actor, "post.end", post=ended.kind, about=person)
    bell.ring([person])


# --- keepers of a program ---------------------------------------------------------------------------------------------


@by_office("staff.name", writes=True)
def name_staff(actor: Actor, *, program: str, name: str, role: str, keeper: bool = False) -> str:
    """A link for somebody who is to work there; answers its code, which is not kept."""
    return _offer(actor, program, name, role, keeper=keeper)


@by_office("staff.name", writes=True)
def confirm(actor: Actor, *, program: str, offer: str, phrase: str) -> bool:
    """The keeper picked the words that were read to them. Right: they work there now. Wrong: the link is dead."""
    return _confirm(actor, program, offer, phrase)


@by_office("keeper.name", writes=True)
def confirm_keeper(actor: Actor, *, program: str, offer: str, phrase: str) -> bool:
    """The same by whoever runs the install, for a keeper."""
    if kept.has_keeper(program):
        raise TooLate(_("Somebody there can name staff already. Ask them for a link."))
    return _confirm(actor, program, offer, phrase, maker=actor.me)


@by_office("staff.name", writes=True)
def take_back(actor: Actor, *, program: str, offer: str) -> None:
    _take_back(program, offer)


@by_office("keeper.name", writes=True)
def take_keeper_back(actor: Actor, *, program: str, offer: str) -> None:
    _take_back(program, offer, maker=actor.me)


@by_office("staff.end", writes=True)
def end_staff(actor: Actor, *, program: str, staff: str) -> None:
    """From their next request on they see nothing that is shared with the program."""
    person = kept.end_staff(program_id=program, staff_id=staff)
    _links_die(Offer.objects.filter(maker_id=person, program_id=program))
    office_log.note(actor, "staff.end", program=program, about=person)
    bell.ring([person])


@by_office("staff.leave", writes=True)
def leave(actor: Actor, *, program: str) -> None:
    """Staff leave by themselves."""
    kept.end_staff(program_id=program, person_id=actor.me)
    _links_die(Offer.objects.filter(maker_id=actor.me, program_id=program))
    office_log.note(actor, "staff.leave", program=program, about=actor.me)


@gated("circle.release", writes=True)
def part(actor: Actor, *, owner: str, program: str) -> None:
    """A keeper ends the program's place in somebody's circle. The person sees that it ended, not why."""
    here = {desk.program_id for desk in kept.desks_of(actor.me) if desk.keeper}
    right = actor.right_to(owner)
    if program not in here or right is None or not right.as_staff:
        raise NotHere
    kept.end_place(owner, program)
    bell.ring([owner])


# --- whoever holds a link ---------------------------------------------------------------------------------------------


@by_office("staff.take", writes=True)
def use_link(actor: Actor, *, code: str) -> str:
    """Use the link: it is theirs alone from now on. Answers its state: a post is held at once, a place is asked for."""
    found = find(code, lock=True)
    if found.taker_id == actor.me and found.state in (State.ASKED, State.CONFIRMED):
        return str(found.state)
    if not rules.is_open(found.state, found.expires_at, clock.now()):
        raise TooLate(_("This link has been used, or its time is over. Ask for a new one."))
    found.taker_id = actor.me
    if found.post:
        _may_hold(actor, found)
        if kept.give_post(person_id=actor.me, kind=found.post):  # `about`: who made the link, if not the machine
            office_log.note(actor, "post.take", post=found.post, about=found.maker_id or "")
        found.state = State.CONFIRMED
    else:
        _ask(actor, found)
    found.save(update_fields=["state", "taker", "phrase", "phrases"])
    return str(found.state)


def _may_hold(actor: Actor, found: Offer) -> None:
    """A post is given by somebody who runs the install now, or at the machine."""
    if found.maker_id and PostKind.OPERATOR not in kept.posts_of(found.maker_id):
        raise TooLate(_("This link has been used, or its time is over. Ask for a new one."))
    if found.post == PostKind.OPERATOR and kept.desks_of(actor.me):
        raise Invalid(_("You work at a program. To run this install as well, use another account for that."))


def _ask(actor: Actor, found: Offer) -> None:
    if kept.program(found.program_id).closed_at is not None:
        raise TooLate(_("This program has closed."))
    if PostKind.OPERATOR in kept.posts_of(actor.me):
        raise Invalid(_("You run this install. To work at a program as well, use another account for that."))
    if found.program_id in {desk.program_id for desk in kept.desks_of(actor.me)}:
        raise Invalid(_("You work there already."))
    found.state, found.phrase = State.ASKED, words.pick(3)
    found.phrases = phrases_to_choose_from(found.phrase, lambda: words.pick(3))
    bell.ring([found.maker_id] if found.maker_id else [])


def find(code: str, *, lock: bool = False) -> Offer:
    """The link by its code: the first half finds the row, the second is the secret. NotHere for any other."""
    rows = Offer.objects.select_for_update() if lock else Offer.objects.all()
    found = rows.filter(pk=code[:LENGTH]).first()
    if found is None or not compare_digest(sha256(code[LENGTH:].encode()).digest(), bytes(found.secret_digest)):
        raise NotHere
    return found


@by_office("office.go", writes=True)
def account_is_gone(actor: Actor, *, worked_at: Collection[str], held: Collection[str]) -> None:
    """An account was erased, and with it its places at programs (by id) and its posts: these do not end unseen."""
    for place in worked_at:
        office_log.note(actor, "staff.gone", program=place, about=actor.me)
    for kind in held:
        office_log.note(actor, "post.gone", post=kind, about=actor.me)


# --- whoever wants a program beside them ------------------------------------------------------------------------------


@gated("circle.add", writes=True)
def add_program(actor: Actor, *, owner: str, program: str, called: str) -> str:
    """The program stands in the circle, and sees nothing yet; answers the place. Staff call the person `called`.

    A program that stood there before begins anew: an earlier place, its shares and its consents stay closed.
    """
    found = kept.program(program)
    if found.closed_at is not None:
        raise NotHere
    if program in {member.program_id for member in places.members_of(owner)}:
        raise Invalid(_("This program is in your circle already."))
    called = " ".join(called.split())
    if not called:
        raise Invalid(_("Type the name that they know you by."), field="called")
    stands = {"program_id": program, "role": Role.PROGRAM, "calls_member": found.name, "called": called}
    try:
        with transaction.atomic():
            place = places.begin(owner_id=owner, **stands)
    except IntegrityError as why:  # the same form was sent twice at once
        raise TooLate from why
    bell.ring(places.people_behind([(None, program)]))
    return place


@gated("circle.map", writes=True)
def staff_are_seen(actor: Actor, *, owner: str, membership: str) -> None:
    """The person has looked at who is new there."""
    kept.seen_staff(owner, membership)


# --- links ------------------------------------------------------------------------------------------------------------


def _offer(actor: Actor, program: str, name: str, role: str, *, keeper: bool) -> str:
    if kept.program(program).closed_at is not None:
        raise NotHere
    name = " ".join(name.split())
    if not name:
        raise Invalid(_("Type the name that people will see."), field="name")
    if role not in StaffRole.values:
        raise Invalid(_("Choose what they do there."), field="role")
    if _is_taken(program, name):
        raise Invalid(_NAME_TAKEN, field="name")
    return _make(actor, program_id=program, name=name, role=role, keeper=keeper)


_NAME_TAKEN = gettext_lazy("Somebody with this name works there already. Add something that tells the two apart.")


def _is_taken(program: str, name: str) -> bool:
    """People tell staff apart by their names alone, so no two are called alike at one program."""
    return rules.same_name(name) in {rules.same_name(each.name) for each in kept.staff_of(program)}


def _make(actor: Actor, **what: object) -> str:
    secret, now = new_id(), clock.now()
    digest = sha256(secret.encode()).digest()
    made = Offer.objects.create(
        made_at=now, expires_at=now + rules.GOOD_FOR, secret_digest=digest, maker_id=actor.person_id, **what
    )
    return str(made.pk) + secret


def _confirm(actor: Actor, program: str, offer: str, phrase: str, **more: str) -> bool:
    found = _waiting(program, offer, **more)
    if found.state == State.CONFIRMED:
        return True
    if found.state != State.ASKED or clock.now() >= found.expires_at or found.taker_id is None:
        raise TooLate
    right = hmac.compare_digest(phrase.encode(), found.phrase.encode())
    if right and PostKind.OPERATOR in kept.posts_of(found.taker_id):
        raise Invalid(_("They run this install now. To work at a program as well, they need another account."))
    if right and _is_taken(program, found.name):
        raise Invalid(_NAME_TAKEN)
    if right:
        kept.hire(program_id=program, person_id=found.taker_id, name=found.name, role=found.role, keeper=found.keeper)
        began = "keeper.begin" if found.keeper else "staff.begin"
        office_log.note(actor, began, program=program, about=found.taker_id)
    found.state = State.CONFIRMED if right else State.TAKEN_BACK
    found.save(update_fields=["state"])
    bell.ring([found.taker_id])
    return right


def _links_die(links: "QuerySet[Offer]") -> None:
    links.filter(state__in=[State.MADE, State.ASKED]).update(state=State.TAKEN_BACK)


def _take_back(program: str, offer: str, **more: str) -> None:
    found = _waiting(program, offer, **more)
    if found.state in (State.MADE, State.ASKED):
        Offer.objects.filter(pk=found.pk).update(state=State.TAKEN_BACK)
        bell.ring([found.taker_id] if found.taker_id else [])


def _waiting(program: str, offer: str, **more: str) -> Offer:
    by_maker = {f"{name}_id": value for name, value in more.items()}
    found = Offer.objects.select_for_update().filter(pk=offer, program_id=program, **by_maker).first()
    if found is None:
        raise NotHere
    return found
