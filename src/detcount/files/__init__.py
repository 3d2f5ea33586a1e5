"""Files from outside, whatever they are: their bytes within limits, and workbooks before they are read."""

from __future__ import annotations

from detcount.files.archives import check_workbook
from detcount.files.contents import MOST_BYTES, content_of, drained

__all__ = ["MOST_BYTES", "check_workbook", "content_of", "drained"]
