"""The figure of the methods: estimate and interval of each beside the floor."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from detcount.assessment.abundance.content import AssessmentContent, FamilyRow
from detcount.assessment.abundance.messages import tell
from detcount.report.canvas import BLUE, EMPTY_HEIGHT, FAINT, INK, ORANGE, QUIET, Canvas
from detcount.report.numbers import persons
from detcount.words import Message, Number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["WIDEST_AXIS", "draw_forest", "forest", "forest_height"]

WIDEST_AXIS = 12.0  # points so many times as far from the floor as the middle one leave the axis
_STRIP = 0.36  # half the height of a strip at its highest, rows


def forest(canvas: Canvas, content: AssessmentContent) -> None:
    """Draw the estimate and interval of every method, with the floor.

    Parameters
    ----------
    canvas : Canvas
        Where it is drawn.
    content : AssessmentContent
        What the assessment says.
    """
    figure = canvas.start(8.4, forest_height(content))
    draw_forest(canvas, figure.add_subplot(), content)


def forest_height(content: AssessmentContent) -> float:
    """Inches for the methods."""
    return 1.5 + 0.36 * max(len(content.families), 2) if content.families else EMPTY_HEIGHT


def draw_forest(canvas: Canvas, axes: Axes, content: AssessmentContent) -> None:
    """A row for each method: limits as a line, the estimate as a mark, the numbers at the right."""
    title = tell("figure forest")
    rows = content.families
    if not rows:
        canvas.empty(axes, title)
        return
    floor = content.n_observed
    end = _axis_end(rows, floor)
    span = end - floor
    start = floor - 0.05 * span if floor - 0.05 * span > 0 else 0.0
    axes.set_xlim(start, end + 0.02 * span)
    axes.set_ylim(len(rows) - 0.4, -0.95)
    axes.axvline(floor, color=ORANGE, linewidth=1.4, zorder=1)
    axes.text(
        floor,
        -0.62,
        f" {canvas.say(tell('floor line', n=persons(floor)))}",
        color=ORANGE,
        fontsize=9,
        va="center",
    )
    for y, row in enumerate(rows):
        _draw_strip(axes, y, row, floor, end)
        _draw_family(
            canvas,
            axes,
            y,
            row,
            end,
            show_point=content.print_point or not row.recommended,
            show_numbers=content.disclosure == "full" or row.recommended,
        )
    axes.set_yticks(range(len(rows)))
    names = [canvas.say(row.name) for row in rows]
    axes.set_yticklabels(
        [f"{name} ★" if row.recommended else name for name, row in zip(names, rows, strict=True)]
    )
    for label, row in zip(axes.get_yticklabels(), rows, strict=True):
        label.set_fontweight("bold" if row.recommended else "normal")
    axes.set_xlabel(canvas.say(tell("axis persons")), fontsize=9, color=INK)
    canvas.persons_axis(axes, "x")
    canvas.plain(axes)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=FAINT, linewidth=0.6, zorder=0)
    axes.set_axisbelow(True)
    canvas.title(axes, title)


def _axis_end(rows: tuple[FamilyRow, ...], floor: int) -> float:
    """Where the axis of persons ends: at the greatest limit, unless it runs away from the rest.

    More is allowed to the recommended limits, which are for reading.
    """
    points = sorted(_middle(row) for row in rows)
    middle = max(points[len(points) // 2] - floor, 1.0)
    farthest = min(points[-1] - floor, WIDEST_AXIS * middle)
    highest = max([row.high for row in rows if math.isfinite(row.high)] + points)
    advised = max((row.high for row in rows if row.recommended and math.isfinite(row.high)), default=0.0)
    return floor + max(1.0, min(highest - floor, 2.5 * farthest), min(advised - floor, 4 * farthest))


def _middle(row: FamilyRow) -> float:
    """The number of a method; the geometric middle of its limits where it is not to be printed."""
    if row.point is not None:
        return row.point
    return math.sqrt(row.low * row.high) if math.isfinite(row.high) else row.low


def _draw_strip(axes: Axes, y: int, row: FamilyRow, floor: int, end: float) -> None:
    """Where a posterior has its mass, as high as log n_0 is dense there; several modes as ticks."""
    shown = [(max(x, floor), height) for x, height in row.strip if x <= end]
    if len(shown) > 1:
        x = [place for place, _ in shown]
        axes.fill_between(
            x,
            [y - _STRIP * height for _, height in shown],
            [y + _STRIP * height for _, height in shown],
            color=BLUE,
            alpha=0.3,
            linewidth=0,
            zorder=1.5,
        )
    if len(row.modes) > 1:
        inside = [mode for mode in row.modes if mode <= end]
        axes.vlines(inside, y - _STRIP, y + _STRIP, color=INK, linewidth=1.3, zorder=3)


def _draw_family(
    canvas: Canvas, axes: Axes, y: int, row: FamilyRow, end: float, *, show_point: bool, show_numbers: bool
) -> None:
    """One method."""
    color = BLUE if row.role in ("claim", "calibrated") else QUIET
    width = 3.0 if row.recommended else 1.8
    low, high = min(row.low, end), min(row.high, end)
    axes.plot([low, high], [y, y], color=color, linewidth=width, solid_capstyle="butt", zorder=2)
    if row.high > end:
        axes.plot([end], [y], marker=">", color=color, markersize=7, zorder=3, clip_on=False)
    if not show_point or row.point is None:
        pass
    elif row.point > end:
        axes.plot([end], [y], marker=">", color=color, markersize=9, zorder=3, clip_on=False)
    else:
        solid = row.role in ("claim", "calibrated") and len(row.modes) < 2
        face = color if solid else "white"
        shape = {"claim": "o", "bound": "^", "baseline": "s", "calibrated": "D"}[row.role]
        axes.plot(
            [row.point],
            [y],
            marker=shape,
            color=color,
            markerfacecolor=face,
            markersize=8 if row.recommended else 6.5,
            markeredgewidth=1.5,
            zorder=4,
            linestyle="none",
        )
    if not show_numbers:
        return
    low, point, high = row.printed or (row.low, row.point, row.high)
    limits = Message("{low} – {high}", low=persons(low), high=Number(high))
    axes.annotate(
        canvas.say(limits if point is None or not show_point else _beside(point, limits)),
        (1.02, y),
        xycoords=("axes fraction", "data"),
        va="center",
        fontsize=8.5,
        color=INK,
        fontweight="bold" if row.recommended else "normal",
        annotation_clip=False,
    )


def _beside(point: float, limits: Message) -> Message:
    """A number and its limits."""
    return Message("{point}  ({limits})", point=persons(point), limits=limits)
