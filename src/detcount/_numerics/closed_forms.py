"""Closed forms of abundance: two lists, no interaction, persons who differ, sample coverage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from detcount._numerics.arrays import LARGEST, Bools, Floats, Ints


@dataclass(frozen=True)
class Tuning:
    """Limits of closed forms.

    Parameters
    ----------
    least_coverage : float, share
        Sample coverage above which abundance is estimated from it. Advice of the authors (Chao 2001).
    rows : int, tables
        Resampled tables at a time. Computational (`test_numbers`).
    """

    least_coverage: float = 0.55
    rows: int = 64


TUNING = Tuning()
LEAST_COVERAGE = TUNING.least_coverage


def lincoln_petersen(n1: int, n2: int, m: int) -> tuple[float, float]:
    """N = n1 n2 / m and its variance (Seber 1982, p. 60: delta method on the multinomial)."""
    return n1 * n2 / m, n1 * n2 * (n1 - m) * (n2 - m) / m**3


def chapman(n1: int, n2: int, m: int) -> tuple[float, float]:
    """N = (n1+1)(n2+1)/(m+1) - 1 and its variance (Chapman 1951; Seber 1982, p. 60)."""
    point = (n1 + 1) * (n2 + 1) / (m + 1) - 1
    variance = (n1 + 1) * (n2 + 1) * (n1 - m) * (n2 - m) / ((m + 1) ** 2 * (m + 2))
    return point, variance


def odds_ratio_adjusted(first: int, second: int, both: int, odds_ratio: float) -> tuple[float, float]:
    """Persons on neither list, OR n10 n01 / n11, and the variance of N (delta method).

    `first` and `second` count the persons on one of the lists only. With N persons multinomial over the
    four cells the variance is n_0 + n_0^2 (1/n10 + 1/n01 + 1/n11), which at OR = 1 is Seber's.
    """
    n_unobserved = odds_ratio * (first * second / both)
    return n_unobserved, n_unobserved + n_unobserved**2 * (1 / first + 1 / second + 1 / both)


def hypergeometric_bounds(n1: int, n2: int, m: int, level: float) -> tuple[float, float]:
    """Least and greatest N that an exact test of the overlap does not reject.

    Given N the overlap is hypergeometric. Each limit inverts a one-sided test at (1 - level) / 2:
    at the lower one P(overlap <= m) still exceeds that, at the upper one P(overlap >= m) does. The
    upper limit is infinite when the lists share nobody.
    """
    tail = (1 - level) / 2
    smallest = n1 + n2 - m
    low = _first(lambda total: _probability(total, n1, n2, 0, m) > tail, smallest)
    if m == 0:
        return float(low), np.inf
    above = _first(lambda total: _probability(total, n1, n2, m, min(n1, n2)) <= tail, smallest)
    return float(low), float(max(above - 1, low))


def _first(holds: Callable[[int], bool], start: int) -> int:
    """Smallest integer from `start` for which a condition holds that stays true once it is."""
    if holds(start):
        return start
    step = 1
    while not holds(start + step) and start + step < LARGEST:
        step *= 2
    low, high = start + step // 2, start + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


def _probability(total: int, n1: int, n2: int, first: int, last: int) -> float:
    """P(first <= overlap <= last) when two lists are drawn from `total` persons.

    Ratios of neighbouring probabilities, multiplied up from near the mean and normalised by their sum:
    binomial coefficients of many persons would cancel to nothing. Terms beyond 15 standard deviations
    and 80 are below 1e-40 and left out.
    """
    mean = n1 * n2 / total
    spread = (mean * (1 - n1 / total) * (1 - n2 / total)) ** 0.5
    least, most = max(n1 + n2 - total, 0), min(n1, n2)
    low = max(least, int(mean - 15 * spread - 80))
    high = min(most, int(mean + 15 * spread + 80))
    overlap = np.arange(low, high + 1, dtype=np.float64)
    k = overlap[:-1]
    ratios = (n1 - k) * (n2 - k) / ((k + 1) * (float(total - n1 - n2) + k + 1))
    log_terms = np.concatenate(([0.0], np.cumsum(np.log(ratios))))
    terms = np.exp(log_terms - log_terms.max())
    return float(terms[(overlap >= first) & (overlap <= last)].sum() / terms.sum())


def log_unobserved(histories: NDArray[np.uint8], counts: Ints) -> float:
    """Log of the product of the odd cells over the product of the even ones.

    Odd and even refer to the number of lists of a history; all 2**K - 1 histories have a count.
    """
    odd = histories.sum(axis=1, dtype=np.int64) % 2
    return float(np.sum(np.where(odd == 1, 1.0, -1.0) * np.log(counts)))


def variance_without_interaction(n_unobserved: float, counts: Ints) -> float:
    """Variance of N = n + n_0: the delta method on N persons multinomial over the cells.

    Equals n_0 + n_0^2 [I^-1]_00 of the Poisson model with every interaction but the highest, whose
    information matrix needs no inverting: log n_0 is a sum of plus and minus the log counts.
    """
    return float(n_unobserved + n_unobserved**2 * np.sum(1.0 / counts))


Form = Literal["Chao", "Poisson", "Darroch", "Gamma"]


def form_columns(times: Floats, n_lists: int, form: Form, theta: float) -> Floats:
    """Columns for heterogeneity, by the number of lists that name a person; zero at zero lists.

    Poisson theta^k - 1, Darroch k^2/2, Gamma log(theta) - log(theta + k), and for Chao's lower bound
    max(k - j + 1, 0) for j = 3, ..., K: with coefficients of at least zero the log of the expected counts
    then is convex in k, whatever the distribution of catchability (Rivest & Baillargeon 2007).
    """
    if form == "Poisson":
        return (theta**times - 1.0)[:, None]
    if form == "Darroch":
        return (times**2 / 2.0)[:, None]
    if form == "Gamma":
        return -np.log1p(times / theta)[:, None]
    return np.maximum(times[:, None] - np.arange(2.0, n_lists), 0.0)


def log_choose(n: float, k: Floats) -> Floats:
    """Log of the binomial coefficient."""
    return np.asarray(gammaln(n + 1.0) - gammaln(k + 1.0) - gammaln(n - k + 1.0))


def correct_m0(frequencies: Floats) -> Floats:
    """Counts of persons on 1, 2, ... lists, changed to take the bias out of M0 (Rivest & Levesque 2001)."""
    corrected = frequencies.copy()
    corrected[0] -= 0.5
    corrected[1] += 1.0
    return corrected


def correct_mt(counts: Floats, times: Floats, n_lists: int) -> Floats:
    """Counts by capture history, changed to take the bias out of Mt and Mth (Rivest & Levesque 2001).

    (K - 2)/2 persons are spread over the histories with one list, and one person over those with two;
    with two lists this is Chapman's estimator.
    """
    single = (n_lists - 2) / (2.0 * n_lists)
    double = 2.0 / (n_lists * (n_lists - 1))
    return np.asarray(counts + single * (times == 1) + double * (times == 2))


def chao_bound(f1: float, f2: float, n_lists: int, *, bias_corrected: bool) -> tuple[float, float]:
    """Chao's bound for the persons on no list and its variance (Chao 1987, 1989; Rivest & Levesque 2001).

    With a = (K - 1)/K the bound is a f1^2/(2 f2) with variance x + x^2 (4/f1 + 1/f2), or bias-corrected
    a f1 (f1 - 1)/(2 (f2 + 1)) with variance x + x^2 - a^2 f1(f1-1)(f1-2)(f1-3)/(4 (f2+1)(f2+2)), in which
    the last term has for its mean the square of the mean of x when f1 and f2 are Poisson.
    """
    share = (n_lists - 1) / n_lists
    if not bias_corrected:
        unseen = share * f1**2 / (2 * f2)
        return unseen, unseen + unseen**2 * (4 / f1 + 1 / f2)
    unseen = share * f1 * (f1 - 1) / (2 * (f2 + 1))
    squared_mean = share**2 * f1 * (f1 - 1) * (f1 - 2) * (f1 - 3) / (4 * (f2 + 1) * (f2 + 2))
    return unseen, unseen + unseen**2 - squared_mean


# Sample coverage of several lists (Chao and Tsay 1998), from persons by capture history.
#
# For t lists: x_j persons on list j alone, x_ij on lists i and j alone, n_j on list j, B_ij on both i
# and j.
#
#     C = 1 - (1/t) sum_j x_j/n_j          D = n - (1/t) sum_j x_j
#     A_ij = x_i + x_j + 2 x_ij            g_ij(N) = N B_ij/(n_i n_j) - 1
#     N = D/C + (1/(tC)) sum_{i<j} A_ij g_ij(N)
#
# The paper prints t = 3. For any t: N C_j, with C_j = 1 - x_j/n_j, expands around independent lists
# to D_j plus, for every other list k, g_jk times the persons on k and on no list other than j and k.
# The mean over j gives the last line.

Level = Literal["independent", "low-coverage", "high-coverage"]


def good_turing_coverage(capture_frequencies: Ints) -> float:
    """1 - f1 / sum_j j f_j: the share of all listings that are not of persons listed once (Good 1953)."""
    times = np.arange(1, len(capture_frequencies) + 1)
    return float(1 - capture_frequencies[0] / (times @ capture_frequencies))


def chao_tsay_coverage(sizes: NDArray[Any], exclusives: NDArray[Any]) -> Floats:
    """1 - the mean over lists, the last axis, of the share found on that list alone (Chao and Tsay 1998)."""
    return np.asarray(1 - (exclusives / sizes).mean(axis=-1))


@dataclass(frozen=True)
class SampleCoverageSums:
    """Sums behind the three estimates, for one table or, with a leading axis, for many."""

    coverage: Floats
    mean_without_one: Floats  # D
    exclusive_sum: Floats  # sum of A_ij
    dependent_sum: Floats  # sum of A_ij B_ij / (n_i n_j)
    n_lists: int


@dataclass(frozen=True)
class _Design:
    """Which histories each sum is over; fixed while counts are resampled."""

    histories: Floats
    alone: Bools
    pair_alone: Bools
    first: NDArray[np.intp]
    second: NDArray[np.intp]

    @classmethod
    def of(cls, histories: NDArray[np.uint8]) -> _Design:
        times = histories.sum(axis=1, dtype=np.int64)
        first, second = np.triu_indices(histories.shape[1], 1)
        return cls(histories.astype(np.float64), times == 1, times == 2, first, second)

    def sums(self, counts: Floats) -> SampleCoverageSums:
        """Sums for counts of shape (..., n_patterns)."""
        h, i, j = self.histories, self.first, self.second
        n_lists = h.shape[1]
        sizes = counts @ h
        exclusive = counts[..., self.alone] @ h[self.alone]
        overlap = _on_both(h, counts)
        pair = _on_both(h[self.pair_alone], counts[..., self.pair_alone])
        weight = exclusive[..., i] + exclusive[..., j] + 2 * pair
        return SampleCoverageSums(
            coverage=chao_tsay_coverage(sizes, exclusive),
            mean_without_one=counts.sum(axis=-1) - exclusive.mean(axis=-1),
            exclusive_sum=weight.sum(axis=-1),
            dependent_sum=(weight * overlap / (sizes[..., i] * sizes[..., j])).sum(axis=-1),
            n_lists=n_lists,
        )


def _on_both(h: Floats, counts: Floats) -> Floats:
    """Persons on both lists of each pair, one list against the later ones at a time to spare memory."""
    later = [counts @ (h[:, [k]] * h[:, k + 1 :]) for k in range(h.shape[1] - 1)]
    return np.concatenate(later, axis=-1)


def coverage_sums(histories: NDArray[np.uint8], counts: Ints) -> SampleCoverageSums:
    """Sums of one table, every list of which names somebody."""
    return _Design.of(histories).sums(counts.astype(np.float64))


def coverage_estimates(sums: SampleCoverageSums, level: Level) -> Floats:
    """N by one of the three estimates; the high-coverage one may come out infinite or negative.

    The equation for N is linear, N = a + b N. Solved, it is the high-coverage estimate. Twice put into
    its right side, starting from D/C, it is the low-coverage one: CARE1's N-hat-1.
    """
    independent = sums.mean_without_one / sums.coverage
    if level == "independent":
        return independent
    scale = sums.n_lists * sums.coverage
    constant = independent - sums.exclusive_sum / scale
    slope = sums.dependent_sum / scale
    if level == "high-coverage":
        return constant / (1 - slope)
    return constant + slope * (constant + slope * independent)


def resampled_estimates(
    histories: NDArray[np.uint8], counts: Ints, level: Level, *, point: float, n_resamples: int, seed: int
) -> Floats:
    """Draw N from tables of round(point) persons, the unseen ones drawn and then not counted.

    A resampled table whose lists share nobody, lack a member, or give N below its persons listed has no
    estimate: its entry is infinite.
    """
    design = _Design.of(histories)
    n_persons = round(point)
    shares = np.append(counts, max(n_persons - int(counts.sum()), 0)).astype(np.float64)
    shares /= shares.sum()
    generator = np.random.default_rng(seed)
    draws = np.empty(n_resamples)
    for start in range(0, n_resamples, TUNING.rows):
        stop = min(start + TUNING.rows, n_resamples)
        resampled = generator.multinomial(n_persons, shares, size=stop - start)[:, :-1].astype(np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            values = coverage_estimates(design.sums(resampled), level)
        listed = resampled.sum(axis=1)
        draws[start:stop] = np.where(np.isfinite(values) & (values >= listed), values, np.inf)
    return draws
