"""PDF: a signed page, a copy that leaves, the list of what was given out. Text in columns of one, made to be read.

The letters are a part of DejaVu Sans (Latin, Greek, Cyrillic, Vietnamese). A sign that it lacks is drawn as an empty
box, and the page to print has it.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from handrail.consents import said
from handrail.consents.packing import Copy
from handrail.consents.said import Block

if TYPE_CHECKING:
    from fpdf import FPDF

FONTS = Path(__file__).parent / "fonts"
FACE, MARGIN, FOOT = "DejaVu", 20, 34  # millimetres
ROW, SHORT = 6, 40


def pdf(*, title: str, blocks: Sequence[Block], foot: Sequence[str], made_at: datetime) -> bytes:
    """`foot` stands at the bottom of every page, above its number. The file says nothing about who made it."""
    paper: Any = _sheet()()
    paper.foot = [_flat(line) for line in foot]
    paper.set_title(title)
    paper.set_creation_date(made_at)
    paper.set_lang("en")
    paper.add_page()
    paper.set_font(FACE, "B", 16)
    paper.multi_cell(0, 8, _flat(title), align="L", new_x="LMARGIN", new_y="NEXT")
    for block in blocks:
        if (height := ROW * (len(block.lines) + 2)) <= SHORT and paper.will_page_break(height):
            paper.add_page()  # a signature stands on one page with its number
        paper.ln(3)
        paper.set_font(FACE, "B", 11)
        paper.multi_cell(0, ROW, _flat(block.heading), align="L", new_x="LMARGIN", new_y="NEXT")
        paper.set_font(FACE, "", 11)
        for line in block.lines:
            paper.multi_cell(0, ROW, _flat(line), align="L", new_x="LMARGIN", new_y="NEXT")
    return bytes(paper.output())


@cache
def _sheet() -> "type[FPDF]":
    from fpdf import FPDF  # only now: it takes a while to read, and most pages need none of it

    class Sheet(FPDF):
        foot: Sequence[str] = ()

        def __init__(self) -> None:
            super().__init__(format="letter")
            self.set_margins(MARGIN, MARGIN)
            self.set_auto_page_break(True, margin=FOOT)
            self.add_font(FACE, "", FONTS / "DejaVuSans.ttf")
            self.add_font(FACE, "B", FONTS / "DejaVuSans-Bold.ttf")
            self.set_producer("")

        def footer(self) -> None:
            self.set_y(-FOOT + 4)
            self.set_font(FACE, "", 8)
            for line in self.foot:
                self.multi_cell(0, 4, line, align="L", new_x="LMARGIN", new_y="NEXT")
            self.set_y(-12)
            self.cell(0, 4, _("Page %(n)s") % {"n": self.page_no()}, align="R")

    return Sheet


def _flat(text: Any) -> str:
    """One paragraph; nothing in it steers the printer."""
    return " ".join(str(text).split())


def copy(found: Copy) -> bytes:
    """A copy that leaves: the notice and what was agreed to stand on every page of it."""
    head = Block(
        _("About this copy"),
        (
            _("Whose: %(who)s") % {"who": found.person},
            _("For: %(who)s") % {"who": found.recipient},
            _("Made on %(when)s") % {"when": said.moment(found.made_at, found.zone)},
        ),
    )
    blocks = [Block(section.title, section.words) for section in found.sections]
    return pdf(title=_("Copy"), blocks=[head, *blocks], foot=[found.notice, found.scope], made_at=found.made_at)
