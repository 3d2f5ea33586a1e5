"""`Anchored` on populations of known size: a part of the benchmark, run again."""

import pandas as pd
import pytest

from scripts import loaded

N, LEAST = 60, 0.85  # .93 less three binomial errors of 60


@pytest.mark.slow
def test_limits_cover_the_size_where_lists_depend_by_odds_ratios_of_eight():
    rows = pd.DataFrame(loaded("benchmarks/anchored.py").outcomes("eight", N, 7))
    by = rows.groupby(["design", "share"])
    assert by["covers"].mean().min() >= LEAST
    assert by["covers_both"].mean().min() >= LEAST
    assert rows["covers_lists"].mean() < by["covers_both"].mean().min()
