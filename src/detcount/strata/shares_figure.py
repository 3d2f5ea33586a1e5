"""Shares of groups drawn: a point with limits for each, and a hollow mark for its share of the listed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from detcount.reports.canvas import Canvas, marked, shortened
from detcount.reports.numbers import level_words
from detcount.reports.style import BLUE, BODY, INK, ORANGE, PAPER, SMALL, WIDE
from detcount.words import Message

_NAME = 30  # letters of a name at the left


@dataclass(frozen=True)
class ShareRow:
    """A group as it is drawn: its share among all with limits, and among those listed, from 0 to 1."""

    name: str
    low: float
    high: float
    share: float | None
    listed: float | None


def percents(low: float, high: float) -> Message:
    """Limits of a share in whole per cent, outward."""
    lower, upper = math.floor(round(100 * low, 9)), math.ceil(round(100 * high, 9))
    return Message("{low:.0%} to {high:.0%}", low=lower / 100, high=upper / 100)


def draw_shares(
    canvas: Canvas,
    rows: Sequence[ShareRow],
    level: float,
    *,
    title: str = Message("The share of each group"),
    axis: str = Message("share of all, listed or not"),
) -> None:
    """Draw a row each.

    Parameters
    ----------
    canvas : Canvas
        What it is drawn on.
    rows : sequence of ShareRow
        The groups, from the top.
    level : float
        Level of the limits.
    title, axis : str, optional
        What the shares are, and of what.
    """
    from matplotlib.lines import Line2D
    from matplotlib.ticker import FuncFormatter

    height = 0.6 if canvas.narrow else 0.42
    axes = canvas.start(WIDE, 1.9 + height * len(rows)).add_subplot()
    end = min(1.0, math.ceil(20 * max(max(row.high, row.listed or 0.0) for row in rows) + 0.5) / 20)
    axes.set_xlim(0.0, end)
    axes.set_ylim(len(rows) - (0.3 if canvas.narrow else 0.5), -0.6)
    for y, row in enumerate(rows):
        marked(axes.plot([row.low, row.high], [y, y], color=BLUE, linewidth=2.4, zorder=2)[0], "limits")
        if row.share is not None:
            marked(axes.plot([row.share], [y], "o", color=BLUE, mec=PAPER, ms=7.5, zorder=3)[0], "point")
        if row.listed is not None:
            look: dict[str, Any] = {"mfc": "none", "mec": ORANGE, "mew": 1.8, "ms": 9}
            marked(axes.plot([row.listed], [y], "o", zorder=4, **look)[0], "listed")
        _write(canvas, axes, y, row)
    axes.set_yticks([] if canvas.narrow else range(len(rows)))
    if not canvas.narrow:
        axes.set_yticklabels([shortened(row.name, _NAME) for row in rows], parse_math=False)
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: canvas.translated(Message("{share:.0%}", share=float(value))))
    )
    axes.grid(axis="x", alpha=0.3)
    axes.set_xlabel(canvas.translated(axis), fontsize=BODY, color=INK)
    canvas.plain(axes)
    axes.tick_params(axis="y", length=0)
    canvas.title(axes, title)
    mark = Line2D([], [], color=BLUE, linewidth=2.4, marker="o", mec=PAPER, markersize=7.5)
    hollow = Line2D([], [], linestyle="none", marker="o", mfc="none", mec=ORANGE, mew=1.8, markersize=9)
    shown = [(mark, Message("Share, with limits ({level})", level=level_words(level)))]
    if any(row.listed is not None for row in rows):
        shown = [(mark, Message("Among all, with limits ({level})", level=level_words(level)))]
        shown.append((hollow, Message("Among those listed")))
    canvas.legend(shown)


def _write(canvas: Canvas, axes: Any, y: int, row: ShareRow) -> None:
    """The limits at the right; under the row, after its name, where it is narrow."""
    look: dict[str, Any] = {"fontsize": SMALL, "color": INK, "annotation_clip": False, "parse_math": False}
    words = canvas.translated(percents(row.low, row.high))
    where = ("axes fraction", "data")
    if not canvas.narrow:
        axes.annotate(words, (1.015, y), xycoords=where, va="center", **look)
        return
    text = f"{shortened(row.name, _NAME)}: {words}"
    spot: dict[str, Any] = {"xytext": (0, -8), "textcoords": "offset points"}
    axes.annotate(text, (0.0, y), xycoords=where, va="top", zorder=5, **spot, **look)
