from django.urls import path

from handrail.kindness import pages

urlpatterns = [
    path("s/<id:owner>/kind", pages.send, name="kind-send"),
    path("people/kind", pages.kind_notes, name="kind-notes"),
    path("people/kind/<id:kindnote>", pages.kind_note_done, name="kind-note-done"),
    path("people/<id:membership>/kind", pages.kind_notes_from, name="kind-notes-from"),
]
