"""Identifying assumption apart from the data: the algorithm of the authors, run on the Kosovo table.

Aleshin-Guendel, Sadinle and Wakefield (2024), Biometrics 80(1), ujad028: their rejection algorithm with
Dirichlet(1) cells was run once with its own draws; these are its means, medians and limits.
"""

import pytest

from detcount import datasets
from detcount.abundance import IdentifiedBy, InverseN, NegativeBinomial, PairIndependence

pytestmark = pytest.mark.reference

# theirs are medians and means of some thousands of draws, each with a spread of a third of N
CENTRE = 0.01
# limits are read where few of their draws are
LIMIT = 0.03
N_DRAWS = 200_000  # ours then vary by less than a tenth of that


@pytest.fixture(scope="module")
def kosovo():
    return datasets.load("kosovo")


@pytest.mark.parametrize(
    ("mean", "shape", "expected"),
    [
        *(pytest.param(*each, marks=pytest.mark.slow) for each in [(8000, 43, 9408), (12000, 9, 14316)]),
        (10000, 1.6, 16076),
    ],
)
def test_negative_binomial_priors(kosovo, mean, shape, expected):
    estimate = IdentifiedBy(prior=NegativeBinomial(mean, shape), n_draws=50_000).fit(kosovo)
    assert estimate.detail.mean == pytest.approx(expected, rel=CENTRE)


def test_inverse_n(kosovo):
    estimate = IdentifiedBy(prior=InverseN(), n_draws=N_DRAWS).fit(kosovo)
    assert estimate.point == pytest.approx(17_035, rel=CENTRE)
    assert estimate.interval().low == pytest.approx(9_431, rel=LIMIT)
    assert estimate.interval().high == pytest.approx(36_058, rel=LIMIT)


# their xi is the reciprocal of the odds ratio
@pytest.mark.parametrize(("xi", "expected"), [(0.5, 16_859), (1.0, 9_482), (2.0, 5_796)])
def test_a_pair_of_lists(kosovo, xi, expected):
    assumption = PairIndependence(("ABA", "HRW"), odds_ratio=1 / xi)
    estimate = IdentifiedBy(assumption=assumption, n_draws=N_DRAWS).fit(kosovo)
    assert estimate.point == pytest.approx(expected, rel=CENTRE)
