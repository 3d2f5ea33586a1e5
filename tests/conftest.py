"""Hypothesis profiles: 40 examples at the desk, 200 that never change in continuous integration."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

os.environ.setdefault("MPLBACKEND", "Agg")

_SLOW_START = [HealthCheck.too_slow]  # the first example of a test pays for its imports

settings.register_profile("dev", max_examples=40, deadline=None, suppress_health_check=_SLOW_START)
settings.register_profile(
    "ci", max_examples=200, deadline=None, derandomize=True, suppress_health_check=_SLOW_START
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev"))
