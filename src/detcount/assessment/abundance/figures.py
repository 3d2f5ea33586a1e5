"""The figures of an assessment: methods, distributions, overlaps, dependence; each draws on a canvas.

They are one chapter, as one figure sets the others under each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from detcount.assessment.abundance.facts import AssessmentFacts
from detcount.assessment.abundance.rows import (
    BY_METHOD,
    IF_DEPENDENT,
    FamilyRow,
)
from detcount.assessment.common.verdict import LEVEL
from detcount.estimates.figures import WIDEST_AXIS, CurveFigure, EstimateRow, draw_curve_on, draw_rows
from detcount.reports.canvas import EMPTY_HEIGHT, Canvas, marked
from detcount.reports.numbers import persons
from detcount.reports.overlaps import draw_overlaps, draw_upset, overlaps_height
from detcount.reports.style import BLUE, BODY, INK, ORANGE, PAPER, QUIET, SMALL, WIDE
from detcount.words import Message, Number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_AXIS_PERSONS = Message("people")

_STRIP = 0.36  # half the height of a strip at its highest, rows
_LOWER = 0.22  # the same where the words of a row stand over it
_SHAPES = {"anchored": "D", "claim": "o", "bound": "^", "baseline": "s", "calibrated": "D"}
_SOLID = ("anchored", "claim", "calibrated")


def forest(canvas: Canvas, assessment: AssessmentFacts) -> None:
    """Draw the estimate and interval of every method, with the floor."""
    figure = canvas.start(WIDE, forest_height(assessment, narrow=canvas.narrow))
    draw_forest(canvas, figure.add_subplot(), assessment)


def forest_height(assessment: AssessmentFacts, *, narrow: bool = False) -> float:
    """Inches for the methods."""
    row = 0.64 if narrow else 0.36
    return 1.5 + row * max(len(assessment.families), 2) if assessment.families else EMPTY_HEIGHT


def draw_forest(canvas: Canvas, axes: Axes, assessment: AssessmentFacts) -> None:
    """A row for each method: limits as a line, the estimate as a mark, the numbers at the right."""
    title = BY_METHOD
    rows = assessment.families
    if not rows:
        canvas.empty(axes, title)
        return
    floor = assessment.n_observed
    end = _axis_end(rows, floor)
    span = end - floor
    start = max(min([floor, *(row.low for row in rows)]) - 0.05 * span, 0.0)
    axes.set_xlim(start, end + 0.02 * span)
    axes.set_ylim(len(rows) - (0.6 if canvas.narrow else 0.4), -1.2 if canvas.narrow else -0.95)
    marked(axes.axvline(floor, color=ORANGE, linewidth=1.4, zorder=1), "floor")
    axes.text(
        floor,
        -0.95 if canvas.narrow else -0.62,
        f" {canvas.translated(Message('{n} listed', n=persons(floor)))}",
        color=ORANGE,
        fontsize=BODY,
        va="center",
    )
    for row in rows:
        if row.recommended:
            band = axes.axvspan(min(row.low, end), min(row.high, end), color=BLUE, alpha=0.07, linewidth=0)
            marked(band, "recommended interval").set_zorder(0.5)
    for y, row in enumerate(rows):
        _draw_strip(axes, y, row, floor, end, _LOWER if canvas.narrow else _STRIP)
        _draw_family(
            canvas,
            axes,
            y,
            row,
            end,
            show_point=assessment.print_point or not row.recommended,
        )
    axes.set_yticks([] if canvas.narrow else range(len(rows)))
    if not canvas.narrow:
        axes.set_yticklabels([canvas.translated(row.starred) for row in rows])
        for label, row in zip(axes.get_yticklabels(), rows, strict=True):
            label.set_fontweight("bold" if row.recommended else "normal")
    canvas.persons_axis(axes, "x", _AXIS_PERSONS, grid=True)
    canvas.plain(axes)
    axes.tick_params(axis="y", length=0)
    canvas.title(axes, title)


def _axis_end(rows: tuple[FamilyRow, ...], floor: int) -> float:
    """Where the axis of persons ends: at the greatest limit, unless it runs away from the rest.

    The recommended limits are for reading: the axis holds them.
    """
    points = sorted(_middle(row) for row in rows)
    middle = max(points[len(points) // 2] - floor, 1.0)
    farthest = min(points[-1] - floor, WIDEST_AXIS * middle)
    highest = max([row.high for row in rows if math.isfinite(row.high)] + points)
    advised = max((row.high for row in rows if row.recommended and math.isfinite(row.high)), default=0.0)
    return floor + max(1.0, min(highest - floor, 2.5 * farthest), advised - floor)


def _middle(row: FamilyRow) -> float:
    """The number of a method; the geometric middle of its limits where it is not to be printed."""
    if row.point is not None:
        return row.point
    return math.sqrt(row.low * row.high) if math.isfinite(row.high) else row.low


def _draw_strip(axes: Axes, y: int, row: FamilyRow, floor: int, end: float, half: float) -> None:
    """Where a posterior has its mass, as high as log n_0 is dense there; several modes as ticks."""
    shown = [(max(x, floor), height) for x, height in row.strip if x <= end]
    if len(shown) > 1:
        x = [place for place, _ in shown]
        axes.fill_between(
            x,
            [y - half * height for _, height in shown],
            [y + half * height for _, height in shown],
            color=BLUE,
            alpha=0.3,
            linewidth=0,
            zorder=1.5,
        )
    if len(row.modes) > 1:
        inside = [mode for mode in row.modes if mode <= end]
        axes.vlines(inside, y - half, y + half, color=INK, linewidth=1.3, zorder=3)


def _draw_family(canvas: Canvas, axes: Axes, y: int, row: FamilyRow, end: float, *, show_point: bool) -> None:
    """One method."""
    color = BLUE if row.role in _SOLID else QUIET
    width = 3.0 if row.recommended else 1.8
    low, high = min(row.low, end), min(row.high, end)
    (line,) = axes.plot([low, high], [y, y], color=color, linewidth=width, solid_capstyle="butt", zorder=2)
    marked(line, f"limits {row.key}")
    if row.high > end:
        axes.plot([end], [y], marker=">", color=color, markersize=7, zorder=3, clip_on=False)
    if not show_point or row.point is None:
        pass
    elif row.point > end:
        axes.plot([end], [y], marker=">", color=color, markersize=9, zorder=3, clip_on=False)
    else:
        solid = row.role in _SOLID and len(row.modes) < 2
        (mark,) = axes.plot(
            [row.point],
            [y],
            marker=_SHAPES[row.role],
            color=color,
            markerfacecolor=color if solid else PAPER,
            markersize=8 if row.recommended else 6.5,
            markeredgewidth=1.5,
            zorder=4,
            linestyle="none",
        )
        marked(mark, f"point {row.key}")
    words = canvas.translated(_numbers(row, show_point=show_point))
    weight = "bold" if row.recommended else "normal"
    if canvas.narrow:
        _write_over(axes, y, canvas.wrapped(row.starred), words, weight)
    else:
        axes.annotate(
            words,
            (1.02, y),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=SMALL,
            color=INK,
            fontweight=weight,
            annotation_clip=False,
        )


def _write_over(axes: Axes, y: int, name: str, words: str, weight: str) -> None:
    """The name of a method and its numbers over its line, where there is no room beside it."""
    for text, up in ((name, 19), (words, 8)):
        if text:
            axes.annotate(
                text,
                (0, y),
                xycoords=("axes fraction", "data"),
                xytext=(1, up),
                textcoords="offset points",
                va="bottom",
                fontsize=SMALL,
                color=INK,
                fontweight=weight,
                bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 0.8},
                zorder=5,
            )


def _numbers(row: FamilyRow, *, show_point: bool) -> Message:
    """The number of a method, where it may be printed, and its limits."""
    limits = Message("{low} – {high}", low=persons(row.low), high=Number(row.high))
    if row.point is None or not show_point:
        return limits
    return Message("{point}  ({limits})", point=persons(row.point), limits=limits)


def upset(canvas: Canvas, assessment: AssessmentFacts) -> None:
    """Draw the persons on each combination of lists."""
    draw_overlaps(canvas, assessment.patterns, assessment.sizes)


def sensitivity(canvas: Canvas, assessment: AssessmentFacts) -> None:
    """Draw the total by odds ratio, with the floor, the claim and where it flips."""
    figure = canvas.start(WIDE, curve_height(assessment))
    draw_curve(canvas, figure.add_subplot(), assessment)


def curve_height(assessment: AssessmentFacts) -> float:
    """Inches for the curve."""
    return 3.8 if assessment.curve else EMPTY_HEIGHT


def draw_curve(canvas: Canvas, axes: Axes, assessment: AssessmentFacts) -> None:
    """The total by odds ratio."""
    title = IF_DEPENDENT
    if not assessment.curve or assessment.curve_base is None:
        canvas.empty(axes, title)
        return
    limits = [(row.low, row.high) for row in assessment.curve if row.low is not None and row.high is not None]
    known = assessment.tipping is not None
    claimed = persons(assessment.claimed)
    curve = CurveFigure(
        odds_ratios=tuple(row.odds_ratio for row in assessment.curve),
        points=tuple(row.point for row in assessment.curve if row.point is not None),
        limits=tuple(limits) if len(limits) == len(assessment.curve) else (),
        n_observed=assessment.n_observed,
        claim=assessment.claimed if known else None,
        claim_words=(
            Message("{n}: half of them listed", n=claimed)
            if assessment.claim is None
            else Message("{n}: the claim", n=claimed)
        )
        if known
        else "",
        tipping=assessment.tipping,
    )
    draw_curve_on(canvas, axes, curve, Message("{title} ({base})", title=title, base=assessment.curve_base))


def posteriors(canvas: Canvas, assessment: AssessmentFacts) -> None:
    """Draw where each method that gives a distribution puts its probability, with limits and floor."""
    rows = [_row(row, assessment) for row in assessment.families if row.strip]
    draw_rows(canvas, rows, Message("Where each method puts its probability"), LEVEL)


def _row(row: FamilyRow, assessment: AssessmentFacts) -> EstimateRow:
    """Make the row that is drawn of a method; its number only where it may be printed."""
    shown = assessment.print_point or not row.recommended
    words = _numbers(row, show_point=shown)
    drawn = row.point if shown else None
    return EstimateRow(row.starred, assessment.n_observed, row.low, drawn, row.high, words, row.strip)


def overview(canvas: Canvas, assessment: AssessmentFacts) -> None:
    """Draw the figures one under the other: three, and two where overlaps are not to be printed."""
    heights = {"forest": forest_height(assessment), "curve": curve_height(assessment)}
    if assessment.patterns:
        upset_inches = overlaps_height(assessment.patterns, assessment.sizes)
        heights = {"forest": heights["forest"], "upset": upset_inches, "curve": heights["curve"]}
    figure = canvas.start(WIDE + 0.8, sum(heights.values()))
    grid = figure.add_gridspec(len(heights), 1, height_ratios=list(heights.values()))
    draw_forest(canvas, figure.add_subplot(grid[0]), assessment)
    if "upset" in heights:
        draw_upset(canvas, figure, grid[1], assessment.patterns, assessment.sizes)
    draw_curve(canvas, figure.add_subplot(grid[-1]), assessment)


FigureKind = Literal["overview", "forest", "posterior", "upset", "sensitivity"]
"""Which figure of an assessment is drawn."""

KINDS: dict[str, Callable[[Canvas, AssessmentFacts], None]] = {
    "overview": overview,
    "forest": forest,
    "posterior": posteriors,
    "upset": upset,
    "sensitivity": sensitivity,
}
"""How each is drawn."""
