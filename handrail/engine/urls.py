from django.urls import path

from handrail.engine import pages

urlpatterns = [path("healthz", pages.healthz, name="healthz")]
