"""A path of the stock drawn: the fan, the days that were estimated, what bounds it, and published totals."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount.reports.canvas import Canvas, marked, shortened
from detcount.reports.style import BLUE, DASHED, INK, PAPER, QUIET, SERIES, WIDE
from detcount.words import Message

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from detcount.data.published import PublishedStock

TITLE = Message("How many are held, day by day")
REGISTERS = Message("What monitors published, day by day")
_HELD = {
    "data": Message("People held: median, 80% and 95% of each day, from the counts"),
    "prior": Message("People held: median, 80% and 95% of each day, by a stated prior"),
    "bounds": Message("People held: between bounds, with no number more likely than another"),
}
_LIMITS = {
    "data": Message("People held: 80% and 95% of each day, from the counts"),
    "prior": Message("People held: 80% and 95% of each day, by a stated prior"),
    "bounds": _HELD["bounds"],
}
_LEVELS = (0.95, 0.8)
_SHADES = (0.16, 0.30)
_ROOM = 1.12  # of the highest limit drawn
_NAME = 32  # letters of a source in the legend


@dataclass(frozen=True)
class TotalsBySource:
    """The published totals of one source.

    Parameters
    ----------
    source : str
        Who published them.
    dates : tuple of datetime.date
        Days that they are of.
    counts : tuple of int
        Persons held, as published.
    at_least : tuple of bool
        Whether the source said "at least".
    """

    source: str
    dates: tuple[dt.date, ...]
    counts: tuple[int, ...]
    at_least: tuple[bool, ...]


@dataclass(frozen=True, eq=False)
class PathFan:
    """A path as it is drawn.

    Parameters
    ----------
    dates : tuple of datetime.date
        The days.
    median : ndarray of float64, shape (n_days,), optional
        Median of each day, persons; None where no number between the limits is to be shown.
    bands : tuple of tuples of ndarray of float64
        Limits of each day at 95% and at 80%, persons; the bounds where these alone are known.
    floor, ceiling : ndarray of float64, shape (n_days,)
        Bounds of each day; a floor of 0 and a ceiling that is infinite are not drawn.
    anchors : tuple of int
        Positions of the days that were estimated.
    identified_by : str
        What the distribution rests on.
    """

    dates: tuple[dt.date, ...]
    median: Floats | None
    bands: tuple[tuple[Floats, Floats], ...]
    floor: Floats
    ceiling: Floats
    anchors: tuple[int, ...]
    identified_by: str


def totals_by_source(stock: PublishedStock) -> tuple[TotalsBySource, ...]:
    """Give the published totals of each source, who published most first."""
    rows: dict[str, list[int]] = {}
    for row, source in enumerate(stock.source):
        rows.setdefault(source, []).append(row)
    days = stock.date.astype(object)
    return tuple(
        TotalsBySource(
            source,
            tuple(days[row] for row in found),
            tuple(int(stock.count[row]) for row in found),
            tuple(bool(stock.at_least[row]) for row in found),
        )
        for source, found in sorted(rows.items(), key=lambda item: (-len(item[1]), item[0]))
    )


def fan_of(
    dates: tuple[dt.date, ...],
    draws: Ints,
    bounds: tuple[Ints | Floats, Floats],
    anchors: tuple[dt.date, ...],
    identified_by: str,
) -> PathFan:
    """Give what is drawn of a path, from its days, its draws, its bounds and the days that were estimated.

    Where bounds alone are known they are the only band, up to where nothing limits them.
    """
    floor, ceiling = (np.asarray(each, dtype=np.float64) for each in bounds)
    places = tuple((day - dates[0]).days for day in anchors if dates[0] <= day <= dates[-1])
    if identified_by == "bounds":
        return PathFan(dates, None, ((floor, ceiling),), floor, ceiling, places, identified_by)
    tails = [(1 - level) / 2 for level in _LEVELS]
    limits = np.quantile(
        draws, [*tails, *(1 - tail for tail in reversed(tails))], axis=0, method="inverted_cdf"
    ).astype(np.float64)
    return PathFan(
        dates,
        np.asarray(np.median(draws, axis=0), dtype=np.float64),
        ((limits[0], limits[3]), (limits[1], limits[2])),
        floor,
        ceiling,
        places,
        identified_by,
    )


def draw_path(
    canvas: Canvas, fan: PathFan | None, totals: tuple[TotalsBySource, ...], height: float = 4.4
) -> None:
    """Draw the fan of a path with its bounds, and what each source published as points.

    Parameters
    ----------
    canvas : Canvas
        What it is drawn on.
    fan : PathFan or None
        The path; without one the published totals alone.
    totals : tuple of TotalsBySource
        The published totals.
    height : float, optional
        Height of the figure, inches; on a telephone the legend takes more.
    """
    axes = canvas.start(WIDE, height + 0.4 if canvas.narrow else height).add_subplot()
    title = TITLE if fan is not None else REGISTERS
    if fan is None and not totals:
        canvas.empty(axes, title)
        return
    shown: list[tuple[Any, Message | str]] = []
    tops = [float(max(each.counts)) for each in totals]
    if fan is not None:
        shown += _draw_fan(axes, fan)
        tops.append(_highest(fan))
    for (color, shape), each in zip(SERIES, totals, strict=False):
        mark = _draw_totals(axes, each, color, shape, joined=fan is None)
        shown.append((mark, shortened(canvas.translated(each.source), _NAME)))
    if any(any(each.at_least) for each in totals[: len(SERIES)]):
        hollow = _mark(QUIET, "o", filled=False)
        shown.append((hollow, Message('Hollow: the source said "at least"')))
    if len(totals) > len(SERIES):
        left_out = len(totals) - len(SERIES)
        words = Message.counted("1 more source is not drawn", "{n} more sources are not drawn", n=left_out)
        shown.append((_mark("none", "o"), words))
    axes.set_ylim(0, _ROOM * max(1.0, *tops))
    days = [*(() if fan is None else fan.dates), *(day for each in totals for day in each.dates)]
    left, right = place(min(days)), place(max(days))
    axes.set_xlim(left - 0.02 * max(right - left, 1.0), right + 0.02 * max(right - left, 1.0))
    canvas.persons_axis(axes, "y", Message("Persons held"), grid=True)
    canvas.day_axis(axes)
    canvas.plain(axes, keep=("bottom", "left"))
    canvas.title(axes, title)
    canvas.legend(shown)


def place(day: dt.date) -> float:
    """Give the place of a day on an axis."""
    import matplotlib.dates as mdates

    return float(mdates.date2num(day))  # type: ignore[no-untyped-call]


def _draw_fan(axes: Axes, fan: PathFan) -> list[tuple[Any, Message | str]]:
    """Bands, median, estimated days and bounds; gives what the legend shows of them."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    x = np.array([place(day) for day in fan.dates])
    for (low, high), shade in zip(fan.bands, _SHADES, strict=False):
        limited = np.where(np.isfinite(high), high, math.nan)
        band = axes.fill_between(x, low, limited, color=BLUE, alpha=shade, linewidth=0, zorder=1)
        marked(band, "limits")
    if fan.median is not None:
        marked(axes.plot(x, fan.median, color=BLUE, linewidth=1.6, zorder=3)[0], "median")
    patch = Patch(facecolor=BLUE, alpha=0.4)
    words = (_LIMITS if fan.median is None else _HELD)[fan.identified_by]
    shown: list[tuple[Any, Message | str]] = [(patch, words)] if len(fan.dates) > 1 else []
    if fan.anchors:
        at = list(fan.anchors)
        low, high = (limit[at] for limit in fan.bands[0])
        axes.vlines(x[at], low, high, color=BLUE, linewidth=1.2, zorder=4)
        mark = Line2D([], [], color=BLUE, linewidth=1.2)
        if fan.median is not None:
            axes.plot(x[at], fan.median[at], "o", mfc=PAPER, mec=BLUE, mew=1.4, markersize=5.5, zorder=5)
            mark = Line2D([], [], color=BLUE, marker="o", mfc=PAPER, mew=1.4, markersize=5.5)
        shown.append((mark, Message("Days with an estimate of their own")))
    if (fan.floor > 0).any():
        daily = len(x) == round(x[-1] - x[0]) + 1
        steps = "steps-post" if daily else "default"
        marked(axes.plot(x, fan.floor, color=INK, linewidth=1.0, drawstyle=steps, zorder=2)[0], "floor")
        shown.append((Line2D([], [], color=INK, linewidth=1.0), Message("Floor: at least so many")))
    top = _ROOM * _highest(fan)
    ceiling = np.where(fan.ceiling <= top, fan.ceiling, math.nan)
    if np.isfinite(ceiling).any():
        marked(axes.plot(x, ceiling, color=QUIET, linewidth=1.0, linestyle=DASHED, zorder=2)[0], "ceiling")
        line = Line2D([], [], color=QUIET, linewidth=1.0, linestyle=DASHED)
        shown.append((line, Message("Upper bound: at most so many")))
    return shown


def _highest(fan: PathFan) -> float:
    """The highest limit, or floor where there is none."""
    highs = fan.bands[0][1]
    return float(np.where(np.isfinite(highs), highs, fan.floor).max())


def _draw_totals(axes: Axes, totals: TotalsBySource, color: str, shape: str, *, joined: bool) -> Any:
    """The totals of one source as points, joined where nothing else is drawn."""
    x = np.array([place(day) for day in totals.dates])
    y, least = np.array(totals.counts, dtype=np.float64), np.array(totals.at_least)
    if joined:
        axes.plot(x[~least], y[~least], color=color, linewidth=0.9, alpha=0.6, zorder=5)
    axes.plot(x[~least], y[~least], shape, color=color, markersize=4.5, zorder=6, linestyle="none")
    axes.plot(x[least], y[least], shape, color=color, mfc=PAPER, markersize=4.5, zorder=6, linestyle="none")
    return _mark(color, shape)


def _mark(color: str, shape: str, *, filled: bool = True) -> Any:
    """A mark as the legend shows it."""
    from matplotlib.lines import Line2D

    face = color if filled else PAPER
    return Line2D([], [], color=color, marker=shape, mfc=face, markersize=4.5, linestyle="none")
