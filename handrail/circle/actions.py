"""Inviting somebody, changing what they see, and parting again."""

import hmac
import secrets
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from handrail.circle import rules
from handrail.circle.models import Invitation, Outsider
from handrail.delivery import outbox
from handrail.engine import bell
from handrail.gate import Actor, Category, breaks, gated, pauses
from handrail.gate import circle as places
from handrail.gate.carrying import carried_in, is_text, is_text_or_none
from handrail.gate.categories import ROLES_OF_PEOPLE
from handrail.gate.circle import Change, Member
from handrail.kernel import clock
from handrail.kernel.errors import HandrailError, Invalid, NotHere, SignInNeeded, TooLate
from handrail.kernel.ids import LENGTH, new_id
from handrail.people import queries as people
from handrail.people import words


class LastOnCall(HandrailError):
    """Nobody else gets this person's calls: whoever rests is to know that before."""

    status = 409
    code = "last_on_call"
    message = _lazy("Right now nobody else gets their call for help. Say that you know, and you can rest.")


State = Invitation.State
STILL_OPEN = [State.MADE, State.OPENED]


@gated("circle.invite", writes=True)
def invite(actor: Actor, *, owner: str, calls_member: str, role: str, shares: Collection[str]) -> str:
    """Make a link for one person; answers the invitation's id. Nothing opens before `confirm`."""
    if role not in dict(ROLES_OF_PEOPLE):
        raise Invalid(_("Choose what they are to you."), field="role")
    now = clock.now()
    secret = new_id()
    return Invitation.objects.create(
        owner_id=owner,
        role=role,
        made_at=now,
        expires_at=now + rules.GOOD_FOR,
        secret=secret,
        secret_digest=sha256(secret.encode()).digest(),
        calls_member=calls_member.strip(),
        called=people.profile(actor, owner=owner).name,
        shares=sorted(set(shares) & set(Category.values)),
    ).pk


def look_at(*, code: str) -> None:
    """Somebody holds the link. Link previews do that too, so it means no more than that."""
    _look_at(Actor.system("somebody opened an invitation"), invitation=code[:LENGTH], code=code)


@gated("circle.join", about=Invitation, writes=True)
def _look_at(actor: Actor, *, invitation: str, code: str) -> None:
    require_secret(Invitation.objects.get(pk=invitation), code)
    Invitation.objects.filter(pk=invitation, state=State.MADE).update(state=State.OPENED)


def ask_to_join(actor: Actor, *, code: str) -> None:
    """Use the link: from now on it is the joiner's alone, and both sides see words to compare."""
    if actor.person_id is None:
        raise SignInNeeded
    _take(Actor.system("somebody used an invitation"), invitation=code[:LENGTH], code=code, joiner=actor.person_id)


@gated("circle.join", about=Invitation, writes=True)
def _take(actor: Actor, *, invitation: str, code: str, joiner: str) -> None:
    found = Invitation.objects.select_for_update().get(pk=invitation)
    require_secret(found, code)
    if found.joiner_id == joiner and found.state == State.ASKED:
        return
    if found.owner_id == joiner:
        raise Invalid(_("This is your own link. Send it to the person you want beside you."))
    if joiner in {member.person_id for member in places.members_of(found.owner_id)}:
        raise Invalid(_("You are already in this circle."))
    if not rules.is_open(found.state, found.expires_at, clock.now()):
        raise TooLate(_("This link has been used, or its time is over. Ask for a new one."))
    phrase = words.pick(3)
    found.state, found.joiner_id, found.phrase = State.ASKED, joiner, phrase
    found.phrases = rules.phrases_to_choose_from(phrase, lambda: words.pick(3))
    found.save(update_fields=["state", "joiner_id", "phrase", "phrases"])
    bell.ring([found.owner_id])


@gated("circle.confirm", about=Invitation, writes=True)
def confirm(actor: Actor, *, invitation: str, phrase: str) -> bool:
    """The owner picked the words that the joiner read out. Right: the joiner is in. Wrong: the link is dead.

    A wrong pick ends the invitation, because whoever holds the link may not be who the owner thinks.
    """
    found = Invitation.objects.select_for_update().get(pk=invitation)
    if found.state == State.CONFIRMED:
        return True
    if found.state != State.ASKED or clock.now() >= found.expires_at:
        raise TooLate
    if not hmac.compare_digest(phrase.encode(), found.phrase.encode()):
        found.state = State.TAKEN_BACK
        found.save(update_fields=["state"])
        bell.ring([found.joiner_id])
        return False
    here = {member.person_id: member.membership_id for member in places.members_of(found.owner_id)}
    found.membership_id = here.get(found.joiner_id) or _let_in(found)  # two links may have been used by one person
    found.state = State.CONFIRMED
    found.save(update_fields=["state", "membership_id"])
    bell.ring([found.joiner_id, found.owner_id])
    return True


def _let_in(found: Invitation) -> str:
    place = places.begin(
        owner_id=found.owner_id,
        member_id=found.joiner_id,
        role=found.role,
        calls_member=found.calls_member,
        called=found.called,
    )
    if not places.member_of(found.owner_id, place).needs_signature:  # else the ticks wait until the owner has signed
        places.share(owner_id=found.owner_id, wanted={place: found.shares})
    return place


@gated("circle.confirm", about=Invitation, writes=True)
def take_back(actor: Actor, *, invitation: str) -> None:
    found = Invitation.objects.get(pk=invitation)
    if Invitation.objects.filter(pk=invitation, state__in=[*STILL_OPEN, State.ASKED]).update(state=State.TAKEN_BACK):
        bell.ring([found.joiner_id] if found.joiner_id else [])


@gated("share.change", writes=True)
def change_shares(actor: Actor, *, owner: str, wanted: Mapping[str, Collection[str]]) -> list[Change]:
    """Share exactly this from now on: {membership: categories}. The members are not told; their open pages reload."""
    changes = places.share(owner_id=owner, wanted=wanted)
    changed = {change.membership_id for change in changes}
    _ring(member for member in places.members_of(owner) if member.membership_id in changed)
    if changes:
        look_again(actor, owner=owner)
    return changes


#: How rooms above go on without those who may not see something any more: `f(actor, owner=...)`.
also_looks_again: list[Callable[..., None]] = []

#: How rooms above stop what they share with one member in ways of their own: `f(actor, owner=..., membership=...)`.
also_stops: list[Callable[..., None]] = []


@gated("share.change", writes=True)
def stop_all(actor: Actor, *, owner: str, membership: str) -> None:
    """This member sees nothing more of any kind, from their next request on. They are not told."""
    change_shares(actor, owner=owner, wanted={membership: []})
    for stop in also_stops:
        stop(actor, owner=owner, membership=membership)


@gated("share.change", writes=True)
def set_ends(actor: Actor, *, owner: str, membership: str, ends: Mapping[str, datetime | None], purpose: str) -> None:
    """When shares with one member end by themselves, {category: moment or None}, and what they are for."""
    places.share_until(owner_id=owner, membership_id=membership, ends=ends, purpose=purpose)
    look_again(actor, owner=owner)


@gated("share.change", writes=True)
def pause(actor: Actor, *, owner: str, membership: str | None = None, keeps_help: bool) -> None:
    """Let all shares rest, with one member or (None) with everybody. Nobody is told.

    Everybody: those too who have just left and may come back. Whoever is paused on their own stays as they are.
    """
    chosen = _live(owner, membership)
    if membership:
        pauses.pause(owner_id=owner, membership_id=membership, keeps_help=keeps_help)
    else:
        pauses.pause_all(owner_id=owner, membership_ids=_everybody(owner, chosen), keeps_help=keeps_help)
    _ring(chosen)
    look_again(actor, owner=owner)


@gated("share.change", writes=True)
def resume(actor: Actor, *, owner: str, membership: str | None = None) -> None:
    """Go on sharing with one member, or (None) with all who were paused together."""
    chosen = _live(owner, membership)
    if membership:
        pauses.resume(owner_id=owner, membership_id=membership)
    else:
        pauses.resume_all(owner_id=owner, membership_ids=_everybody(owner, chosen))
    _ring(chosen)


def look_again(actor: Actor, *, owner: str) -> None:
    """Who may see something has changed: rooms above go on without those who may not. In the change's transaction."""
    for look in also_looks_again:
        look(actor, owner=owner)


def _ring(members: Iterable[Member]) -> None:
    """Open pages of these members, or of those who work at a program, ask again what they may see."""
    bell.ring(places.people_behind((each.person_id, each.program_id) for each in members))


def _live(owner: str, membership: str | None) -> list[Member]:
    if membership is not None:
        return [places.member_of(owner, membership)]
    return places.members_of(owner)


def _everybody(owner: str, members: Collection[Member]) -> list[str]:
    return [each.membership_id for each in members] + breaks.waiting_places(owner)


@gated("circle.map", writes=True)
def place_on_map(actor: Actor, *, owner: str, membership: str, closeness: int, lean: int) -> None:
    places.place_on_map(owner_id=owner, membership_id=membership, closeness=closeness, lean=lean)


@gated("circle.map", writes=True)
def keep_outsider(actor: Actor, *, owner: str, outsider: str | None = None, **said: Any) -> str:
    """Put somebody who is not in Handrail on the map, or change them: kind, name, phone, about, closeness, lean."""
    found = Outsider.objects.filter(pk=outsider).first() if outsider else Outsider(owner_id=owner, since=clock.now())
    if found is None:
        raise NotHere
    for name in ("kind", "name", "phone", "about", "closeness", "lean"):
        setattr(found, name, said[name])
    found.save()
    return str(found.pk)


@gated("circle.map", about=Outsider, writes=True)
def remove_outsider(actor: Actor, *, outsider: str) -> None:
    Outsider.objects.filter(pk=outsider).delete()


@gated("circle.order", writes=True)
def order_ladder(actor: Actor, *, owner: str, rungs: Mapping[str, int]) -> None:
    """Who is asked first when this person calls: {membership: rung}, 1 first; equal rungs are asked together."""
    if any(not 1 <= rung <= 20 for rung in rungs.values()):
        raise Invalid(_("Choose a place from 1 to 20."))
    places.set_rungs(owner_id=owner, rungs=rungs)


@gated("circle.end", writes=True)
def end_membership(actor: Actor, *, owner: str, membership: str) -> None:
    """The owner parts from a member, who sees nothing from now on and gets no message."""
    member = places.member_of(owner, membership)
    places.end(owner_id=owner, membership_id=membership, by_member=False)
    _ring([member])
    look_again(actor, owner=owner)


@gated("circle.rest", writes=True)
def rest(actor: Actor, *, owner: str, until: datetime, although_last: bool = False) -> None:
    """A member is put no call and sent no message until then. What is shared with them stays; no reason is asked.

    Raises LastOnCall where nobody else would get a call, unless the member has read that (`although_last`).
    """
    place, last = _place_and_last(actor, owner)
    if last and not although_last:
        raise LastOnCall
    breaks.rest(owner_id=owner, membership_id=place, until=until)
    _tell(owner, place, nobody_left=last)


@gated("circle.rest", writes=True)
def end_rest(actor: Actor, *, owner: str) -> None:
    place, _last = _place_and_last(actor, owner)
    breaks.rest(owner_id=owner, membership_id=place, until=None)
    bell.ring([owner])


@gated("circle.leave", writes=True)
def leave_circle(actor: Actor, *, owner: str, for_good: bool = False) -> datetime | None:
    """A member leaves. The owner sees that they left, not why. Answers until when they may come back as it was."""
    place, last = _place_and_last(actor, owner)
    until = None if for_good else clock.now() + rules.UNDO_LEAVING
    places.end(owner_id=owner, membership_id=place, by_member=True, may_return_until=until)
    _tell(owner, place, nobody_left=last)
    return until


def _place_and_last(actor: Actor, owner: str) -> tuple[str, bool]:
    """(the member's own place, whether they alone get this person's calls)."""
    right = actor.right_to(owner)
    if right is None:
        raise NotHere
    on_call = Category.HELP in right.categories
    return right.membership_id, on_call and not breaks.others_get_calls(
        owner_id=owner, membership_id=right.membership_id
    )


def _tell(owner: str, place: str, *, nobody_left: bool) -> None:
    """The owner reads it when they next look; only if nobody is left to call, a message goes out at once."""
    if nobody_left:
        outbox.put(
            to=owner, owner=owner, kind="circle.nobody", matter=place, round=clock.now().isoformat(), link="/people"
        )
    bell.ring([owner])


def come_back(actor: Actor, *, owner: str, membership: str) -> None:
    """Undo having left: everything is as it was. TooLate where `gate.breaks.bring_back` says so."""
    with transaction.atomic():
        helper = Actor.system("somebody who left comes back")
        _bring_back(helper, owner=owner, membership=membership, member=actor.me)
        _is_back(actor, owner=owner)


@gated("circle.bring_back", writes=True)
def _bring_back(actor: Actor, *, owner: str, membership: str, member: str) -> None:
    breaks.bring_back(owner_id=owner, membership_id=membership, member_id=member)


@gated("circle.return", writes=True)
def _is_back(actor: Actor, *, owner: str) -> None:
    """In the member's own name, so that the log says who came back."""
    bell.ring([owner])


@gated("circle.door", writes=True)
def shut_door(actor: Actor, *, owner: str, membership: str) -> None:
    """Somebody left, and the owner wants it to stay so."""
    breaks.shut_door(owner_id=owner, membership_id=membership)


def require_secret(found: Invitation, code: str) -> None:
    """The second half of the code is the secret; its first half only finds the row."""
    if not secrets.compare_digest(sha256(code[LENGTH:].encode()).digest(), bytes(found.secret_digest)):
        raise NotHere


@gated("import.write", writes=True)
def imported(actor: Actor, *, owner: str, data: dict[str, Any]) -> None:
    """Who stood on the map without Handrail. Members are no file's to bring in: they are invited again."""
    carried_in(
        Outsider,
        owner,
        data.get("outsiders", []),
        plain=("kind", "closeness", "lean", "since"),
        sealed={"name": is_text, "phone": is_text_or_none, "about": is_text_or_none},
    )
