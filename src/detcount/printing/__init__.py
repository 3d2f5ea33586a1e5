"""What results show of themselves: lines in columns, a headline, a paragraph, a summary, HTML."""

from __future__ import annotations

from detcount.printing.columns import Column as Column
from detcount.printing.columns import Columns
from detcount.printing.columns import frame_of as frame_of
from detcount.printing.columns import plain_rows as plain_rows
from detcount.printing.columns import printed_columns as printed_columns
from detcount.printing.columns import text_in_columns as text_in_columns
from detcount.printing.html import escaped as escaped
from detcount.printing.html import fragment as fragment
from detcount.printing.html import html_table as html_table
from detcount.printing.summary import Summary, Whole
from detcount.printing.summary import without_counts as without_counts

__all__ = ["Columns", "Summary", "Whole"]
