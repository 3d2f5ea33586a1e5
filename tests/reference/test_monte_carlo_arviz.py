"""Monte Carlo standard errors beside those of arviz-stats on the same chains."""

import numpy as np
import pytest

from cases import of_package
from detcount._numerics.monte_carlo import effective_sample_size, mean_error, quantile_error, quantile_size

ROWS = of_package("monte_carlo_arviz")
SAME_MEAN = 0.02  # Geyer's sums end elsewhere by a lag or two
# arviz takes the ordered draws at whole ranks and ours are interpolated; in a tail few draws lie between
SAME_QUANTILE = 0.12


def chains(row):
    """Autoregressive chains, normal or with a long upper tail, as the stored figures are for."""
    shape, correlation = (int(row["n_chains"]), int(row["n_draws"])), float(row["correlation"])
    noise = np.random.default_rng(int(row["seed"])).standard_normal(shape)
    values = np.empty_like(noise)
    values[:, 0] = noise[:, 0]
    for t in range(1, shape[1]):
        values[:, t] = correlation * values[:, t - 1] + np.sqrt(1 - correlation**2) * noise[:, t]
    return 4400 + np.exp(9 + 0.4 * values) if row["skewed"] == "1" else 300 + 30 * values


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"seed {row['seed']}")
def test_errors_of_chains(row):
    values = chains(row)
    assert mean_error(values.ravel(), effective_sample_size(values)) == pytest.approx(
        float(row["mean"]), rel=SAME_MEAN
    )
    for probability in (0.025, 0.5, 0.975):
        size = quantile_size(values, probability)
        assert quantile_error(values.ravel(), probability, size) == pytest.approx(
            float(row[f"quantile_{probability}"]), rel=SAME_QUANTILE
        )
