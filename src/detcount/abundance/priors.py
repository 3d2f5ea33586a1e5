"""Prior distributions of N, the size of the population."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Protocol

import numpy as np
from scipy.special import gammaln, ndtri

from detcount._numerics.arrays import Floats
from detcount.contract import arguments
from detcount.contract.arguments import Positive
from detcount.contract.specification import specification
from detcount.errors import InputError
from detcount.words import Message


class PopulationPrior(Protocol):
    """Protocol of a prior of N."""

    @property
    def least_unobserved(self) -> int:
        """Fewest unlisted persons that the prior allows."""

    @property
    def most_unobserved(self) -> int | None:
        """Most unlisted persons that the prior allows; None sets no end."""

    def log_density(self, total: Floats) -> Floats:
        """Log prior of N, up to a constant."""

    def check(self, n_observed: int) -> None:
        """Refuse a prior that contradicts the number of persons listed."""


@specification
class InverseN:
    """Every order of magnitude of N is as likely as any other: p(N) proportional to 1/N.

    The usual choice when nothing is known of the size. It adds little of its own, yet with sparse
    overlaps the upper limit depends on it.

    Parameters
    ----------
    least_unobserved : int, optional
        Fewest unlisted persons allowed. Some packages begin at 1.
    most_unobserved : int, optional
        Most unlisted persons allowed; None sets no end.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> prior = dc.abundance.InverseN(most_unobserved=500)
    >>> print(dc.abundance.DecomposableGraphs(prior=prior).fit(table))
    311 persons (259 to 393, 95% posterior); 182 listed
    """

    least_unobserved: int = 0
    most_unobserved: int | None = None

    def __post_init__(self) -> None:
        _check_range(self.least_unobserved, self.most_unobserved)

    def log_density(self, total: Floats) -> Floats:
        """Log prior of N, up to a constant."""
        return -np.log(total)

    def check(self, n_observed: int) -> None:
        """Nothing to refuse: the prior allows any number."""


@specification
class UniformN:
    """Every N is as likely as any other. Favours large numbers strongly when data are few.

    Parameters
    ----------
    least_unobserved : int, optional
        Fewest unlisted persons allowed.
    most_unobserved : int, optional
        Most unlisted persons allowed; None sets no end, and then sparse data have no answer.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> prior = dc.abundance.UniformN(most_unobserved=500)
    >>> print(dc.abundance.DecomposableGraphs(prior=prior).fit(table))
    314 persons (261 to 403, 95% posterior); 182 listed
    """

    least_unobserved: int = 0
    most_unobserved: int | None = None

    def __post_init__(self) -> None:
        _check_range(self.least_unobserved, self.most_unobserved)

    def log_density(self, total: Floats) -> Floats:
        """Log prior of N, up to a constant."""
        return np.zeros_like(total)

    def check(self, n_observed: int) -> None:
        """Nothing to refuse: the prior allows any number."""


@specification
class NegativeBinomial:
    """N is negative binomial: a stated mean, and a spread that shrinks as the shape grows.

    The standard deviation is sqrt(mean + mean^2 / shape).

    Parameters
    ----------
    mean : float
        Prior mean of N, persons, above zero.
    shape : float
        Shape, above zero; 1 is very wide, 100 narrow.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> prior = dc.abundance.NegativeBinomial(mean=300, shape=4)
    >>> print(dc.abundance.DecomposableGraphs(prior=prior).fit(table))
    310 persons (260 to 387, 95% posterior); 182 listed
    """

    mean: Positive
    shape: Positive

    @property
    def least_unobserved(self) -> int:
        """Fewest unlisted persons allowed: none."""
        return 0

    @property
    def most_unobserved(self) -> None:
        """No end."""
        return

    def log_density(self, total: Floats) -> Floats:
        """Log prior of N, up to a constant."""
        share = self.mean / (self.mean + self.shape)
        return np.asarray(gammaln(total + self.shape) - gammaln(total + 1) + total * np.log(share))

    def check(self, n_observed: int) -> None:
        """Nothing to refuse: the prior allows any number."""


@specification
class ElicitedLogNormal:
    """Log N is normal, stated by two numbers an expert can give: a median and an upper 90% point.

    Parameters
    ----------
    median : float
        N is as likely to be above it as below, persons.
    upper90 : float
        Exceeded with probability 10%, persons; above the median.

    References
    ----------
    .. [1] Madigan, D. and York, J. C. (1997). Bayesian methods for estimation of the size of a closed
       population. Biometrika, 84(1), 19-31. https://doi.org/10.1093/biomet/84.1.19

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> prior = dc.abundance.ElicitedLogNormal(median=250, upper90=400)
    >>> print(dc.abundance.DecomposableGraphs(prior=prior).fit(table))
    306 persons (257 to 377, 95% posterior); 182 listed
    """

    median: Annotated[float, partial(arguments.positive, unit="of persons")]
    upper90: float

    def __post_init__(self) -> None:
        if not (np.isfinite(self.upper90) and self.upper90 > self.median):
            raise InputError(
                Message(
                    "upper90: expected a number above the median {median:g}, got {got}. It is the number "
                    "that N exceeds with probability 10%",
                    median=self.median,
                    got=repr(self.upper90),
                )
            )

    @property
    def least_unobserved(self) -> int:
        """Fewest unlisted persons allowed: none."""
        return 0

    @property
    def most_unobserved(self) -> None:
        """No end."""
        return

    def log_density(self, total: Floats) -> Floats:
        """Log prior of N, up to a constant."""
        spread = np.log(self.upper90 / self.median) / ndtri(0.9)
        return np.asarray(-0.5 * (np.log(total / self.median) / spread) ** 2 - np.log(total))

    def check(self, n_observed: int) -> None:
        """Refuse a median below the persons listed: the data already contradict it."""
        if self.median < n_observed:
            raise InputError(
                Message(
                    "prior median: expected at least the {n:,} persons listed, got {median:g}. Elicit the "
                    "whole population, listed and unlisted",
                    n=n_observed,
                    median=self.median,
                )
            )


def _check_range(least: int, most: int | None) -> None:
    """Whole numbers in order."""
    arguments.whole_number("least_unobserved", least)
    if most is not None:
        arguments.whole_number("most_unobserved", most, least=least)
