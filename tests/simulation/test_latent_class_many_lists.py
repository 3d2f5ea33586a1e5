"""Latent classes on 14 lists of a population of four classes: how often their limits hold its size."""

import numpy as np
import pytest

from detcount import CaptureTable, abundance
from invented_tables import of_marks

pytestmark = pytest.mark.slow

N, FIRST, N_RUNS = 700, 300, 12


def table(seed: int) -> CaptureTable:
    """Lists that name a fifth of the largest class and most of the others, and a few of anybody."""
    random = np.random.default_rng(seed)
    reach = np.full((4, 14), 0.02)
    reach[0, [0, 1, 2, 3]] = 0.15, 0.25, 0.12, 0.2
    reach[1, [0, 1, 4, 5]] = 0.8, 0.6, 0.7, 0.15
    reach[2, [2, 6, 7]] = 0.7, 0.5, 0.2
    reach[3, [1, 3, 8, 9, 10]] = 0.8, 0.7, 0.6, 0.6, 0.3
    on = random.random((N, 14)) < reach[random.choice(4, N, p=[0.6, 0.2, 0.15, 0.05])]
    return of_marks(on[:, on.any(axis=0)])


def test_limits_hold_the_size_as_often_as_they_say_and_no_more():
    estimator = abundance.LatentClass(n_classes=6, min_effective_size=100, max_r_hat=1.05)
    estimates = [estimator.fit(table(seed)) for seed in range(FIRST, FIRST + N_RUNS)]
    inside = [[*each.interval(0.5)] for each in estimates], [[*each.interval()] for each in estimates]
    half, most = (np.mean([low <= N <= high for low, high in limits]) for limits in inside)
    assert most >= 0.8  # 11 or 12 of 12, but for one in twenty
    assert 0.15 <= half <= 0.85  # of 12 within three binomial errors
    assert 0.95 * N < np.mean([each.point for each in estimates]) < 1.05 * N
