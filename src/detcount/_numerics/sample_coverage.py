"""Sample coverage of several lists (Chao and Tsay 1998), from persons by capture history.

For t lists: x_j persons on list j alone, x_ij on lists i and j alone, n_j on list j, B_ij on both i and j.

    C = 1 - (1/t) sum_j x_j/n_j          D = n - (1/t) sum_j x_j
    A_ij = x_i + x_j + 2 x_ij            g_ij(N) = N B_ij/(n_i n_j) - 1
    N = D/C + (1/(tC)) sum_{i<j} A_ij g_ij(N)

The paper prints t = 3. For any t: N C_j, with C_j = 1 - x_j/n_j, expands around independent lists to
D_j plus, for every other list k, g_jk times the persons on k and on no list other than j and k. The mean
over j gives the last line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Level = Literal["independent", "low-coverage", "high-coverage"]

LEAST_COVERAGE = 0.55  # Chao et al. (2001) estimate abundance from coverage only above it
_ROWS = 64  # resampled tables at a time: temporaries stay small at 60 lists


def good_turing_coverage(capture_frequencies: NDArray[np.int64]) -> float:
    """1 - f1 / sum_j j f_j: the share of all listings that are not of persons listed once (Good 1953)."""
    times = np.arange(1, len(capture_frequencies) + 1)
    return float(1 - capture_frequencies[0] / (times @ capture_frequencies))


def chao_tsay_coverage(sizes: NDArray[Any], exclusives: NDArray[Any]) -> NDArray[np.float64]:
    """1 - the mean over lists, the last axis, of the share found on that list alone (Chao and Tsay 1998)."""
    return np.asarray(1 - (exclusives / sizes).mean(axis=-1))


@dataclass(frozen=True)
class SampleCoverageSums:
    """What the three estimates need, for one table or, with a leading axis, for many."""

    coverage: NDArray[np.float64]
    mean_without_one: NDArray[np.float64]  # D
    exclusive_sum: NDArray[np.float64]  # sum of A_ij
    dependent_sum: NDArray[np.float64]  # sum of A_ij B_ij / (n_i n_j)
    n_lists: int


@dataclass(frozen=True)
class _Design:
    """Which histories each sum is over; fixed while counts are resampled."""

    histories: NDArray[np.float64]
    alone: NDArray[np.bool_]
    pair_alone: NDArray[np.bool_]
    first: NDArray[np.intp]
    second: NDArray[np.intp]

    @classmethod
    def of(cls, histories: NDArray[np.uint8]) -> _Design:
        times = histories.sum(axis=1, dtype=np.int64)
        first, second = np.triu_indices(histories.shape[1], 1)
        return cls(histories.astype(np.float64), times == 1, times == 2, first, second)

    def sums(self, counts: NDArray[np.float64]) -> SampleCoverageSums:
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


def _on_both(h: NDArray[np.float64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Persons on both lists of each pair, one list against the later ones at a time to spare memory."""
    later = [counts @ (h[:, [k]] * h[:, k + 1 :]) for k in range(h.shape[1] - 1)]
    return np.concatenate(later, axis=-1)


def coverage_sums(histories: NDArray[np.uint8], counts: NDArray[np.int64]) -> SampleCoverageSums:
    """Sums of one table, every list of which names somebody."""
    return _Design.of(histories).sums(counts.astype(np.float64))


def coverage_estimates(sums: SampleCoverageSums, level: Level) -> NDArray[np.float64]:
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
    histories: NDArray[np.uint8],
    counts: NDArray[np.int64],
    level: Level,
    *,
    point: float,
    n_resamples: int,
    seed: int,
) -> NDArray[np.float64]:
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
    for start in range(0, n_resamples, _ROWS):
        stop = min(start + _ROWS, n_resamples)
        resampled = generator.multinomial(n_persons, shares, size=stop - start)[:, :-1].astype(np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            values = coverage_estimates(design.sums(resampled), level)
        listed = resampled.sum(axis=1)
        draws[start:stop] = np.where(np.isfinite(values) & (values >= listed), values, np.inf)
    return draws
