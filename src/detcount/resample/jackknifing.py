"""Refit an estimator without each person in turn."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np

from detcount import arguments
from detcount._numerics.arrays import Floats, Ints, frozen
from detcount._numerics.monte_carlo import jackknife_acceleration, jackknife_tables
from detcount._numerics.parallel import map_tasks
from detcount.captures import CaptureTable
from detcount.errors import ConvergenceError, InputError, NotEstimableError
from detcount.fitting import Data, Fits, point_of
from detcount.printing import Column
from detcount.repeated import RepeatedCounts
from detcount.shown import Tabular
from detcount.words import Message
from detcount.words.by_key import Messages

message = Messages("detcount.resample")

Over = Literal["listed", "population"]
"""Who is redrawn: the persons listed, or the estimated population with its unlisted part."""


def answer_or_reason(estimator: Fits[Data], table: Data, task: tuple[Ints, int]) -> float | str:
    """Point for persons redrawn over the same histories, or why there is none."""
    counts, seed = task
    try:
        return point_of(estimator, with_counts(table, counts), seed)
    except NotEstimableError as error:
        return error.reason
    except ConvergenceError:
        return Message("an iteration did not converge")


def with_counts(table: Any, counts: Ints) -> Any:
    """Table of the same kind, with other numbers of persons."""
    somebody = counts > 0
    if isinstance(table, CaptureTable):
        return CaptureTable(table.lists, table.histories[somebody], counts[somebody])
    return RepeatedCounts(table.times[somebody], counts[somebody])


def check_over(over: str) -> None:
    """Refuse a population that is none of the two."""
    if over not in ("listed", "population"):
        raise InputError(Message("over: expected 'listed' or 'population', got {got}", got=repr(over)))


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class JackknifeResult(Tabular):
    """What leaving out one person at a time says about an estimate.

    Parameters
    ----------
    point : float
        The estimate with everybody, persons.
    values : ndarray of float64, shape (n_patterns,)
        The estimate without one person of each distinct history, persons, in the order of the table.
    counts : ndarray of float64, shape (n_patterns,)
        Persons for whom each value stands.
    n_observed : int
        Persons on at least one list.
    bias : float
        Estimated bias of the point, persons.
    standard_error : float
        Estimated standard error of the point, persons.
    acceleration : float
        How fast the standard error changes with N; what BCa limits need.
    over : {"listed", "population"}
        Who is left out: listed persons only, or persons of the estimated population.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, jackknife
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(jackknife(abundance.Chapman(), table))
    234 persons; jackknife over 120 listed persons: bias 0.0, standard error 32.9, acceleration -0.026
    """

    point: float
    values: Floats
    counts: Floats
    n_observed: int
    bias: float
    standard_error: float
    acceleration: float
    over: Over = "listed"

    def __post_init__(self) -> None:
        for name in ("values", "counts"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.float64))

    _columns = tuple(
        Column(name=name)
        for name in ("point", "bias", "standard_error", "acceleration", "n_observed", "over")
    )

    @property
    def _items(self) -> tuple[JackknifeResult, ...]:
        return (self,)

    def headline(self) -> Message:
        """Give the estimate, its bias and its standard error, in one line."""
        who = (
            Message("{n:,} listed persons", n=self.n_observed)
            if self.over == "listed"
            else Message("an estimated population of {point:,.0f}", point=self.point)
        )
        return message(
            "jackknife in one line",
            point=self.point,
            who=who,
            bias=round(self.bias, 1) + 0.0,
            error=self.standard_error,
            acceleration=self.acceleration,
        )

    def sentence(self) -> Message:
        """Say what leaving out one person at a time shows."""
        return message(
            "leaving out one person",
            point=self.point,
            bias=round(self.bias, 1) + 0.0,
            error=self.standard_error,
        )

    def __repr__(self) -> str:
        return f"<JackknifeResult: {self}>"


def jackknife(
    estimator: Fits[Data], table: Data, *, seed: int = 0, n_jobs: int | None = None, over: Over = "listed"
) -> JackknifeResult:
    """Estimate abundance without each person in turn: bias, standard error and acceleration.

    Persons with the same capture history leave the same table, so there is one refit for each distinct
    history, weighted by the persons who have it.

    Parameters
    ----------
    estimator : Estimator
        Any estimator; only its point is refitted where it can give that alone.
    table : CaptureTable or RepeatedCounts
        The persons listed, two or more.
    seed : int, optional
        Seed of every refit, the same, so that only the person left out makes a difference.
    n_jobs : int, optional
        Workers, as in `bootstrap`.
    over : {"listed", "population"}, optional
        Who is left out. "listed" takes the number listed as given; "population" also leaves out each of
        the estimated unlisted persons, which changes no list, and so counts the spread of the number listed.

    Returns
    -------
    JackknifeResult
        Bias and standard error in persons, acceleration as a plain number.

    Raises
    ------
    NotEstimableError
        If the table, or the table without one person, has no answer.

    See Also
    --------
    bootstrap : Draws instead of moments.

    Notes
    -----
    With t the point, t_i the estimate without person i and t. their mean over n persons, the standard
    error is the root of (n - 1)/n sum (t_i - t.)^2 and the acceleration
    sum (t. - t_i)^3 / (6 (sum (t. - t_i)^2)^1.5). The bias is n t. - (n - 1) t. The usual formula,
    (n - 1)(t. - t), is for an estimand that stays when a person leaves; abundance falls with the persons,
    so the bias is that of t/n, times n.

    References
    ----------
    .. [1] Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical
       Association, 82(397), 171-185. https://doi.org/10.2307/2289144

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, jackknife
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> round(jackknife(abundance.Chapman(), table).standard_error, 1)
    32.9
    """
    seed = arguments.seed(seed)
    check_over(over)
    name = type(estimator).__name__
    if table.n_observed < 2:
        raise NotEstimableError(
            name, Message("one person is listed, and nobody is left without them"), _REMEDY, advice=_ADVICE
        )
    point = point_of(estimator, table, seed)
    refit = partial(answer_or_reason, estimator, table)
    tasks = [(counts, seed) for counts in jackknife_tables(table.counts)]
    answers = map_tasks(refit, tasks, n_jobs=n_jobs, label=f"jackknife {name}")
    for answer in answers:
        if isinstance(answer, str):
            raise NotEstimableError(
                name,
                Message("without one of the persons there is no answer ({reason})", reason=answer),
                _REMEDY,
                advice=_ADVICE,
            )
    values = np.array(answers, dtype=np.float64)
    persons = table.counts.astype(np.float64)
    moved, weights = values, persons
    if over == "population":
        moved, weights = np.append(values, point), np.append(persons, point - table.n_observed)
    total = float(weights.sum())
    mean = float(np.average(moved, weights=weights))
    return JackknifeResult(
        point=point,
        values=values,
        counts=persons,
        n_observed=table.n_observed,
        bias=total * mean - (total - 1) * point,
        standard_error=math.sqrt((total - 1) / total * float((weights * (moved - mean) ** 2).sum())),
        acceleration=jackknife_acceleration(moved, weights),
        over=over,
    )


_REMEDY = Message("Use bootstrap, or bootstrap_estimate(..., interval=PercentileBootstrap()).")
_ADVICE = Message("Use the bootstrap, with its percentiles for limits.")
