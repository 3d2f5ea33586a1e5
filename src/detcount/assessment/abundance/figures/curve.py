"""Figures of the total by the odds ratio and of the posteriors, and all figures one under the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detcount.assessment.abundance.content import AssessmentContent, FamilyRow
from detcount.assessment.abundance.figures.forest import draw_forest, forest_height
from detcount.assessment.abundance.figures.upset import draw_upset, upset_height
from detcount.assessment.abundance.messages import message
from detcount.assessment.common.verdict import LEVEL
from detcount.estimates.curve_figure import CurveFigure, draw_curve_on
from detcount.estimates.row_figure import EstimateRow, draw_rows
from detcount.reports.canvas import EMPTY_HEIGHT, Canvas
from detcount.reports.numbers import persons
from detcount.reports.style import WIDE
from detcount.words import Message, Number

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def sensitivity(canvas: Canvas, content: AssessmentContent) -> None:
    """Draw the total by odds ratio, with the floor, the claim and where it flips.

    Parameters
    ----------
    canvas : Canvas
        Where it is drawn.
    content : AssessmentContent
        What the assessment says.
    """
    figure = canvas.start(WIDE, curve_height(content))
    draw_curve(canvas, figure.add_subplot(), content)


def curve_height(content: AssessmentContent) -> float:
    """Inches for the curve."""
    return 3.8 if content.curve else EMPTY_HEIGHT


def draw_curve(canvas: Canvas, axes: Axes, content: AssessmentContent) -> None:
    """The total by odds ratio."""
    title = message("figure sensitivity")
    if not content.curve or content.curve_base is None:
        canvas.empty(axes, title)
        return
    limits = [(row.low, row.high) for row in content.curve if row.low is not None and row.high is not None]
    known = content.tipping is not None
    key = "claim given short" if content.claim_given else "claim half short"
    curve = CurveFigure(
        odds_ratios=tuple(row.odds_ratio for row in content.curve),
        points=tuple(row.point for row in content.curve if row.point is not None),
        limits=tuple(limits) if len(limits) == len(content.curve) else (),
        n_observed=content.n_observed,
        claim=content.claim if known else None,
        claim_words=message(key, n=persons(content.claim)) if known else "",
        tipping=content.tipping,
    )
    draw_curve_on(canvas, axes, curve, Message("{title} ({base})", title=title, base=content.curve_base))


def posteriors(canvas: Canvas, content: AssessmentContent) -> None:
    """Draw where each method that gives a distribution puts its probability, with its limits and the floor.

    Parameters
    ----------
    canvas : Canvas
        Where it is drawn.
    content : AssessmentContent
        What the assessment says.
    """
    rows = [_row(row, content) for row in content.families if row.strip]
    draw_rows(canvas, rows, message("figure posterior"), LEVEL)


def _row(row: FamilyRow, content: AssessmentContent) -> EstimateRow:
    """What is drawn of a method; its number only where it may be printed."""
    shown = content.print_point or not row.recommended
    low, point, high = row.low, row.point, row.high
    words = Message("{low} – {high}", low=persons(low), high=Number(high))
    if shown and point is not None:
        words = Message("{point}  ({limits})", point=persons(point), limits=words)
    name = Message("{name} ★", name=row.name) if row.recommended else row.name
    drawn = row.point if shown else None
    return EstimateRow(name, content.n_observed, row.low, drawn, row.high, words, row.strip)


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
