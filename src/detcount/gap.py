"""Results about releases: uncertain counts, and the split of what was announced and not verified."""

from __future__ import annotations

import datetime as dt
import math
import operator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detcount import arguments
from detcount._numerics.monte_carlo import mean_error, quantile_error, rounded
from detcount.assumptions import Assumption
from detcount.citation import CitationStyle, cite
from detcount.definition import Definition
from detcount.estimates import Interval, Specification, provenance

__all__ = ["GapEstimate", "IdentifiedBySource", "UncertainCount"]

IdentifiedBySource = Literal["data", "prior", "bounds"]

_SUM = 1e-9  # probabilities of at most a few thousand values lose no more in a sum
_TIE = 1e-12  # a cumulative probability this near a level has reached it


@dataclass(frozen=True, eq=False, repr=False)
class UncertainCount:
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
        Independent draws that `draws` are worth, where they were weighted or come from chains; None for as
        many as there are. Where it is the least of several (`ReleaseProcess`), Monte Carlo errors are upper
        bounds.

    Examples
    --------
    >>> count = UncertainCount.from_draws([3, 4, 4, 9], bounds=(3, 10), identified_by="data")
    >>> count.mean, count.median, count.interval(0.5).high
    (5.0, 4, 4.0)
    """

    bounds: tuple[float, float]
    identified_by: IdentifiedBySource
    draws: NDArray[np.int64]
    values: NDArray[np.int64] | None = None
    probabilities: NDArray[np.float64] | None = None
    effective_size: float | None = None
    _sampled: bool = field(init=False, default=False)
    method: ClassVar[str] = "posterior"

    def __post_init__(self) -> None:
        low, high = map(float, self.bounds)
        if not low <= high:
            raise ValueError(f"bounds from {low} to {high} are a defect of the estimator")
        object.__setattr__(self, "bounds", (low, high))
        object.__setattr__(self, "draws", _frozen(self.draws, np.int64))
        object.__setattr__(self, "_sampled", self.values is None and len(self.draws) > 0)
        if self.values is None or self.probabilities is None:
            if not len(self.draws):
                return
            values, times = np.unique(self.draws, return_counts=True)
            probabilities = times / len(self.draws)
        else:
            values, probabilities = np.asarray(self.values), np.asarray(self.probabilities, dtype=np.float64)
            if not (abs(probabilities.sum() - 1) < _SUM and (probabilities >= 0).all()):
                raise ValueError("probabilities that do not sum to 1 are a defect of the estimator")
        object.__setattr__(self, "values", _frozen(values, np.int64))
        object.__setattr__(self, "probabilities", _frozen(probabilities, np.float64))
        if values[0] < low or values[-1] > high:
            raise ValueError(
                f"a count from {values[0]} to {values[-1]} outside {self.bounds} is a defect of the estimator"
            )

    @classmethod
    def from_draws(
        cls,
        draws: ArrayLike,
        *,
        bounds: tuple[float, float],
        identified_by: IdentifiedBySource,
        effective_size: float | None = None,
    ) -> UncertainCount:
        """Make a count of draws, kept in their order."""
        return cls(
            bounds=bounds,
            identified_by=identified_by,
            draws=np.asarray(draws, dtype=np.int64),
            effective_size=effective_size,
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
        """Give equal-tailed limits at a level, or the bounds where nothing else is known.

        Parameters
        ----------
        level : float, optional
            Credibility, in (0, 1).

        Returns
        -------
        Interval
            Limits in persons: quantiles of the distribution, each the smallest number whose
            cumulative probability reaches its level.

        Raises
        ------
        InputError
            If the level is not between 0 and 1.
        """
        level = arguments.level(level)
        if self.values is None or self.probabilities is None:
            return Interval(*self.bounds, float(level), "sharp bounds")
        tail = (1 - level) / 2
        low, high = (_quantile(self.values, self.probabilities, end) for end in (tail, 1 - tail))
        errors = (self._error_at(tail), self._error_at(1 - tail)) if self._sampled else None
        return Interval(float(low), float(high), float(level), self.method, errors)

    @property
    def monte_carlo_error(self) -> float | None:
        """Monte Carlo standard error of the mean, persons; None where there are no draws or exact values."""
        return mean_error(self.draws.astype(np.float64), self._size) if self._sampled else None

    @property
    def _size(self) -> float:
        """Independent draws that the draws are worth."""
        return float(len(self.draws)) if self.effective_size is None else self.effective_size

    def _error_at(self, probability: float) -> float:
        """Monte Carlo standard error of a quantile of the draws, persons."""
        return quantile_error(self.draws.astype(np.float64), probability, self._size)

    def probability(self, at_least: float) -> float | None:
        """Give the probability of at least this many persons; None when only bounds are known."""
        if self.values is None or self.probabilities is None:
            return None
        return min(1.0, float(self.probabilities[self.values >= at_least].sum()))

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        object.__setattr__(self, "draws", _frozen(self.draws, np.int64))
        if self.values is not None and self.probabilities is not None:
            object.__setattr__(self, "values", _frozen(self.values, np.int64))
            object.__setattr__(self, "probabilities", _frozen(self.probabilities, np.float64))

    def __str__(self) -> str:
        interval = self.interval()
        low, high = map(_persons, interval.printed)
        if self.mean is None:
            return f"{low} to {high} (sharp bounds)"
        mean = rounded(self.mean, self.monte_carlo_error)
        return f"{mean:,.0f} ({low} to {high}, 95%, from {_FROM[self.identified_by]})"

    def __repr__(self) -> str:
        return f"<UncertainCount: {self}>"


_FROM = {"data": "the counts", "prior": "the prior", "bounds": "bounds alone"}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class GapEstimate:
    """What became of an announced number of releases: one event, or one window of days.

    The announced number A is split, draw by draw, into the verified so far V, the *pending* (true,
    and still to be verified by the same monitor), the *unverifiable* (true, and never to be verified)
    and the *unsubstantiated* (announced, and not carried out in the definition used). Where more was
    verified than announced the unsubstantiated part is 0, and a note says so.

    Parameters
    ----------
    label : str
        What was announced, as the source names it.
    start, end : datetime.date or None
        First and last day of the releases counted; None where the source did not say.
    as_of : datetime.date
        Last day the data could know.
    announced : int
        Releases announced, A, persons.
    announced_by : str
        Who announced them.
    at_least : bool
        Whether the announcement said "at least".
    verified : int
        Releases verified by `as_of`, V, persons.
    verified_by : str
        Whose verification it is.
    eventually_verified : UncertainCount
        Releases the monitor will have verified in the end, V(infinity).
    carried_out : UncertainCount
        Releases that happened, R, in the definition used.
    pending : UncertainCount
        Happened, to be verified later: V(infinity) - V.
    unverifiable : UncertainCount
        Happened, and will never be verified: R - V(infinity).
    unsubstantiated : UncertainCount
        Announced, and not carried out: max(A - R, 0).
    estimator : Specification
        The specification that made the estimate.
    digest : str
        SHA-256 of the data.
    seed : int
        Seed of the fit.
    notes : tuple of str, optional
        What a reader must know besides the assumptions.
    definition : Definition, optional
        Who is counted, as the data say it.
    verified_on : datetime.date, optional
        Day on which the monitor published the last of the figures used; None where it was not said.
    """

    label: str
    start: dt.date | None
    end: dt.date | None
    as_of: dt.date
    announced: int
    announced_by: str
    at_least: bool
    verified: int
    verified_by: str
    eventually_verified: UncertainCount
    carried_out: UncertainCount
    pending: UncertainCount
    unverifiable: UncertainCount
    unsubstantiated: UncertainCount
    estimator: Specification
    digest: str
    seed: int = 0
    notes: tuple[str, ...] = ()
    definition: Definition | None = None
    verified_on: dt.date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "announced", operator.index(self.announced))
        object.__setattr__(self, "verified", operator.index(self.verified))
        object.__setattr__(self, "seed", arguments.seed(self.seed))
        object.__setattr__(self, "notes", tuple(self.notes))

    @property
    def point(self) -> float:
        """The release gap: announced minus the expected eventually verified, persons."""
        mean = self.eventually_verified.mean
        low, _ = self.eventually_verified.bounds
        return self.announced - (low if mean is None else mean)

    @property
    def p_all_carried_out(self) -> float | None:
        """Probability that at least as many releases happened as were announced."""
        return self.carried_out.probability(at_least=self.announced)

    def interval(self, level: float = 0.95) -> Interval:
        """Give the limits of the releases carried out, persons."""
        return self.carried_out.interval(level)

    @property
    def parts(self) -> dict[str, UncertainCount]:
        """The three parts of the gap, by name, in the order a report prints them."""
        return {
            "pending": self.pending,
            "unverifiable": self.unverifiable,
            "unsubstantiated": self.unsubstantiated,
        }

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What has to hold for the numbers to mean what they say."""
        return self.estimator.assumes

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give the estimate as rows of a table, one dictionary a quantity."""
        quantities = {
            "eventually verified": self.eventually_verified,
            "carried out": self.carried_out,
            **self.parts,
        }
        found = []
        for name, count in quantities.items():
            interval = count.interval(level)
            found.append(
                {
                    "label": self.label,
                    "quantity": name,
                    "announced": self.announced,
                    "verified": self.verified,
                    "low": interval.low,
                    "mean": count.mean,
                    "high": interval.high,
                    "level": interval.level,
                    "interval": interval.method,
                    "identified_by": count.identified_by,
                    "least": count.bounds[0],
                    "most": count.bounds[1],
                    "monte_carlo_error": count.monte_carlo_error,
                    "monte_carlo_error_low": interval.finite_errors[0],
                    "monte_carlo_error_high": interval.finite_errors[1],
                }
            )
        return found

    def record(self, level: float = 0.95) -> dict[str, Any]:
        """Give everything needed to make the numbers again, as plain values that JSON can hold."""
        return {
            "estimator": repr(self.estimator),
            "label": self.label,
            "start": None if self.start is None else self.start.isoformat(),
            "end": None if self.end is None else self.end.isoformat(),
            "as_of": self.as_of.isoformat(),
            "announced": self.announced,
            "announced_by": self.announced_by,
            "at_least": self.at_least,
            "verified": self.verified,
            "verified_by": self.verified_by,
            "verified_on": None if self.verified_on is None else self.verified_on.isoformat(),
            "p_all_carried_out": self.p_all_carried_out,
            "definition": None if self.definition is None else self.definition.record(),
            "quantities": [
                {key: None if value == math.inf else value for key, value in row.items()}
                for row in self.rows(level)
            ],
            "seed": self.seed,
            "data_sha256": self.digest,
            "assumptions": [str(assumption) for assumption in self.assumptions],
            "notes": list(self.notes),
            **provenance(),
        }

    def cite(self, style: CitationStyle = "text") -> str:
        """Say how to cite the library and the papers of the method used."""
        return cite(style, references=self.estimator.references)

    def __str__(self) -> str:
        return (
            f"{self.label}: {self.announced:,} announced, {self.verified:,} verified by "
            f"{self.as_of.isoformat()}; carried out {self.carried_out}"
        )

    def __repr__(self) -> str:
        return f"<GapEstimate by {self.estimator!r}: {self}>"


def _frozen(values: ArrayLike, dtype: Any) -> NDArray[Any]:
    """Make a read-only copy."""
    copy = np.array(values, dtype=dtype)
    copy.flags.writeable = False
    return copy


def _persons(value: float) -> str:
    """Persons as a whole number, thousands set apart."""
    return f"{value:,.0f}" if math.isfinite(value) else "no upper limit"


def _quantile(values: NDArray[np.int64], probabilities: NDArray[np.float64], level: float) -> int:
    """Smallest value whose cumulative probability reaches a level."""
    reached = int(np.searchsorted(np.cumsum(probabilities), level - _TIE))
    return int(values[min(reached, len(values) - 1)])
