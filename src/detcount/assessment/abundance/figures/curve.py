"""The figure of the total by the odds ratio between the lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from detcount.assessment.abundance.content import AssessmentContent
from detcount.assessment.abundance.messages import tell
from detcount.estimates.curve_figure import CurveFigure, draw_curve_on
from detcount.reports.canvas import EMPTY_HEIGHT, Canvas
from detcount.reports.numbers import persons
from detcount.reports.style import WIDE
from detcount.words import Message

if TYPE_CHECKING:
    from matplotlib.axes import Axes


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
    limits = [(row.low, row.high) for row in content.curve if row.low is not None and row.high is not None]
    known = content.tipping is not None
    key = "claim given short" if content.claim_given else "claim half short"
    curve = CurveFigure(
        odds_ratios=tuple(row.odds_ratio for row in content.curve),
        points=tuple(row.point for row in content.curve if row.point is not None),
        limits=tuple(limits) if len(limits) == len(content.curve) else (),
        n_observed=content.n_observed,
        claim=content.claim if known else None,
        claim_words=tell(key, n=persons(content.claim)) if known else "",
        tipping=content.tipping,
    )
    draw_curve_on(canvas, axes, curve, Message("{title} ({base})", title=title, base=content.curve_base))
