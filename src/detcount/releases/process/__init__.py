"""Totals to come: what a monitor will have published, from its own steps and growth in other campaigns."""

from __future__ import annotations

from detcount.releases.process.result import ProcessEstimate
from detcount.releases.process.specification import ReleaseProcess

__all__ = ["ProcessEstimate", "ReleaseProcess"]
