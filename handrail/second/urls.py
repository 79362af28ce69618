from django.urls import path

from handrail.second import pages

urlpatterns = [
    path("me/discreet/second", pages.second, name="second"),
    path("me/discreet/second/pin", pages.change_pin, name="second-pin"),
    path("me/discreet/second/freshen", pages.freshen, name="second-freshen"),
    path("me/discreet/second/remove", pages.remove, name="second-remove"),
]
