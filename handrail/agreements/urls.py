from django.urls import path

from handrail.agreements import pages

#: Both sides have the same pages: the owner comes by the member's place, the member by the owner.
urlpatterns = [
    path("people/agreed", pages.kept, name="agreed-kept"),
    path("people/<id:membership>/agreed", pages.together, name="agreed"),
    path("people/<id:membership>/agreed/write/<slug:kind>", pages.write, name="agreed-write"),
    path("people/<id:membership>/agreed/topics", pages.topics, name="agreed-topics"),
    path("people/<id:membership>/agreed/topics/print", pages.topics_on_paper, name="agreed-topics-print"),
    path("people/<id:membership>/agreed/again", pages.again, name="agreed-again"),
    path("s/<id:owner>/agreed", pages.together, name="s-agreed"),
    path("s/<id:owner>/agreed/write/<slug:kind>", pages.write, name="s-agreed-write"),
    path("s/<id:owner>/agreed/topics", pages.topics, name="s-agreed-topics"),
    path("s/<id:owner>/agreed/topics/print", pages.topics_on_paper, name="s-agreed-topics-print"),
    path("s/<id:owner>/agreed/again", pages.again, name="s-agreed-again"),
    path("agreed/<id:agreement>", pages.agreement, name="agreement"),
    path("agreed/<id:agreement>/print", pages.on_paper, name="agreement-print"),
    path("agreed/<id:agreement>/answer", pages.answer, name="agreement-answer"),
    path("agreed/topic/<id:topic>", pages.topic, name="agreed-topic"),
]
