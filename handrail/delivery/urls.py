from django.urls import path

from handrail.delivery import pages

urlpatterns = [
    path("push/seen/<id:token>", pages.push_seen, name="push-seen"),
    path("sms/heard", pages.sms_heard, name="sms-heard"),
    path("sms/heard/<id:ref>", pages.sms_heard, name="sms-report"),
]
