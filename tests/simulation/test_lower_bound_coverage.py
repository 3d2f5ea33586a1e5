"""Chao's lower bound: its interval where persons are alike, and that it is a bound where they differ."""

import numpy as np
import pytest

from detcount.abundance import ChaoLowerBound
from invented_tables import of_marks

pytestmark = pytest.mark.slow

N_TABLES = 1500
LEVEL = 0.95
BAND = 3 * (LEVEL * (1 - LEVEL) / N_TABLES) ** 0.5  # 0.017, three Monte Carlo standard errors
SPREAD = 0.08  # relative: a standard deviation over 1500 tables has a standard error of 2%; four of those
N_LISTS = 5


def simulate(spec, n_persons, shares, seed):
    """Whether each interval holds N, its lower limits, points and standard errors."""
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(N_TABLES):
        named = rng.random((n_persons, N_LISTS)) < shares(rng, n_persons)[:, None]
        estimate = spec.fit(of_marks(named))
        interval = estimate.interval(LEVEL)
        rows.append((interval.low, interval.high, estimate.point, estimate.standard_error))
    return np.array(rows).T


def alike(rng, n_persons):
    return np.full(n_persons, 0.16)


def different(rng, n_persons):
    return rng.beta(1.2, 5.0, n_persons)


@pytest.mark.parametrize("bias_corrected", [True, False])
def test_where_persons_are_alike_the_interval_holds_n(bias_corrected):
    n_persons = 700
    low, high, points, errors = simulate(ChaoLowerBound(bias_corrected=bias_corrected), n_persons, alike, 201)
    cover = ((low <= n_persons) & (n_persons <= high)).mean()
    assert abs(cover - LEVEL) <= BAND
    assert errors.mean() == pytest.approx(points.std(), rel=SPREAD)
    if bias_corrected:
        assert abs(points.mean() - n_persons) < 3 * points.std() / N_TABLES**0.5


def test_where_persons_differ_it_is_a_lower_bound():
    n_persons = 700
    low, _, points, _ = simulate(ChaoLowerBound(), n_persons, different, 202)
    assert points.mean() < 0.97 * n_persons
    one_sided = (1 + LEVEL) / 2
    assert (low <= n_persons).mean() >= one_sided - 3 * (one_sided * (1 - one_sided) / N_TABLES) ** 0.5
