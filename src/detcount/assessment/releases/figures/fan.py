"""The totals of a monitor as they grow, what they will be, and apart what was announced for other days."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from detcount.assessment.releases.content import AnnouncedLine, FanContent
from detcount.assessment.releases.counts import CountRow
from detcount.assessment.releases.figures.marks import place
from detcount.assessment.releases.messages import tell
from detcount.assessment.releases.phrases import count_words
from detcount.reports.canvas import Canvas, LineLabel, marked
from detcount.reports.numbers import persons
from detcount.reports.style import BAND, BLUE, BODY, FAINT, INK, ORANGE, PALE, PAPER, SMALL, WIDE
from detcount.words import Message

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["fan"]

_LEVELS = (0.95, 0.8)
_TOP = 1e9  # persons; a limit above it, or none, is drawn there
_EXPECTED: Any = (0, (4, 2))
_MAIN, _ROW = 3.4, 0.24  # inches for the total, and for a number announced for other days


def fan(canvas: Canvas, content: FanContent) -> None:
    """Draw totals as marks by day of publication, what they will be as a band, announced totals as lines.

    Numbers announced for other days do not compare with the total: they stand under it, in a row each.

    Parameters
    ----------
    canvas : Canvas
        What it is drawn on.
    content : FanContent
        The totals.
    """
    title = tell("figure fan", source=content.source, event=content.event)
    if not content.observed:
        canvas.empty(canvas.start(WIDE, _MAIN).add_subplot(), title)
        return
    apart = [line.count for line in content.announced if not line.same_window]
    lower = 0.45 + _ROW * len(apart) if apart else 0.0
    legend = 0.9 if canvas.narrow else 0.35
    figure = canvas.start(WIDE, _MAIN + lower + legend)
    if apart:
        grid = figure.add_gridspec(2, 1, height_ratios=[_MAIN, lower], hspace=0.02)
        axes = figure.add_subplot(grid[0])
        beside = figure.add_subplot(grid[1], sharex=axes)
    else:
        axes, beside = figure.add_subplot(), None
    _draw_total(canvas, axes, content)
    canvas.title(axes, title)
    last = axes
    if beside is not None:
        _draw_apart(canvas, beside, apart, axes.get_xlim())
        axes.tick_params(axis="x", labelbottom=False)
        last = beside
    canvas.day_axis(axes)
    last.set_xlabel(canvas.say(tell("axis published")), fontsize=BODY, color=INK)
    canvas.legend(_shown(content))


def _draw_total(canvas: Canvas, axes: Axes, content: FanContent) -> None:
    """The total, what it will be, and what was announced for the same days."""
    x = [place(row.published) for row in content.observed]
    y = [row.count for row in content.observed]
    axes.plot(x, y, color=BLUE, linewidth=1.4, zorder=3)
    marked(axes.plot(x, y, "o", color=BLUE, markersize=5, zorder=4)[0], "verified")
    left, right = x[0], x[-1]
    tops = [float(max(y))]
    if content.expected:
        right = place(content.expected[-1].day)
        tops += _draw_expected(axes, content)
    span = max(right - left, 1.0)
    labels: list[LineLabel] = []
    for line in content.announced:
        if line.same_window:
            _draw_announced(axes, line, left - 0.04 * span, right)
            tops.append(float(line.count.count))
            labels.append(LineLabel(float(line.count.count), _line_label(line.count), ORANGE))
    axes.set_ylim(0, 1.1 * max(tops))
    axes.set_xlim(left - 0.06 * span, right + 0.02 * span)
    if content.eventually is not None and content.eventually.median is not None:
        last = content.eventually.interval()
        low, high = content.raised(last.low), content.raised(last.high)
        numbers = {"total": persons(content.eventually.median), "low": persons(low), "high": persons(high)}
        words = tell("in the end", **numbers)
        labels.append(LineLabel(float(content.eventually.median), words, BLUE, _EXPECTED))
    canvas.margin_labels(axes, labels)
    canvas.persons_axis(axes, "y")
    canvas.plain(axes, keep=("bottom", "left"))
    axes.grid(axis="y", color=FAINT, linewidth=0.6, zorder=0)
    axes.set_axisbelow(True)
    axes.set_ylabel(canvas.say(tell("axis releases")), fontsize=BODY, color=INK)


def _draw_expected(axes: Axes, content: FanContent) -> list[float]:
    """Bands and medians of what the total will be; gives the tops of the bands."""
    days = [place(row.day) for row in content.expected]
    tops = []
    for level, alpha in zip(_LEVELS, (0.5, 0.9), strict=True):
        spans = [row.total.interval(level) for row in content.expected]
        lows = [content.raised(span.low) for span in spans]
        highs = [min(content.raised(span.high), _TOP) for span in spans]
        band = axes.fill_between(days, lows, highs, color=PALE, alpha=alpha, linewidth=0, zorder=1)
        marked(band, f"limits {level:.0%}")
        tops.append(max(highs))
    medians = [row.total.median for row in content.expected]
    axes.plot(
        days,
        [math.nan if median is None else max(median, content.verified) for median in medians],
        color=BLUE,
        linewidth=1.4,
        linestyle=_EXPECTED,
        zorder=3,
    )
    return tops


def _draw_announced(axes: Axes, line: AnnouncedLine, leftmost: float, right: float) -> None:
    """A total announced for the same days as a line from the day of its publication."""
    start, total = max(place(line.count.published), leftmost), line.count.count
    marked(axes.plot([start, right], [total] * 2, color=ORANGE, linewidth=1.4, zorder=2)[0], "announced")
    axes.plot([start], [total], marker="D", color=ORANGE, markersize=5, zorder=3)


def _draw_apart(canvas: Canvas, axes: Axes, rows: list[CountRow], ends: tuple[float, float]) -> None:
    """Numbers announced for other days, by day of publication: a row each, with no height to compare."""
    for y, row in enumerate(rows):
        if y % 2 == 0:
            axes.axhspan(y - 0.5, y + 0.5, color=BAND, zorder=0, linewidth=0)
        at = max(place(row.published), ends[0])
        late = canvas.narrow and at > sum(ends) / 2
        marked(axes.plot([at], [y], marker="D", color=ORANGE, mfc=PAPER, markersize=5, mew=1.4)[0], "apart")
        axes.annotate(
            canvas.say(_line_label(row)),
            (0.0 if late else 1.0 if canvas.narrow else 1.015, y),
            xycoords=("axes fraction", "data"),
            ha="right" if canvas.narrow and not late else "left",
            va="center",
            fontsize=SMALL,
            color=INK,
            annotation_clip=False,
        )
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks([])
    canvas.plain(axes)


def _line_label(row: CountRow) -> Message:
    """An announced total, and since when it counts."""
    since = tell("short start unknown") if row.start is None else tell("short since", first=row.start)
    return Message("{number}  {since}", number=count_words(row.count, at_least=row.at_least), since=since)


def _shown(content: FanContent) -> list[tuple[Any, str]]:
    """What the marks, bands and lines mean."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    shown: list[tuple[Any, str]] = [
        (Line2D([], [], color=BLUE, marker="o", markersize=5), tell("fan verified"))
    ]
    if content.expected:
        shown.append((Patch(facecolor=PALE), tell("fan expected", levels=sorted(_LEVELS))))
    if any(line.same_window for line in content.announced):
        shown.append((Line2D([], [], color=ORANGE, marker="D", markersize=5), tell("fan announced")))
    if not all(line.same_window for line in content.announced):
        mark = Line2D([], [], color=ORANGE, marker="D", mfc=PAPER, mew=1.4, linestyle="none", markersize=5)
        shown.append((mark, tell("fan announced elsewhere")))
    return shown
