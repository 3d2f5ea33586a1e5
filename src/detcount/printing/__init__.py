"""What results show of themselves: lines in columns, a headline, a paragraph, a summary, HTML."""

from __future__ import annotations

from detcount.printing.columns import Columns, text_in_columns
from detcount.printing.frame import frame_of
from detcount.printing.html import escaped, fragment, html_table
from detcount.printing.shown import Shown, Whole, without_counts
from detcount.printing.summary import Summary

__all__ = [
    "Columns",
    "Shown",
    "Summary",
    "Whole",
    "escaped",
    "fragment",
    "frame_of",
    "html_table",
    "text_in_columns",
    "without_counts",
]
