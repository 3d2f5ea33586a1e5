"""One list that names persons more than once."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest

from detcount import CaptureTable, RepeatedCounts, abundance
from detcount.abundance import (
    ChaoBunge,
    ChaoCounts,
    ChaoLee,
    CountJackknife,
    Zelterman,
    ZeroTruncatedGeometric,
    ZeroTruncatedNegativeBinomial,
    ZeroTruncatedPoisson,
)
from detcount.errors import InputError, NotEstimableError

EXACT = 1e-12  # the same closed form in another order of operations
SLOPES = 1e-6  # central differences in the tests

COUNTS = RepeatedCounts.from_frequencies([276, 152, 82, 40, 29, 12, 8, 3, 2, 1])
F = np.array([276, 152, 82, 40, 29, 12, 8, 3, 2, 1], dtype=float)
N, TIMES = 605, int(F @ np.arange(1, 11))
ALL = [
    Zelterman(),
    ZeroTruncatedPoisson(),
    ZeroTruncatedGeometric(),
    ZeroTruncatedNegativeBinomial(),
    ChaoCounts(bias_corrected=False),
    ChaoCounts(),
    ChaoLee(),
    ChaoLee(form="ACE-1"),
    ChaoBunge(),
    CountJackknife(),
    CountJackknife(order=2),
]


def multinomial_variance(n_hat, f):
    """Delta method by differences: N persons multinomial over the times they are named, none among them."""
    slopes = []
    for k in range(len(f)):
        step = np.zeros(len(f))
        step[k] = 1e-4 * max(f[k], 1)
        slopes.append((n_hat(f + step) - n_hat(f - step)) / (2 * step[k]))
    slopes = np.array(slopes)
    return float((slopes**2 * f).sum() - (slopes @ f) ** 2 / n_hat(f))


def test_closed_forms_by_hand():
    rate = 2 * 152 / 276
    assert Zelterman().fit(COUNTS).point == pytest.approx(N / (1 - math.exp(-rate)), rel=EXACT)
    assert ZeroTruncatedGeometric().fit(COUNTS).point == pytest.approx(N * TIMES / (TIMES - N), rel=EXACT)
    assert ChaoCounts(bias_corrected=False).fit(COUNTS).point == N + 276**2 / (2 * 152)
    assert ChaoCounts().fit(COUNTS).point == N + 276 * 275 / (2 * 153)
    assert CountJackknife(order=1).fit(COUNTS).point == N + 276
    assert CountJackknife(order=2).fit(COUNTS).point == N + 2 * 276 - 152
    assert CountJackknife(order=3).fit(COUNTS).point == N + 3 * 276 - 3 * 152 + 82
    assert CountJackknife(order=5).fit(COUNTS).point == N + 5 * 276 - 10 * 152 + 10 * 82 - 5 * 40 + 29


def test_truncated_poisson_solves_its_equation():
    fitted = ZeroTruncatedPoisson().fit(COUNTS)
    rate = fitted.detail.mean
    assert rate / (1 - math.exp(-rate)) == pytest.approx(TIMES / N, rel=EXACT)
    assert fitted.documented_share == pytest.approx(1 - fitted.detail.never_named_share, rel=EXACT)
    variance = fitted.point / (math.exp(rate) - 1 - rate)
    assert fitted.standard_error == pytest.approx(math.sqrt(variance), rel=EXACT)


def test_truncated_poisson_with_hardly_a_repeat():
    """One person of a million named twice: rate 2e-6, N = n^2/2 and more, without cancellation."""
    fitted = ZeroTruncatedPoisson().fit(RepeatedCounts.from_frequencies([999_999, 1]))
    series = 1e-5  # the next term of the series in the rate
    assert fitted.detail.mean == pytest.approx(2e-6, rel=series)
    assert fitted.standard_error == pytest.approx(math.sqrt(fitted.point / 2e-12), rel=series)


def test_published_variances():
    """Chao is the delta method on the multinomial; the others condition on n and add its own variance."""
    r = 276 / 152
    chao = 152 * (r**4 / 4 + r**3 + r**2 / 2)
    assert ChaoCounts(bias_corrected=False).fit(COUNTS).standard_error == pytest.approx(
        math.sqrt(chao), rel=EXACT
    )
    assert chao == pytest.approx(
        multinomial_variance(lambda f: f.sum() + f[0] ** 2 / (2 * f[1]), F), rel=SLOPES
    )

    never = N / TIMES  # of a geometric, whose parameter has variance never^2 (1 - never)/n
    geometric = N * never / (1 - never) ** 2 + (N / (1 - never) ** 2) ** 2 * never**2 * (1 - never) / N
    fitted = ZeroTruncatedGeometric().fit(COUNTS)
    assert fitted.standard_error == pytest.approx(math.sqrt(geometric), rel=EXACT)

    rate = 2 * 152 / 276
    weight = math.exp(-rate) / (1 - math.exp(-rate)) ** 2
    zelterman = N * weight * (1 + N * weight * rate**2 * (1 / 276 + 1 / 152))
    assert Zelterman().fit(COUNTS).standard_error == pytest.approx(math.sqrt(zelterman), rel=EXACT)


def ace(form, cutoff):
    """Chao and Lee, term by term."""

    def n_hat(f):
        k = np.arange(1, len(f) + 1)
        rare = k <= cutoff
        persons, named = f[rare].sum(), (k * f)[rare].sum()
        coverage = 1 - f[0] / named
        pairs = (k * (k - 1) * f)[rare].sum()
        spread = persons / coverage * pairs / (named * (named - 1)) - 1
        if form == "ACE-1":
            spread *= 1 + named * (1 - coverage) * pairs / (named * (named - 1) * coverage)
        return f[~rare].sum() + persons / coverage + named * (1 - coverage) / coverage * spread

    return n_hat


def bunge(cutoff):
    def n_hat(f):
        k = np.arange(1, len(f) + 1)
        rare = k <= cutoff
        share = 1 - f[0] * (k**2 * f)[rare].sum() / (k * f)[rare].sum() ** 2
        return f[~rare].sum() + f[1:cutoff].sum() / share

    return n_hat


@pytest.mark.parametrize("cutoff", [5, 7, 10, 40])
@pytest.mark.parametrize("kind", ["ACE", "ACE-1", "bunge"])
def test_coverage_estimators_term_by_term(kind, cutoff):
    if kind == "bunge":
        estimator, n_hat = ChaoBunge(cutoff=cutoff), bunge(cutoff)
    else:
        estimator, n_hat = ChaoLee(form=kind, cutoff=cutoff), ace(kind, cutoff)
    fitted = estimator.fit(COUNTS)
    assert fitted.point == pytest.approx(n_hat(F), rel=EXACT)
    assert fitted.standard_error == pytest.approx(math.sqrt(multinomial_variance(n_hat, F)), rel=SLOPES)


def test_variation_below_a_poisson_s_is_cut_and_said():
    even = RepeatedCounts.from_frequencies([90, 80, 20, 2])
    fitted = ChaoLee().fit(even)
    coverage = 1 - 90 / (90 + 160 + 60 + 8)
    assert fitted.point == pytest.approx(192 / coverage, rel=EXACT)
    assert fitted.detail.squared_variation == 0
    assert fitted.notes == ("The counts vary no more than a Poisson's, so persons are taken not to differ.",)


def test_jackknife_chooses_the_first_order_that_settles():
    fitted = CountJackknife().fit(COUNTS)
    steps, order = fitted.detail.steps, fitted.detail.order
    assert len(steps) == 4
    assert all(abs(step) > 1.96 for step in steps[: order - 1])
    if order < 5:
        assert abs(steps[order - 1]) < 1.96
    assert fitted.point == CountJackknife(order=order).fit(COUNTS).point
    # order 1 to 2 by hand: f1 - f2 more, against a variance of (f1 + f2 - (f1 - f2)^2/n) n/(n - 1)
    step = (276 - 152) / math.sqrt(N / (N - 1) * (276 + 152 - (276 - 152) ** 2 / N))
    assert steps[0] == pytest.approx(step, rel=EXACT)


def test_jackknife_says_when_it_has_not_settled():
    fitted = CountJackknife().fit(RepeatedCounts.from_frequencies([3218, 882, 273, 27]))
    assert fitted.detail.order == 3  # below the greatest number of times, 4
    assert "had not settled" in fitted.notes[0]
    short = CountJackknife().fit(RepeatedCounts.from_frequencies([30, 8]))
    assert (short.detail.order, short.detail.steps, short.point) == (1, (), 68)


def test_jackknife_stays_at_order_one_when_twice_is_as_common_as_once():
    fitted = CountJackknife().fit(RepeatedCounts.from_frequencies([50, 48, 30, 12]))
    assert fitted.detail.order == 1
    assert fitted.notes == ()
    assert fitted.point == 140 + 50


def log_likelihood(mean, dispersion):
    from scipy.stats import nbinom

    k, size = np.arange(1, 11), 1 / dispersion
    p = size / (size + mean)
    return F @ (nbinom.logpmf(k, size, p) - np.log1p(-nbinom.pmf(0, size, p)))


def test_negative_binomial_is_at_its_maximum():
    fitted = ZeroTruncatedNegativeBinomial().fit(COUNTS)
    mean, dispersion = fitted.detail.mean, fitted.detail.dispersion
    best = log_likelihood(mean, dispersion)
    for other in ((1.001, 1), (0.999, 1), (1, 1.001), (1, 0.999), (1.3, 0.4), (0.5, 3)):
        assert log_likelihood(mean * other[0], dispersion * other[1]) < best


def test_negative_binomial_declines_at_both_ends():
    even = RepeatedCounts.from_frequencies([90, 80, 20, 2])
    with pytest.raises(NotEstimableError, match="vary no more than a Poisson's") as caught:
        ZeroTruncatedNegativeBinomial().fit(even)
    assert caught.value.remedy == "Use ZeroTruncatedPoisson."
    long_tail = RepeatedCounts.from_frequencies({1: 1645, 2: 183, 3: 37, 4: 13, 5: 1, 6: 1})
    with pytest.raises(NotEstimableError, match="has no greatest value"):
        ZeroTruncatedNegativeBinomial().fit(long_tail)


def test_chao_bunge_declines_where_others_return_negative_populations():
    tail = RepeatedCounts.from_frequencies({1: 60, 2: 3, 9: 9})
    with pytest.raises(NotEstimableError, match=r"comes out as -1\.224, which cannot be"):
        ChaoBunge().fit(tail)


def test_estimates_below_the_listed_decline():
    """More persons named twice than thrice the once: the second order takes more off than it adds."""
    twice = RepeatedCounts.from_frequencies([5, 70, 3])
    with pytest.raises(NotEstimableError, match=r"the estimate is 18 persons, which 78 listed persons"):
        CountJackknife(order=2).fit(twice)
    few = RepeatedCounts.from_frequencies([1, 9])
    with pytest.raises(NotEstimableError, match="one person alone is named once"):
        ChaoCounts().fit(few)


@pytest.mark.parametrize(
    "estimator", [spec for spec in ALL if not isinstance(spec, CountJackknife)], ids=repr
)
def test_nothing_from_a_list_that_repeats_nobody(estimator):
    once = RepeatedCounts.from_frequencies([30])
    if estimator == ChaoCounts():
        assert estimator.fit(once).point == 30 + 30 * 29 / 2
        return
    with pytest.raises(
        NotEstimableError, match=r"nobody is named (more than once|exactly twice|2 to 10 times)"
    ):
        estimator.fit(once)


@pytest.mark.parametrize(
    "estimator",
    [Zelterman(), ChaoCounts(bias_corrected=False), ChaoCounts(), ChaoLee(), ChaoBunge(), CountJackknife()],
    ids=repr,
)
def test_nothing_when_nobody_is_named_once(estimator):
    with pytest.raises(NotEstimableError, match="nobody is named exactly once"):
        estimator.fit(RepeatedCounts.from_frequencies({2: 8, 3: 9}))


def test_truncated_poisson_that_names_everybody_often():
    with pytest.raises(NotEstimableError, match=r"named 900 times on average, so the model sees nobody"):
        ZeroTruncatedPoisson().fit(RepeatedCounts.from_frequencies({900: 9}))
    with pytest.raises(NotEstimableError, match="the estimate is 9 persons, which 9 listed persons"):
        ZeroTruncatedPoisson().fit(RepeatedCounts.from_frequencies({60: 9}))


@pytest.mark.parametrize("estimator", ALL, ids=repr)
def test_only_repeated_counts_are_taken(estimator):
    table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    match = (
        rf"{type(estimator).__name__}: expected RepeatedCounts, got CaptureTable\. "
        r"Use RepeatedCounts\.from_frequencies\(table\.capture_frequencies\)"
    )
    with pytest.raises(TypeError, match=match):
        estimator.fit(table)
    with pytest.raises(TypeError, match=r"got dict\. Use RepeatedCounts\.from_frequencies\(\{1:"):
        estimator.fit({1: 5, 2: 3})


@pytest.mark.parametrize("estimator", ALL, ids=repr)
def test_every_estimate_carries_what_it_needs(estimator):
    fitted = estimator.fit(COUNTS, seed=3)
    interval = fitted.interval()
    assert N < interval.low < fitted.point < interval.high < math.inf
    assert fitted.standard_error > 0
    assert (fitted.seed, fitted.digest, fitted.n_observed) == (3, COUNTS.digest, N)
    assert fitted.assumptions[:3] == abundance.Chapman.assumes[:3]
    assert fitted.cite().count("\n") >= 2
    assert pickle.loads(pickle.dumps(fitted)).point == fitted.point
    assert eval(repr(estimator), vars(abundance)) == estimator
    assert estimator.fit(COUNTS).point == fitted.point


@pytest.mark.parametrize(
    ("make", "error", "match"),
    [
        (lambda: ChaoLee(form="ACE2"), InputError, "form: expected 'ACE' or 'ACE-1', got 'ACE2'"),
        (lambda: ChaoLee(cutoff=1), InputError, "cutoff: expected a whole number of at least 2, got 1"),
        (lambda: ChaoBunge(cutoff=2.5), InputError, "cutoff: expected a whole number of at least 2"),
        (lambda: ChaoBunge(cutoff=True), TypeError, "cutoff: expected a whole number of at least 2"),
        (lambda: CountJackknife(order=6), InputError, "order: expected a whole number from 1 to 5, got 6"),
        (lambda: CountJackknife(order=0), InputError, "order: expected a whole number from 1 to 5, got 0"),
        (lambda: CountJackknife(order="2"), TypeError, "order: expected a whole number from 1 to 5, got str"),
        (lambda: ChaoCounts(bias_corrected=1), TypeError, "bias_corrected: expected True or False, got int"),
    ],
)
def test_options_are_checked(make, error, match):
    with pytest.raises(error, match=match):
        make()
