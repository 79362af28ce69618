"""Template tags of the design system (a builtin: no `{% load %}` needed)."""

import re
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django import template
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from handrail.shell.countries import staying_in

register = template.Library()
SPRITE = Path(__file__).parent.parent / "static" / "shell" / "icons.svg"
#: What they are to the person (`gate.Role`, `circle.kinds.Kind`): the colour of their dot and of their face on the map.
COLOURS = {
    "family": "c", "friend": "c",
    "sponsor": "", "mentor": "",
    "peer": "s",
    "counsellor": "p", "physician": "p", "case_worker": "p", "program": "p",
    "group": "a", "online": "a",
}  # fmt: skip


@cache
def _symbols() -> dict[str, str]:
    """What each icon of our own sprite draws, by name."""
    return dict(re.findall(r'<symbol id="([^"]+)"[^>]*>(.*)</symbol>', SPRITE.read_text()))


def _known(name: str) -> str:
    if name not in _symbols():
        raise template.TemplateSyntaxError(f"No icon {name!r}: add it to build_icons.py and build the sprite")
    return name


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """Draw an icon of the sprite beside words that say the same: `{% icon "sun" %}`, `{% icon "sun" "big" %}`."""
    return _drawn(name, css)


@cache
def _drawn(name: str, css: str) -> SafeString:
    """Put together once a process: a page draws dozens, and the sprite's hashed address is the dear part of each."""
    return format_html(
        '<svg class="i{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {css}" if css else "",
        static("shell/icons.svg"),
        _known(name),
    )


@register.simple_tag
def inline_icon(name: str, css: str = "") -> SafeString:
    """The same drawing without the sprite, for pages that must work from one file (`/help/*`)."""
    body = mark_safe(_symbols()[_known(name)])  # noqa: S308  our own committed file, no words of anybody
    return format_html(
        '<svg class="i{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', f" {css}" if css else "", body
    )


@register.simple_tag(takes_context=True)
def their_country(context: template.Context) -> str:
    """After the address of a help page: the country of whoever looks, from the account that the session has read.

    Never that of somebody they stand beside: a link would tell what was not shared.
    """
    request = context.get("request")
    actor = getattr(request, "actor", None)
    if actor is None or actor.person_id is None:
        return ""
    return staying_in(getattr(request.user, "country", ""))  # type: ignore[union-attr]


@register.filter
def last_day(end: datetime) -> datetime:
    """Of something that ends: a moment of its last day. What ends as Monday begins goes until Sunday."""
    return localtime(end - timedelta(seconds=1))


@register.simple_tag(takes_context=True)
def include_if_there(context: template.Context, name: str) -> str:
    """Include a template that another part may or may not bring along (the demo bar)."""
    try:
        found = get_template(name)
    except template.TemplateDoesNotExist as why:
        if why.args[0] != name:
            raise
        return mark_safe("")
    return found.render(context.flatten(), context.get("request"))  # type: ignore[arg-type]


@register.filter
def initial(name: object) -> str:
    """First letter of a name, for the round dot beside it: "Mum" -> "M"; "Dr Osei" -> "O"."""
    words = [word for word in str(name).split() if word.rstrip(".").lower() not in {"dr", "mr", "mrs", "ms"}]
    return words[0][0].upper() if words else "?"


@register.filter
def dot_colour(role: str) -> str:
    """The colour that a role has everywhere: `<span class="dot {{ member.role|dot_colour }}">`; its word is near."""
    return COLOURS.get(role, "n")
