"""Pages of an account. The second name of a path is the one that allauth's own code looks for."""

from django.urls import path

from handrail.people.pages import entry

urlpatterns = [
    path("start", entry.sign_up, name="sign-up"),
    path("start/words", entry.start_words, name="start-words"),
    path("enter", entry.enter, name="enter"),
    path("enter", entry.enter, name="account_login"),
    path("enter/words", entry.enter_words, name="enter-words"),
    path("me/sign-out", entry.sign_out, name="sign-out"),
]
