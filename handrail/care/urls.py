from django.urls import path

from handrail.care import pages

urlpatterns = [
    path("care", pages.care, name="care"),
    path("care/v/add", pages.visit_add, name="care-visit-add"),
    path("care/v/<id:visit>", pages.visit, name="care-visit"),
    path("care/v/<id:visit>/remove", pages.visit_remove, name="care-visit-remove"),
    path("care/m/add", pages.medicine_add, name="care-medicine-add"),
    path("care/m/<id:medicine>", pages.medicine, name="care-medicine"),
    path("care/m/<id:medicine>/stop", pages.medicine_stop, name="care-medicine-stop"),
    path("care/m/<id:medicine>/taken", pages.taken, name="care-taken"),
    path("care/m/<id:medicine>/undo", pages.not_taken, name="care-not-taken"),
]
