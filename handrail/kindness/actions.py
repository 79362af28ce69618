"""Sending a few kind words; and what the person does with them."""

from django.utils.translation import gettext as _

from handrail.engine import bell
from handrail.gate import Actor, gated
from handrail.gate import circle as places
from handrail.kernel import clock
from handrail.kernel.errors import Invalid, NotHere, TooOften
from handrail.kindness import rules
from handrail.kindness.models import KindNote, NoNotes


@gated("kindness.send", writes=True)
def send(actor: Actor, *, owner: str, words: str) -> None:
    """From a member to the person. It waits in the app and rings nowhere else: kind words do not wake anybody up."""
    membership = _my_place(actor, owner)
    words = rules.tidy(words)
    if not rules.fits(words):
        raise Invalid(_("Write a few words, up to 400 letters."), field="words")
    sent = KindNote.objects.filter(membership_id=membership, sent_at__gt=clock.now() - rules.A_DAY).count()
    if sent >= rules.MOST_A_DAY:
        raise TooOften(_("That is enough for today. They wait for your person to read them."))
    # Whether the person wants notes from here is not the member's to read: the row is the owner's own.
    KindNote.objects.create(owner_id=owner, membership_id=membership, words=words, sent_at=clock.now())
    bell.ring([owner])


@gated("kindness.change", about=KindNote, writes=True)
def put_away(actor: Actor, *, kindnote: str) -> None:
    """Read, and kept."""
    KindNote.objects.filter(pk=kindnote, read_at=None).update(read_at=clock.now())


@gated("kindness.change", about=KindNote, writes=True)
def remove(actor: Actor, *, kindnote: str) -> None:
    KindNote.objects.filter(pk=kindnote).delete()


@gated("kindness.change", writes=True)
def want_none(actor: Actor, *, owner: str, membership: str) -> None:
    """From now on notes from this member are kept aside. They are not told."""
    places.member_of(owner, membership)
    if not NoNotes.objects.filter(membership_id=membership).exists():
        NoNotes.objects.create(owner_id=owner, membership_id=membership, since=clock.now())


@gated("kindness.change", writes=True)
def want_again(actor: Actor, *, owner: str, membership: str) -> None:
    NoNotes.objects.filter(membership_id=membership).delete()


def _my_place(actor: Actor, owner: str) -> str:
    right = actor.right_to(owner)
    if right is None or right.as_staff:
        raise NotHere
    return right.membership_id
