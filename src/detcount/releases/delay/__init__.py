"""How long verification takes, and what is still to be verified."""

from __future__ import annotations

from detcount.releases.delay.result import DelayEstimate
from detcount.releases.delay.specification import DelayFamily, VerificationDelay

__all__ = ["DelayEstimate", "DelayFamily", "VerificationDelay"]
