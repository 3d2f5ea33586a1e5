"""The figures of an assessment: methods, distributions, overlaps, dependence; each draws on a canvas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from detcount.assessment.abundance.content import AssessmentContent
from detcount.assessment.abundance.figures.curve import overview, posteriors, sensitivity
from detcount.assessment.abundance.figures.forest import forest
from detcount.assessment.abundance.figures.upset import upset
from detcount.reports.canvas import Canvas

__all__ = ["KINDS", "FigureKind", "forest", "overview", "posteriors", "sensitivity", "upset"]

FigureKind = Literal["overview", "forest", "posterior", "upset", "sensitivity"]
"""Which figure of an assessment is drawn."""

KINDS: dict[str, Callable[[Canvas, AssessmentContent], None]] = {
    "overview": overview,
    "forest": forest,
    "posterior": posteriors,
    "upset": upset,
    "sensitivity": sensitivity,
}
"""How each is drawn."""
