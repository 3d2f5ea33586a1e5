"""A number of persons that is not known exactly: its distribution, and its bounds."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detcount._numerics.arrays import Floats, Ints, ReadOnly
from detcount._numerics.monte_carlo import mean_error, quantile_error, rounded
from detcount.estimates.interval import Interval, persons
from detcount.reports.printing import Columns
from detcount.reports.shown import Levelled
from detcount.words import Message, Number

IdentifiedBySource = Literal["data", "prior", "bounds"]

_SUM = 1e-9  # probabilities of at most a few thousand values lose no more in a sum

# What the distribution of a count rests on, in words.
BASES = {"data": Message("the counts"), "prior": Message("the prior"), "bounds": Message("bounds alone")}

# What readers know the parts of an announcement by.
QUANTITIES = {
    "eventually verified": Message("verified in the end"),
    "completed": Message("completed"),
    "pending": Message("pending"),
    "unverifiable": Message("completed, never to be verified"),
    "unsubstantiated": Message("unsubstantiated"),
    "arrests": Message("arrests"),
    "exits": Message("exits"),
}

LIMITS = Message("Listed"), Message("Low"), Message("Point"), Message("High")
_LEVELS = (0.5, 0.8, 0.95)  # of a printed table
_LEAST_TAIL = 0.2  # of what is outside shortest limits, the least share that is beyond each of the two
_TIE = 1e-12  # a cumulative probability this near a level has reached it


@dataclass(frozen=True, eq=False, repr=False)
class UncertainCount(ReadOnly, Levelled):
    """A number of persons that is not known exactly: its distribution, and its sharp bounds.

    Parameters
    ----------
    bounds : tuple of float
        Sharp bounds, persons: no assumption beyond the counts themselves puts the number outside.
        The upper one may be infinite.
    identified_by : {"data", "prior", "bounds"}
        What the distribution rests on: the counts, a stated prior, or nothing beyond the bounds (then
        there is no distribution, and the interval is the bounds).
    draws : ndarray of int64, shape (n_draws,)
        Draws, persons; those of the parts of one estimate belong together, draw by draw. Empty when
        there is no distribution.
    values : ndarray of int64, shape (n_values,), optional
        Persons, increasing: the support of the distribution where it is known exactly.
    probabilities : ndarray of float64, shape (n_values,), optional
        Probability of each of `values`; sums to 1.
    effective_size : float, optional
        Effective number of independent draws, where `draws` were weighted or come from chains; None for as
        many as there are. Where it is the least of several (`ReleaseProcess`), Monte Carlo errors are upper
        bounds.
    shortest : bool, optional
        Whether limits are the two nearest to each other that hold their level, and not equal-tailed: for a
        part that is bounded at 0. At least a fifth of the probability outside is beyond each.

    Examples
    --------
    >>> count = UncertainCount.from_draws([3, 4, 4, 9], bounds=(3, 10), identified_by="data")
    >>> count.mean, count.median, count.interval(0.5).high
    (5.0, 4, 4.0)
    """

    bounds: tuple[float, float]
    identified_by: IdentifiedBySource
    draws: Ints
    values: Ints | None = None
    probabilities: Floats | None = None
    effective_size: float | None = None
    shortest: bool = False
    _sampled: bool = field(init=False, default=False)
    method: ClassVar[str] = "posterior"

    def __post_init__(self) -> None:
        low, high = map(float, self.bounds)
        if not low <= high:
            raise ValueError(f"bounds from {low} to {high} are a defect of the estimator")
        object.__setattr__(self, "bounds", (low, high))
        object.__setattr__(self, "_sampled", self.values is None and len(self.draws) > 0)
        if self._sampled:
            values, times = np.unique(self.draws, return_counts=True)
            object.__setattr__(self, "values", values)
            object.__setattr__(self, "probabilities", times / len(self.draws))
        super().__post_init__()
        if self.values is None or self.probabilities is None:
            return
        if not (abs(self.probabilities.sum() - 1) < _SUM and (self.probabilities >= 0).all()):
            raise ValueError("probabilities that do not sum to 1 are a defect of the estimator")
        first, last = self.values[0], self.values[-1]
        if first < low or last > high:
            outside = f"a count from {first} to {last} outside {self.bounds}"
            raise ValueError(f"{outside} is a defect of the estimator")

    @classmethod
    def from_draws(
        cls,
        draws: ArrayLike,
        *,
        bounds: tuple[float, float],
        identified_by: IdentifiedBySource,
        effective_size: float | None = None,
        shortest: bool = False,
    ) -> UncertainCount:
        """Make a count of draws, in their order."""
        return cls(
            bounds=bounds,
            identified_by=identified_by,
            draws=np.asarray(draws, dtype=np.int64),
            effective_size=effective_size,
            shortest=shortest,
        )

    @classmethod
    def known(cls, count: int, *, n_draws: int, identified_by: IdentifiedBySource = "data") -> UncertainCount:
        """Make a count that is certain."""
        draws = np.full(n_draws, count, dtype=np.int64)
        return cls.from_draws(draws, bounds=(count, count), identified_by=identified_by)

    @classmethod
    def only_bounded(cls, low: float, high: float) -> UncertainCount:
        """Make a count of which the bounds alone are known."""
        return cls(bounds=(low, high), identified_by="bounds", draws=np.empty(0, dtype=np.int64))

    @property
    def mean(self) -> float | None:
        """Mean, persons; None when only the bounds are known."""
        if self.values is None or self.probabilities is None:
            return None
        return float(self.values @ self.probabilities)

    @property
    def median(self) -> int | None:
        """Smallest number that at least half of the distribution does not exceed, persons."""
        if self.values is None or self.probabilities is None:
            return None
        return _quantile(self.values, self.probabilities, 0.5)

    def interval(self, level: float = 0.95) -> Interval:
        """Give limits at a level, or the bounds where nothing else is known.

        Parameters
        ----------
        level : float, optional
            Credibility, in (0, 1).

        Returns
        -------
        Interval
            Limits in persons: quantiles of the distribution, each the smallest number whose cumulative
            probability reaches its level; equal-tailed, or the two nearest to each other (`shortest`).

        Raises
        ------
        InputError
            If the level is not between 0 and 1.
        """
        if self.values is None or self.probabilities is None:
            return Interval(*self.bounds, float(level), "sharp bounds")
        below = (
            _shortest_tail(self.values, self.probabilities, 1 - level) if self.shortest else (1 - level) / 2
        )
        ends = below, level + below
        low, high = (_quantile(self.values, self.probabilities, end) for end in ends)
        errors = (self._error_at(ends[0]), self._error_at(ends[1])) if self._sampled else None
        return Interval(float(low), float(high), float(level), self.method, errors)

    @property
    def monte_carlo_error(self) -> float | None:
        """Monte Carlo standard error of the mean, persons; None where there are no draws or exact values."""
        return mean_error(self.draws.astype(np.float64), self._size) if self._sampled else None

    @property
    def _size(self) -> float:
        """Effective number of independent draws."""
        return float(len(self.draws)) if self.effective_size is None else self.effective_size

    def _error_at(self, probability: float) -> float:
        """Monte Carlo standard error of a quantile of the draws, persons."""
        return quantile_error(self.draws.astype(np.float64), probability, self._size)

    def probability(self, at_least: float) -> float | None:
        """Give the probability of at least this many persons; None when only bounds are known."""
        if self.values is None or self.probabilities is None:
            return None
        return min(1.0, float(self.probabilities[self.values >= at_least].sum()))

    def headline(self) -> Message:
        """Give the median and the limits in one line; by a prior the limits as an *if*, else the bounds."""
        least, median, most = self.printed()
        low, high = persons(least), persons(most)
        if median is None:
            return Message("{low} to {high} (sharp bounds)", low=low, high=high)
        if self.identified_by == "prior":  # no number in print rests on a prior but as an *if*
            return Message("{low} to {high} (95%, if the stated prior holds)", low=low, high=high)
        return Message(
            "{median:,.0f} ({low} to {high}, 95%, from {basis})",
            median=median,
            low=low,
            high=high,
            basis=BASES[self.identified_by],
        )

    def printed(self, level: float = 0.95) -> tuple[float, float | None, float]:
        """Give lower limit, median and upper limit in the steps that their Monte Carlo errors support."""
        low, high = self.interval(level).printed
        if self.median is None:
            return low, None, high
        error = self._error_at(0.5) if self._sampled else None
        return low, min(max(rounded(self.median, error), low), high), high

    def sentence(self) -> Message:
        """Say the median, the limits and what they rest on, and the bounds that hold without it."""
        least, most = map(persons, self.bounds)
        bounds = Message(
            "Whatever is assumed, the number lies within these bounds: {least} to {most}.",
            least=least,
            most=most,
        )
        low, median, high = self.printed()
        if median is None or self.identified_by == "prior":
            return bounds
        number = Message(
            "The number is as likely above as below {median:,.0f}, and with a probability of 95% it lies "
            "within these limits: {low} to {high}. That rests on {basis}.",
            median=median,
            low=persons(low),
            high=persons(high),
            basis=BASES[self.identified_by],
        )
        return Message.together((number, bounds))

    @property
    def _table(self) -> Columns | None:
        """Limits at several levels, where more than the bounds is known."""
        return None if self.mean is None else level_columns(lambda level: self.printed(level)[::2])

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give the count as one row of a table."""
        interval = self.interval(level)
        return [
            {
                "low": interval.low,
                "mean": self.mean,
                "median": self.median,
                "high": interval.high,
                "level": interval.level,
                "interval": interval.method,
                "identified_by": self.identified_by,
                "least": self.bounds[0],
                "most": self.bounds[1],
                "monte_carlo_error": self.monte_carlo_error,
                "monte_carlo_error_low": interval.finite_errors[0],
                "monte_carlo_error_high": interval.finite_errors[1],
            }
        ]


def _quantile(values: NDArray[np.int64], probabilities: NDArray[np.float64], level: float) -> int:
    """Smallest value whose cumulative probability reaches a level."""
    reached = int(np.searchsorted(np.cumsum(probabilities), level - _TIE))
    return int(values[min(reached, len(values) - 1)])


def _shortest_tail(values: NDArray[np.int64], probabilities: NDArray[np.float64], outside: float) -> float:
    """Find the share of what is outside that stands below the shortest limits."""
    least = _LEAST_TAIL * outside
    reached = np.cumsum(probabilities)
    tails = np.append(reached[(reached > least) & (reached < outside - least)], [least, outside - least])
    tails.sort()
    last = len(values) - 1
    low, high = (
        values[np.minimum(np.searchsorted(reached, ends - _TIE), last)]
        for ends in (tails, 1 - outside + tails)
    )
    return float(tails[np.argmin(high - low)])


def quantity_columns(
    counts: Iterable[tuple[str, UncertainCount]], supposed: Message | None = None
) -> Columns:
    """Quantities with their limits, a row each.

    Parameters
    ----------
    counts : iterable of (str, UncertainCount)
        What readers know each quantity by, and the quantity, persons.
    supposed : Message, optional
        The *if* that stands beside limits which rest on a prior; without it these give way to the bounds.

    Returns
    -------
    Columns
        The table, in the steps that Monte Carlo errors support.
    """
    rows = []
    for name, count in counts:
        low, median, high = count.printed()
        basis = BASES[count.identified_by]
        if count.identified_by == "prior":
            median, basis = None, supposed or BASES["bounds"]
            low, high = (low, high) if supposed else count.bounds
        middle = "–" if median is None else persons(median)
        rows.append((name, persons(low), middle, persons(high), basis))
    head = (Message("Quantity"), Message("Low"), Message("Median"), Message("High"), Message("Rests on"))
    return Columns(head, tuple(rows), left=(0, 4))


class OfCounts(Levelled):
    """A result of several counts, each a row with its limits."""

    _of_count: ClassVar[Sequence[str]] = ()
    """Columns of a count that its row has; none named are all."""

    @property
    @abstractmethod
    def _quantities(self) -> Mapping[str, UncertainCount]:
        """Every uncertain number, in the order of the rows."""

    @property
    def _titles(self) -> Mapping[str, Message]:
        """Names of the numbers for readers."""
        return QUANTITIES

    def _beside(self, name: str) -> dict[str, Any]:
        """Give the cells of a row before the numbers."""
        return {"quantity": name}

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give each number as a row of a table, a dictionary."""
        return [
            self._beside(name) | {column: row[column] for column in self._of_count or row}
            for name, count in self._quantities.items()
            for row in count.rows(level)
        ]

    @property
    def _table(self) -> Columns | None:
        """The numbers with their limits."""
        return quantity_columns((self._titles[name], count) for name, count in self._quantities.items())


def level_columns(limits: Callable[[float], tuple[float, float]]) -> Columns:
    """Limits at several levels, a row each.

    Parameters
    ----------
    limits : callable
        Gives lower and upper limit at a level, persons.

    Returns
    -------
    Columns
        The table.
    """
    rows = ((Number(level, ".0%"), *map(persons, limits(level))) for level in _LEVELS)
    return Columns((Message("Level"), Message("Low"), Message("High")), tuple(rows))
