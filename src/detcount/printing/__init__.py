"""What results show of themselves: lines in columns, a headline, a paragraph, a summary, HTML."""

from __future__ import annotations

from detcount.printing.columns import Column, Columns, frame_of, plain_rows, printed_columns, text_in_columns
from detcount.printing.html import escaped, fragment, html_table
from detcount.printing.summary import Summary, Whole, without_counts

__all__ = [
    "Column",
    "Columns",
    "Summary",
    "Whole",
    "escaped",
    "fragment",
    "frame_of",
    "html_table",
    "plain_rows",
    "printed_columns",
    "text_in_columns",
    "without_counts",
]
