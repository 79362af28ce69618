"""Which country's help pages a link opens."""

from django.conf import settings


def staying_in(country: str) -> str:
    """`?country=GB` for links to `/help/*`; nothing for the install's own country, whose pages need no name."""
    code = country.upper()
    is_code = len(code) == 2 and code.isascii() and code.isalpha()
    return f"?country={code}" if is_code and code != settings.HANDRAIL.country else ""
