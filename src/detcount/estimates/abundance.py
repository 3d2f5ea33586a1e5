"""An estimate of abundance, and what an estimator promises."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detcount._numerics.arrays import LazyField, LazyValue, ReadOnly, frozen
from detcount._numerics.monte_carlo import rounded
from detcount.assumptions import conditions
from detcount.contract import arguments
from detcount.contract.definition import Definition, checked
from detcount.contract.specification import Specification
from detcount.data.captures import CaptureTable
from detcount.estimates.count import level_columns
from detcount.estimates.interval import Interval, IntervalRule, interval_name, persons
from detcount.estimates.result import Estimate
from detcount.reports.printing import Columns, Summary
from detcount.words import Message

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROUNDING = 1e-12  # a point this little below n is n: formulas lose a few last bits


@runtime_checkable
class Estimator(Specification, Protocol):
    """A specification that turns a capture table into an estimate of abundance.

    An estimator is a frozen dataclass of its options. Its ``repr`` is the methods sentence and can
    be evaluated back. ``assumes`` and ``references`` are class attributes.

    Examples
    --------
    >>> import detcount as dc
    >>> from detcount.estimates import Estimator
    >>> isinstance(dc.abundance.Chapman(), Estimator)
    True
    """

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate the size of the population that the lists were made of."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class AbundanceEstimate(ReadOnly, Estimate):
    """Number of persons, listed or not.

    Parameters
    ----------
    point : float
        Estimate of N, persons; at least `n_observed`.
    n_observed : int
        Persons on at least one list.
    estimator : Specification
        The specification that made the estimate; ``estimate.estimator.fit(...)`` makes it again.
    interval_rule : IntervalRule
        Gives the limits at any level.
    digest : str
        SHA-256 of the data.
    seed : int
        Seed of the fit; deterministic estimators carry it too.
    standard_error : float, optional
        Standard error of the point, persons, where the method has one.
    notes : tuple of str, optional
        What a reader must know besides the assumptions: warnings, corrections, caps.
    detail : object, optional
        The typed detail of the estimator: models, weights, coefficients.
    draws : ndarray of float64, shape (n_draws,), optional
        Bootstrap or posterior draws of N, persons.
    monte_carlo_error : float, optional
        Monte Carlo standard error of the point, persons, where the point is a quantile of random draws:
        how far another seed would move it. None where the point is exact; `interval` has those of the
        limits.
    definition : Definition, optional
        Who is counted, as the data say it.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(abundance.Chapman().fit(table))
    234 persons (184 to 325, 95% log-normal); 120 listed
    """

    point: float
    n_observed: int
    estimator: Specification
    interval_rule: IntervalRule
    digest: str
    seed: int = 0
    standard_error: float | None = None
    notes: tuple[str, ...] = ()
    detail: object = None
    draws: LazyField[NDArray[np.float64] | None] = LazyField(None)
    monte_carlo_error: float | None = None
    definition: Definition | None = None

    def __post_init__(self) -> None:
        checked(self.definition)
        listed = operator.index(self.n_observed)
        least = listed * (1 - _ROUNDING)
        if not (math.isfinite(self.point) and self.point >= least):
            raise self._defect(f"a point of {self.point} persons with {listed} listed")
        if self.standard_error is not None:
            if not 0 <= self.standard_error < math.inf:
                raise self._defect(f"a standard error of {self.standard_error} persons")
            object.__setattr__(self, "standard_error", float(self.standard_error))
        if self.monte_carlo_error is not None:
            if not self.monte_carlo_error >= 0:
                raise self._defect(f"a Monte Carlo error of {self.monte_carlo_error} persons")
            object.__setattr__(self, "monte_carlo_error", float(self.monte_carlo_error))
        given = vars(self)["draws"]
        if isinstance(given, LazyValue):
            given = LazyValue(_checked_draws, given, listed, self.estimator)
        elif given is not None:
            given = _checked_draws(given, listed, self.estimator)
        object.__setattr__(self, "draws", given)
        object.__setattr__(self, "point", max(float(self.point), float(listed)))
        object.__setattr__(self, "n_observed", listed)
        object.__setattr__(self, "seed", arguments.seed(self.seed))
        object.__setattr__(self, "notes", tuple(self.notes))

    def _defect(self, what: str) -> ValueError:
        """Error for a number that no estimator may give."""
        return _defect(self.estimator, what)

    def interval(self, level: float = 0.95) -> Interval:
        """Give the limits of N at a level.

        Parameters
        ----------
        level : float, optional
            Confidence or credibility aimed for, in (0, 1).

        Returns
        -------
        Interval
            Limits in persons, never below `n_observed`.

        Raises
        ------
        InputError
            If the level is not between 0 and 1.
        """
        low, high = map(float, self.interval_rule.bounds(level))
        if not low <= high:
            raise self._defect(f"an interval from {low} to {high}")
        floor = float(self.n_observed)
        low = self.point if low == math.inf else max(low, floor)
        sampled = getattr(self.interval_rule, "monte_carlo_errors", None)
        errors = None if sampled is None else sampled(level)
        return Interval(low, max(high, floor), float(level), self.interval_rule.method, errors)

    def printed(self, level: float = 0.95) -> tuple[float, float, float]:
        """Give lower limit, point and upper limit as people are shown them, persons.

        Parameters
        ----------
        level : float, optional
            Confidence or credibility aimed for, in (0, 1).

        Returns
        -------
        tuple of float
            Persons, from low to high, none below `n_observed`.

        Notes
        -----
        A number from random draws is printed in steps of 1, 2, 5, 10, 20, 50 and so on, the least that is
        twice its Monte Carlo standard error, so that another seed changes what is printed by one step at most
        in 95 of 100 cases. Limits are rounded outwards. Exact numbers are printed to the person.
        """
        floor = float(self.n_observed)
        low, high = (max(limit, floor) for limit in self.interval(level).printed)
        return low, min(max(rounded(self.point, self.monte_carlo_error), low), high), high

    @property
    def n_unobserved(self) -> float:
        """Estimate of the persons on no list, n_0 = N - n."""
        return self.point - self.n_observed

    @property
    def documented_share(self) -> float:
        """Share of the estimated population that is listed, n / N."""
        return self.n_observed / self.point

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give the estimate as rows of a table, one dictionary a row."""
        first = {"estimator": repr(self.estimator), "n_observed": self.n_observed}
        return [first | self._numbers(level)]

    def _numbers(self, level: float) -> dict[str, Any]:
        """Limits, point and their errors."""
        interval = self.interval(level)
        return {
            "low": interval.low,
            "point": self.point,
            "high": interval.high,
            "level": interval.level,
            "interval": interval.method,
            "standard_error": self.standard_error,
            "monte_carlo_error": self.monte_carlo_error,
            "monte_carlo_error_low": interval.finite_errors[0],
            "monte_carlo_error_high": interval.finite_errors[1],
        }

    def plot(self, level: float = 0.95, *, lang: str = "en") -> Figure:
        """Draw the persons listed, the limits, and where the probability is if there are draws of it.

        Parameters
        ----------
        level : float, optional
            Confidence or credibility aimed for, in (0, 1).
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("estimate.png")`` writes it.

        Raises
        ------
        InputError
            If the level is not between 0 and 1, or the language is unknown.

        Examples
        --------
        >>> from detcount import CaptureTable, abundance
        >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
        >>> figure = abundance.Chapman().fit(table).plot()
        >>> print(figure.axes[0].texts[0].get_text())
        234  (184 – 325)
        """
        from detcount.estimates.figures import draw_rows, row_of
        from detcount.reports.printed import figure_of

        rows = [row_of(self, "", level)]
        title = Message("How many there are, listed or not")
        return figure_of(partial(draw_rows, rows=rows, title=title, level=level), lang)

    _private = True

    def _recorded(self, level: float) -> dict[str, Any]:
        return self._numbers(level) | {"n_observed": self.n_observed, "definition": self.definition}

    @property
    def _table(self) -> Columns:
        """Limits at several levels."""
        return level_columns(lambda level: self.printed(level)[::2])

    def headline(self) -> Message:
        """Give the number, its limits and the persons listed, in one line."""
        low, point, high = self.printed()
        return Message(
            "{point} persons ({limits}); {n_observed:,} listed",
            point=persons(point),
            limits=replace(self.interval(), low=low, high=high, monte_carlo_error=None),
            n_observed=self.n_observed,
        )

    def sentence(self) -> Message:
        """Say how many are listed and how many are not, between what limits, and on what condition."""
        low, point, high = self.printed()
        number = Message.counted(
            "1 person is on at least one list, and {unlisted} more are estimated to be on none: {point} in "
            "all, of whom {share:.0%} are listed.",
            "{listed:,} persons are on at least one list, and {unlisted} more are estimated to be on none: "
            "{point} in all, of whom {share:.0%} are listed.",
            by="listed",
            listed=self.n_observed,
            unlisted=persons(point - self.n_observed),
            point=persons(point),
            share=self.documented_share,
        )
        interval = self.interval()
        percent, method = 100 * interval.level, interval_name(interval.method)
        limits = (
            Message(
                "The {percent:.10g}% interval ({method}) goes from {low} to {high}",
                percent=percent,
                method=method,
                low=persons(low),
                high=persons(high),
            )
            if math.isfinite(high)
            else Message(
                "The {percent:.10g}% interval ({method}) begins at {low} and has no upper limit",
                percent=percent,
                method=method,
                low=persons(low),
            )
        )
        condition = conditions(self.assumptions)
        if condition:
            limits = Message("{limits}, if {condition}", limits=limits, condition=condition)
        return Message.together((number, Message("{limits}.", limits=limits)))

    def _in_notebook(self) -> Summary:
        """The whole but for the notes, which may name small counts."""
        whole = self.summary()
        n = len(self.notes)
        more = Message.counted(
            "There is 1 note, which may name small counts: the summary shows it",
            "There are {n} notes, which may name small counts: the summary shows them",
            n=n,
        )
        return replace(whole, notes=(more,) if n else ())


def limits_of(estimate: AbundanceEstimate | None, level: float) -> dict[str, float | None]:
    """Limits and point as columns of a row; None where there is no estimate."""
    numbers = {} if estimate is None else estimate._numbers(level)
    return {name: numbers.get(name) for name in ("low", "point", "high")}


def printed_limits(estimate: AbundanceEstimate | None) -> tuple[str, ...]:
    """Limits and point as people read them; dashes where there is no estimate."""
    return ("–",) * 3 if estimate is None else tuple(map(persons, estimate.printed()))


def _defect(estimator: Specification, what: str) -> ValueError:
    """Error for a number that no estimator may give."""
    return ValueError(f"{estimator!r}: {what} is a defect of the estimator")


def _checked_draws(
    given: ArrayLike | LazyValue[NDArray[np.float64]], n_observed: int, estimator: Specification
) -> NDArray[np.float64]:
    """Draws that are possible, read-only; none is below the persons listed."""
    draws = np.array(given() if isinstance(given, LazyValue) else given, dtype=np.float64)
    if not (draws >= n_observed * (1 - _ROUNDING)).all():
        raise _defect(estimator, f"a draw of {draws.min()} persons with {n_observed} listed")
    return frozen(np.maximum(draws, n_observed))
