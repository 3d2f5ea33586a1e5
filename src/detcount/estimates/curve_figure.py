"""The total by the odds ratio, drawn: the curve, its limits, the floor, and where it comes to a claim."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detcount.reports.canvas import Canvas, LineLabel, marked
from detcount.reports.numbers import persons, ratio
from detcount.reports.style import BLUE, BODY, DASHED, DOTTED, INK, ORANGE, PAPER, SMALL, WIDE
from detcount.words import Message

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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
    axes.set_xlabel(canvas.say(Message("odds ratio between the lists")), fontsize=BODY, color=INK)
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
    """Where the axis of persons ends, before limits that run away are looked at."""
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
    assumed = Message("{name}: {number}", name=Message("assumed"), number=persons(points[base]))
    if canvas.narrow:
        return [(mark, assumed)]
    axes.annotate(
        canvas.say(assumed),
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
        canvas.say(words),
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
