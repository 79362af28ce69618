"""Any gateway that takes one HTTP request for one text: address, method, body and one header come from the settings.

Telling, for whoever can be taught it: JSON `{"id": ..., "state": "delivered" | "failed", "for_good": false}` or
`{"from": "+1555...", "text": "STOP", "id": ...}`, with X-Handrail-Time (Unix seconds) and X-Handrail-Signature, which
is HMAC-SHA256 in hex over "<time>.<body>".
"""

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from handrail.delivery.channels.sms import Ask, Call, Reply, Report, Said, Text, answers
from handrail.delivery.letters import Outcome, Result


class GenericGateway:
    def __init__(self, *, url: str, method: str, body: str, header: str, sender: str, report_key: str) -> None:
        """Raises ValueError for a body that is neither JSON nor a form, or a header that is none."""
        self._url, self._method, self._sender, self._key = url, method.upper(), sender, report_key
        self._as_json = body.lstrip().startswith("{")
        self._template: Any = json.loads(body) if self._as_json else dict(parse_qsl(body, strict_parsing=True))
        name, colon, value = header.partition(":")
        if header and not (colon and name.strip() and value.strip()):
            raise ValueError("HANDRAIL_SMS_HEADER is `Name: value`")
        self._headers = {name.strip(): value.strip()} if header else {}

    def ask(self, text: Text) -> Ask:
        known = {"{to}": text.to, "{text}": text.words, "{from}": self._sender, "{id}": text.ref}
        filled = _filled(self._template, known)
        if self._method == "GET":
            joined = "&" if urlsplit(self._url).query else "?"
            return Ask("GET", f"{self._url}{joined}{urlencode(filled)}", self._headers)
        if self._as_json:
            return Ask(self._method, self._url, self._headers, json=filled)
        return Ask(self._method, self._url, self._headers, form=filled)

    def result(self, said: Said) -> Result:
        if 200 <= said.status < 300:  # we do not know its words, so its status has to do
            return Result(Outcome.HANDED, "sms taken")
        return answers.refused(said)

    def look(self, text: Text) -> Ask | None:
        return None

    def has(self, said: Said, text: Text) -> bool:
        return False

    def heard(self, call: Call) -> Sequence[Report | Reply]:
        stamp = call.headers.get("x-handrail-time", "")
        signature = call.headers.get("x-handrail-signature", "")
        signed = stamp.encode() + b"." + call.body
        answers.require_signed(call, key=self._key, signature=signature, stamp=stamp, signed=signed)
        told = answers.as_json(call.body)
        key = str(told.get("id", ""))
        if told.get("state") in ("delivered", "failed"):
            return [Report(key, arrived=told["state"] == "delivered", for_good=told.get("for_good") is True)]
        if told.get("from") and key:
            return [Reply(str(told["from"]), str(told.get("text", "")), key)]
        return []


def _filled(template: Any, known: dict[str, str]) -> Any:
    """Each text of the template with the names in braces replaced, once: what was put in is not looked at again."""
    if isinstance(template, dict):
        return {name: _filled(value, known) for name, value in template.items()}
    if isinstance(template, list):
        return [_filled(value, known) for value in template]
    if not isinstance(template, str):
        return template
    parts, rest = [], template
    while rest:
        at, name = min(((rest.find(name), name) for name in known if name in rest), default=(-1, ""))
        if at < 0:
            break
        parts += [rest[:at], known[name]]
        rest = rest[at + len(name) :]
    return "".join([*parts, rest])
