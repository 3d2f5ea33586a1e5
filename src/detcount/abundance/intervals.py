"""Interval options: how an estimator finds its limits."""

from __future__ import annotations

from detcount.errors import InputError
from detcount.specification import specification

__all__ = ["BCaBootstrap", "Hypergeometric", "LogNormal", "PercentileBootstrap", "ProfileLikelihood"]


@specification
class LogNormal:
    """Take log(N - n) as normal around its estimate, with the standard error of the method.

    References
    ----------
    .. [1] Chao, A. (1987). Estimating the population size for capture-recapture data with unequal
       catchability. Biometrics, 43(4), 783-791. https://doi.org/10.2307/2531532
    """


@specification
class Hypergeometric:
    """Keep every N that an exact test of the overlap of two lists does not reject.

    Each limit inverts a one-sided test, so the interval holds the truth at least as often as it says
    when the two lists are independent.
    """


@specification
class ProfileLikelihood:
    """Keep every N whose multinomial profile likelihood is near enough to the greatest.

    References
    ----------
    .. [1] Cormack, R. M. (1992). Interval estimation for mark-recapture studies of closed
       populations. Biometrics, 48(2), 567-576. https://doi.org/10.2307/2532310
    """


@specification
class BCaBootstrap:
    """Resample the listed persons; limits corrected for bias and acceleration.

    Parameters
    ----------
    n_resamples : int, optional
        Resampled tables, at least 100.

    References
    ----------
    .. [1] Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American
       Statistical Association, 82(397), 171-185. https://doi.org/10.2307/2289144
    """

    n_resamples: int = 1000

    def __post_init__(self) -> None:
        _check_resamples(self.n_resamples)


@specification
class PercentileBootstrap:
    """Resample the listed persons; limits are quantiles of the estimates.

    Parameters
    ----------
    n_resamples : int, optional
        Resampled tables, at least 100.

    References
    ----------
    .. [1] Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American
       Statistical Association, 82(397), 171-185. https://doi.org/10.2307/2289144
    """

    n_resamples: int = 1000

    def __post_init__(self) -> None:
        _check_resamples(self.n_resamples)


def _check_resamples(n_resamples: int) -> None:
    """Refuse too few resamples for a 95% limit to mean anything."""
    if not isinstance(n_resamples, int) or n_resamples < 100:
        raise InputError(f"n_resamples: expected a whole number of at least 100, got {n_resamples!r}")
