"""What every request passes: its line in the log, its headers, and its errors as pages."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from handrail.kernel.errors import HandrailError
from handrail.shell.errors import page_for

GetResponse = Callable[[HttpRequest], HttpResponse]
requests = logging.getLogger("handrail.requests")

# No word of inline script or style runs, no other site is asked for anything, no other site may frame us.
POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    "connect-src 'self'", "manifest-src 'self'", "worker-src 'self'", "form-action 'self'", "base-uri 'none'",
    "frame-ancestors 'none'",
))  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(),"
    " gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(),"
    " publickey-credentials-get=(self), publickey-credentials-create=(self)",
}
TWO_YEARS = 63_072_000


def log_request(get_response: GetResponse) -> GetResponse:
    """One line a request: the route's pattern, never the path (ids), the query, the address or the person."""

    def middleware(request: HttpRequest) -> HttpResponse:
        start, cpu = time.perf_counter(), time.thread_time()
        response = get_response(request)
        requests.info("request", extra={
            "method": request.method,
            "route": _route(request),
            "status": response.status_code,
            "ms": round((time.perf_counter() - start) * 1000, 1),
            "cpu_ms": round((time.thread_time() - cpu) * 1000, 1),
        })  # fmt: skip
        return response

    return middleware


def _route(request: HttpRequest) -> str:
    if request.resolver_match is not None:
        return request.resolver_match.route or "/"
    return "static" if request.path.startswith(settings.STATIC_URL) else "none"


def security_headers(get_response: GetResponse) -> GetResponse:
    """The same walls around every answer; only what says that it is public may be kept by anybody on the way."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.is_secure():
            response.headers.setdefault("Strict-Transport-Security", f"max-age={TWO_YEARS}")
        if "public" in response.headers.get("Cache-Control", ""):
            _carry_nobodys_cookie(response)
        else:
            response.headers["Cache-Control"] = "no-store"
        return response

    return middleware


def _carry_nobodys_cookie(response: HttpResponse) -> None:
    """An answer that a cache may hand to the next person neither sets a cookie nor depends on one."""
    response.cookies.clear()
    varies = [name for name in response.headers.get("Vary", "").split(", ") if name and name.lower() != "cookie"]
    if varies:
        response.headers["Vary"] = ", ".join(varies)
    else:
        del response.headers["Vary"]


def own_origin(get_response: GetResponse) -> GetResponse:
    """Let our own forms through Django's origin check, which `Referrer-Policy: no-referrer` would break.

    Under that policy a browser sends `Origin: null` with a form of our own page (Fetch standard, "append a request
    Origin header"), and Django refuses it. `Sec-Fetch-Site` says what Origin no longer can, and no script can set it.
    Browsers from before 2023 may not send it; for those the token alone decides, as it does wherever Origin is absent.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        ours = request.META.get("HTTP_SEC_FETCH_SITE", "same-origin") == "same-origin"
        if ours and request.META.get("HTTP_ORIGIN") == "null":
            request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"
        return get_response(request)

    return middleware


def errors_as_pages(get_response: GetResponse) -> GetResponse:
    """Each of our typed errors becomes one kind page with its status; the API maps them itself."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_exception(request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, HandrailError) and not request.path.startswith("/api/"):
            return page_for(request, error)
        return None

    middleware.process_exception = process_exception  # type: ignore[attr-defined]  # Django looks for it here
    return middleware
