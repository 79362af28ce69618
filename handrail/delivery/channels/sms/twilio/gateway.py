"""Twilio's Messages resource, and whoever offers the same shape.

Sending: POST /2010-04-01/Accounts/{sid}/Messages.json, HTTP basic with the account's SID and auth token. Telling: a
form to our address, signed in X-Twilio-Signature (HMAC-SHA1 over address and sorted fields, as they document it).
"""

import base64
import hmac
from collections.abc import Sequence
from hashlib import sha1
from urllib.parse import parse_qsl, quote, urlencode

from handrail.delivery.channels.sms import Ask, Call, Reply, Report, Said, Text, Unsigned, answers
from handrail.delivery.letters import Outcome, Result

HOME = "https://api.twilio.com"
#: Codes of an answer, and of a report, that stay true: no such number, a landline, a number that has said STOP.
NO_SUCH_PHONE = {21211, 21214, 21217, 21265, 21408, 21610, 21612, 21614, 21635, 30004, 30005, 30006}
LONGEST_VALID = 4 * 60 * 60  # seconds; the whole text is refused for more than they allow
LOOKED_AT = 20  # newest texts to a number


class TwilioGateway:
    def __init__(self, *, url: str, user: str, password: str, sender: str, our_address: str) -> None:
        self._messages = f"{(url or HOME).rstrip('/')}/2010-04-01/Accounts/{quote(user, safe='')}/Messages.json"
        self._token = password
        self._sender = sender
        self._ours = our_address.rstrip("/")
        basic = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {basic}"}

    def ask(self, text: Text) -> Ask:
        sender = "MessagingServiceSid" if self._sender.startswith("MG") else "From"
        form = {"To": text.to, sender: self._sender, "Body": text.words}
        form["ValidityPeriod"] = str(min(text.seconds, LONGEST_VALID))
        if self._ours.startswith("https://"):  # elsewhere they could not reach us, and would refuse the whole text
            form["StatusCallback"] = f"{self._ours}/sms/heard/{text.ref}"
        return Ask("POST", self._messages, self._headers, form=form)

    def result(self, said: Said) -> Result:
        body = said.body if isinstance(said.body, dict) else {}
        if 200 <= said.status < 300:
            return Result(Outcome.HANDED, "sms taken") if body.get("sid") else answers.garbled(said)
        code = body.get("code")
        if isinstance(code, int) and code in NO_SUCH_PHONE:
            return Result(Outcome.NEVER, f"sms {said.status} {code}")
        if isinstance(code, int) and said.status == 400:  # about our account or our words, not about this phone
            return Result(Outcome.LATER, f"sms 400 {code}")
        return answers.refused(said)

    def look(self, text: Text) -> Ask | None:
        query = urlencode({"To": text.to, "PageSize": LOOKED_AT})
        return Ask("GET", f"{self._messages}?{query}", self._headers)

    def has(self, said: Said, text: Text) -> bool:
        body = said.body if isinstance(said.body, dict) else {}
        newest = body.get("messages")
        return said.status == 200 and any(
            isinstance(one, dict) and one.get("status") not in ("failed", "undelivered", "canceled")
            and text.words in str(one.get("body"))
            for one in (newest if isinstance(newest, list) else [])
        )  # fmt: skip

    def heard(self, call: Call) -> Sequence[Report | Reply]:
        try:
            pairs = parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100)
        except ValueError as why:  # more fields than they ever send
            raise Unsigned("fields") from why
        self._require_signed(call, pairs)
        form = dict(pairs)
        if call.ref:
            return self._report(call.ref, form)
        if form.get("From") and form.get("MessageSid"):
            return [Reply(form["From"], form.get("Body", ""), form["MessageSid"])]
        return []

    def _report(self, ref: str, form: dict[str, str]) -> Sequence[Report]:
        code = form.get("ErrorCode", "")
        for_good = code.isdecimal() and code.isascii() and int(code) in NO_SUCH_PHONE
        match form.get("MessageStatus"):
            case "delivered" | "read":
                return [Report(ref, arrived=True)]
            case "undelivered" | "failed":
                return [Report(ref, arrived=False, for_good=for_good)]
        return []  # queued, sending, sent: on its way, which we say already

    def _require_signed(self, call: Call, pairs: Sequence[tuple[str, str]]) -> None:
        signed = call.url + "".join(name + value for name, value in sorted(set(pairs)))
        good = base64.b64encode(hmac.new(self._token.encode(), signed.encode(), sha1).digest())
        given = call.headers.get("x-twilio-signature", "").encode()
        if not self._token or not hmac.compare_digest(good, given):
            raise Unsigned("signature")
