from django.urls import path

from handrail.notes import pages

urlpatterns = [
    path("people/notes", pages.shown, name="notes-shown"),
    path("people/<id:membership>/notes", pages.shown, name="member-notes"),
    path("people/notes/<id:shownnote>/stop", pages.stop, name="note-stop"),
]
