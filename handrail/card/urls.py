from django.urls import path

from handrail.card import pages

urlpatterns = [
    path("people/card", pages.card, name="card"),
    path("people/card/numbers", pages.numbers, name="card-numbers"),
]
