"""Every address of the house, room by room. Each room names its own whole paths, so that two never meet by accident."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path, register_converter

from handrail.kernel.ids import IdConverter

register_converter(IdConverter, "id")

ROOMS = (
    "shell", "engine", "delivery", "library", "people", "circle", "checkins", "safety", "plan", "care", "home",
    "interop", "demo",
)  # fmt: skip
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"handrail.{room}.urls")) for room in ROOMS if find_spec(f"handrail.{room}.urls")
]

handler400 = "handrail.shell.errors.handler400"
handler403 = "handrail.shell.errors.handler403"
handler404 = "handrail.shell.errors.handler404"
handler500 = "handrail.shell.errors.handler500"
