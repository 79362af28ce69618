"""A phone with a SIM card as the modem: SMS Gateway for Android (Apache-2.0), reached on the local network.

Sending: POST to its `/message` with HTTP basic. It keeps our id, so a text whose end nobody heard is looked up before
it is sent again. Telling: JSON for each event, signed over body and X-Timestamp with the key from its settings.
"""

import base64
from collections.abc import Sequence
from typing import Any

from handrail.delivery.channels.sms import Ask, Call, Reply, Report, Said, Text, answers
from handrail.delivery.letters import Outcome, Result

FIRST, USUAL = 100, 0  # from 100 on, the phone's own pauses between texts do not hold one up


class AndroidGateway:
    def __init__(self, *, url: str, user: str, password: str, report_key: str) -> None:
        self._url = url.rstrip("/")
        self._key = report_key
        basic = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {basic}"}

    def ask(self, text: Text) -> Ask:
        body = {
            "id": text.ref,
            "textMessage": {"text": text.words},
            "phoneNumbers": [text.to],
            "withDeliveryReport": True,
            "ttl": text.seconds,
            "priority": FIRST if text.urgent else USUAL,
        }
        return Ask("POST", self._url, self._headers, json=body)

    def result(self, said: Said) -> Result:
        if 200 <= said.status < 300:
            taken = isinstance(said.body, dict) and said.body.get("id") and said.body.get("state") != "Failed"
            return Result(Outcome.HANDED, "sms taken") if taken else answers.garbled(said)
        if said.status == 409:  # it has this id already
            return Result(Outcome.HANDED, "sms 409")
        return answers.refused(said)

    def look(self, text: Text) -> Ask | None:
        return Ask("GET", f"{self._url}/{text.ref}", self._headers)

    def has(self, said: Said, text: Text) -> bool:
        return said.status == 200 and isinstance(said.body, dict) and said.body.get("id") == text.ref

    def heard(self, call: Call) -> Sequence[Report | Reply]:
        stamp = call.headers.get("x-timestamp", "")
        signature = call.headers.get("x-signature", "")
        signed = call.body + stamp.encode()
        answers.require_signed(call, key=self._key, signature=signature, stamp=stamp, signed=signed)
        told = answers.as_json(call.body)
        payload = told.get("payload")
        return _news(told, payload) if isinstance(payload, dict) else []


def _news(told: dict[str, Any], payload: dict[str, Any]) -> Sequence[Report | Reply]:
    ref = str(payload.get("messageId", ""))
    match told.get("event"):
        case "sms:delivered":
            return [Report(ref, arrived=True)]
        case "sms:failed":
            return [Report(ref, arrived=False)]
        case "sms:received":
            # Its message id is made from the words alone: the same STOP a year later would be taken for the first one.
            key = f"{told.get('id', '')}:{payload.get('receivedAt', '')}"
            return [Reply(str(payload.get("phoneNumber", "")), str(payload.get("message", "")), key)]
    return []
