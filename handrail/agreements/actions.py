"""Offering, saying yes, ending; what to talk about; what stays with its writer until they share it.

Every change by either side goes through `_place`, which reads from the membership itself that the place is still there.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from handrail.agreements import rules
from handrail.agreements.kinds import GUIDES, Kind
from handrail.agreements.models import Agreement, Draft, Note, Topic
from handrail.agreements.rules import Line, Side, Standing, State
from handrail.engine import bell, due
from handrail.gate import Actor, breaks, gated
from handrail.gate import circle as places
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere, TooLate

REVIEW = "agreement.review"
REPAIR = "repair"


# --- agreements -------------------------------------------------------------------------------------------------------


@gated("agreement.change", writes=True)
def offer(actor: Actor, *, owner: str, membership: str, kind: str, lines: Sequence[Line]) -> str:
    """Say these lines to the other side; answers the agreement's id.

    With words that differ from what stood there, both need to say yes again; with the same words nothing moves.
    """
    side, both = _place(actor, owner, membership)
    lines = _checked(kind, side, lines)
    live = Agreement.objects.select_for_update().filter(membership_id=membership, kind=kind, ended_at=None)
    found = live.first()
    if not lines and (found is None or not _lines_of(found, side.other)):
        raise Invalid(_("Write at least one line."), field="say_1")
    if found is None:
        _require_room(membership, kind, side)
        found = _begin(owner, membership, kind, side, lines)
    elif _lines_of(found, side) != [line.as_json() for line in lines]:
        setattr(found, f"{side}_lines", [line.as_json() for line in lines])
        _move(found, rules.reworded(found.standing, side))
    forget_draft(actor, owner=actor.me, membership=membership, subject=kind)
    bell.ring(both)
    return str(found.pk)


@gated("agreement.change", about=Agreement, writes=True)
def say_yes(actor: Actor, *, agreement: str, version: int) -> bool:
    """Yes to the words of `version`, as they stood on the page. True when now both have said it."""
    found = _locked(agreement)
    side, both = _place(actor, found.owner_id, found.membership_id)
    after = rules.said_yes(found.standing, side, to=version)
    if after != found.standing:
        _move(found, after)
        bell.ring(both)
    return after.state == State.AGREED


@gated("agreement.change", about=Agreement, writes=True)
def end(actor: Actor, *, agreement: str) -> None:
    """Either side ends it alone, with no reason asked."""
    found = _locked(agreement)
    _side, both = _place(actor, found.owner_id, found.membership_id)
    _move(found, rules.ended(found.standing))
    bell.ring(both)


@gated("agreement.remove", about=Agreement, writes=True)
def remove(actor: Actor, *, agreement: str) -> None:
    """The owner throws away one that is over: ended, or kept from a place that has ended."""
    found = _locked(agreement)
    live = {member.membership_id for member in places.members_of(found.owner_id)}
    if found.state != State.ENDED and found.membership_id in live:
        raise TooLate
    due.cancel(REVIEW, ref=agreement)
    found.delete()


@gated("agreement.review", about=Agreement, writes=True)
def ask_again(actor: Actor, *, agreement: str, version: int) -> None:
    """Thirty days have passed: both are asked, in the app alone, whether it still fits. It holds meanwhile."""
    found = _locked(agreement)
    after = rules.came_due(found.standing, version=version)
    member = {each.membership_id: each for each in places.members_of(found.owner_id)}.get(found.membership_id)
    # Who left a day ago may come back, and everything is as it was.
    if member is None and breaks.may_return(owner_id=found.owner_id, membership_id=found.membership_id):
        due.schedule(REVIEW, ref=agreement, at=clock.now() + timedelta(days=1), generation=version)
    if member is None or after == found.standing:
        return
    _move(found, after)
    bell.ring([found.owner_id, member.person_id])


def _place(actor: Actor, owner: str, membership: str) -> tuple[Side, list[str]]:
    """(the actor's side, both people) of a place that is there now; NotHere for anybody else's or an ended one."""
    if actor.me == owner:
        member = places.member_of(owner, membership)
        if member.program_id:  # agreements are between two people
            raise NotHere
        return Side.OWNER, [owner, member.person_id]
    right = actor.right_to(owner)
    if right is None or right.membership_id != membership:
        raise NotHere
    return Side.MEMBER, [owner, actor.me]


def _checked(kind: str, side: Side, lines: Sequence[Line]) -> list[Line]:
    if kind not in Kind.values:
        raise NotHere
    tidied = rules.tidy(lines, [str(starter) for starter in GUIDES[kind].starters[side]])
    if not rules.fits(tidied):
        raise Invalid(_("Keep it to five short lines."), field="say_1")
    return tidied


def _require_room(membership: str, kind: str, side: Side) -> None:
    """What has ended stays until the owner throws it away: nobody fills their pages by beginning again and again."""
    over = Agreement.objects.filter(membership_id=membership, kind=kind, ended_at__isnull=False)
    if over.count() < rules.MOST_ENDED:
        return
    if side is Side.OWNER:
        raise Invalid(_("Many of this kind have ended. Remove an old one first."), field="say_1")
    raise Invalid(_("Many of this kind have ended. Ask them to remove an old one first."), field="say_1")


def _begin(owner: str, membership: str, kind: str, side: Side, lines: Sequence[Line]) -> Agreement:
    first = rules.first_offer(side)
    said: dict[str, Any] = {f"{side}_lines": [line.as_json() for line in lines]}
    try:
        with transaction.atomic():
            return Agreement.objects.create(
                owner_id=owner,
                membership_id=membership,
                kind=kind,
                state=first.state,
                version=first.version,
                owner_yes=side is Side.OWNER,
                member_yes=side is Side.MEMBER,
                changed_at=clock.now(),
                **said,
            )
    except IntegrityError as why:  # both offered at once: the second sees the other's words first
        raise TooLate from why


def _move(found: Agreement, after: Standing) -> None:
    """Write where it stands now, and arm or take back the moment at which both are asked again."""
    now = clock.now()
    if after.version != found.version:
        found.changed_at = now
    found.state, found.version = after.state, after.version
    found.owner_yes, found.member_yes = Side.OWNER in after.yes, Side.MEMBER in after.yes
    found.review_at = None
    if after.state == State.AGREED:
        found.agreed_at, found.review_at = now, now + rules.REVIEW_AFTER
    if after.state == State.ENDED:
        found.ended_at = now
    found.save()
    due.cancel(REVIEW, ref=found.pk)
    if found.review_at is not None:
        due.schedule(REVIEW, ref=found.pk, at=found.review_at, generation=after.version)


def _locked(agreement: str) -> Agreement:
    found: Agreement | None = Agreement.objects.select_for_update().filter(pk=agreement).first()
    if found is None:  # it is kept with another member of this circle
        raise NotHere
    return found


def _lines_of(found: Agreement, side: Side) -> list[dict[str, str]]:
    lines: list[dict[str, str]] = getattr(found, f"{side}_lines")
    return lines


# --- what stays with its writer ---------------------------------------------------------------------------------------


@gated("draft.change", writes=True)
def keep_draft(actor: Actor, *, owner: str, membership: str, subject: str, words: Any) -> None:
    """Keep words for oneself: `owner` is whoever writes. JSON; the last save holds."""
    found = Draft.objects.select_for_update().filter(membership_id=membership, subject=subject).first()
    if found is None:
        found = Draft(owner_id=owner, membership_id=membership, subject=subject)
    found.words, found.changed_at = words, clock.now()
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as why:
        raise TooLate from why


@gated("draft.change", writes=True)
def forget_draft(actor: Actor, *, owner: str, membership: str, subject: str) -> None:
    Draft.objects.filter(membership_id=membership, subject=subject).delete()


def keep_lines(actor: Actor, *, membership: str, kind: str, side: Side, lines: Sequence[Line]) -> None:
    """Lines that are not offered yet."""
    words = [line.as_json() for line in _checked(kind, side, lines)]
    keep_draft(actor, owner=actor.me, membership=membership, subject=kind, words=words)


# --- after a disagreement ---------------------------------------------------------------------------------------------


def keep_repair(actor: Actor, *, membership: str, answers: Mapping[str, str]) -> None:
    """One's own steps; nobody else ever opens them."""
    words = {name: _note(text, field=name) for name, text in answers.items()}
    keep_draft(actor, owner=actor.me, membership=membership, subject=REPAIR, words=words)


@gated("agreement.change", writes=True)
def share_note(actor: Actor, *, owner: str, membership: str, text: str) -> None:
    """Say one thing to the other side, in the place of what was said before."""
    side, both = _place(actor, owner, membership)
    text = _note(text, field="say")
    if not text:
        raise Invalid(_("Write what you would like to say."), field="say")
    mine = side is Side.OWNER
    found = Note.objects.select_for_update().filter(membership_id=membership, by_owner=mine).first()
    if found is None:
        found = Note(owner_id=owner, membership_id=membership, by_owner=mine)
    found.text, found.shared_at = text, clock.now()
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError as why:
        raise TooLate from why
    bell.ring(both)


@gated("agreement.change", writes=True)
def take_note_back(actor: Actor, *, owner: str, membership: str) -> None:
    side, both = _place(actor, owner, membership)
    Note.objects.filter(membership_id=membership, by_owner=side is Side.OWNER).delete()
    bell.ring(both)


# --- what to talk about together --------------------------------------------------------------------------------------


@gated("agreement.change", writes=True)
def add_topic(actor: Actor, *, owner: str, membership: str, text: str) -> str:
    side, both = _place(actor, owner, membership)
    text = " ".join(text.split())
    if not text:
        raise Invalid(_("Write what you would like to talk about."), field="text")
    if len(text) > rules.LONGEST_LINE:
        raise Invalid(_("That is very long. Please shorten it."), field="text")
    if Topic.objects.filter(membership_id=membership, talked_at=None).count() >= rules.MOST_TOPICS:
        raise Invalid(_("The list is full. Talk about one of these first."), field="text")
    mine = side is Side.OWNER
    if Topic.objects.filter(membership_id=membership, by_owner=mine).count() >= rules.MOST_TOPICS_EACH:
        raise Invalid(_("The list is long by now. Take one of your old topics off first."), field="text")
    made = Topic.objects.create(
        owner_id=owner, membership_id=membership, by_owner=mine, text=text, added_at=clock.now()
    )
    bell.ring(both)
    return str(made.pk)


@gated("agreement.change", about=Topic, writes=True)
def tick_topic(actor: Actor, *, topic: str, talked: bool) -> None:
    """Either side says that they have talked about it, or that they have not yet."""
    found = _topic(topic)
    _side, both = _place(actor, found.owner_id, found.membership_id)
    found.talked_at = clock.now() if talked else None
    found.save(update_fields=["talked_at"])
    bell.ring(both)


@gated("agreement.change", about=Topic, writes=True)
def remove_topic(actor: Actor, *, topic: str) -> None:
    """Whoever brought it takes it off the list, with the notes that were shared on it."""
    found = _topic(topic)
    side, both = _place(actor, found.owner_id, found.membership_id)
    if found.by_owner != (side is Side.OWNER):
        raise NotHere
    found.delete()
    forget_draft(actor, owner=actor.me, membership=found.membership_id, subject=f"topic:{topic}")
    bell.ring(both)


@gated("agreement.change", about=Topic, writes=True)
def keep_note(actor: Actor, *, topic: str, text: str, shared: bool) -> None:
    """One's own note on a topic. The other side reads it only while its writer says so."""
    found = _topic(topic)
    side, both = _place(actor, found.owner_id, found.membership_id)
    text = _note(text, field="note")
    keep_draft(actor, owner=actor.me, membership=found.membership_id, subject=f"topic:{topic}", words=text)
    name, seen = f"{side}_note", text if shared and text else None
    was = getattr(found, name)
    setattr(found, name, seen)
    found.save(update_fields=[name])
    bell.ring([actor.me] if seen == was else both)  # a note for oneself tells nobody that one is writing


def _topic(topic: str) -> Topic:
    found: Topic | None = Topic.objects.select_for_update().filter(pk=topic).first()
    if found is None:
        raise NotHere
    return found


def _note(text: str, *, field: str) -> str:
    text = text.replace("\r\n", "\n").strip()
    if len(text) > rules.LONGEST_NOTE:
        raise Invalid(_("That is very long. Please shorten it."), field=field)
    return text
