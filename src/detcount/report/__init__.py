"""Reports: tables, text, pages and figures, in English and Spanish.

Nobody's name stands in any of them: lists by name, persons by number.
"""

from __future__ import annotations

from detcount.report.content import AssessmentContent
from detcount.report.messages import Text
from detcount.report.tables import to_markdown

__all__ = ["AssessmentContent", "Text", "to_markdown"]
