"""What any provider's HTTP answer means, where it has nothing of its own to say; and signatures that grow old."""

import hmac
import json
from datetime import timedelta
from hashlib import sha256
from typing import Any

from handrail.delivery.channels.sms import Call, Said, Unsigned
from handrail.delivery.letters import Outcome, Result
from handrail.kernel import clock

NEVER = (400, 410, 422)  # this number, these words: asking again would bring the same answer
LONGEST_WAIT_SECONDS = 3600
BELIEVED_FOR = timedelta(minutes=5)


def refused(said: Said, code: str = "") -> Result:
    """For every answer but success. Not let in, no such page, too many, broken: somebody will mend it, so later."""
    code = code or f"sms {said.status}"
    if said.status == 504:  # whoever stands before the provider heard no end of it
        return Result(Outcome.UNSURE, code)
    return Result(Outcome.NEVER if said.status in NEVER else Outcome.LATER, code, asked_wait(said))


def garbled(said: Said) -> Result:
    """Success, but not in the provider's words: a hotel's sign-in page, or half an answer. It may have left."""
    return Result(Outcome.UNSURE, f"sms {said.status} garbled")


def asked_wait(said: Said) -> timedelta | None:
    asked = said.headers.get("retry-after", "")
    return timedelta(seconds=min(int(asked), LONGEST_WAIT_SECONDS)) if asked.isdecimal() and asked.isascii() else None


def require_signed(call: Call, *, key: str, signature: str, stamp: str, signed: bytes) -> None:
    """HMAC-SHA256 in hex over `signed`, which holds the stamp (Unix seconds), and not from long ago."""
    good = hmac.new(key.encode(), signed, sha256).hexdigest()
    if not key or not hmac.compare_digest(good.encode(), signature.lower().encode()):
        raise Unsigned("signature")
    try:
        age = clock.now().timestamp() - int(stamp)
    except ValueError as why:
        raise Unsigned("stamp") from why
    if abs(age) > BELIEVED_FOR.total_seconds():
        raise Unsigned("age")


def as_json(body: bytes) -> dict[str, Any]:
    """An object, or nothing: what is signed may still be of a kind that we do not know."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
