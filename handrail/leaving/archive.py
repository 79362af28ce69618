"""The ZIP that a person takes along: a page to read, and the same as JSON (docs/export.md). Packing and opening it."""

import io
import json
import zipfile
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from handrail.gate.carrying import NotOurs
from handrail.leaving.rooms import Data
from handrail.leaving.said import in_sections

FORMAT, VERSION = "handrail-export", 1
PAGE, DATA = "read-me.html", "everything.json"
BIGGEST = 20_000_000  # bytes of JSON, unpacked
MOST_FILES = 20

NOT_A_ZIP = _("This is not a file that Handrail packed. Please choose the ZIP file itself.")
TOO_BIG = _("This file is bigger than we can take.")
OTHER_VERSION = _("This file comes from a newer Handrail than this one. Nothing was changed.")


def packed(data: Data, *, made_at: datetime) -> bytes:
    """`made_at` is in the person's own time zone."""
    page = render_to_string("leaving/archive.html", {"made_at": made_at, "sections": in_sections(data)})
    said = {"format": FORMAT, "version": VERSION, "made_at": made_at.isoformat(), "kinds": data}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in ((PAGE, page), (DATA, json.dumps(said, ensure_ascii=False, indent=1))):
            entry = zipfile.ZipInfo(name, made_at.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(entry, text)
    return held.getvalue()


def opened(content: bytes) -> Data:
    """What stands in the JSON of such a ZIP. Raises NotOurs, with words for whoever chose the file."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as held:
            said = json.loads(_bounded(held))
    except NotOurs:
        raise
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as why:
        raise NotOurs(NOT_A_ZIP) from why  # RecursionError is a RuntimeError: braces without end
    except Exception as why:  # a broken stream raises whatever its packing method likes: zlib.error, LZMAError
        raise NotOurs(NOT_A_ZIP) from why
    return _data_in(said)


def _bounded(held: zipfile.ZipFile) -> bytes:
    """The JSON, read no further than BIGGEST whatever the ZIP says of its size."""
    if len(held.infolist()) > MOST_FILES:
        raise NotOurs(NOT_A_ZIP)
    with held.open(DATA) as file:
        text = file.read(BIGGEST + 1)
    if len(text) > BIGGEST:
        raise NotOurs(TOO_BIG)
    return text


def _data_in(said: Any) -> Data:
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise NotOurs(NOT_A_ZIP)
    if said.get("version") != VERSION:
        raise NotOurs(OTHER_VERSION)
    kinds = said.get("kinds")
    if not isinstance(kinds, dict):
        raise NotOurs(NOT_A_ZIP)
    for rows in kinds.values():
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise NotOurs
    return kinds
