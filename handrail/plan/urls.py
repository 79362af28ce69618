from django.urls import path

from handrail.plan import pages

urlpatterns = [
    path("plan", pages.plan, name="plan"),
    path("plan/print", pages.on_paper, name="plan-print"),
    path("plan/edit/<int:number>", pages.edit, name="plan-edit"),
    path("plan/back/<id:step>", pages.bring_back, name="plan-bring-back"),
]
