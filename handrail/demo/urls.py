from django.urls import path

from handrail.demo import pages

urlpatterns = [path("demo/as/<slug:who>", pages.become, name="demo-as")]
