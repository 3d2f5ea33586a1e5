"""The figure of the methods: estimate and interval of each beside the floor."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from detcount.assessment.abundance.content import AssessmentContent, FamilyRow
from detcount.assessment.abundance.messages import message
from detcount.estimates.curve_figure import WIDEST_AXIS
from detcount.reports.canvas import EMPTY_HEIGHT, Canvas, marked
from detcount.reports.numbers import persons
from detcount.reports.style import BLUE, BODY, INK, ORANGE, PAPER, QUIET, SMALL, WIDE
from detcount.words import Message, Number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_STRIP = 0.36  # half the height of a strip at its highest, rows
_LOWER = 0.22  # the same where the words of a row stand over it
_SHAPES = {"claim": "o", "bound": "^", "baseline": "s", "calibrated": "D"}


def forest(canvas: Canvas, content: AssessmentContent) -> None:
    """Draw the estimate and interval of every method, with the floor.

    Parameters
    ----------
    canvas : Canvas
        Where it is drawn.
    content : AssessmentContent
        What the assessment says.
    """
    figure = canvas.start(WIDE, forest_height(content, narrow=canvas.narrow))
    draw_forest(canvas, figure.add_subplot(), content)


def forest_height(content: AssessmentContent, *, narrow: bool = False) -> float:
    """Inches for the methods."""
    row = 0.58 if narrow else 0.36
    return 1.5 + row * max(len(content.families), 2) if content.families else EMPTY_HEIGHT


def draw_forest(canvas: Canvas, axes: Axes, content: AssessmentContent) -> None:
    """A row for each method: limits as a line, the estimate as a mark, the numbers at the right."""
    title = message("figure forest")
    rows = content.families
    if not rows:
        canvas.empty(axes, title)
        return
    floor = content.n_observed
    end = _axis_end(rows, floor)
    span = end - floor
    start = floor - 0.05 * span if floor - 0.05 * span > 0 else 0.0
    axes.set_xlim(start, end + 0.02 * span)
    axes.set_ylim(len(rows) - (0.6 if canvas.narrow else 0.4), -1.2 if canvas.narrow else -0.95)
    marked(axes.axvline(floor, color=ORANGE, linewidth=1.4, zorder=1), "floor")
    axes.text(
        floor,
        -0.95 if canvas.narrow else -0.62,
        f" {canvas.say(message('floor line', n=persons(floor)))}",
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
            show_point=content.print_point or not row.recommended,
            show_numbers=content.disclosure == "full" or row.recommended,
        )
    axes.set_yticks([] if canvas.narrow else range(len(rows)))
    if not canvas.narrow:
        axes.set_yticklabels([_name(canvas, row) for row in rows])
        for label, row in zip(axes.get_yticklabels(), rows, strict=True):
            label.set_fontweight("bold" if row.recommended else "normal")
    canvas.persons_axis(axes, "x", message("axis persons"), grid=True)
    canvas.plain(axes)
    axes.tick_params(axis="y", length=0)
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


def _name(canvas: Canvas, row: FamilyRow) -> str:
    """The name of a method, with a star where it is recommended."""
    name = canvas.say(row.name)
    return f"{name} ★" if row.recommended else name


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


def _draw_family(
    canvas: Canvas, axes: Axes, y: int, row: FamilyRow, end: float, *, show_point: bool, show_numbers: bool
) -> None:
    """One method."""
    color = BLUE if row.role in ("claim", "calibrated") else QUIET
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
        solid = row.role in ("claim", "calibrated") and len(row.modes) < 2
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
    words = None
    if show_numbers:
        low, point, high = row.low, row.point, row.high
        limits = Message("{low} – {high}", low=persons(low), high=Number(high))
        words = canvas.say(limits if point is None or not show_point else _beside(point, limits))
    weight = "bold" if row.recommended else "normal"
    if canvas.narrow:
        _write_over(axes, y, _name(canvas, row), words, weight)
    elif words is not None:
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


def _write_over(axes: Axes, y: int, name: str, words: str | None, weight: str) -> None:
    """The name of a method and its numbers over its line, where there is no room beside it."""
    for text, up in ((name, 19 if words else 9), (words, 8)):
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


def _beside(point: float, limits: Message) -> Message:
    """A number and its limits."""
    return Message("{point}  ({limits})", point=persons(point), limits=limits)
