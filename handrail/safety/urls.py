from django.urls import path

from handrail.safety import pages

urlpatterns = [
    path("a", pages.call, name="call"),
    path("a/<id:call>", pages.call_status, name="call-status"),
    path("a/<id:call>/add", pages.call_add, name="call-add"),
    path("a/<id:call>/end", pages.call_end, name="call-end"),
    path("s/alert/<id:call>", pages.alert, name="s-alert"),
    path("s/alert/<id:call>/answer", pages.alert_answer, name="s-answer"),
]
