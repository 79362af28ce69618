"""Which lines a step takes, and which phone numbers stand in them. No clock, no database."""

import re
from collections.abc import Iterable, Sequence

import phonenumbers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from handrail.kernel.errors import Invalid

MOST_LINES = 20
LONGEST_LINE = 200  # characters

_BULLET = re.compile(r"^\s*(?:[-*•–]\s+)+")
_ALONE = re.compile(r"(?<![\w+:/,.])\d[\d .\-]*\d(?!\w)")


def tidy(lines: Iterable[str]) -> list[str]:
    """Lines as they are kept: none empty, none twice, no bullets, spaces tidied. Raises Invalid when it is too much."""
    kept: list[str] = []
    for raw in lines:
        line = " ".join(_BULLET.sub("", raw.replace("\x00", "")).split())
        if line and line not in kept:
            kept.append(line)
    if len(kept) > MOST_LINES:
        message = ngettext("Please keep it to %(n)d line.", "Please keep it to %(n)d lines.", MOST_LINES)
        raise Invalid(message % {"n": MOST_LINES}, field="lines")
    if any(len(line) > LONGEST_LINE for line in kept):
        message = _("One line is very long. Please keep each line under %(n)d letters.")
        raise Invalid(message % {"n": LONGEST_LINE}, field="lines")
    return kept


def numbers_in(line: str, *, country: str, short: Sequence[str] = ()) -> list[str]:
    """Phone numbers in a line as they are dialled, in their order: "Sam (212) 555-0134" -> ["2125550134"].

    `country`: two letters, how numbers without a leading + are read. `short`: lines of that country ("988"), which only
    count when they stand alone.
    """
    whole = list(phonenumbers.PhoneNumberMatcher(line, country, phonenumbers.Leniency.POSSIBLE))
    found = {match.start: _dialled(match) for match in whole}
    for group in _ALONE.finditer(line):
        digits = re.sub(r"\D", "", group[0])
        if digits in short and not any(match.start <= group.start() < match.end for match in whole):
            found[group.start()] = digits
    return list(dict.fromkeys(found[start] for start in sorted(found)))


def _dialled(match: phonenumbers.PhoneNumberMatch) -> str:
    """The digits as typed: what is typed is what the person dials. An extension follows after ";ext="."""
    extension = match.number.extension
    raw = match.raw_string
    if extension:
        raw = raw[: raw.rindex(extension)]
    plus = "+" if raw.lstrip("( ").startswith(("+", "＋")) else ""
    digits = phonenumbers.normalize_digits_only(raw)
    return f"{plus}{digits};ext={extension}" if extension else plus + digits
