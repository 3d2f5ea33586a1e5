"""The totals of a monitor as they grow: what they will be, and what was announced."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from detcount.assessment.releases.content import AnnouncedLine, FanContent
from detcount.assessment.releases.counts import CountRow
from detcount.assessment.releases.figures.marks import ORANGE_INK, PENDING, VERIFIED, place
from detcount.assessment.releases.messages import tell
from detcount.assessment.releases.phrases import count_words
from detcount.report.canvas import FAINT, INK, Canvas
from detcount.report.numbers import persons
from detcount.words import Message

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["fan"]

_LEVELS = (0.95, 0.8)
_TOP = 1e9  # persons; a limit above it, or none, is drawn there
_LINES: dict[bool, Any] = {True: "-", False: (0, (2, 2))}  # of totals for the same days, and for others


def fan(canvas: Canvas, content: FanContent) -> None:
    """Draw totals as marks by day of publication, what they will be as a band, announced totals as lines.

    Parameters
    ----------
    canvas : Canvas
        What it is drawn on.
    content : FanContent
        The totals.
    """
    axes = canvas.start(8.4, 4.0).add_subplot()
    title = tell("figure fan", source=content.source, event=content.event)
    if not content.observed:
        canvas.empty(axes, title)
        return
    x = [place(row.published) for row in content.observed]
    y = [row.count for row in content.observed]
    axes.plot(x, y, color=VERIFIED, linewidth=1.4, zorder=3)
    axes.plot(x, y, "o", color=VERIFIED, markersize=5, zorder=4)
    left, right = x[0], x[-1]
    tops = [float(max(y))]
    if content.expected:
        right = place(content.expected[-1].day)
        tops += _draw_expected(axes, content)
    span = max(right - left, 1.0)
    labels: list[tuple[float, str, str]] = []
    for line in content.announced:
        _draw_announced(axes, line, left - 0.04 * span, right)
        tops.append(float(line.count.count))
        labels.append((float(line.count.count), _line_label(line.count), ORANGE_INK))
    axes.set_ylim(0, 1.1 * max(tops))
    axes.set_xlim(left - 0.06 * span, right + 0.02 * span)
    if content.eventually is not None and content.eventually.median is not None:
        last = content.eventually.interval()
        total, low, high = (persons(value) for value in (content.eventually.median, last.low, last.high))
        words = tell("in the end", total=total, low=low, high=high)
        labels.append((float(content.eventually.median), words, VERIFIED))
    canvas.margin_labels(axes, labels)
    canvas.persons_axis(axes, "y")
    canvas.day_axis(axes)
    canvas.plain(axes, keep=("bottom", "left"))
    axes.grid(axis="y", color=FAINT, linewidth=0.6, zorder=0)
    axes.set_axisbelow(True)
    axes.set_ylabel(canvas.say(tell("axis releases")), fontsize=9, color=INK)
    axes.set_xlabel(canvas.say(tell("axis published")), fontsize=9, color=INK)
    canvas.title(axes, title)
    _legend(canvas, axes, content)


def _draw_expected(axes: Axes, content: FanContent) -> list[float]:
    """Bands and medians of what the total will be; gives the tops of the bands."""
    days = [place(row.day) for row in content.expected]
    tops = []
    for level, alpha in zip(_LEVELS, (0.22, 0.38), strict=True):
        spans = [row.total.interval(level) for row in content.expected]
        highs = [min(span.high, _TOP) for span in spans]
        axes.fill_between(
            days, [span.low for span in spans], highs, color=PENDING, alpha=alpha, linewidth=0, zorder=1
        )
        tops.append(max(highs))
    medians = [row.total.median for row in content.expected]
    axes.plot(
        days,
        [math.nan if median is None else median for median in medians],
        color=VERIFIED,
        linewidth=1.4,
        linestyle=(0, (4, 2)),
        zorder=3,
    )
    return tops


def _draw_announced(axes: Axes, line: AnnouncedLine, leftmost: float, right: float) -> None:
    """An announced total as a line from the day of its publication; broken if it is for other days."""
    start, total = max(place(line.count.published), leftmost), line.count.count
    axes.plot(
        [start, right],
        [total] * 2,
        color=ORANGE_INK,
        linewidth=1.4,
        linestyle=_LINES[line.same_window],
        zorder=2,
    )
    axes.plot([start], [total], marker="D", color=ORANGE_INK, markersize=5, zorder=3)


def _line_label(row: CountRow) -> Message:
    """An announced total, and since when it counts."""
    since = tell("short start unknown") if row.start is None else tell("short since", first=row.start)
    return Message("{number}  {since}", number=count_words(row.count, at_least=row.at_least), since=since)


def _legend(canvas: Canvas, axes: Axes, content: FanContent) -> None:
    """What the marks, bands and lines mean."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    label = canvas.say(tell("fan verified"))
    handles: list[Any] = [Line2D([], [], color=VERIFIED, marker="o", markersize=5, label=label)]
    if content.expected:
        handles.append(
            Patch(
                facecolor=PENDING, alpha=0.5, label=canvas.say(tell("fan expected", levels=sorted(_LEVELS)))
            )
        )
    for same, key in ((True, "fan announced"), (False, "fan announced elsewhere")):
        if any(line.same_window is same for line in content.announced):
            label = canvas.say(tell(key))
            line = Line2D(
                [], [], color=ORANGE_INK, linestyle=_LINES[same], marker="D", markersize=5, label=label
            )
            handles.append(line)
    axes.figure.legend(
        handles=handles, loc="outside lower left", ncols=2, frameon=False, fontsize=8.5, handlelength=2.4
    )
