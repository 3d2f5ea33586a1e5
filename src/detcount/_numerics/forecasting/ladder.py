"""Chain-ladder: factors of growth by days of age, with Mack's weights and variance, and a bootstrap."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["ladder_draws", "ladder_growth"]

_RECENT = 7  # days of age; beyond the oldest age reached, growth is that of the last of them
_MOST = 20.0  # log of a total: beyond, numbers are cut off


def ladder_draws(
    starts: NDArray[np.float64],
    ends: NDArray[np.float64],
    logs: NDArray[np.float64],
    weights: NDArray[np.float64],
    age: int,
    latest: int,
    ahead: int,
    n_draws: int,
    random: np.random.Generator,
) -> NDArray[np.float64]:
    """Draws of the total `ahead` days on, from intervals of age and their growth of log(1 + total).

    Factors are made again from intervals drawn with replacement, ten draws each; a residual drawn at
    random is added, of an interval against factors estimated without it, scaled by Mack's variance.
    """
    n = len(logs)
    days = ends - starts
    without = [
        ladder_growth(starts, ends, logs, np.where(np.arange(n) == i, 0, weights), starts[i], ends[i])
        for i in range(n)
    ]
    residuals = (logs - without) * np.sqrt(weights / days)
    resampled = random.multinomial(n, np.full(n, 1 / n), size=n_draws // 10)
    means = np.array(
        [ladder_growth(starts, ends, logs, times * weights, age, age + ahead) for times in resampled]
    )
    noise = np.sqrt(ahead / (1.0 + latest)) * random.choice(residuals, n_draws)
    growth = np.repeat(means, 10) + noise
    return np.asarray(np.maximum(np.rint(np.exp(np.minimum(np.log1p(latest) + growth, _MOST)) - 1), 0))


def ladder_growth(
    starts: NDArray[np.float64],
    ends: NDArray[np.float64],
    logs: NDArray[np.float64],
    weights: NDArray[np.float64],
    age: float,
    until: float,
) -> float:
    """Growth of log(1 + total) from one age to another: the sum of the daily factors of the ages between.

    Growth over an interval is spread evenly over its days; the factor of a day of age is the mean over all
    intervals that cover it, by weight. Ages that no interval covers take the mean of the intervals that
    end in the last 7 days of age.
    """
    daily = logs / (ends - starts)
    used = weights > 0
    oldest = ends[used].max()
    recent = used & (ends > oldest - _RECENT)
    beyond = np.average(daily[recent], weights=weights[recent])
    total = 0.0
    for day in np.arange(age, until):
        covers = used & (starts <= day) & (day < ends)
        total += np.average(daily[covers], weights=weights[covers]) if covers.any() else beyond
    return float(total)
