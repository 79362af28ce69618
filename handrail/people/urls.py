"""Pages of an account. A path with two names has, second, the one that allauth's own code looks for."""

from django.urls import path

from handrail.people.pages import entry, me, steps, ways

urlpatterns = [
    path("start", entry.sign_up, name="sign-up"),
    path("start/words", entry.start_words, name="start-words"),
    path("enter", entry.enter, name="enter"),
    path("enter", entry.enter, name="account_login"),
    path("enter/words", entry.enter_words, name="enter-words"),
    path("enter/code", steps.enter_code, name="enter-code"),
    path("enter/code", steps.enter_code, name="mfa_authenticate"),
    path("enter/passkey", steps.enter_passkey, name="mfa_login_webauthn"),
    path("me", me.me, name="me"),
    path("me/name", me.name, name="me-name"),
    path("me/own-words", me.own_words, name="me-words"),
    path("me/devices", me.devices, name="devices"),
    path("me/ways", ways.ways_page, name="ways"),
    path("me/ways/push", ways.add_push, name="way-push"),
    path("me/ways/<id:way>", ways.way, name="way"),
    path("me/ways/<id:way>/end", ways.end_way, name="way-end"),
    path("me/tokens", me.tokens, name="tokens"),
    path("me/tokens/<id:token>/end", me.end_token, name="token-end"),
    path("me/roles", me.roles, name="roles"),
    path("me/sign-out", entry.sign_out, name="sign-out"),
    path("me/sign-in", steps.sign_in, name="sign-in"),
    path("me/sign-in", steps.sign_in, name="mfa_index"),
    path("me/sign-in", steps.sign_in, name="mfa_list_webauthn"),
    path("me/sign-in/passphrase", steps.passphrase, name="passphrase"),
    path("me/sign-in/words", steps.new_words, name="new-words"),
    path("me/sign-in/code", steps.code_app_on, name="mfa_activate_totp"),
    path("me/sign-in/code/off", steps.code_app_off, name="mfa_deactivate_totp"),
    path("me/sign-in/spare", steps.spare_codes, name="mfa_view_recovery_codes"),
    path("me/sign-in/spare/new", steps.new_spare_codes, name="mfa_generate_recovery_codes"),
    path("me/sign-in/passkey", steps.passkey_add, name="mfa_add_webauthn"),
    path("me/sign-in/passkey/<int:pk>/end", steps.passkey_remove, name="mfa_remove_webauthn"),
    path("me/again", steps.again, name="account_reauthenticate"),
    path("me/again/code", steps.again_code, name="mfa_reauthenticate"),
    path("me/again/passkey", steps.again_passkey, name="mfa_reauthenticate_webauthn"),
]
