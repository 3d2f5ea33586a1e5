"""The figure of the total by the odds ratio between the lists."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from detcount.assessment.abundance.content import AssessmentContent
from detcount.assessment.abundance.figures.forest import WIDEST_AXIS
from detcount.assessment.abundance.messages import tell
from detcount.report.canvas import EMPTY_HEIGHT, Canvas, LineLabel, marked
from detcount.report.numbers import persons, ratio
from detcount.report.style import BLUE, BODY, DASHED, DOTTED, INK, ORANGE, PAPER, SMALL, WIDE
from detcount.words import Message

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["curve_height", "draw_curve", "sensitivity"]


def sensitivity(canvas: Canvas, content: AssessmentContent) -> None:
    """Draw the total by odds ratio, with the floor, the claim and where it flips.

    Parameters
    ----------
    canvas : Canvas
        Where it is drawn.
    content : AssessmentContent
        What the assessment says.
    """
    figure = canvas.start(WIDE, curve_height(content))
    draw_curve(canvas, figure.add_subplot(), content)


def curve_height(content: AssessmentContent) -> float:
    """Inches for the curve."""
    return 3.8 if content.curve else EMPTY_HEIGHT


def draw_curve(canvas: Canvas, axes: Axes, content: AssessmentContent) -> None:
    """The total by odds ratio."""
    title = tell("figure sensitivity")
    if not content.curve or content.curve_base is None:
        canvas.empty(axes, title)
        return
    x = [row.odds_ratio for row in content.curve]
    points = [row.point for row in content.curve if row.point is not None]
    limits = [(row.low, row.high) for row in content.curve if row.low is not None and row.high is not None]
    tipping = content.tipping
    near = points or [min(high, low * WIDEST_AXIS) for low, high in limits]
    top = 1.12 * max([*near, content.claim if tipping is not None and tipping <= 2 * x[-1] else 0.0])
    if len(limits) == len(x):
        lows, highs = [low for low, _ in limits], [min(high, 10 * top) for _, high in limits]
        top = max(top, min(1.05 * max(highs), 1.6 * max(points))) if points else top
        axes.fill_between(x, lows, highs, color=BLUE, alpha=0.15 if points else 0.3, linewidth=0)
    axes.set_xscale("log")
    floor = content.n_observed
    axes.set_ylim(max(0.0, floor - 0.08 * (top - floor)), top)
    axes.set_xlim(x[0], x[-1])
    marked(axes.axhline(floor, color=ORANGE, linewidth=1.4, zorder=2), "floor")
    labels = [LineLabel(float(floor), tell("floor line", n=persons(floor)), ORANGE)]
    below: list[tuple[Any, str]] = []
    if tipping is not None and content.claim < top:
        labels.append(LineLabel(content.claim, _claim_words(content), INK, DASHED))
        claim = axes.axhline(content.claim, color=INK, linewidth=1.0, linestyle=DASHED, zorder=2)
        marked(claim, "claim")
        if x[0] <= tipping <= x[-1]:
            words = tell("tipping label", n=persons(content.claim), value=ratio(tipping))
            line = axes.axvline(tipping, color=INK, linewidth=1.0, linestyle=DOTTED, zorder=2)
            marked(line, "tipping value")
            if canvas.narrow:
                below.append((line, words))
            else:
                _name_tipping(axes, tipping, canvas.say(words))
    canvas.margin_labels(axes, labels)
    if points:
        (curve,) = axes.plot(x, points, color=BLUE, linewidth=2.2, zorder=3)
        marked(curve, "curve")
        base = min(range(len(x)), key=lambda k: abs(math.log(x[k])))
        (mark,) = axes.plot([x[base]], [points[base]], "o", color=BLUE, markersize=7, zorder=4)
        assumed = Message("{name}: {number}", name=tell("assumed label"), number=persons(points[base]))
        if canvas.narrow:
            below.insert(0, (mark, assumed))
        else:
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
    ticks = [value for value in (0.1, 0.25, 0.5, 1, 2, 4, 10) if x[0] * 0.999 <= value <= x[-1] * 1.001]
    canvas.ratio_axis(axes, ticks)
    canvas.persons_axis(axes, "y")
    canvas.plain(axes, keep=("bottom", "left"))
    axes.set_xlabel(canvas.say(tell("axis odds ratio")), fontsize=BODY, color=INK)
    axes.set_ylabel(canvas.say(tell("axis persons")), fontsize=BODY, color=INK)
    canvas.title(axes, Message("{title} ({base})", title=title, base=content.curve_base))
    canvas.legend(below)


def _claim_words(content: AssessmentContent) -> Message:
    """The claim, short enough for a margin."""
    key = "claim given short" if content.claim_given else "claim half short"
    return tell(key, n=persons(content.claim))


def _name_tipping(axes: Axes, tipping: float, words: str) -> None:
    """The odds ratio at which the total meets the claim, named at the top where the curve is not."""
    low, high = axes.get_xlim()
    right = tipping < math.sqrt(low * high)
    axes.annotate(
        words,
        (tipping, 0.96),
        xycoords=("data", "axes fraction"),
        xytext=(5 if right else -5, 0),
        textcoords="offset points",
        ha="left" if right else "right",
        va="top",
        fontsize=SMALL,
        color=INK,
    )
