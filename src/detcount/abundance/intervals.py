"""Methods of limits: specifications of intervals, and the rule of a profile likelihood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from detcount._numerics.arrays import Floats
from detcount._numerics.profile import LogLinearProfile
from detcount.contract.arguments import AtLeast100
from detcount.contract.specification import specification


@specification
class LogNormal:
    """Take log(N - n) as normal around its estimate, with the standard error of the method.

    References
    ----------
    .. [1] Chao, A. (1987). Estimating the population size for capture-recapture data with unequal
       catchability. Biometrics, 43(4), 783-791. https://doi.org/10.2307/2531532

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(dc.abundance.Chapman(interval=dc.abundance.LogNormal()).fit(table))
    234 persons (184 to 325, 95% log-normal); 120 listed
    """


@specification
class Hypergeometric:
    """Keep every N that an exact test of the overlap of two lists does not reject.

    Each limit inverts a one-sided test, so the interval covers the truth at least as often as it says
    when the two lists are independent.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(dc.abundance.Chapman(interval=dc.abundance.Hypergeometric()).fit(table))
    234 persons (181 to 353, 95% exact hypergeometric); 120 listed
    """


@specification
class ProfileLikelihood:
    """Keep every N whose multinomial profile likelihood is near enough to the greatest.

    References
    ----------
    .. [1] Cormack, R. M. (1992). Interval estimation for mark-recapture studies of closed
       populations. Biometrics, 48(2), 567-576. https://doi.org/10.2307/2532310

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> print(dc.abundance.LogLinear(interval=dc.abundance.ProfileLikelihood()).fit(table))
    315 persons (265 to 382, 95% profile likelihood); 182 listed
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

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> print(dc.abundance.LogLinear(interval=dc.abundance.BCaBootstrap(200)).fit(table))
    315 persons (240 to 380, 95% BCa bootstrap); 182 listed
    """

    n_resamples: AtLeast100 = 1000


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

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> print(dc.abundance.LogLinear(interval=dc.abundance.PercentileBootstrap(200)).fit(table))
    315 persons (260 to 390, 95% percentile bootstrap); 182 listed
    """

    n_resamples: AtLeast100 = 1000


@dataclass(frozen=True, eq=False)
class LogLinearProfileRule:
    """Multinomial profile likelihood of a log-linear model, over the cells that the model keeps."""

    design: Floats
    counts: Floats
    offset: Floats | None = None
    nonnegative: tuple[int, ...] = ()
    method: ClassVar[str] = "profile likelihood"

    def bounds(self, level: float) -> tuple[float, float]:
        """Limits of N at a level."""
        return self.profile().limits(level)

    def profile(self) -> LogLinearProfile:
        """The likelihood that the limits are read from."""
        return LogLinearProfile(self.design, self.counts, offset=self.offset, nonnegative=self.nonnegative)
