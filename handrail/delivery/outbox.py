"""The outbox: `put` writes what is to be sent, `withdraw` takes back what has not left. Both in the caller's
transaction, so a message exists if and only if its reason does.

At least once: a message may leave twice after a crash, always under the same key (`idem`), which becomes the mail's
Message-ID and the push's Topic.
"""

from collections.abc import Iterable

from handrail.delivery.models import Channel, Outbox, Way
from handrail.engine import wake
from handrail.engine.due import require_transaction
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
) -> None:
    """One message to `to`: a row for each of their verified ways, and one in the app.

    `membership` and `category` say by which right it goes to a member; both are asked again when it leaves. Without
    them it goes to the owner themself. `matter` is what it is about (the call's id), `round` tells apart what is said
    again on purpose; the same (matter, kind, round, to) put twice is one message. `link` is a path of ours. What
    stands in the message outside the house is the same neutral line always.
    """
    require_transaction()
    if to != owner and not (membership and category):
        raise ValueError("a message to a member goes by a membership and a category")
    if not link.startswith("/") or link.startswith("//"):
        raise ValueError("a message links to a path of this install")
    now = clock.now()
    ways: Iterable[tuple[str | None, str]] = Way.objects.filter(
        person_id=to, ended_at=None, verified_at__isnull=False
    ).values_list("pk", "channel")
    rows = [
        Outbox(
            idem=":".join((matter, kind, round, to, channel, way or "")),
            to=to, owner=owner, membership_id=membership, category=category or "", way_id=way, channel=channel,
            kind=kind, lane=lane, matter=matter, link=link, due_at=now, ready_at=now,
            seen_token=new_id() if channel == Channel.PUSH else None,
        )
        for way, channel in [(None, str(Channel.IN_APP)), *ways]
    ]  # fmt: skip
    Outbox.objects.bulk_create(rows, ignore_conflicts=True)
    wake.up()


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
