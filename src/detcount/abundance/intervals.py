"""Interval options: how an estimator finds its limits."""

from __future__ import annotations

from detcount import arguments
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

    Each limit inverts a one-sided test, so the interval covers the truth at least as often as it says
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
        n_resamples = arguments.whole_number("n_resamples", self.n_resamples, least=100)
        object.__setattr__(self, "n_resamples", n_resamples)


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
        n_resamples = arguments.whole_number("n_resamples", self.n_resamples, least=100)
        object.__setattr__(self, "n_resamples", n_resamples)
