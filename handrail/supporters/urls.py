from django.urls import path

from handrail.supporters import pages

urlpatterns = [
    path("s/me-too", pages.me_too, name="s-me-too"),
    path("s/me-too/later", pages.later, name="s-later"),
    path("s/me-too/asking", pages.asking, name="s-asking"),
    path("s/me-too/weeks", pages.weeks, name="s-weeks"),
    path("s/me-too/notes", pages.note, name="s-note-add"),
    path("s/me-too/notes/<id:note>", pages.note, name="s-note"),
    path("s/rest", pages.rest, name="s-rest"),
    path("s/<id:owner>/leave", pages.leave, name="circle-leave"),
    path("s/left/<id:place>", pages.come_back, name="s-come-back"),
    path("people/load", pages.load, name="load"),
]
