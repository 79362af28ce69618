"""Adding a way to be reached: how often a code may go to one address or one phone, whoever asks for it.

Without these limits anybody could make us write to a stranger again and again, from one account or from many; and with
texts it is the install that pays. How many codes one account can ask for is `delivery.ways`' own limit.
"""

from django.conf import settings

from handrail.delivery import ways
from handrail.gate import Actor
from handrail.people import limits

SMS = "sms"


def begin(actor: Actor, *, channel: str, typed: str, country: str = "") -> str:
    """Send a code to what was typed; answers the way's id. Raises Invalid, TooOften."""
    address = ways.tidied(channel, typed, country=country)
    whom = f"{channel}|{address.casefold()}"
    tries = [(limits.CODES_TO_ONE, whom), (limits.CODES_TO_ONE_A_DAY, whom)]
    if channel == SMS:
        of_all = limits.Limit("text-install", settings.HANDRAIL.sms_codes_an_hour)
        tries = [(limits.TEXTS_BY_PERSON_A_DAY, actor.me), *tries, (of_all, "install")]
    limits.spend(*tries)
    return str(ways.begin(actor, owner=actor.me, channel=channel, address=address))
