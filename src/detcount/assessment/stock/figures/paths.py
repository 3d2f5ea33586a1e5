"""The recommended path beside published totals, and the published totals of all monitors alone."""

from __future__ import annotations

from detcount.assessment.stock.content import StockContent
from detcount.estimates.path_figure import draw_path
from detcount.reports.canvas import Canvas


def path(canvas: Canvas, content: StockContent) -> None:
    """Draw the recommended path with its limits and bounds, and published totals as points."""
    draw_path(canvas, content.fan, content.drawn)


def registers(canvas: Canvas, content: StockContent) -> None:
    """Draw what every source published, each with its own mark."""
    draw_path(canvas, None, content.drawn)
