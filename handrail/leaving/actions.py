"""Taking everything along, going for good, and moving in from another install."""

import base64
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from handrail.circle import queries as circle_seen
from handrail.delivery import ways
from handrail.engine import bell, due
from handrail.gate import Actor, gated
from handrail.gate.carrying import NotOurs
from handrail.gate.erasing import erase_rows
from handrail.kernel import clock, keys
from handrail.kernel.errors import Invalid
from handrail.leaving import queries, scrub
from handrail.leaving.archive import opened, packed
from handrail.leaving.models import Archive
from handrail.leaving.rooms import Data, importers
from handrail.people import actions as people
from handrail.people import discreet
from handrail.programs import actions as programs
from handrail.programs import queries as offices
from handrail.supporters import actions as supporters

KEPT_FOR = timedelta(hours=24)
UNDO_FOR = timedelta(days=7)
END_ARCHIVE, ERASE, FORGET = "leaving.end_archive", "leaving.erase", "leaving.forget"

#: What a new account may have and still be one that somebody can move into.
COMES_WITH_AN_ACCOUNT = frozenset({"profile", "devices", "ways", "members", "shares", "access_log", "stand_beside"})


# taking everything along
def pack(actor: Actor) -> None:
    """Make the person's archive, in place of one that may be there, and arm its end. Their zone is the active one."""
    data = queries.everything(actor)  # read before the transaction: on SQLite nobody else could write meanwhile
    made_at = timezone.localtime(clock.now())
    _keep(actor, owner=actor.me, name=f"{made_at:%Y-%m-%d}.zip", content=packed(data, made_at=made_at))


@gated("export.make", writes=True)
def _keep(actor: Actor, *, owner: str, name: str, content: bytes) -> None:
    Archive.objects.filter(owner_id=owner).delete()
    now = clock.now()
    made = Archive.objects.create(
        owner_id=owner, name=name, made_at=now, until=now + KEPT_FOR, content=base64.b64encode(content).decode()
    )
    due.schedule(END_ARCHIVE, ref=made.pk, at=made.until)


@gated("export.end", about=Archive, writes=True)
def end_archive(actor: Actor, *, archive: str) -> None:
    Archive.objects.filter(pk=archive).delete()
    due.cancel(END_ARCHIVE, ref=archive)


# going for good
def ask_to_erase(actor: Actor) -> None:
    """Erase this account in seven days, unless its person takes that back."""
    with transaction.atomic():
        at = clock.now() + UNDO_FOR
        people.set_erasing(actor, owner=actor.me, at=at)
        due.schedule(ERASE, ref=actor.me, at=at)


def keep_account(actor: Actor) -> None:
    with transaction.atomic():
        people.keep(actor, owner=actor.me)
        due.cancel(ERASE, ref=actor.me)


def erase(actor: Actor) -> None:
    """Now, and for good. Members see what they see when somebody ends their place: nothing, and no message.

    The account behind a second passphrase goes along: nobody else could ever find it to erase it.
    """
    owner = actor.me
    with transaction.atomic():
        if second := _second_of(actor):
            erase(Actor.person(second, channel=actor.channel))
        for other in actor.all_rights():
            supporters.leave(actor, owner=other, for_good=True)
        worked_at, held = [desk.program_id for desk in offices.desks(actor)], offices.posts(actor)
        members = circle_seen.member_ids(actor, owner=owner)
        _erase(actor, owner=owner)
        programs.account_is_gone(actor, worked_at=worked_at, held=held)
        bell.ring(members)
        due.cancel(ERASE, ref=owner)
        supporters.forget_moments(owner)
        due.schedule(FORGET, ref="all", at=clock.now())  # should what follows the commit be cut off
    # on SQLite, once all of that is on disk


def _second_of(actor: Actor) -> str:
    try:
        second: str = discreet.second_of(actor, owner=actor.me)
    except keys.KeyFault:  # erased once already, and back with an older database: so was the second account
        return ""
    return second


def erase_again() -> int:
    """People who were erased and came back with an older database: gone once more. Answers how many."""
    came_back = keys.forgotten_owners()
    for owner in came_back:
        erase(Actor.person(owner, channel="later"))
    return len(came_back)


@gated("account.vanish", writes=True)
def _erase(actor: Actor, *, owner: str) -> None:
    erase_rows(owner)
    people.close(actor, owner=owner)
    ways.forget(person=owner)
    bell.forget(person=owner)
    keys.destroy_data_key(owner)
    transaction.on_commit(scrub.empty_the_log, robust=True)


# moving in
def move_in(actor: Actor, *, content: bytes) -> list[str]:
    """Take in what another install packed, all of it or nothing; answers who to invite again. Raises Invalid."""
    data = opened(content)
    held = queries.everything(actor)
    if any(rows for kind, rows in held.items() if kind not in COMES_WITH_AN_ACCOUNT):
        raise Invalid(_("There is something in this account already. Moving in needs a new, empty one."))
    try:
        _take_in(actor, owner=actor.me, data=data)
    except IntegrityError as why:  # a constraint says what no check here did: two rows that cannot both be
        raise NotOurs from why
    return _to_invite(data)


@gated("import.write", writes=True)
def _take_in(actor: Actor, *, owner: str, data: Data) -> None:
    for imported in importers():
        imported(actor, owner=owner, data=data)


def _to_invite(data: Data) -> list[str]:
    """Names of those who stood in the circle at the end. They come in by a new link or not at all."""
    names = [row.get("calls_member") for row in data.get("members", []) if row.get("ended_at") is None]
    return [name[:100] for name in names if isinstance(name, str)][:50]
