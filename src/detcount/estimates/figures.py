"""Estimates drawn: under each other on one axis, and the total by the odds ratio between lists."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from detcount._numerics.arrays import Floats
from detcount._numerics.roots import strip_of_draws
from detcount.reports.canvas import EMPTY_HEIGHT, Canvas, LineLabel, marked, shortened
from detcount.reports.numbers import level_words, persons, printed_point, ratio
from detcount.reports.style import BLUE, BODY, DASHED, DOTTED, INK, ORANGE, PAPER, SMALL, WIDE
from detcount.words import Message

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from detcount.estimates.interval import Interval, IntervalRule


_FARTHEST = 4.0  # a limit so many times as far from the floor as the farthest point leaves the axis
_RISE, _LOW_RISE = 0.62, 0.5  # of a row, the height of a distribution; where words stand under it
_NAME = 30  # letters of a name at the left


class _Estimate(Protocol):
    """Protocol of an estimate of N that is drawn."""

    @property
    def point(self) -> float: ...
    @property
    def n_observed(self) -> int: ...
    @property
    def interval_rule(self) -> IntervalRule: ...
    @property
    def detail(self) -> object: ...
    @property
    def draws(self) -> Floats | None: ...
    def interval(self, level: float) -> Interval: ...
    def printed(self, level: float) -> tuple[float, float, float]: ...


@dataclass(frozen=True)
class EstimateRow:
    """An estimate as it is drawn.

    Parameters
    ----------
    name : str
        Whom it counts, or by what method; empty where it stands alone.
    n_observed : int
        Persons on at least one list.
    low, point, high : float, optional
        Limits and point, persons; None where there is no answer, or no point to be shown.
    words : str
        The numbers, as they are printed beside it.
    strip : tuple of (float, float), optional
        Persons, and the height of the distribution there, up to 1.
    """

    name: str
    n_observed: int
    low: float | None
    point: float | None
    high: float | None
    words: str
    strip: tuple[tuple[float, float], ...] = ()


def draws_of_unobserved(estimate: _Estimate) -> tuple[Floats, float]:
    """Give the finite draws of n_0, and how many independent ones they are worth."""
    draws = np.asarray(estimate.draws, dtype=np.float64) - estimate.n_observed
    draws = draws[np.isfinite(draws)]
    return draws, float(getattr(estimate.detail, "effective_sample_size", len(draws)))


def strip_of(estimate: _Estimate) -> tuple[tuple[float, float], ...]:
    """Give the distribution of log n_0 by N, its greatest height 1; empty without draws of a distribution."""
    if estimate.draws is None or estimate.interval_rule.method not in ("posterior", "calibrated"):
        return ()
    unobserved, independent = draws_of_unobserved(estimate)
    values, heights = strip_of_draws(unobserved, independent)
    return tuple(zip((estimate.n_observed + values).tolist(), heights.tolist(), strict=True))


def row_of(estimate: _Estimate, name: str, level: float) -> EstimateRow:
    """Give what is drawn of an estimate at a level."""
    interval = estimate.interval(level)
    low, point, high = estimate.printed(level)
    words = Message("{point:,.0f}  ({low:,.0f} – {high:,.0f})", point=point, low=low, high=high)
    return EstimateRow(
        name, estimate.n_observed, interval.low, estimate.point, interval.high, words, strip_of(estimate)
    )


def draw_rows(canvas: Canvas, rows: Sequence[EstimateRow], title: str, level: float) -> None:
    """Draw a row each: listed persons, limits, point, and the distribution where there is one.

    Parameters
    ----------
    canvas : Canvas
        What it is drawn on.
    rows : sequence of EstimateRow
        The estimates, from the top.
    title : str
        What they are of.
    level : float
        Level of the limits.
    """
    if not rows:
        canvas.empty(canvas.start(WIDE, EMPTY_HEIGHT).add_subplot(), title)
        return
    height = 0.95 if canvas.narrow else 0.5
    axes = canvas.start(WIDE, 2.0 + height * len(rows) + (0.5 if canvas.narrow else 0.0)).add_subplot()
    end = _end(rows)
    start = min(row.n_observed for row in rows)
    axes.set_xlim(max(0.0, start - 0.06 * (end - start)), end + 0.02 * (end - start))
    axes.set_ylim(len(rows) - (0.4 if canvas.narrow else 0.6), -0.75)
    for y, row in enumerate(rows):
        _draw(canvas, axes, y, row, end)
    named = any(row.name for row in rows) and not canvas.narrow
    axes.set_yticks(range(len(rows)) if named else [])
    if named:
        names = [shortened(canvas.translated(row.name), _NAME) for row in rows]
        axes.set_yticklabels(names, parse_math=False)
    canvas.persons_axis(axes, "x", Message("people"), grid=True)
    canvas.plain(axes)
    axes.tick_params(axis="y", length=0)
    canvas.title(axes, title)
    canvas.legend(_shown(rows, level))


def _end(rows: Sequence[EstimateRow]) -> float:
    """Where the axis ends: at the greatest limit, unless it runs away from the points."""
    floor = min(row.n_observed for row in rows)
    nearest = [row.low if row.point is None else row.point for row in rows if row.low is not None]
    points = [float(each or 0.0) for each in nearest] + [float(row.n_observed) for row in rows]
    highs = [row.high for row in rows if row.high is not None and math.isfinite(row.high)]
    if max(points) <= floor:  # nothing but limits above those listed: the nearest of them is in view
        points += sorted(highs)[:1]
    farthest = max(max(points) - floor, 1.0)
    return floor + min(max([*highs, *points]) - floor, _FARTHEST * farthest) + 1.0


def _draw(canvas: Canvas, axes: Axes, y: int, row: EstimateRow, end: float) -> None:
    """One row."""
    floor, rise = [row.n_observed] * 2, _LOW_RISE if canvas.narrow else _RISE
    lower, upper = (y + 0.06, y - 0.3) if canvas.narrow else (y + 0.25, y - 0.4)
    marked(axes.plot(floor, [lower, upper], color=ORANGE, linewidth=2.0, zorder=3)[0], "floor")
    shown = [(max(x, row.n_observed), height) for x, height in row.strip if x <= end]
    if len(shown) > 1:
        x, heights = zip(*shown, strict=True)
        tops = [y - rise * height for height in heights]
        band = axes.fill_between(x, [y] * len(x), tops, color=BLUE, alpha=0.25, linewidth=0, zorder=1.5)
        marked(band, "distribution")
    if row.low is not None and row.high is not None:
        limits = [min(row.low, end), min(row.high, end)]
        marked(axes.plot(limits, [y, y], color=BLUE, linewidth=2.4, zorder=2)[0], "limits")
        if row.high > end:
            axes.plot([end], [y], marker=">", color=BLUE, markersize=7, zorder=3, clip_on=False)
    if row.point is not None and row.point <= end:
        mark = axes.plot([row.point], [y], "o", color=BLUE, mec=PAPER, markersize=7.5, zorder=4)[0]
        marked(mark, "point")
    _write(canvas, axes, y, row)


def _write(canvas: Canvas, axes: Axes, y: int, row: EstimateRow) -> None:
    """The numbers at the right; under the row, after its name, where it is narrow."""
    look: dict[str, Any] = {"fontsize": SMALL, "color": INK, "annotation_clip": False, "parse_math": False}
    where = ("axes fraction", "data")
    if not canvas.narrow:
        axes.annotate(canvas.translated(row.words), (1.015, y), xycoords=where, va="center", **look)
        return
    name = shortened(canvas.translated(row.name), _NAME)
    for k, text in enumerate(each for each in (name, canvas.translated(row.words)) if each):
        spot: dict[str, Any] = {"xytext": (0, -8 - 11 * k), "textcoords": "offset points"}
        axes.annotate(text, (0.0, y), xycoords=where, va="top", zorder=5, **spot, **look)


def _shown(rows: Sequence[EstimateRow], level: float) -> list[tuple[Any, str]]:
    """Give the legend of the marks that are drawn."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    shown: list[tuple[Any, str]] = [
        (Line2D([], [], color=ORANGE, linewidth=2.0), Message("Listed: at least so many"))
    ]
    if any(row.low is not None for row in rows):
        mark = Line2D([], [], color=BLUE, linewidth=2.4, marker="o", mec=PAPER, markersize=7.5)
        shown.append((mark, Message("Estimate, with its limits ({level})", level=level_words(level))))
    if any(row.strip for row in rows):
        patch = Patch(facecolor=BLUE, alpha=0.25)
        shown.append((patch, Message("Where the estimate puts its probability")))
    return shown


WIDEST_AXIS = 12.0  # points so many times as far from the floor as the middle one leave the axis
_TICKS = ((0.1, 0.25, 0.5, 1, 2, 4, 10), (0.1, 0.2, 0.5, 1, 2, 5, 10))


@dataclass(frozen=True)
class CurveFigure:
    """A curve as it is drawn.

    Parameters
    ----------
    odds_ratios : tuple of float
        Odds ratios, ascending.
    points : tuple of float
        Total at each, persons; empty where no number is to be shown.
    limits : tuple of (float, float)
        Limits at each, persons; empty where there are none.
    n_observed : int
        Persons on at least one list.
    claim : float, optional
        A number of persons that the total is held against.
    claim_words : str, optional
        What the claim is, short enough for a margin.
    tipping : float, optional
        Odds ratio at which the total comes to the claim.
    """

    odds_ratios: tuple[float, ...]
    points: tuple[float, ...]
    limits: tuple[tuple[float, float], ...]
    n_observed: int
    claim: float | None = None
    claim_words: str = ""
    tipping: float | None = None


def draw_curve_on(canvas: Canvas, axes: Axes, curve: CurveFigure, title: str) -> None:
    """Draw a curve on axes.

    Parameters
    ----------
    canvas : Canvas
        What it is drawn on.
    axes : matplotlib.axes.Axes
        Where on it.
    curve : CurveFigure
        The curve.
    title : str
        What it is of.
    """
    x, floor = curve.odds_ratios, curve.n_observed
    top = _top(curve)
    if curve.limits:
        lows, highs = zip(*((low, min(high, 10 * top)) for low, high in curve.limits), strict=True)
        if curve.points:
            top = max(top, min(1.05 * max(highs), 1.6 * max(curve.points)))
        shade = 0.15 if curve.points else 0.3
        marked(axes.fill_between(x, lows, highs, color=BLUE, alpha=shade, linewidth=0), "limits")
    axes.set_xscale("log")
    axes.set_ylim(max(0.0, floor - 0.08 * (top - floor)), top)
    axes.set_xlim(x[0], x[-1])
    marked(axes.axhline(floor, color=ORANGE, linewidth=1.4, zorder=2), "floor")
    labels = [LineLabel(float(floor), Message("{n} listed", n=persons(floor)), ORANGE)]
    below: list[tuple[Any, str]] = []
    if curve.claim is not None and curve.claim < top:
        labels.append(LineLabel(curve.claim, curve.claim_words, INK, DASHED))
        marked(axes.axhline(curve.claim, color=INK, linewidth=1.0, linestyle=DASHED, zorder=2), "claim")
        if curve.tipping is not None and x[0] <= curve.tipping <= x[-1]:
            below += _draw_tipping(canvas, axes, curve.claim, curve.tipping)
    canvas.margin_labels(axes, labels)
    if curve.points:
        below = _draw_points(canvas, axes, curve) + below
    canvas.ratio_axis(axes, _ticks(x))
    canvas.persons_axis(axes, "y", Message("people"))
    canvas.plain(axes, keep=("bottom", "left"))
    axes.set_xlabel(canvas.translated(Message("odds ratio between the lists")), fontsize=BODY, color=INK)
    canvas.title(axes, title)
    canvas.legend(below)


def draw_curve_alone(canvas: Canvas, curve: CurveFigure) -> None:
    """Draw a curve as a figure of its own.

    Parameters
    ----------
    canvas : Canvas
        What it is drawn on.
    curve : CurveFigure
        The curve.
    """
    axes = canvas.start(WIDE, 3.8).add_subplot()
    draw_curve_on(canvas, axes, curve, Message("Total if the lists depend on each other"))


def _top(curve: CurveFigure) -> float:
    """Where the axis of persons ends if limits far above the points are not counted."""
    near = [*(curve.points or (min(high, low * WIDEST_AXIS) for low, high in curve.limits))]
    if curve.claim is not None and curve.tipping is not None and curve.tipping <= 2 * curve.odds_ratios[-1]:
        near.append(curve.claim)
    return 1.12 * float(max(near))


def _ticks(x: tuple[float, ...]) -> list[float]:
    """Odds ratios that are written on the axis."""
    fifths = math.isclose(x[0], 0.2) or math.isclose(x[-1], 5.0)
    return [value for value in _TICKS[fifths] if x[0] * 0.999 <= value <= x[-1] * 1.001]


def _draw_points(canvas: Canvas, axes: Axes, curve: CurveFigure) -> list[tuple[Any, str]]:
    """The curve and the total where all is as assumed; gives what the legend says of it."""
    x, points = curve.odds_ratios, curve.points
    marked(axes.plot(x, points, color=BLUE, linewidth=2.2, zorder=3)[0], "curve")
    base = min(range(len(x)), key=lambda k: abs(math.log(x[k])))
    (mark,) = axes.plot([x[base]], [points[base]], "o", color=BLUE, markersize=7, zorder=4)
    assumed = Message("assumed: {n:,.0f}", n=printed_point(points[base], curve.n_observed))
    if canvas.narrow:
        return [(mark, assumed)]
    axes.annotate(
        canvas.translated(assumed),
        (x[base], points[base]),
        xytext=(-6, 9),
        textcoords="offset points",
        ha="right",
        fontsize=SMALL,
        color=BLUE,
        bbox={"facecolor": PAPER, "alpha": 0.85, "edgecolor": "none", "pad": 1.0},
        zorder=5,
    )
    return []


def _draw_tipping(canvas: Canvas, axes: Axes, claim: float, tipping: float) -> list[tuple[Any, str]]:
    """The odds ratio at which the total meets the claim, named at the top where the curve is not."""
    words = Message("{n} reached at {value}", n=persons(claim), value=ratio(tipping))
    line = axes.axvline(tipping, color=INK, linewidth=1.0, linestyle=DOTTED, zorder=2)
    marked(line, "tipping value")
    if canvas.narrow:
        return [(line, words)]
    low, high = axes.get_xlim()
    right = tipping < math.sqrt(low * high)
    axes.annotate(
        canvas.translated(words),
        (tipping, 0.96),
        xycoords=("data", "axes fraction"),
        xytext=(5 if right else -5, 0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="top",
        fontsize=SMALL,
        color=INK,
    )
    return []
