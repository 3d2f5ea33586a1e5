"""The continuing process of releases: totals over windows that move, compared like with like."""

from __future__ import annotations

from detcount.releases.process.result import ProcessEstimate
from detcount.releases.process.specification import ReleaseProcess

__all__ = ["ProcessEstimate", "ReleaseProcess"]
