"""What the gate asks before it lets somebody share: which consents are in force, and what they cover."""

from handrail.consents import rules
from handrail.consents.models import Consent
from handrail.consents.rules import Kind, Purpose, Status
from handrail.gate.categories import Purpose as SharedFor
from handrail.gate.covers import Cover, Covers
from handrail.kernel import clock


def of_owner(owner_id: str) -> Covers:
    """Inside an opening for the owner as a whole: consents open to nobody else, so others find none."""
    rows = Consent.objects.filter(owner_id=owner_id, status=Status.ACTIVE, expires_at__gt=clock.now())
    return {
        row.membership_id: {thing: cover_of(row) for thing in rules.opened(row.kind, row.things)}
        for row in rows.exclude(membership_id="")
    }


def cover_of(row: Consent) -> Cover:
    treats = row.kind == Kind.TREATMENT or row.purpose == Purpose.TREATMENT
    return Cover(row.pk, row.expires_at, SharedFor.TREATMENT if treats else SharedFor.SUPPORT)
