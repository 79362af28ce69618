from django.urls import path

from handrail.library import pages

urlpatterns = [
    path("", pages.start, name="start"),
    path("about", pages.about, name="about"),
    path("privacy", pages.privacy, name="privacy"),
    path("words", pages.words, name="words"),
    path("accessibility", pages.accessibility, name="accessibility"),
    path("help/now", pages.help_now, name="help-now"),
    path("help/overdose", pages.help_overdose, name="help-overdose"),
    path("help/naloxone", pages.help_naloxone, name="help-naloxone"),
]
