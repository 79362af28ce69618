"""Reads the words of a PDF of ours back, page by page, through the fonts' own tables: what a program would copy out."""

import re
import zlib

STREAM = re.compile(rb"stream\n(.*?)\nendstream", re.DOTALL)
TOKEN = re.compile(rb"/F(\d+) [\d.]+ Tf|\(((?:\\.|[^\\)])*)\) Tj", re.DOTALL)
ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages_of(content: bytes) -> list[str]:
    streams = [_unpacked(found) for found in STREAM.findall(content)]
    tables = [_table(each) for each in streams if b"beginbfchar" in each]
    return [_words(each, tables) for each in streams if each.startswith(b"2 J")]


def _unpacked(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return stream


def _table(stream: bytes) -> dict[int, str]:
    return {int(a, 16): chr(int(b, 16)) for a, b in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]{4})>", stream)}


def _words(stream: bytes, tables: list[dict[int, str]]) -> str:
    found, table = [], tables[0]
    for token in TOKEN.finditer(stream):
        if token[1]:
            table = tables[int(token[1]) - 1]
        else:
            raw = re.sub(rb"\\(.)", lambda sign: ESCAPED.get(sign[1], sign[1]), token[2], flags=re.DOTALL)
            codes = [int.from_bytes(raw[i : i + 2]) for i in range(0, len(raw), 2)]
            found.append("".join(table.get(code, "?") for code in codes))
    return " ".join(" ".join(found).split())
