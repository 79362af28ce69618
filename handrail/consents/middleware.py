"""The notice goes along with parts of a page too: with what an open page fetches when something has changed."""

from collections.abc import Callable

from django.http import HttpResponse
from django.template.loader import render_to_string

from handrail.gate import Request

GetResponse = Callable[[Request], HttpResponse]


def notice_with_parts(get_response: GetResponse) -> GetResponse:
    """What was opened under a signed consent brings the notice along, to its place on the page."""

    def middleware(request: Request) -> HttpResponse:
        response = get_response(request)
        if request.headers.get("HX-Request") and request.actor.under and _is_part(response):
            drawn = render_to_string("consents/notice.html", {"arrives": True, "request": request})
            response.content += drawn.encode()
        return response

    return middleware


def _is_part(response: HttpResponse) -> bool:
    """A whole page has drawn it itself."""
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return is_html and not response.streaming and b"</html>" not in response.content
