"""The Monte Carlo error of latent classes beside the spread of chains that know nothing of each other."""

import math

import numpy as np
import pytest

from detcount import CaptureTable, abundance

N_SEEDS = 6
RATIO = 2.2  # a standard deviation of 8 to 32 medians errs by up to 27%, and an effective size by as much


@pytest.mark.slow
def test_chains_apart_from_each_other():
    """Over eight seeds limits and point spread by 27, 12 and 88 persons, and 20, 17 and 99 are said."""
    table = CaptureTable.from_counts(
        {"100": 410, "010": 670, "001": 230, "110": 170, "101": 90, "011": 60, "111": 40},
        lists=["a", "b", "c"],
    )
    estimator = abundance.LatentClass(n_classes=2, min_effective_size=100, max_draws=1000)
    said = {0.025: [], 0.5: [], 0.975: []}
    apart = {probability: [] for probability in said}
    for seed in range(N_SEEDS):  # four chains alone would tell little
        estimate = estimator.fit(table, seed=seed)
        chains = estimate.detail.chains
        low, high = estimate.interval().monte_carlo_error
        for probability, error in zip(said, (low, estimate.monte_carlo_error, high), strict=True):
            said[probability].append(error)
            spread = np.quantile(chains, probability, axis=1).std(ddof=1)
            apart[probability].append(spread / math.sqrt(len(chains)))
    for probability in said:
        ratio = math.hypot(*said[probability]) / math.hypot(*apart[probability])
        assert 1 / RATIO < ratio < RATIO, (probability, ratio)
