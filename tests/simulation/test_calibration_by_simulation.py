"""Simulation-based calibration: truths from the prior lie at uniform ranks of their posteriors."""

import pytest

from scripts import loaded

benchmark = loaded("benchmarks/calibration_by_simulation.py")

# of 10 bins, 9 degrees of freedom: a right sampler goes above once in 1,000 seeds
WORST = 27.9
ERRORS = 3.5  # standard errors of a cover: once in 2,000 seeds


@pytest.mark.slow
@pytest.mark.parametrize("case", benchmark.CASES, ids=lambda case: case.name)
def test_posterior_holds_truths_from_its_own_prior(case):
    found = benchmark.ranks(case, case.n_quick, seed=20)
    assert len(found.values) == case.n_quick
    assert found.chi_square < WORST
    for level in benchmark.LEVELS:
        assert abs(found.cover(level) - level) < ERRORS * found.error(level)


@pytest.mark.slow
def test_a_posterior_too_narrow_is_found():
    """The check itself: draws pulled to their middle lose the truths at their ends."""
    graphs = benchmark.CASES[0]

    def narrow(random, seed):
        drawn = graphs.replicate(random, seed)
        if drawn is None:
            return None
        truth, draws, weights = drawn
        middle = sorted(draws)[len(draws) // 2]
        return truth, middle + 0.6 * (draws - middle), weights

    found = benchmark.ranks(benchmark.Case("narrow", "", narrow, 300, 300), 300)
    assert found.chi_square > WORST
    assert found.cover(0.95) < 0.95 - ERRORS * found.error(0.95)
