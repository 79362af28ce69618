"""What every page with a form asks first."""

from django.http import HttpRequest, QueryDict


def given(request: HttpRequest) -> QueryDict | None:
    """What was sent, even when it is nothing; None when the page was only asked for.

    `request.POST or None` would take an empty form for no form, and answer it as if all were well.
    """
    return request.POST if request.method == "POST" else None
