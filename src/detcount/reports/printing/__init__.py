"""Views of results: lines in columns, a headline, a paragraph, a summary, HTML."""

from __future__ import annotations

from detcount.reports.printing.columns import Column as Column
from detcount.reports.printing.columns import Columns
from detcount.reports.printing.columns import frame_of as frame_of
from detcount.reports.printing.columns import plain_rows as plain_rows
from detcount.reports.printing.columns import printed_columns as printed_columns
from detcount.reports.printing.columns import text_in_columns as text_in_columns
from detcount.reports.printing.html import escaped as escaped
from detcount.reports.printing.html import fragment as fragment
from detcount.reports.printing.html import html_table as html_table
from detcount.reports.printing.summary import Summary, Whole
from detcount.reports.printing.summary import cell_html as cell_html
from detcount.reports.printing.summary import without_counts as without_counts

__all__ = ["Columns", "Summary", "Whole"]
