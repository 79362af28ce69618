"""What every template may use. Nothing here asks the database, and the session is read only by pages that draw tabs."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Tab:
    name: str
    icon: str
    label: str | Promise

    @cached_property
    def url(self) -> str:
        return reverse(self.name)


PERSON_TABS = (
    Tab("today", "sun", _("Today")),
    Tab("plan", "list-checks", _("Plan")),
    Tab("people", "users-round", _("People")),
    Tab("me", "user-round", _("Me")),
)
SUPPORTER_TABS = (
    Tab("s-today", "sun", _("Today")),
    Tab("s-me-too", "heart", _("For you")),
    Tab("me", "user-round", _("Me")),
)
STAFF_TABS = (Tab("c-people", "users-round", _("People")), Tab("me", "user-round", _("Me")))
TABS = {"supporter": SUPPORTER_TABS, "staff": STAFF_TABS}


def shell(request: HttpRequest) -> dict[str, Any]:
    """Names for templates; `tabs` is called only where a page draws them, so that public pages never read a session."""
    tabs: Callable[[], tuple[Tab, ...]] = partial(_tabs, request)
    return {
        "install_name": settings.HANDRAIL.name,
        "demo_mode": settings.HANDRAIL.demo,
        "leave_url": settings.HANDRAIL.leave_url,
        "tabs": tabs,
    }


def _tabs(request: HttpRequest) -> tuple[Tab, ...]:
    return TABS.get(str(request.session.get("view")), PERSON_TABS)
