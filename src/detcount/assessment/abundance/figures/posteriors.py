"""The distribution of every method that has one, under each other on one axis."""

from __future__ import annotations

from detcount.assessment.abundance.content import AssessmentContent, FamilyRow
from detcount.assessment.abundance.messages import tell
from detcount.assessment.level import LEVEL
from detcount.estimates.row_figure import EstimateRow, draw_rows
from detcount.reports.canvas import Canvas
from detcount.reports.numbers import persons
from detcount.words import Message, Number


def posteriors(canvas: Canvas, content: AssessmentContent) -> None:
    """Draw where each method that gives a distribution puts its probability, with its limits and the floor.

    Parameters
    ----------
    canvas : Canvas
        Where it is drawn.
    content : AssessmentContent
        What the assessment says.
    """
    rows = [_row(row, content) for row in content.families if row.strip]
    draw_rows(canvas, rows, tell("figure posterior"), LEVEL)


def _row(row: FamilyRow, content: AssessmentContent) -> EstimateRow:
    """What is drawn of a method; its number only where it may be printed."""
    shown = content.print_point or not row.recommended
    low, point, high = row.low, row.point, row.high
    words = Message("{low} – {high}", low=persons(low), high=Number(high))
    if shown and point is not None:
        words = Message("{point}  ({limits})", point=persons(point), limits=words)
    name = Message("{name} ★", name=row.name) if row.recommended else row.name
    drawn = row.point if shown else None
    return EstimateRow(name, content.n_observed, row.low, drawn, row.high, words, row.strip)
