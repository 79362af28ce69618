"""Every page of the house, and whose eyes it is looked at through. A new page without a row here fails the tests.

The people are those of the demo, and two who have what the demo has not (an open call, an open link, ...): Kit, with
one of everything, and Bea, who stands in Kit's circle. A page of the demo with an id in its address is found as a
person finds it: by a link on another.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    name: str  # of its route
    who: str = ""  # a figure of the demo, or kit, or bea; "" is nobody
    on: str = ""  # the route name of a page with a link to it
    path: str = ""  # where it has an argument that is the same everywhere
    nodes: int = 800  # elements at most

    def __str__(self) -> str:
        return f"{self.name}:{self.who or 'nobody'}"


PAGES = (
    # for anybody
    Page("start"),
    Page("about"),
    Page("privacy"),
    Page("words"),
    Page("accessibility"),
    Page("help-now"),
    Page("help-overdose"),
    Page("help-naloxone"),
    Page("safe"),
    Page("offline"),
    Page("sign-up"),
    Page("enter"),
    Page("enter-words"),
    Page("api-docs", nodes=1500),  # read by programmers at a desk; it grows with the API
    # for the person
    Page("today", "person"),
    Page("checkin", "person"),
    Page("trends", "person"),
    Page("trends-table", "person"),
    Page("day", "person", on="today"),
    Page("start-day", "person"),
    Page("checkin-show", "person", on="trends-table"),
    Page("day-show", "kit"),
    Page("notes-shown", "person"),
    Page("member-notes", "person", on="member"),
    Page("plan", "person"),
    Page("plan-edit", "person", path="/plan/edit/1"),
    Page("plan-print", "person"),
    Page("people", "person"),
    Page("order", "person"),
    Page("member", "person", on="people"),
    Page("member-see", "person", on="people"),
    Page("member-end", "person", on="member"),
    Page("agreed-kept", "person"),
    Page("agreed", "person", on="member"),
    Page("agreement", "person", on="agreed"),
    Page("agreement-print", "person", on="agreement"),
    Page("agreed-write", "person", on="agreed"),
    Page("agreed-topics", "person", on="agreed"),
    Page("agreed-topic", "person", on="agreed-topics"),
    Page("agreed-again", "person", on="agreed"),
    Page("member-place", "person", on="member"),
    Page("consents", "person"),
    Page("consent", "person", on="consents"),
    Page("consent-print", "person", on="consent"),
    Page("consent-renew", "person", on="consent"),
    Page("consent-add", "person"),
    Page("consent-for", "person", on="member"),
    Page("consent", "kit"),  # a draft
    Page("consent-change", "kit"),
    Page("given", "person"),
    Page("given-print", "person"),
    Page("s-consent", "physician", on="s-person"),
    Page("pause", "person"),
    Page("gaps", "person"),
    Page("card", "person"),
    Page("kind-notes", "person"),
    Page("kind-notes", "kit"),
    Page("card", "kit"),
    Page("card-numbers", "person"),
    Page("history", "person"),
    Page("other-add", "person"),
    Page("other", "kit"),
    Page("invite", "person"),
    Page("seen", "person"),
    Page("care", "person"),
    Page("care-visit-add", "person"),
    Page("care-visit", "person", on="care"),
    Page("care-medicine-add", "person"),
    Page("care-medicine", "person", on="care"),
    Page("call", "person"),
    Page("me", "person"),
    Page("me-name", "person"),
    Page("me-words", "person"),
    Page("discreet", "person"),
    Page("app-lock", "kit"),
    Page("second", "kit"),
    Page("devices", "person"),
    Page("ways", "person"),
    Page("tokens", "person"),
    Page("sign-in", "person"),
    Page("passphrase", "person"),
    Page("account_reauthenticate", "person"),
    Page("export", "person"),
    Page("erase", "person"),
    Page("import", "person"),
    Page("gone"),
    # while something is going on
    Page("today", "kit"),
    Page("call-status", "kit"),
    Page("invitation", "kit"),
    Page("join"),
    Page("join", "person"),
    Page("checkin-change", "kit"),
    Page("checkin-late", "kit"),
    Page("day", "kit"),
    Page("day-noted", "kit"),
    Page("way", "kit"),
    # for those around them
    Page("s-today", "mother"),
    Page("s-today", "peer"),
    Page("s-person", "mother", on="s-today"),
    Page("s-person", "sponsor", on="s-today"),
    Page("s-person", "physician", on="s-today"),
    Page("circle-leave", "mother", on="s-person"),
    Page("kind-send", "mother", on="s-person"),
    Page("s-today", "bea"),
    Page("s-alert", "bea"),
    Page("s-agreed", "mother", on="s-person"),
    Page("s-agreed-write", "mother", on="s-agreed"),
    Page("s-agreed-topics", "mother", on="s-agreed"),
    Page("s-agreed-again", "mother", on="s-agreed"),
    Page("agreed", "kit"),
    Page("agreement", "kit"),
    Page("agreed-topic", "kit"),
    Page("agreed-again", "kit"),
)

#: Routes that answer GET and are none of the pages above, each with the reason.
OTHERWISE_LOOKED_AT = {
    "consent-pdf": "a PDF",
    "given-pdf": "a PDF",
    "given-csv": "a table",
    "healthz": "JSON",
    "sw": "a script",
    "manifest": "JSON",
    "api-openapi": "JSON",
    "leave": "leads away at once",
    "lock": "needs a locked session; journeys/test_under_pressure.py looks at it",
    "held": "needs what was sent while locked; the same",
    "lock-passkey": "JSON",
}
