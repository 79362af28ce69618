from django.urls import path

from handrail.delivery import pages

urlpatterns = [path("push/seen/<id:token>", pages.push_seen, name="push-seen")]
