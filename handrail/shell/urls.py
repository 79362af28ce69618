from django.urls import path

from handrail.shell import pages

urlpatterns = [
    path("leave", pages.leave, name="leave"),
    path("safe", pages.safe, name="safe"),
    path("offline", pages.offline, name="offline"),
    path("sw.js", pages.service_worker, name="sw"),
    path("manifest.webmanifest", pages.manifest, name="manifest"),
]
