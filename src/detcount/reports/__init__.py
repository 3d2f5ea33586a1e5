"""Reports: documents made of blocks, figures drawn on a canvas, and the formats that they are set in.

Nothing here knows what a report is about: a front door of `detcount.assessment` says that. Nobody's name
stands in any report: lists by name, persons by number.
"""

from __future__ import annotations

from detcount.reports.blocks import Bullets as Bullets
from detcount.reports.blocks import Details as Details
from detcount.reports.blocks import Document as Document
from detcount.reports.blocks import FigureSlot as FigureSlot
from detcount.reports.blocks import Heading as Heading
from detcount.reports.blocks import Paragraph as Paragraph
from detcount.reports.blocks import Quote as Quote
from detcount.reports.blocks import Table as Table
from detcount.reports.blocks import unfolded as unfolded
from detcount.reports.canvas import Canvas as Canvas
from detcount.reports.canvas import drawn

__all__ = ["drawn"]
