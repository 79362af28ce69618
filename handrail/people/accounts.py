"""How allauth and we work together: it keeps the second step and passkeys, the first step is ours."""

from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from handrail.gate import Actor, Request
from handrail.people import actions, limits, locking, queries
from handrail.people.devices import device_name
from handrail.people.door import tidy
from handrail.people.models import Person, Session, View
from handrail.people.strongbox import Strongbox

FRESH_WORDS, AFTER_WORDS, WORDS_USED, WORDS_AGAIN = "fresh_words", "after_words", "words_used", "words_again"
LOOK_AROUND = "look_around"
NOT_OPENED = _("That name and passphrase do not fit together. Please check both and try again.")
WORDS_NOT_OPENED = _("These words do not open anything. Please check each word and the order.")
HOMES: dict[str, str] = {View.SUPPORTER: "s-today", View.STAFF: "c-people"}
SAID = {
    "mfa/messages/totp_activated.txt": _("Done. We will ask for a code when you sign in."),
    "mfa/messages/totp_deactivated.txt": _("Done. We no longer ask for a code."),
    "mfa/messages/recovery_codes_generated.txt": _("You have new spare codes. Please write them down."),
    "mfa/messages/webauthn_added.txt": _("Done. You can sign in with this passkey now."),
    "mfa/messages/webauthn_removed.txt": _("Done. That passkey no longer opens your account."),
}


def enter(request: Request, *, name: str, passphrase: str, after: str = "") -> HttpResponse | None:
    """Sign in by name and passphrase; None when they open nothing. Raises TooOften, whoever is or is not here."""
    tries = _tries(request, name)
    limits.spend(*tries)
    entered = _enter(request, name=name, passphrase=passphrase, after=after)
    if entered:
        limits.give_back(*tries)
    return entered


def _enter(request: Request, *, name: str, passphrase: str, after: str) -> HttpResponse | None:
    person = authenticate(request, name=name, passphrase=passphrase)
    return let_in(request, person, after=after) if person else None


def start(request: Request, *, name: str, passphrase: str, after: str = "", **place: Any) -> HttpResponse:
    """Make an account, or sign in to the one that this name and passphrase open: "taken" is never said.

    `place`: time_zone, country, language.
    """
    address, called = limits.address_of(request), tidy(name)
    by_address, by_name = _tries(request, name)
    limits.spend(
        (limits.SIGN_UPS_BY_ADDRESS, address),
        (limits.SIGN_UPS_OF_A_NAME, f"{address}|{called}"),
        by_address,
        (limits.NEW_DOORS_BY_NAME, called),
        by_name,
    )
    entered = _enter(request, name=name, passphrase=passphrase, after=after)
    limits.give_back(by_address, by_name)  # as a try at the door: whichever it is, they come in
    if entered:
        return entered
    try:
        fresh = actions.sign_up(name=name, passphrase=passphrase, **place)
    except IntegrityError:  # the same form was sent twice at once; the other one was first
        return enter(request, name=name, passphrase=passphrase, after=after) or redirect("enter")
    show_words(request, fresh.recovery_words, after=after)
    return let_in(request, Person.objects.get(pk=fresh.person_id), after=reverse("start-words"))


def recover(request: Request, *, words: str, passphrase: str, name: str = "", after: str = "") -> HttpResponse | None:
    """A new passphrase by the six words, then on to the second step if there is one. None: the words open nothing.

    Once they are in, they get six new words: the old ones have been out of their drawer.
    """
    tries = [(limits.WORDS_BY_ADDRESS, limits.address_of(request))]
    limits.spend(*tries)
    person_id = actions.recover(recovery_words=words, passphrase=passphrase, name=name)
    if person_id is None:
        return None
    limits.give_back(*tries)
    request.session[WORDS_USED] = [person_id, after]
    return let_in(request, Person.objects.get(pk=person_id), after=reverse("start-words"))


def let_in(request: Request, person: Any, *, after: str = "") -> HttpResponse:
    """Somebody proved who they are: on to the second step if they have one, else to where they were going."""
    record_authentication(request, person, method="password", reauthenticated=True)
    return perform_login(request, Login(user=person, redirect_url=after or None))


def is_passphrase(actor: Actor, *, passphrase: str) -> bool:
    """The passphrase asked once more of somebody who is signed in. Raises TooOften."""
    owner = actor.me
    limits.spend((limits.AGAIN_BY_PERSON, owner))
    right: bool = queries.is_passphrase(actor, owner=owner, passphrase=passphrase)
    if right:
        limits.give_back((limits.AGAIN_BY_PERSON, owner))
    return right


def show_words(request: Request, words: str, *, after: str = "", again: bool = False) -> None:
    """Keep new recovery words in the (sealed) session until the person says that they are written down."""
    request.session[FRESH_WORDS] = words
    request.session[AFTER_WORDS] = after
    request.session[WORDS_AGAIN] = again


def forget_first_step(request: Request) -> None:
    """Somebody who comes to the door again starts again, passkey or passphrase, whatever was half done before."""
    clear_login(request)


def keep_signed_in(request: Request, person_id: str) -> None:
    """After a change of passphrase: this device stays, every other session ends."""
    update_session_auth_hash(request, Person.objects.get(pk=person_id))


def switch_view(request: Request, view: str) -> None:
    """Which pages open first, now and after the next signing in: `person`, `supporter` or `staff`."""
    actions.change_view(request.actor, owner=request.actor.me, view=view)
    request.session["view"] = view


def device_of(request: Request) -> str:
    return device_name(request.META.get("HTTP_USER_AGENT", "")) or gettext("A device")


def home_of(request: Request) -> str:
    return first_page(str(request.session.get("view")))


def first_page(view: str) -> str:
    return reverse(HOMES.get(view, "today"))


def _tries(request: Request, name: str) -> list[tuple[limits.Limit, str]]:
    return [(limits.BY_ADDRESS, limits.address_of(request)), (limits.BY_NAME, tidy(name))]


class AccountAdapter(DefaultAccountAdapter):
    def login(self, request: Request, user: Any) -> None:
        user.backend = settings.AUTHENTICATION_BACKENDS[0]
        used, after = request.session.pop(WORDS_USED, ("", ""))  # Django may throw the session away at the next step
        super().login(request, user)
        if used == user.pk:
            fresh = actions.new_recovery_words(Actor.person(used), owner=used)
            show_words(request, fresh, after=after, again=True)
        Session.get_session_store_class().clear_expired()
        request.session.begin_for(device_of(request))  # type: ignore[attr-defined]
        request.session["view"] = user.view
        locking.begin_open(request.session)  # type: ignore[arg-type]
        request.session[LOOK_AROUND] = True

    def get_login_redirect_url(self, request: Request) -> str:
        return home_of(request)

    def respond_user_inactive(self, request: Request, user: Any) -> HttpResponse:
        return redirect("enter")

    def is_safe_url(self, url: str | None) -> bool:
        """Only paths of our own: no other host is ever a place to go on to."""
        return bool(url) and is_own_path(str(url))

    def reauthenticate(self, user: Any, password: str) -> bool:
        return is_passphrase(Actor.person(user.pk), passphrase=password)

    def add_message(
        self,
        request: Request,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """allauth names its messages by template; ours are in `SAID`, and what is not there is not said."""
        text = message or SAID.get(message_template or "")
        if text:
            messages.add_message(request, level, str(text), extra_tags=extra_tags)

    def get_client_ip(self, request: Request) -> str:
        return limits.address_of(request)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        labels = {
            "account_reauthenticate": gettext("Use your passphrase"),
            "mfa_reauthenticate": gettext("Use a code"),
            "mfa_reauthenticate_webauthn": gettext("Use a passkey"),
        }
        by_url = {reverse(name): label for name, label in labels.items()}
        return [
            {**method, "description": by_url[method["url"]]} for method in super().get_reauthentication_methods(user)
        ]

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """There is no e-mail address of an account. Ways to be reached are in `delivery/`."""


class MfaAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("That code did not fit. Codes change every 30 seconds: please try the newest one."),
    }

    def encrypt(self, text: str) -> str:
        return Strongbox.named("mfa").seal(text.encode())

    def decrypt(self, encrypted_text: str) -> str:
        return Strongbox.named("mfa").open(encrypted_text).decode()

    def is_mfa_enabled(self, user: Any, types: Any = None) -> bool:
        """A passkey is one more way in, not a second lock: only a code app makes the second step.

        Else somebody who adds a passkey for comfort and loses that phone could no longer come in by passphrase.
        """
        if types is not None and set(types) == {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}:
            types = [Authenticator.Type.TOTP]
        return super().is_mfa_enabled(user, types=types)

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """A passkey is named after the device it was made on. No free text: allauth would keep it in plain."""
        return device_of(context.request)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": settings.HANDRAIL.name}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        name = self._get_user_identifier(user)
        return {"id": str(user.pk).encode(), "display_name": name, "name": name}

    def build_totp_svg(self, url: str) -> str:
        return str(segno.make(url, micro=False).svg_inline(omitsize=True, border=0))

    def _get_user_identifier(self, user: Any) -> str:
        """What a code app or the phone's list of passkeys calls this account: the name of one's choice."""
        return queries.profile(Actor.person(user.pk), owner=user.pk).name


def is_own_path(url: str) -> bool:
    """A path on this install, and nothing that a browser might read as another host."""
    return url.startswith("/") and not url.startswith(("//", "/\\")) and "\\" not in url and url.isprintable()
