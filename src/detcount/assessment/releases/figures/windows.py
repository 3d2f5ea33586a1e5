"""The windows in time: who counted the releases of which days, and when that was published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from detcount.assessment.releases.counts import CountRow
from detcount.assessment.releases.figures.marks import fitting, place
from detcount.assessment.releases.messages import tell, times
from detcount.assessment.releases.phrases import count_words
from detcount.reports.canvas import Canvas
from detcount.reports.style import BAND, BLUE, FAINT, INK, ORANGE, PAPER, QUIET, SMALL, WIDE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["MOST_WINDOWS", "windows"]

MOST_WINDOWS = 24
"""Counts that are drawn, at most."""
_NAME = 38  # letters of a source where it stands over its row
_ROLES = {"announced": ORANGE, "verified": BLUE, "reported": QUIET}
_MARKS = {"announced": "D", "verified": "o", "reported": "s"}
_UNKNOWN: Any = (0, (1, 1.5))  # how days of which nobody said since when are drawn


def windows(canvas: Canvas, rows: Sequence[CountRow], most: int = MOST_WINDOWS) -> None:
    """Draw a row a count: its window as a line, the day of publication as a mark, the number at the right.

    Parameters
    ----------
    canvas : Canvas
        What it is drawn on.
    rows : sequence of CountRow
        The published counts.
    most : int, optional
        The counts drawn, at most; of more the last to be published.
    """
    shown = _chosen(rows, max(most, 1))
    row_height, rest = (0.46, 2.3) if canvas.narrow else (0.27, 1.9)
    axes = canvas.start(WIDE, rest + row_height * max(len(shown), 2)).add_subplot()
    title = tell("figure windows")
    if not shown:
        canvas.empty(axes, title)
        return
    days = [day for row in shown for day in (row.start, row.end, row.published) if day is not None]
    first, last = place(min(days)), place(max(days))
    span = max(last - first, 1.0)
    for y, row in enumerate(shown):
        _draw_row(canvas, axes, y, row, first, span)
    axes.set_xlim(first - 0.08 * span, last + 0.03 * span)
    axes.set_ylim(len(shown) - 0.4, -0.75 if canvas.narrow else -0.6)
    canvas.plain(axes)
    axes.set_yticks([] if canvas.narrow else range(len(shown)))
    if not canvas.narrow:
        axes.set_yticklabels([fitting(canvas.say(row.source)) for row in shown], parse_math=False)
        axes.tick_params(axis="y", length=0, labelsize=SMALL)
        for label, row in zip(axes.get_yticklabels(), shown, strict=True):
            label.set_color(_ROLES.get(row.role, QUIET))
    canvas.day_axis(axes)
    axes.grid(axis="x", color=FAINT, linewidth=0.6, zorder=0)
    axes.set_axisbelow(True)
    if len(rows) > len(shown):
        text = canvas.say(times("more windows", len(rows) - len(shown)))
        axes.set_xlabel(text, fontsize=SMALL, color=QUIET, loc="right")
    canvas.title(axes, title)
    canvas.legend(_shown(shown), columns=3)


def _chosen(rows: Sequence[CountRow], most: int) -> tuple[CountRow, ...]:
    """The windows that are drawn: the last to be published, announced and verified before reported."""
    order = sorted(
        range(len(rows)), key=lambda k: (rows[k].published, rows[k].role != "reported", k), reverse=True
    )
    return tuple(rows[k] for k in sorted(order[:most]))


def _draw_row(canvas: Canvas, axes: Axes, y: int, row: CountRow, first: float, span: float) -> None:
    """One count; what it says of an unknown first day is dotted."""
    color = _ROLES.get(row.role, QUIET)
    unknown = first - 0.06 * span
    start = unknown if row.start is None else place(row.start)
    end = place(row.end or row.published)
    if y % 2 == 0:
        axes.axhspan(y - 0.5, y + 0.5, color=BAND, zorder=0)
    if row.start is None:
        known = max(end - 0.04 * span, unknown)
        axes.plot([unknown, known], [y, y], color=color, linewidth=2, linestyle=_UNKNOWN, zorder=2)
        axes.plot([known, end], [y, y], color=color, linewidth=4, solid_capstyle="butt", zorder=2)
    else:
        # a day is a day long
        axes.plot(
            [start, max(end, start + 0.006 * span)],
            [y, y],
            color=color,
            linewidth=4.5,
            solid_capstyle="butt",
            zorder=2,
        )
    axes.plot([end, place(row.published)], [y, y], color=color, linewidth=0.8, zorder=1)
    axes.plot(
        [place(row.published)],
        [y],
        marker=_MARKS.get(row.role, "o"),
        color=color,
        markerfacecolor=PAPER,
        markersize=6,
        markeredgewidth=1.5,
        zorder=4,
    )
    _write(canvas, axes, y, row, color)


def _write(canvas: Canvas, axes: Axes, y: int, row: CountRow, color: str) -> None:
    """The number at the right of a row; who counted it too where names have no room at the left."""
    number = canvas.say(count_words(row.count, at_least=row.at_least))
    look: dict[str, Any] = {"xycoords": ("axes fraction", "data"), "fontsize": SMALL, "zorder": 5}
    if not canvas.narrow:
        axes.annotate(number, (1.015, y), va="center", color=INK, annotation_clip=False, **look)
        return
    look |= {"textcoords": "offset points", "xytext": (0, 6), "va": "bottom"}
    axes.annotate(number, (1.0, y), ha="right", color=INK, **look)
    axes.annotate(fitting(canvas.say(row.source), _NAME), (0.0, y), color=color, parse_math=False, **look)


def _shown(rows: tuple[CountRow, ...]) -> list[tuple[Any, str]]:
    """What the colours, the marks and the lines mean."""
    from matplotlib.lines import Line2D

    shown: list[tuple[Any, str]] = []
    for role, color in _ROLES.items():
        if any(row.role == role for row in rows):
            look: dict[str, Any] = {"marker": _MARKS[role], "mfc": PAPER, "markersize": 6, "mew": 1.5}
            shown.append((Line2D([], [], color=color, linewidth=4.5, **look), tell(f"role {role}")))
    published = Line2D([], [], color="none", marker="o", markeredgecolor=INK, mfc=PAPER, mew=1.5)
    shown.append((published, tell("axis published")))
    if any(row.start is None for row in rows):
        line = Line2D([], [], color=INK, linewidth=2, linestyle=_UNKNOWN)
        shown.append((line, tell("start unknown")))
    return shown
