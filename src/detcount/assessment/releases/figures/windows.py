"""The windows in time: who counted the releases of which days, and when that was published."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from detcount.assessment.releases.counts import CountRow
from detcount.assessment.releases.figures.marks import ORANGE_INK, VERIFIED, fitting, place
from detcount.assessment.releases.messages import tell, times
from detcount.assessment.releases.phrases import count_words
from detcount.report.canvas import FAINT, INK, QUIET, Canvas

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["MOST_WINDOWS", "windows"]

MOST_WINDOWS = 24
"""Counts that are drawn, at most."""
_ROLES = {"announced": ORANGE_INK, "verified": VERIFIED, "reported": QUIET}
_MARKS = {"announced": "D", "verified": "o", "reported": "s"}
_BAND = "#f6f6f6"


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
    axes = canvas.start(8.4, 1.9 + 0.27 * max(len(shown), 2)).add_subplot()
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
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_yticks(range(len(shown)))
    axes.set_yticklabels([fitting(canvas.say(row.source)) for row in shown], parse_math=False)
    for label, row in zip(axes.get_yticklabels(), shown, strict=True):
        label.set_color(_ROLES.get(row.role, QUIET))
    canvas.day_axis(axes)
    canvas.plain(axes)
    axes.tick_params(axis="y", length=0, labelsize=8.5)
    axes.grid(axis="x", color=FAINT, linewidth=0.6, zorder=0)
    axes.set_axisbelow(True)
    if len(rows) > len(shown):
        text = canvas.say(times("more windows", len(rows) - len(shown)))
        axes.set_xlabel(text, fontsize=8.5, color=QUIET, loc="right")
    canvas.title(axes, title)
    _legend(canvas, axes, shown)


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
        axes.axhspan(y - 0.5, y + 0.5, color=_BAND, zorder=0)
    if row.start is None:
        known = max(end - 0.04 * span, unknown)
        axes.plot([unknown, known], [y, y], color=color, linewidth=2, linestyle=(0, (1, 1.5)), zorder=2)
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
        markerfacecolor="white",
        markersize=6,
        markeredgewidth=1.5,
        zorder=4,
    )
    axes.annotate(
        canvas.say(count_words(row.count, at_least=row.at_least)),
        (1.015, y),
        xycoords=("axes fraction", "data"),
        va="center",
        fontsize=8.5,
        color=INK,
        annotation_clip=False,
    )


def _legend(canvas: Canvas, axes: Axes, rows: tuple[CountRow, ...]) -> None:
    """What the colours, the marks and the lines mean."""
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [],
            [],
            color=_ROLES[role],
            linewidth=4.5,
            marker=_MARKS[role],
            markerfacecolor="white",
            markersize=6,
            markeredgewidth=1.5,
            label=canvas.say(tell(f"role {role}")),
        )
        for role in _ROLES
        if any(row.role == role for row in rows)
    ]
    handles.append(
        Line2D(
            [],
            [],
            color="none",
            marker="o",
            markeredgecolor=INK,
            markerfacecolor="white",
            markeredgewidth=1.5,
            label=canvas.say(tell("axis published")),
        )
    )
    if any(row.start is None for row in rows):
        label = canvas.say(tell("start unknown"))
        handles.append(Line2D([], [], color=INK, linewidth=2, linestyle=(0, (1, 1.5)), label=label))
    axes.figure.legend(
        handles=handles, loc="outside lower left", ncols=3, frameon=False, fontsize=8.5, handlelength=2.4
    )
