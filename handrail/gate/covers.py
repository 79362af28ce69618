"""Written consent, as far as the gate's answer needs it: who needs one, and what a signed one covers.

Under 42 CFR part 2 a tick is not enough for a care worker or a program: every share with them rests on a consent that
is in force, or it is none. What consents there are, the room above knows (`consents/`), and tells us through `ask`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from handrail.gate.categories import SIGNED_FOR
from handrail.kernel.environment import Posture
from handrail.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Cover:
    """The consent that covers one category for one place, and when it ends."""

    consent: str
    until: datetime
    purpose: str  # categories.Purpose


#: {membership: {category: cover}} of an owner whose gate is open as a whole.
Covers = Mapping[str, Mapping[str, Cover]]


class ConsentNeeded(Invalid):
    """This share needs the person's signature first. The page leads to it; `membership` says for whom."""

    code = "consent_needed"
    message = _("This needs your signature first. Open their page in My people and choose what to sign.")

    def __init__(self, membership: str) -> None:
        super().__init__(field="categories")
        self.membership = membership


def needs_signature(role: str) -> bool:
    """Does a share with somebody in this role rest on a signed consent, in this install?"""
    return role in SIGNED_FOR and settings.HANDRAIL.posture is Posture.PART2


def counts(role: str, consent: str) -> bool:
    """Does a live grant count? One without the consent that it needs does not, wherever it came from."""
    return bool(consent) or not needs_signature(role)


def of_owner(owner_id: str) -> Covers:
    """What the signed consents of this owner cover now."""
    return _known(owner_id)


def _nothing(owner_id: str) -> Covers:
    return {}


_known: Callable[[str], Covers] = _nothing


def ask(known: Callable[[str], Covers]) -> None:
    """Said once, at the start: who knows which consents are in force. Until then there are none."""
    global _known
    _known = known
