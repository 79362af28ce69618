"""Every address of the house, room by room. Each room names its own whole paths, so that two never meet by accident."""

from django.urls import include, path, register_converter

from handrail.kernel.ids import IdConverter

register_converter(IdConverter, "id")

urlpatterns = [
    path("", include("handrail.home.urls")),  # first, because Django looks through them in this order at each request
    path("", include("handrail.shell.urls")),
    path("", include("handrail.engine.urls")),
    path("", include("handrail.delivery.urls")),
    path("", include("handrail.library.urls")),
    path("", include("handrail.people.urls")),
    path("", include("handrail.card.urls")),
    path("", include("handrail.circle.urls")),
    path("", include("handrail.programs.urls")),
    path("", include("handrail.notes.urls")),
    path("", include("handrail.checkins.urls")),
    path("", include("handrail.safety.urls")),
    path("", include("handrail.plan.urls")),
    path("", include("handrail.care.urls")),
    path("", include("handrail.agreements.urls")),
    path("", include("handrail.kindness.urls")),
    path("", include("handrail.supporters.urls")),
    path("", include("handrail.leaving.urls")),
    path("", include("handrail.second.urls")),
    path("", include("handrail.consents.urls")),
    path("", include("handrail.demo.urls")),
    path("", include("handrail.interop.urls")),
]

handler400 = "handrail.shell.errors.handler400"
handler403 = "handrail.shell.errors.handler403"
handler404 = "handrail.shell.errors.handler404"
handler500 = "handrail.shell.errors.handler500"
