from django.urls import include, path, re_path

from handrail.interop import api, pages

urlpatterns = [
    path("api/v1/openapi.json", pages.openapi, name="api-openapi"),
    path("api/v1/docs", pages.docs, name="api-docs"),
    path("api/v1/", include((api.routes(), "api-v1"))),
    re_path(r"^api(?:/(?P<rest>[\s\S]*))?\Z", api.nothing_here),
]
