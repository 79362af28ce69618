"""Cuts the icon sprite from Lucide: `python -m handrail.shell.build_icons lucide-static-1.62.0.tgz`.

Run by hand when an icon is added; the result, `static/shell/icons.svg`, is committed. The tarball is lucide-static from
the npm registry (ISC licence, some icons from Feather under MIT; both texts are in `static/shell/LICENSES.txt`).
"""

import re
import sys
import tarfile
from pathlib import Path

VERSION = "1.62.0"
SPRITE = Path(__file__).parent / "static" / "shell" / "icons.svg"

NAMES = """
annoyed arrow-left arrow-right bed bell bell-off book-open calendar car chart-column check chevron-down
chevron-left chevron-right circle circle-alert circle-check circle-question-mark clock code copy door-open download
external-link eye eye-off file-text fingerprint-pattern flag frown hand hand-heart heart
heart-handshake heart-pulse history hourglass house info key-round laugh leaf life-buoy link list list-checks lock
log-in log-out mail map-pin meh message-circle minus moon notebook-pen pause pencil phone pill play plus printer qr-code
refresh-cw search send share-2 shield-check smartphone smile spray-can sprout star stethoscope sun sunrise timer
trash-2 triangle-alert undo-2 user-plus user-round users-round wifi-off wind x
"""


def build(tarball: Path) -> str:
    """The sprite's text; KeyError names an icon that Lucide does not have."""
    with tarfile.open(tarball) as archive:
        symbols = [_symbol(name, _read(archive, f"package/icons/{name}.svg")) for name in NAMES.split()]
    head = f'<svg xmlns="http://www.w3.org/2000/svg"><!-- Lucide {VERSION}, ISC licence; some icons Feather, MIT -->\n'
    return head + "\n".join(symbols) + "\n</svg>\n"


def _read(archive: tarfile.TarFile, path: str) -> str:
    member = archive.extractfile(path)
    assert member is not None
    return member.read().decode()


def _symbol(name: str, svg: str) -> str:
    inside = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
    assert inside is not None, name
    body = re.sub(r"\s*/>", "/>", re.sub(r"\s+", " ", inside[1].strip())).replace("> <", "><")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>'


if __name__ == "__main__":
    SPRITE.write_text(build(Path(sys.argv[1])))
