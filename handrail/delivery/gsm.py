"""How many parts a text message has: 160 signs of the GSM alphabet in one, or 70 of any script (3GPP TS 23.038)."""

from math import ceil

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")  # two places each
ONE, OF_SEVERAL = 160, 153
ONE_OF_ANY, OF_SEVERAL_OF_ANY = 70, 67


def parts(text: str) -> int:
    """What is paid for."""
    if set(text) <= BASIC | EXTENDED:
        places, one, of_several = len(text) + sum(sign in EXTENDED for sign in text), ONE, OF_SEVERAL
    else:
        places, one, of_several = len(text.encode("utf-16-be")) // 2, ONE_OF_ANY, OF_SEVERAL_OF_ANY
    return 1 if places <= one else ceil(places / of_several)
