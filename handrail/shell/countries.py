"""Which country's help pages a link opens."""

from django.conf import settings

#: Those that have help pages of their own: `library/` says so at the start.
with_pages: set[str] = set()


def staying_in(country: str) -> str:
    """`?country=GB` for links to `/help/*`; nothing where the install's own pages are shown, which need no name."""
    code = country.upper()
    return f"?country={code}" if code in with_pages and code != settings.HANDRAIL.country else ""
