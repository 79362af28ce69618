"""The outbox: `put` writes what is to be sent, `withdraw` takes back what has not left. Both in the caller's
transaction, so a message exists if and only if its reason does.

At least once: a message may leave twice after a crash, always under the same key (`idem`), which becomes the mail's
Message-ID, the push's Topic and a short code in the text.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from handrail.delivery import sparing
from handrail.delivery.models import Channel, Outbox, Way
from handrail.engine import bell, wake
from handrail.engine.due import in_hand, require_transaction
from handrail.engine.lanes import Lane
from handrail.gate import Category
from handrail.kernel import clock
from handrail.kernel.ids import new_id


def put(
    *,
    to: str,
    owner: str,
    membership: str = "",
    category: Category | None = None,
    kind: str,
    lane: Lane = Lane.ROUTINE,
    matter: str,
    round: str = "1",
    link: str,
    texts: bool = True,
) -> None:
    """One message to `to`: a row for each of their verified ways, and one in the app.

    `membership` and `category` say by which right it goes to a member; both are asked again when it leaves. Without
    them it goes to the owner themself. `matter` is what it is about (the call's id), `round` tells apart what is said
    again on purpose; the same (matter, kind, round, to) put twice is one message. `link` is a path of ours. What
    stands in the message outside the house is the same neutral line always. A text to a member leaves only where
    `texts` says so and their phone has not had too many (`sparing`); every other way takes the message all the same.
    """
    require_transaction()
    if to != owner and not (membership and category):
        raise ValueError("a message to a member goes by a membership and a category")
    if not link.startswith("/") or link.startswith("//"):
        raise ValueError("a message links to a path of this install")
    ways = Way.objects.filter(person_id=to, ended_at=None, verified_at__isnull=False)
    message = Outbox(
        to=to, owner=owner, membership_id=membership, category=category or "", kind=kind, lane=lane, matter=matter,
        link=link,
    )  # fmt: skip
    taken = [way for way in ways.defer("address", "label", "code") if _takes(way, message, texts)]
    _write([_in_app(message, round), *(_by_way(message, round, way.pk, way.channel) for way in taken)])
    # The app's own bell needs nobody to carry it: no worker, no provider, no wait.
    bell.ring([to])


def put_on(*, way: str, to: str, channel: str, kind: str, lane: Lane, link: str) -> None:
    """One message to a person by one named way and no other: the code that confirms it, sent anew each time."""
    require_transaction()
    message = Outbox(to=to, owner=to, kind=kind, lane=lane, matter=way, link=link)
    _write([_by_way(message, new_id(), way, channel)])


def _takes(way: Way, message: Outbox, texts: bool) -> bool:
    if way.channel != Channel.SMS or message.to == message.owner or way.number is None:
        return True
    return texts and sparing.has_room(owner=message.owner, number=bytes(way.number), lane=Lane(message.lane))


def _write(rows: list[Outbox]) -> None:
    Outbox.objects.bulk_create(rows, ignore_conflicts=True)
    wake.up()
    calls = {row.matter for row in rows if row.lane == Lane.CALL}
    if calls and in_hand.get() is None:  # the worker needs nobody to stand by
        transaction.on_commit(lambda: _stand_by(calls), robust=True)


def _stand_by(matters: set[str]) -> None:
    from handrail.delivery import standby  # only now: it brings mail and push along, which a page does not need

    for matter in matters:
        standby.watch(matter)


def _in_app(message: Outbox, round: str) -> Outbox:
    row = _copy(message, round, None, Channel.IN_APP)
    row.state, row.handed_at = Outbox.HANDED, row.due_at
    return row


def _by_way(message: Outbox, round: str, way: str, channel: str) -> Outbox:
    row = _copy(message, round, way, channel)
    row.seen_token = new_id() if channel in (Channel.PUSH, Channel.SMS) else None
    return row


def _copy(message: Outbox, round: str, way: str | None, channel: str) -> Outbox:
    now = clock.now()
    return Outbox(
        idem=":".join((message.matter, message.kind, round, message.to, channel, way or "")),
        to=message.to, owner=message.owner, membership_id=message.membership_id, category=message.category,
        kind=message.kind, lane=message.lane, matter=message.matter, link=message.link,
        way_id=way, channel=channel, due_at=now, ready_at=now,
    )  # fmt: skip


def withdraw(*, matter: str, kind: str | None = None, to: str | None = None) -> None:
    """Take back everything that waits for this matter (only of one kind, or to one person, if named).

    What is being sent this very moment may still leave, and then says so in `how_far`.
    """
    require_transaction()
    rows = Outbox.objects.filter(matter=matter, state__in=[Outbox.WAITING, Outbox.CLAIMED])
    if kind is not None:
        rows = rows.filter(kind=kind)
    if to is not None:
        rows = rows.filter(to=to)
    # Locked in one order everywhere: the sender records what became of a batch in the same order.
    held = list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
    if held:
        Outbox.objects.filter(pk__in=held).update(state=Outbox.WITHDRAWN, lease_until=None)


def texted(*, matter: str, kind: str) -> set[str]:
    """Who was sent a text of this kind for this matter that has left the house, as far as is known."""
    left = Outbox.objects.filter(matter=matter, kind=kind, channel=Channel.SMS, handed_at__isnull=False)
    return set(left.values_list("to", flat=True))


def count_since(*, to: str, kind: str, since: datetime) -> int:
    """How many messages of this kind were put for this person since then (for limits)."""
    return Outbox.objects.filter(to=to, kind=kind, due_at__gte=since).count()


def forget(*, person: str) -> None:
    """Erase every message to or about this person, in the erasure's own transaction."""
    Outbox.objects.filter(Q(to=person) | Q(owner=person)).delete()


def arrived(*, seen_token: str) -> None:
    """A phone called back with the token that only the encrypted message held. Rings the bell of whom it is about."""
    with transaction.atomic():
        rows = Outbox.objects.filter(seen_token=seen_token, channel=Channel.PUSH, on_phone_at=None)
        owner = rows.values_list("owner", flat=True).first()
        now = clock.now()
        if owner and rows.update(on_phone_at=now, state=Outbox.ON_PHONE, lease_until=None, worker=""):
            bell.ring([owner])
