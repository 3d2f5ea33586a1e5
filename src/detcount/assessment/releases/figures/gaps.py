"""The gap in parts: each announced number as a bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detcount import arguments
from detcount.assessment.level import LEVEL
from detcount.assessment.releases.figures.marks import (
    ORANGE_INK,
    PENDING,
    UNSUBSTANTIATED,
    UNVERIFIABLE,
    VERIFIED,
    fitting,
)
from detcount.assessment.releases.messages import tell
from detcount.assessment.releases.phrases import count_words, event_words
from detcount.estimates import GapEstimate, UncertainCount
from detcount.releases import ReleaseProcess
from detcount.report.canvas import EMPTY_HEIGHT, INK, QUIET, Canvas
from detcount.report.numbers import level_words, persons

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["gap_bars"]

_HATCH = "////"
_ROOM_FOR_NUMBER = 0.045  # share of the axis that a number of three figures needs


def gap_bars(canvas: Canvas, gaps: Sequence[GapEstimate], level: float = LEVEL) -> None:
    """Draw each announced number as a bar: verified, pending, unverifiable, unsubstantiated.

    Parameters
    ----------
    canvas : Canvas
        What it is drawn on.
    gaps : sequence of GapEstimate
        The announced numbers, from the top.
    level : float, optional
        Level of the intervals under each bar, in (0, 1). What is hatched rests on a prior, not on the counts.
    """
    level = arguments.level(level)
    height = 1.9 + 0.78 * len(gaps) if gaps else EMPTY_HEIGHT
    axes = canvas.start(8.4, height).add_subplot()
    title = tell("figure gaps")
    if not gaps:
        canvas.empty(axes, title)
        return
    for y, gap in enumerate(gaps):
        _draw_gap(canvas, axes, y, gap, level)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(gaps) - 0.35, -0.5)
    axes.set_yticks(range(len(gaps)))
    axes.set_yticklabels([_gap_label(canvas, gap) for gap in gaps], parse_math=False)
    axes.set_xlabel(canvas.say(tell("axis share")), fontsize=9, color=INK)
    canvas.percent_axis(axes)
    canvas.plain(axes)
    axes.tick_params(axis="y", length=0, labelsize=9)
    canvas.title(axes, title)
    _legend(canvas, axes, gaps, level)


def _gap_label(canvas: Canvas, gap: GapEstimate) -> str:
    """What was announced, how many, and by whom, a line each."""
    number = count_words(gap.announced, at_least=gap.at_least)
    return "\n".join(
        [
            fitting(canvas.say(event_words(gap.label))),
            canvas.say(tell("bar announced", number=number)),
            fitting(canvas.say(gap.announced_by)),
        ]
    )


def _draw_gap(canvas: Canvas, axes: Axes, y: int, gap: GapEstimate, level: float) -> None:
    """One bar."""
    whole = max(gap.announced, 1)
    verified = min(gap.verified, whole)
    middle, thick = y - 0.12, 0.4
    number = canvas.say(persons(gap.verified))
    _segment(axes, middle, thick, 0, verified / whole, VERIFIED, "", number, "white")
    left = verified / whole
    parts = (
        (gap.pending, PENDING),
        (gap.unverifiable, UNVERIFIABLE),
        (gap.unsubstantiated, UNSUBSTANTIATED),
    )
    if any(count.mean is None for count, _ in parts):
        if left < 1:
            axes.barh(
                middle, 1 - left, thick, left=left, facecolor="white", edgecolor=QUIET, linestyle=(0, (3, 2))
            )
            if 1 - left > 0.25:
                text = canvas.say(tell("not split", number=persons(whole - verified)))
                axes.text((1 + left) / 2, middle, text, ha="center", va="center", fontsize=8.5, color=INK)
        return
    for count, color in parts:
        width = min((count.mean or 0.0) / whole, 1 - left)
        hatch = _HATCH if count.identified_by == "prior" else ""
        number = canvas.say(persons(count.mean or 0.0))
        _segment(axes, middle, thick, left, width, color, hatch, number, INK)
        left += width
    _limits(axes, y + 0.19, gap.eventually_verified, whole, level, VERIFIED)
    _limits(axes, y + 0.32, gap.carried_out, whole, level, ORANGE_INK)


def _segment(
    axes: Axes,
    y: float,
    thick: float,
    left: float,
    width: float,
    color: str,
    hatch: str,
    text: str,
    ink: str,
) -> None:
    """A part of a bar, with its number where there is room for it."""
    if width <= 0:
        return
    axes.barh(y, width, thick, left=left, color=color, edgecolor="white", hatch=hatch, linewidth=0.8)
    if width > _ROOM_FOR_NUMBER:
        axes.text(
            left + width / 2,
            y,
            text,
            ha="center",
            va="center",
            fontsize=8.5,
            fontweight="bold",
            color=ink,
            bbox={"facecolor": color, "edgecolor": "none", "pad": 1.2} if hatch else None,
        )


def _limits(axes: Axes, y: float, count: UncertainCount, whole: int, level: float, color: str) -> None:
    """Limits as a line under the bar, the mean as a mark; an open one runs off the axis."""
    interval = count.interval(level)
    low, high = min(interval.low / whole, 1.0), min(interval.high / whole, 1.0)
    axes.plot([low, high], [y, y], color=color, linewidth=2.0, solid_capstyle="butt", zorder=3, clip_on=False)
    if interval.high > whole:
        axes.plot([1.0], [y], marker=">", color=color, markersize=5, zorder=3, clip_on=False)
    if count.mean is not None:
        at = min(count.mean / whole, 1.0)
        axes.plot([at], [y], marker="o", color=color, markersize=4.5, zorder=4, clip_on=False)


def _legend(canvas: Canvas, axes: Axes, gaps: Sequence[GapEstimate], level: float) -> None:
    """What the colours, the hatching and the lines mean."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    of_process = any(isinstance(gap.estimator, ReleaseProcess) for gap in gaps)
    colours = {
        "part verified": VERIFIED,
        "part pending or elsewhere" if of_process else "part pending": PENDING,
        "part unverifiable": UNVERIFIABLE,
        "part unsubstantiated": UNSUBSTANTIATED,
    }
    handles: list[Any] = [
        Patch(facecolor=color, label=canvas.say(tell(key))) for key, color in colours.items()
    ]
    for key, color in (("line eventually", VERIFIED), ("line carried out", ORANGE_INK)):
        label = canvas.say(tell(key, level=level_words(level)))
        handles.append(Line2D([], [], color=color, linewidth=2, marker="o", markersize=4.5, label=label))
    if any(part.identified_by == "prior" for gap in gaps for part in gap.parts.values()):
        label = canvas.say(tell("hatched"))
        handles.append(Patch(facecolor="white", edgecolor=QUIET, hatch=_HATCH, label=label))
    axes.figure.legend(
        handles=handles, loc="outside lower left", ncols=2, frameon=False, fontsize=8.5, handlelength=1.8
    )
