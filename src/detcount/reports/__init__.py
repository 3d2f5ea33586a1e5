"""Reports: documents made of blocks, figures drawn on a canvas, and the formats that they are set in.

Nothing here knows what a report is about: a front door of `detcount.assessment` says that. Nobody's name
stands in any report: lists by name, persons by number.
"""

from __future__ import annotations

from detcount.reports.blocks import (
    Block,
    Bullets,
    Details,
    Document,
    FigureSlot,
    Heading,
    Paragraph,
    Quote,
    Table,
    unfolded,
)
from detcount.reports.canvas import Canvas, drawn
from detcount.reports.printed import Printed

__all__ = [
    "Block",
    "Bullets",
    "Canvas",
    "Details",
    "Document",
    "FigureSlot",
    "Heading",
    "Paragraph",
    "Printed",
    "Quote",
    "Table",
    "drawn",
    "unfolded",
]
