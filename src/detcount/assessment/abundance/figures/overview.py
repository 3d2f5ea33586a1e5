"""The figures of an assessment, one under the other."""

from __future__ import annotations

from detcount.assessment.abundance.content import AssessmentContent
from detcount.assessment.abundance.figures.curve import curve_height, draw_curve
from detcount.assessment.abundance.figures.forest import draw_forest, forest_height
from detcount.assessment.abundance.figures.upset import draw_upset, upset_height
from detcount.reports.canvas import Canvas
from detcount.reports.style import WIDE


def overview(canvas: Canvas, content: AssessmentContent) -> None:
    """Draw the figures one under the other: three, and two where overlaps are not to be printed.

    Parameters
    ----------
    canvas : Canvas
        Where they are drawn.
    content : AssessmentContent
        What the assessment says.
    """
    heights = {"forest": forest_height(content), "curve": curve_height(content)}
    if content.patterns:
        heights = {"forest": heights["forest"], "upset": upset_height(content), "curve": heights["curve"]}
    figure = canvas.start(WIDE + 0.8, sum(heights.values()))
    grid = figure.add_gridspec(len(heights), 1, height_ratios=list(heights.values()))
    draw_forest(canvas, figure.add_subplot(grid[0]), content)
    if "upset" in heights:
        draw_upset(canvas, figure, grid[1], content)
    draw_curve(canvas, figure.add_subplot(grid[-1]), content)
