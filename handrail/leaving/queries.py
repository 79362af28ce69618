"""What of somebody's leaving is known, and everything about them in one piece."""

import base64
from dataclasses import dataclass
from datetime import datetime

from handrail.circle import queries as circle
from handrail.gate import Actor, gated
from handrail.kernel import clock
from handrail.kernel.errors import NotHere
from handrail.leaving.models import Archive
from handrail.leaving.rooms import Data, exporters


@dataclass(frozen=True, slots=True)
class Packed:
    """An archive that is ready."""

    id: str
    name: str
    until: datetime


def everything(actor: Actor) -> Data:
    """All that every room holds of the person who asks, kind by kind."""
    owner = actor.me
    data: Data = {}
    for exported in exporters():
        data |= exported(actor, owner=owner)
    data["stand_beside"] = [{"called": each.called, "role": each.role} for each in circle.circles(actor)]
    return data


@gated("export.read")
def archive(actor: Actor, *, owner: str) -> Packed | None:
    found = Archive.objects.filter(until__gt=clock.now()).defer("content").first()
    return Packed(found.pk, found.name, found.until) if found else None


@gated("export.take", about=Archive)
def taken(actor: Actor, *, archive: str) -> tuple[str, bytes]:
    """(name of the file, its bytes), decided at this moment and written to the log. NotHere once its day is over."""
    found = Archive.objects.filter(pk=archive, until__gt=clock.now()).first()
    if found is None:
        raise NotHere
    return found.name, base64.b64decode(found.content)
