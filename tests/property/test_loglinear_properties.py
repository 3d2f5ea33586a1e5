"""What holds for every table and every hierarchical model."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from detcount import CaptureTable
from detcount._numerics import patterns
from detcount._numerics.existence import existence_codes, extended_support
from detcount._numerics.poisson import fit_hierarchical
from detcount.abundance import LogLinear, ProfileLikelihood
from strategies import capture_tables, estimated

pytestmark = pytest.mark.filterwarnings("ignore::detcount.errors.DetcountWarning")

SAME = 1e-6  # relative: the score converges to 1e-10, and a flat likelihood multiplies that
ROUNDING = 1e-9  # of a log-likelihood, relative


def interactions(n_lists):
    """Groups of positions, none with all the lists."""
    group = st.lists(st.integers(1, n_lists), min_size=2, max_size=max(2, n_lists - 1), unique=True)
    return st.lists(group.map(tuple), max_size=3).map(tuple)


def cells(table):
    return np.concatenate([[0.0], table.dense().astype(float)])


@given(st.data(), capture_tables(min_lists=2, max_lists=5))
def test_order_and_names_of_the_lists_do_not_matter(data, table):
    groups = data.draw(interactions(table.n_lists))
    order = data.draw(st.permutations(range(table.n_lists)))
    other = CaptureTable(
        tuple(f"list {k}" for k in range(table.n_lists)), table.histories[:, order], table.counts
    )
    moved = tuple(tuple(order.index(k - 1) + 1 for k in group) for group in groups)
    one, two = estimated(LogLinear(groups), table), estimated(LogLinear(moved), other)
    assert (one is None) == (two is None)
    if one is not None and two is not None:
        assert one.point == pytest.approx(two.point, rel=SAME)
        assert one.standard_error == pytest.approx(two.standard_error, rel=SAME)


@given(st.data(), capture_tables(min_lists=2, max_lists=4), st.integers(2, 50))
def test_more_of_the_same_persons(data, table, times):
    """Every count times c: N times c, and the variance of the intercept divided by c."""
    spec = LogLinear(data.draw(interactions(table.n_lists)))
    one = estimated(spec, table)
    many = estimated(spec, CaptureTable(table.lists, table.histories, table.counts * times))
    assert (one is None) == (many is None)
    if one is not None and many is not None:
        assert many.point == pytest.approx(times * one.point, rel=SAME)
        assert many.standard_error == pytest.approx(times**0.5 * one.standard_error, rel=SAME)


@given(st.data(), capture_tables(min_lists=3, max_lists=4, full=True, min_count=3))
def test_profile_interval_holds_the_multinomial_point(data, table):
    groups = data.draw(interactions(table.n_lists))
    estimate = estimated(LogLinear(groups, interval=ProfileLikelihood()), table)
    assume(estimate is not None)
    inner, outer = estimate.interval(0.5), estimate.interval(0.95)
    assert outer.low <= inner.low <= estimate.detail.multinomial_point <= inner.high <= outer.high


@given(st.data(), capture_tables(min_lists=3, max_lists=5))
def test_maximum_is_above_its_surroundings(data, table):
    """The likelihood itself, at the fit and at points around it; no score, no information."""
    models = patterns.all_hierarchical(table.n_lists, 2 if table.n_lists == 5 else None)
    model = models[data.draw(st.integers(0, len(models) - 1))]
    counts = cells(table)
    fits = fit_hierarchical(model, counts)
    assume(fits.code[0] == 0)
    terms, kept, _ = extended_support(model, counts)
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    best = np.where(terms[0], fits.coefficients[0], 0.0)
    around = best + terms[0] * rng.normal(
        scale=10.0 ** rng.uniform(-4, 0, size=(20, 1)), size=(20, len(model))
    )
    log_means = patterns.superset_sums(np.concatenate([best[None, :], around])[:, ::-1])[
        :, ::-1
    ]  # over subsets
    values = np.where(kept[0], counts * log_means - np.exp(log_means), 0.0).sum(axis=1)
    assert (values[1:] <= values[0] + ROUNDING * np.abs(values[0])).all()
    assert np.exp(log_means[0])[kept[0]] == pytest.approx(fits.fitted[0][kept[0]], rel=SAME)


@given(st.data(), capture_tables(min_lists=3, max_lists=4))
def test_a_larger_model_fits_no_worse(data, table):
    """Where no term is lost to an empty overlap: likelihoods of nested models, existence goes down."""
    models = patterns.all_hierarchical(table.n_lists)
    larger = models[data.draw(st.integers(0, len(models) - 1))]
    smaller = models[(models <= larger).all(axis=1)]
    counts = cells(table)
    terms, kept, _ = extended_support(smaller, counts)
    same = (kept == kept[-1]).all(axis=1) & (terms == smaller).all(axis=1)
    assume(same[-1])
    smaller = smaller[same]
    fits = fit_hierarchical(smaller, counts)
    codes = existence_codes(smaller, counts)
    assert (fits.code == codes).all()
    place = int(np.flatnonzero((smaller == larger).all(axis=1))[0])
    if not codes[place] & 1:
        assert not (codes & 1).any()
    if codes[place] == 0:
        found = fits.log_likelihood[codes == 0]
        assert (found <= fits.log_likelihood[place] + ROUNDING * np.abs(found)).all()


@given(st.integers(2, 12).flatmap(lambda k: st.tuples(st.just(k), interactions(k))))
def test_formulas_round_trip(case):
    n_lists, groups = case
    model = patterns.from_generators([sum(1 << (k - 1) for k in group) for group in groups], n_lists)
    codes = patterns.parse_formula(patterns.formula(model), n_lists)
    assert codes == patterns.generators(model)
    assert (patterns.from_generators(codes, n_lists) == model).all()
