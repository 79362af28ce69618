"""The house's own addresses and a few views that go wrong on purpose."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from handrail.gate import open_to
from handrail.kernel.errors import NoRoom, TooLate
from handrail.urls import handler400, handler403, handler404, handler500, urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@open_to("anyone")
def too_late(request: HttpRequest) -> HttpResponse:
    raise TooLate


@open_to("anyone")
def no_room(request: HttpRequest) -> HttpResponse:
    raise NoRoom


@open_to("anyone")
def broken(request: HttpRequest, word: str) -> HttpResponse:
    raise RuntimeError(f"{word} lives at 5 Main Street")


@open_to("anyone")
def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse("taken")


urlpatterns = [
    *urlpatterns,
    path("t/too-late", too_late),
    path("t/no-room", no_room),
    path("t/broken/<word>", broken),
    path("t/form", form),
]
