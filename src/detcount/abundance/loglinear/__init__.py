"""One log-linear model of how lists depend on each other, stated in advance."""

from __future__ import annotations

from detcount.abundance.loglinear.specification import LogLinear, LogLinearDetail

__all__ = ["LogLinear", "LogLinearDetail"]
