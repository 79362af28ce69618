"""Writing down somebody's number."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from handrail.card.models import Number
from handrail.circle import queries as circle
from handrail.circle.rules import could_be_dialled
from handrail.gate import Actor, gated
from handrail.kernel.errors import Invalid, NotHere


@gated("card.change", writes=True)
def keep_numbers(actor: Actor, *, owner: str, phones: Mapping[str, str]) -> None:
    """{membership: phone}; an empty one is forgotten. Those who are not named keep theirs."""
    members = {member.membership_id for member in circle.roster(actor, owner=owner)}
    for membership, phone in phones.items():
        if membership not in members:
            raise NotHere
        if phone and not could_be_dialled(phone):
            raise Invalid(_("That does not look like a phone number. Digits are enough."))
        known = Number.objects.filter(membership_id=membership).first()
        if not phone:
            Number.objects.filter(membership_id=membership).delete()
        elif known is None:
            Number.objects.create(owner_id=owner, membership_id=membership, phone=phone)
        elif known.phone != phone:
            known.phone = phone
            known.save(update_fields=["phone"])
