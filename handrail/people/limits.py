"""Limits on guessing, counted in the database so that they hold over every process of an install.

What is counted is known by an HMAC under the install's pepper: the table tells neither names nor addresses. A try is
counted before it is made and taken back when it was right, so a busy clinic behind one address is not locked out. The
answer is the same whether or not there is an account, because nothing here looks at accounts.
"""

import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from handrail.kernel import clock
from handrail.kernel.errors import TooOften
from handrail.kernel.keys import install_keys
from handrail.people.models import Tally

KEPT = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Limit:
    """`most` tries an hour (or in each `hours`) for one `kind` of thing, by whoever or whatever is counted."""

    kind: str
    most: int
    hours: int = 1


# Guessing is slow work against a passphrase of 12 characters or 3 words. Names are counted generously: somebody who
# wants to lock a person out by typing their name needs several addresses, and passkey and recovery words stay open.
BY_NAME = Limit("name", 60)
BY_ADDRESS = Limit("address", 40)
WORDS_BY_ADDRESS = Limit("words", 15)
SIGN_UPS_BY_ADDRESS = Limit("sign-up", 60)
SIGN_UPS_OF_A_NAME = Limit("sign-up-name", 20)  # from one address, so that it leaves the name's own limit to others
# Doors are unique, so a new one for a name tells whether a namesake has that passphrase: each is a guess, and is never
# given back. Counted apart from signing in, so that nobody is kept out by somebody who makes doors.
NEW_DOORS_BY_NAME = Limit("new-door", 60)
AGAIN_BY_PERSON = Limit("again", 15)  # the passphrase asked once more before a change
CODES_BY_PERSON = Limit("code", 12)  # six digits of a code app
PASSKEYS_BY_ADDRESS = Limit("passkey", 120)  # nothing to guess there, but each asking keeps a row for a day
CODE_USED = Limit("code-used", 1)
# Codes to an address or a phone that somebody typed in: it may be anybody's, and a text costs money. So they are
# counted for whoever gets them too, over all accounts, and are never given back.
CODES_TO_ONE = Limit("code-to", 4)
CODES_TO_ONE_A_DAY = Limit("code-to-day", 8, hours=24)
TEXTS_BY_PERSON_A_DAY = Limit("text-day", 8, hours=24)


def spend(*tries: tuple[Limit, str]) -> None:
    """Count one try for each, in their order; raises TooOften at the first that is over its limit.

    What is refused there counts no further. So the trier's own limits come first (address, account), and those that
    others share after them (a name, a number, the install): one trier cannot use up what belongs to all.
    """
    Tally.objects.filter(hour__lt=clock.now() - KEPT).delete()
    for limit, whom in tries:
        if _count(limit, whom, _this_hour(limit)) > limit.most:
            raise TooOften


def give_back(*tries: tuple[Limit, str]) -> None:
    """The try was right: it does not count."""
    for limit, whom in tries:
        Tally.objects.filter(key=_key(limit, whom), hour=_this_hour(limit), count__gt=0).update(count=F("count") - 1)


def address_of(request: HttpRequest) -> str:
    """Where a request comes from; an IPv6 network of one household counts as one. Used for counting, never stored."""
    raw = request.META.get("REMOTE_ADDR", "")
    try:
        address = ipaddress.ip_address(raw)
    except ValueError:
        return raw
    if address.version == 4 or address.ipv4_mapped:
        return str(getattr(address, "ipv4_mapped", None) or address)
    return str(ipaddress.ip_network(f"{raw}/64", strict=False))


def _count(limit: Limit, whom: str, hour: datetime) -> int:
    key = _key(limit, whom)
    with transaction.atomic():
        Tally.objects.bulk_create([Tally(key=key, hour=hour)], ignore_conflicts=True)
        Tally.objects.filter(key=key, hour=hour).update(count=F("count") + 1)
        return Tally.objects.values_list("count", flat=True).get(key=key, hour=hour)


def _key(limit: Limit, whom: str) -> bytes:
    return hmac.new(install_keys().pepper, f"limit|{limit.kind}|{whom}".encode(), sha256).digest()[:16]


def _this_hour(limit: Limit) -> datetime:
    """When the time began that counts now; of more hours than one, they are told off from midnight."""
    now = clock.now()
    return now.replace(hour=now.hour - now.hour % limit.hours, minute=0, second=0, microsecond=0)
