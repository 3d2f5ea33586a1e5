"""Files from outside, whatever they are: their bytes within limits, and workbooks before they are read."""

from __future__ import annotations

from detcount.files.archives import check_workbook
from detcount.files.contents import MOST_BYTES, content_of, drained
from detcount.files.parts import cells_of, part_of, refuse_uncached

__all__ = [
    "MOST_BYTES",
    "cells_of",
    "check_workbook",
    "content_of",
    "drained",
    "part_of",
    "refuse_uncached",
]
