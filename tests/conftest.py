"""Hypothesis profiles, and which tests wait until they are asked for by name.

There are 40 examples at the desk, 200 that never change in continuous integration.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

os.environ.setdefault("MPLBACKEND", "Agg")

_SLOW_START = [HealthCheck.too_slow]  # the first example of a test pays for its imports

settings.register_profile("dev", max_examples=40, deadline=None, suppress_health_check=_SLOW_START)
settings.register_profile(
    "ci", max_examples=200, deadline=None, derandomize=True, suppress_health_check=_SLOW_START
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev"))

# what needs a program from outside Python, by marker
_OUTSIDE = ("browser", "spark")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests that need a program from outside Python, unless ``-m`` asks for them."""
    asked = config.option.markexpr
    left_out = [
        item for item in items if any(item.get_closest_marker(m) and m not in asked for m in _OUTSIDE)
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
