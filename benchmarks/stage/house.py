"""One install of a certain size in a process of its own, measured from outside: JSON lines in, JSON lines out.

A process for each size, because an install has one database; so two sizes can take turns within the same second, and
whatever else the machine is doing meets both.
"""

import json
import os
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.stage.settings")

from django.core.wsgi import get_wsgi_application

_django = get_wsgi_application()

# Django is set up from here on.
from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks.stage import bare, crowd, meter  # noqa: E402
from benchmarks.stage.meter import Request  # noqa: E402
from handrail.gate import Actor  # noqa: E402
from handrail.kernel.ids import new_id  # noqa: E402
from handrail.people.models import Person  # noqa: E402

SECRET = "b" * 32  # of the CSRF cookie
HTMX = (("HX-Request", "true"), ("X-CSRFToken", SECRET))
MEASURED = 40  # people of each kind, taken from everywhere in the crowd


@dataclass
class House:
    """Some people look at their pages, others check in, so that nobody's day fills up with the measuring."""

    lookers: list[str] = field(default_factory=list)
    writers: list[str] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)
    bare_cookies: list[str] = field(default_factory=list)
    bare: Any = field(default_factory=bare.application)

    def fill(self, people: int) -> None:
        everybody = crowd.fill(people)
        chosen = random.sample(everybody, min(2 * MEASURED, people))
        self.lookers, self.writers = chosen[::2], chosen[1::2]
        self.cookies = {person: _sign_in(person) for person in chosen}
        name = settings.SESSION_COOKIE_NAME
        self.bare_cookies = [f"{name}={bare.sign_in(person)}" for person in self.lookers]

    def request(self, page: str, number: int) -> Request:
        """The `number`th request of a kind of page."""
        looker, writer = (group[number % len(group)] for group in (self.lookers, self.writers))
        answers = urlencode({"mood": 3, "craving": 1, "key": new_id(), "csrfmiddlewaretoken": SECRET})
        kinds: dict[str, Callable[[], Request]] = {
            "bare": lambda: Request("/bare", self.bare_cookies[number % len(self.bare_cookies)]),
            "today": lambda: Request("/today", self.cookies[looker]),
            "checkin": lambda: Request("/checkin", self.cookies[writer], answers),
            "checkin-htmx": lambda: Request("/checkin", self.cookies[writer], answers, HTMX),
            "supporter": lambda: Request("/s/today", self.cookies[looker]),
            "people": lambda: Request("/people", self.cookies[looker]),
        }
        return kinds[page]()

    def measure(self, page: str, first: int, requests: int) -> dict[str, Any]:
        """CPU and clock of `requests` requests, in milliseconds."""
        answers = [self._send(page, number) for number in range(first, first + requests)]
        self.tidy(page)
        return {"cpu": [answer.cpu for answer in answers], "ms": [answer.ms for answer in answers]}

    def count(self, page: str) -> dict[str, Any]:
        """The most statements that any of the measured people's requests needed, and what they were."""
        for number in range(len(self.lookers)):  # the first request of a process fills what stays filled
            self._send(page, number)
        worst = meter.Statements()
        for number in range(len(self.lookers)):
            with meter.statements() as found:
                self._send(page, number)
            worst = max(worst, found, key=lambda one: len(one.asked))
        self.tidy(page)
        return {"asked": worst.asked, "around": worst.around}

    def requests(self, page: str, how_many: int) -> list[dict[str, Any]]:
        """The same requests as they go through a real server."""
        made = [self.request(page, number) for number in range(how_many)]
        return [{"path": r.path, "cookies": r.cookies, "form": r.form, "headers": r.headers} for r in made]

    def _send(self, page: str, number: int) -> meter.Answer:
        answer = meter.send(self.bare if page == "bare" else _django, self.request(page, number))
        if answer.status not in (200, 302) or (page != "checkin" and answer.status != 200):
            raise RuntimeError(f"{page} answered {answer.status}: {answer.body[:500]!r}")
        return answer

    def tidy(self, page: str) -> None:
        if page.startswith("checkin"):
            crowd.forget_todays_checkins(Actor.system("benchmark"), owners=self.writers)


def _sign_in(person_id: str) -> str:
    client = Client()
    client.force_login(Person.objects.get(pk=person_id))
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={key}; {settings.CSRF_COOKIE_NAME}={SECRET}"


def main() -> None:
    """`["measure", {"page": "today", ...}]` a line; the answer a line. Ends with its input."""
    house = House()
    for line in sys.stdin:
        name, given = json.loads(line)
        print(json.dumps(getattr(house, name)(**given)), flush=True)


if __name__ == "__main__":
    main()
