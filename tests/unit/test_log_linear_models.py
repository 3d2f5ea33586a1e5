"""Log-linear models: which there are, whether they exist, their fits, profiles and thresholds."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.stats import chi2

from cases import tables
from detcount._numerics import patterns
from detcount._numerics import poisson as engine
from detcount._numerics.existence import existence_codes
from detcount._numerics.log_linear_posterior import with_triples
from detcount._numerics.poisson import fit_hierarchical
from detcount._numerics.profile import LogLinearProfile, maximum_of, profile_limits
from detcount.abundance.threshold import ThresholdedLogLinear
from detcount.data.captures import CaptureTable
from detcount.errors import ConvergenceError

TABLES = tables("log_linear")

SCORE = 1e-9  # relative: ten times the tolerance of the iteration
KOSOVO = np.array([0.0, 1131, 845, 177, 936, 228, 217, 181, 306, 106, 31, 18, 123, 42, 32, 27])


@pytest.mark.parametrize("seed", range(6))
def test_uneven_counts_converge(seed):
    """Counts from 0 to 10**8 beside each other; every fit that exists is found."""
    rng = np.random.default_rng(seed)
    models = patterns.all_hierarchical(5)[rng.choice(6893, 200, replace=False)]
    counts = np.floor(10.0 ** rng.uniform(0, 8) * rng.gamma(0.15, 1, size=32))
    counts[0] = 0
    fits = fit_hierarchical(models, counts)
    ok = fits.code == 0
    listed = np.where(np.arange(32) > 0, fits.fitted[ok], 0.0)
    wanted = patterns.superset_sums(counts)
    terms = models[ok] & (wanted > 0)
    error = np.abs(patterns.superset_sums(listed) - wanted) / np.maximum(wanted, 1)
    assert error[terms].max(initial=0.0) < SCORE
    assert (fits.variance[ok] > 0).all()


def test_sixteen_lists():
    """Independent lists of a known population: the expected counts give it back."""
    shares = np.linspace(0.05, 0.35, 16)
    codes = np.arange(1 << 16)
    on = codes[:, None] >> np.arange(16) & 1
    expected = 5000 * np.prod(np.where(on, shares, 1 - shares), axis=1)
    expected[0] = 0
    fits = fit_hierarchical(patterns.from_generators([0b11], 16), expected)
    assert fits.n_unobserved[0] == pytest.approx(5000 * np.prod(1 - shares), rel=1e-6)  # counts of 1e-15


def test_an_iteration_that_stops_early_is_an_error(monkeypatch):
    monkeypatch.setattr(engine, "TUNING", replace(engine.TUNING, steps=2))
    with pytest.raises(ConvergenceError, match="1 log-linear fits had not converged after 2 steps"):
        fit_hierarchical(patterns.from_generators([0b0011], 4), KOSOVO)


@pytest.mark.parametrize(("n_lists", "max_order", "expected"), TABLES["hierarchical_models"])
def test_number_of_hierarchical_models(n_lists, max_order, expected):
    models = patterns.all_hierarchical(n_lists, max_order or None)
    assert models.shape == (expected, 1 << n_lists)
    assert len(np.unique(models, axis=0)) == expected


def test_more_than_nine_lists_are_parted_by_dots():
    model = patterns.from_generators([0b10000000001, 0b110], 11)
    text = patterns.formula(model)
    assert text == "[1.11,2.3,4,5,6,7,8,9,10]"
    assert (patterns.from_generators(patterns.parse_formula(text), 11) == model).all()
    assert patterns.parse_formula("[1,10,11]", 11) == [1, 1 << 9, 1 << 10]
    assert patterns.term_label(0b1011, 4) == "124"
    assert patterns.term_label(0b1011, 12) == "1.2.4"


def test_number_of_lists():
    assert patterns.number_of_lists(32) == 5
    with pytest.raises(ValueError, match="power of two"):
        patterns.number_of_lists(24)


@pytest.mark.parametrize(("n_groups", "n_lists"), [(5, 3), (40, 9), (3, 21), (2, 60)])
def test_groups_are_tabulated_as_each_alone(n_groups, n_lists):
    rng = np.random.default_rng(n_lists)
    rows = (rng.random((3000, n_lists)) < np.linspace(0.05, 0.6, n_lists)).astype(np.uint8)
    groups = rng.integers(0, n_groups, 3000)
    which, codes, counts = patterns.tabulate_groups(
        groups, patterns.pack_columns(list(rows.T)), n_groups, n_lists
    )
    for group in range(n_groups):
        values, expected = np.unique(patterns.pack(rows[groups == group]), return_counts=True)
        assert np.array_equal(codes[which == group], values)
        assert np.array_equal(counts[which == group], expected)
    assert np.array_equal(which, np.sort(which))


POSITIVE = 1e-7  # HiGHS's tolerance; the optimum is 0, or at least about 1 / (cells) in these tables


def design_of(model, counts):
    """Design and counts of the extended maximum, by loops."""
    totals = patterns.superset_sums(np.concatenate([[0.0], counts[1:]]))
    codes = range(len(model))
    terms = [term for term in codes if model[term] and totals[term] > 0]
    gone = [term for term in codes if model[term] and totals[term] == 0]
    cells = [cell for cell in codes if cell and not any(term & cell == term for term in gone)]
    design = np.array([[float(term & cell == term) for term in terms] for cell in cells])
    return design, counts[cells]


def code_by_definition(model, counts):
    """Rank of the design; greatest s with A x = t and x >= s (Chan, Silverman and Vincent 2021)."""
    design, observed = design_of(model, counts)
    n_cells, n_terms = design.shape
    answer = linprog(
        np.append(np.zeros(n_cells), -1.0),
        A_ub=np.hstack([-np.eye(n_cells), np.ones((n_cells, 1))]),
        b_ub=np.zeros(n_cells),
        A_eq=np.hstack([design.T, np.zeros((n_terms, 1))]),
        b_eq=design.T @ observed,
        bounds=[(0, None)] * n_cells + [(None, 1)],
        method="highs",
    )
    no_maximum = not (answer.status == 0 and -answer.fun > POSITIVE)
    return int(no_maximum) + 2 * int(np.linalg.matrix_rank(design) < n_terms)


def sparse_tables(n_lists, n_tables, seed):
    rng = np.random.default_rng(seed)
    found = []
    while len(found) < n_tables:
        counts = rng.poisson(rng.gamma(0.4, 3, size=1 << n_lists)).astype(float)
        counts *= rng.random(1 << n_lists) < rng.uniform(0.2, 1)
        counts[0] = 0
        if counts.any():
            found.append(counts)
    return found


@pytest.mark.parametrize(
    ("n_lists", "n_tables"), [(2, 20), (3, 20), (4, 12), pytest.param(5, 8, marks=pytest.mark.slow)]
)
def test_codes_are_those_of_the_definition(n_lists, n_tables):
    models = patterns.all_hierarchical(n_lists, n_lists)
    rng = np.random.default_rng(n_lists)
    seen = set()
    for counts in sparse_tables(n_lists, n_tables, seed=n_lists):
        some = models[rng.choice(len(models), min(len(models), 15), replace=False)]
        expected = [code_by_definition(model, counts) for model in some]
        assert existence_codes(some, counts).tolist() == expected
        seen |= set(expected)
    assert len(seen) >= 3  # of the four codes, so that no side of the comparison is trivial


def test_the_lower_limit_is_n_where_the_profile_is_flat_there():
    # everybody is on both lists but three
    design = np.array([[1.0, 1, 0], [1, 0, 1], [1, 1, 1]])
    counts = np.array([2.0, 1, 50])
    low, high = LogLinearProfile(design, counts).limits(0.95)
    assert low == counts.sum()
    assert counts.sum() < high < 60


def rising(limit):
    """A profile that rises for ever to a limit, or falls from the first."""
    return lambda x: (limit * x / (x + 1000.0), limit * 1000.0 / (x + 1000.0) ** 2, -limit / 1e3)


def test_a_profile_that_rises_for_ever():
    best = maximum_of(rising(5.0), 100.0, start=10.0)
    assert best.n_unobserved == np.inf
    low, high = profile_limits(rising(5.0), 100.0, level=0.95, start=10.0)
    assert high == np.inf
    # 5 x/(x + 1000) = 5 - chi2/2
    cut = chi2.ppf(0.95, 1) / 2
    assert low - 100 == pytest.approx(1000 * (5 - cut) / cut, rel=1e-6)  # the limit is read at 1e10 n


COVERAGE_ERRORS = 3.5  # Monte Carlo standard errors, two-sided one in 2,000
FEW_REPLICATES = 200


def test_triples_need_all_their_pairs():
    model = patterns.from_generators([3, 5, 6, 9, 10], 4)
    larger = with_triples(model, np.array([], dtype=np.int64))
    assert np.flatnonzero(larger & ~model).tolist() == [7, 11]
    assert np.flatnonzero(with_triples(model, np.array([9])) & ~model).tolist() == [7]


@pytest.mark.slow
def test_interval_holds_a_simulated_truth():
    """Independent lists: thresholding seldom adds a pair, and the interval holds the truth."""
    random = np.random.default_rng(20261124)
    truth, shares = 1500, np.array([0.3, 0.22, 0.17, 0.25])
    held = fits = 0
    for replicate in range(FEW_REPLICATES):
        histories = random.random((truth, 4)) < shares
        codes = (histories * (1 << np.arange(4))).sum(axis=1)
        counts = np.bincount(codes, minlength=16)
        seen = {
            "".join("1" if code >> k & 1 else "0" for k in range(4)): int(counts[code])
            for code in range(1, 16)
            if counts[code]
        }
        table = CaptureTable.from_counts(seen, lists=["a", "b", "c", "d"])
        interval = ThresholdedLogLinear(threshold=4.0).fit(table, seed=replicate).interval()
        fits += 1
        held += interval.low <= truth <= interval.high
    error = np.sqrt(0.95 * 0.05 / fits)
    assert abs(held / fits - 0.95) < COVERAGE_ERRORS * error
