"""The figures of an assessment: methods, overlaps, dependence; each draws on a canvas."""

from __future__ import annotations

from detcount.assessment.abundance.figures.curve import sensitivity
from detcount.assessment.abundance.figures.forest import forest
from detcount.assessment.abundance.figures.overview import overview
from detcount.assessment.abundance.figures.upset import upset

__all__ = ["forest", "overview", "sensitivity", "upset"]
