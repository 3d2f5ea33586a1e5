"""`Anchored` against every sample that could have been drawn, and against a posterior summed by hand."""

import itertools

import numpy as np
import pytest
from scipy.stats import binom, hypergeom, norm, t

from detcount import CaptureTable
from detcount._numerics.anchored import Drawn, Seen, combined, totals
from detcount.abundance import Anchored, Chapman, ClustersAtRandom, KnownShare, PersonsAtRandom

SAME = 1e-9  # of sums in another order
HALF = 0.6  # persons: a sum over whole numbers, and an integral between them
LEVEL = 0.95
ROLL = (0, 0, 0, 1, 1, 0, 1, 0, 0)  # 1: counted and on no list
UNLISTED = np.array([12.0, 3.0, 31.0, 7.0, 0.0, 19.0])  # of each cluster
COUNTED = np.array([40.0, 15.0, 90.0, 31.0, 8.0, 66.0])


@pytest.mark.parametrize("drawn", [1, 2, 4, 8, 9])
def test_persons_drawn_from_a_roll_are_right_on_average_over_all_samples(drawn):
    found = [sum(each) for each in itertools.combinations(ROLL, drawn)]
    points = [Drawn(u, drawn, len(ROLL)).point for u in found]
    assert np.mean(points) == pytest.approx(sum(ROLL), rel=SAME)
    if drawn > 1:  # the estimate of the variance is unbiased too
        squares = [Drawn(u, drawn, len(ROLL)).standard_error ** 2 for u in found]
        assert np.mean(squares) == pytest.approx(np.var(points), rel=SAME, abs=SAME)


@pytest.mark.parametrize(("frame", "drawn"), [(30, 4), (57, 20), (80, 79)])
def test_exact_limits_cover_each_truth_over_all_samples(frame, drawn):
    limits = [Drawn(u, drawn, frame).bounds(LEVEL) for u in range(drawn + 1)]
    for truth in range(frame + 1):
        covered = [low <= truth <= high for low, high in limits]
        assert hypergeom.pmf(np.arange(drawn + 1), frame, truth, drawn) @ covered >= LEVEL
    for u, (low, high) in enumerate(limits):  # and the numbers just outside are rejected
        assert low == u or hypergeom.sf(u - 1, frame, low - 1, drawn) <= (1 - LEVEL) / 2
        assert high == frame - drawn + u or hypergeom.cdf(u, frame, high + 1, drawn) <= (1 - LEVEL) / 2


@pytest.mark.parametrize("share", [0.05, 0.3, 0.9])
def test_exact_limits_of_a_known_share_cover_each_truth(share):
    limits = [Seen(u, share).bounds(LEVEL) for u in range(121)]
    for truth in range(121):
        covered = [low <= truth <= high for low, high in limits[: truth + 1]]
        assert binom.pmf(np.arange(truth + 1), truth, share) @ covered >= LEVEL
    for u, (low, high) in enumerate(limits):
        assert low == u or binom.sf(u - 1, low - 1, share) <= (1 - LEVEL) / 2
        assert binom.cdf(u, high + 1, share) <= (1 - LEVEL) / 2


@pytest.mark.parametrize("n", [2, 3, 5, 6])
def test_clusters_are_right_on_average_over_all_samples(n):
    chosen = [list(each) for each in itertools.combinations(range(6), n)]
    found = np.array([totals(COUNTED[each], UNLISTED[each], 6, None) for each in chosen])
    assert found[:, 0].mean() == pytest.approx(UNLISTED.sum(), rel=SAME)
    assert found[:, 1].mean() == pytest.approx(found[:, 0].var(), rel=SAME, abs=SAME)
    by_size = np.array([totals(COUNTED[each], UNLISTED[each], 6, COUNTED.sum()) for each in chosen])
    for each, (total, variance, freedom) in zip(chosen, by_size, strict=True):
        m, u = COUNTED[each], UNLISTED[each]
        if n == 6:
            assert (total, variance, freedom) == (UNLISTED.sum(), 0, 0)
            continue
        without = [COUNTED.sum() * np.delete(u, j).sum() / np.delete(m, j).sum() for j in range(n)]
        jackknife = (n - 1) / n * np.square(without - total).sum() * (1 - n / 6)
        assert (total, variance) == pytest.approx((u.sum() / m.sum() * COUNTED.sum(), jackknife), rel=SAME)
        assert freedom == pytest.approx(m.sum() ** 2 / np.square(m).sum() - 1, rel=SAME)
    assert by_size[:, 0].var() <= found[:, 0].var()  # large clusters have more on no list here


def with_sample(found: int) -> CaptureTable:
    counts = {"100": 310, "010": 190, "110": 90, "101": 31, "011": 20, "111": 9, "001": found}
    return CaptureTable.from_counts(counts, lists=["press", "families", "visit"])


@pytest.mark.parametrize(
    "design",
    [
        PersonsAtRandom(110, 1_800),
        KnownShare(0.08),
        ClustersAtRandom((("", 40, 9), ("", 20, 11), ("", 30, 14), ("", 12, 8)), (("", 50, 1400),)),
    ],
    ids=["roll", "share", "clusters"],
)
def test_lists_and_sample_together_are_the_product_summed_over_whole_numbers(design):
    estimate = Anchored("visit", design, Chapman()).fit(with_sample(42))
    lists = estimate.detail.lists
    unlisted = np.arange(42, 40_000)
    # the log-normal limits of Chapman's estimate as a distribution of those on neither list, by hand
    n0, variance = lists.point - 650, lists.standard_error**2
    sigma = np.sqrt(np.log1p(variance / n0**2))
    prior = np.diff(norm.cdf(np.log(np.append(unlisted, unlisted[-1] + 1) - 0.5), np.log(n0), sigma))
    if isinstance(design, PersonsAtRandom):
        likelihood = hypergeom.pmf(42, 1_800, np.minimum(unlisted, 1_800), 110)
    elif isinstance(design, KnownShare):
        likelihood = binom.pmf(42, unlisted, 0.08)
    else:
        sample = estimate.detail.sample
        spread = sample.standard_error / sample.point
        likelihood = t.pdf(np.log(unlisted / sample.point) / spread, sample.freedom)
    low, high = estimate.detail.sample.bounds(0.999)
    assert high <= 1_800 or isinstance(design, KnownShare)
    even = np.where((unlisted >= low) & (unlisted <= high), 1 / (unlisted + 0.5), 0)
    prior = 0.8 * prior + 0.2 * even / even.sum()
    below = np.cumsum(prior * likelihood) / (prior @ likelihood)
    for probability, number in (
        (0.025, estimate.interval().low),
        (0.5, estimate.point),
        (0.975, estimate.interval().high),
    ):
        by_hand = 650 + np.interp(probability, below, unlisted + 0.5)
        assert number == pytest.approx(by_hand, abs=HALF)


def test_lists_that_may_name_everybody_keep_that_probability():
    # by the lists nobody is on none with a probability of a half, or else some 1,000 persons are
    def lists(level: float) -> tuple[float, float]:
        return 100.0, 1100.0 + level

    edges, cumulative = combined(Seen(0, 0.5), 100, lists)
    # 0.4 for nobody; 0.2 evenly over log(U + 1/2), with a likelihood of 1 at most; no likelihood for 1,000
    assert np.interp(0.5, edges, cumulative) >= 0.4 / (0.4 + 0.2)
