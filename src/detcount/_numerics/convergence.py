"""Whether Markov chains agree, and how many independent draws they are worth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def split_r_hat(draws: NDArray[np.float64]) -> float:
    """Potential scale reduction of half chains; draws have shape (n_chains, n_draws).

    Near 1 when every half of every chain has the same mean and spread (Gelman et al. 2013, 11.4).
    """
    halves = _split(draws)
    n_draws = halves.shape[1]
    within = halves.var(axis=1, ddof=1).mean()
    between = n_draws * halves.mean(axis=1).var(ddof=1)
    if within == 0:
        return 1.0 if between == 0 else np.inf
    return float(np.sqrt((n_draws - 1) / n_draws + between / (n_draws * within)))


def effective_sample_size(draws: NDArray[np.float64]) -> float:
    """Independent draws that estimate the mean as well as these; shape (n_chains, n_draws).

    Autocorrelations of half chains, added up while their pair sums are positive and fall (Geyer 1992),
    with the spread between chains in the denominator, so that chains which disagree are worth little.
    """
    halves = _split(draws)
    n_chains, n_draws = halves.shape
    centred = halves - halves.mean(axis=1, keepdims=True)
    size = 1 << (2 * n_draws - 1).bit_length()
    spectrum = np.fft.rfft(centred, size, axis=1)
    covariance = np.fft.irfft(np.abs(spectrum) ** 2, size, axis=1)[:, :n_draws] / n_draws
    within = covariance[:, 0].mean() * n_draws / (n_draws - 1)
    total = within * (n_draws - 1) / n_draws + halves.mean(axis=1).var(ddof=1)
    if total == 0:
        return float(draws.size)
    correlation = 1 - (within - covariance.mean(axis=0)) / total
    correlation[0] = 1.0
    even = n_draws - n_draws % 2
    pairs = correlation[0:even:2] + correlation[1:even:2]
    negative = np.flatnonzero(pairs < 0)
    last = int(negative[0]) if len(negative) else len(pairs)
    time = -1 + 2 * np.minimum.accumulate(pairs[: max(last, 1)]).sum()
    largest = n_chains * n_draws * np.log10(n_chains * n_draws)
    return float(min(n_chains * n_draws / max(time, 1e-12), largest))


def _split(draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """First and second half of each chain as chains of their own."""
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, draws.shape[1] - half :]])
