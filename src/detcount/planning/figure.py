"""Width of the limits against the effort, a line for each step, from the width of today."""

from __future__ import annotations

from collections.abc import Sequence

from detcount.reports.canvas import Canvas, marked
from detcount.reports.numbers import persons, printed_point
from detcount.reports.style import BODY, DASHED, INK, SERIES, WIDE
from detcount.words import Message


def draw_plan(
    canvas: Canvas, today: float, lines: Sequence[tuple[str, Sequence[tuple[float, float]]]]
) -> None:
    """Draw the promised widths of each step.

    Parameters
    ----------
    canvas : Canvas
        What it is drawn on.
    today : float
        Persons between the limits today.
    lines : sequence of (str, sequence of (float, float))
        For each step its name, and the width for each part of it.
    """
    from matplotlib.ticker import FuncFormatter

    axes = canvas.start(WIDE, 3.8).add_subplot()
    shown = []
    for k, (words, points) in enumerate(lines):
        color, shape = SERIES[k % len(SERIES)]
        parts, widths = zip((0.0, today), *points, strict=True)
        (line,) = axes.plot(parts, widths, marker=shape, color=color, linewidth=1.8, zorder=3)
        shown.append((marked(line, f"step {k + 1}"), words))
    level = axes.axhline(today, color=INK, linewidth=1.0, linestyle=DASHED, zorder=2)
    shown.append((level, Message("Today: {n} persons apart", n=persons(printed_point(today)))))
    axes.set_xlim(0.0, 1.05)
    axes.set_ylim(0.0, 1.1 * max(today, *(width for _, points in lines for _, width in points)))
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: canvas.translated(Message("{share:.0%}", share=float(value))))
    )
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: canvas.translated(persons(float(value)))))
    axes.grid(alpha=0.3)
    axes.set_xlabel(canvas.translated(Message("part of the step that is done")), fontsize=BODY, color=INK)
    axes.set_ylabel(canvas.translated(Message("persons between the limits")), fontsize=BODY, color=INK)
    canvas.plain(axes)
    canvas.title(axes, Message("What each step promises"))
    canvas.legend(shown)
