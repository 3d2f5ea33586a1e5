"""Verbs over any estimator: refit it on resampled persons, and without each person in turn."""

from __future__ import annotations

import math
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount._numerics.parallel import attempt, map_tasks, progress
from detcount._numerics.resampling import (
    jackknife_acceleration,
    jackknife_tables,
    multinomial_resamples,
    population_resamples,
)
from detcount.abundance.intervals import BCaBootstrap, PercentileBootstrap
from detcount.abundance.loglinear import LogLinear
from detcount.captures import CaptureTable
from detcount.errors import (
    ConvergenceError,
    DetcountWarning,
    InputError,
    NotEstimableError,
)
from detcount.estimates import AbundanceEstimate, BCaRule, CautiousRule, PercentileRule, Specification
from detcount.repeated import RepeatedCounts
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "JackknifeResult",
    "LeaveOneListOut",
    "Over",
    "bootstrap",
    "bootstrap_estimate",
    "jackknife",
    "leave_one_list_out",
]

Over = Literal["listed", "population"]
"""Who is redrawn: the persons listed, or the estimated population with its unlisted part."""

_MOST_DECLINED = 0.5  # with more than half of the resamples unanswered the draws have no centre
_SHOWN_REASONS = 3
_MOST_COUNTS = 1 << 28  # resampled in all: 2 GB

Data = TypeVar("Data", bound=CaptureTable | RepeatedCounts)
Data_contra = TypeVar("Data_contra", bound=CaptureTable | RepeatedCounts, contravariant=True)


class Refittable(Specification, Protocol[Data_contra]):
    """An estimator of abundance, of whatever data.

    An estimator may also have a method ``_point(data, *, seed=0) -> float`` that gives the point and
    nothing else, and declines only where there is no point. Refits use it instead of ``fit``: an
    estimator whose interval is a bootstrap of its own, or costs more than the point, should have one.
    """

    def fit(self, data: Data_contra, /, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate abundance."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class JackknifeResult:
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
    values: NDArray[np.float64]
    counts: NDArray[np.float64]
    n_observed: int
    bias: float
    standard_error: float
    acceleration: float
    over: Over = "listed"

    def __post_init__(self) -> None:
        for name in ("values", "counts"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    def __str__(self) -> str:
        who = (
            f"{self.n_observed:,} listed persons"
            if self.over == "listed"
            else f"an estimated population of {self.point:,.0f}"
        )
        return (
            f"{self.point:,.0f} persons; jackknife over {who}: bias {round(self.bias, 1) + 0.0:,.1f}, "
            f"standard error {self.standard_error:,.1f}, acceleration {self.acceleration:.2g}"
        )

    def __repr__(self) -> str:
        return f"<JackknifeResult: {self}>"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LeaveOneListOut:
    """Estimates of the same population without each list in turn.

    Parameters
    ----------
    estimator : Specification
        The estimator that was fitted each time.
    lists : tuple of str
        The lists, in the order of the table.
    n_observed : dict of str to int
        Persons on at least one of the other lists, for each list left out.
    estimates : dict of str to AbundanceEstimate
        The estimate without each list, where there is one.
    declined : dict of str to NotEstimableError
        Why there is none, where there is none.
    full : AbundanceEstimate, optional
        The estimate from all lists; None where the estimator has no answer for them.
    full_declined : NotEstimableError, optional
        Why the estimator has no answer for all lists.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, leave_one_list_out
    >>> table = CaptureTable.from_counts(
    ...     {"100": 60, "010": 50, "110": 14, "001": 45, "101": 12, "011": 9, "111": 4},
    ...     lists=["press", "court", "families"],
    ... )
    >>> print(leave_one_list_out(abundance.Chapman(), table))
    all lists: no answer (needs exactly 2 lists, got 3)
    without 'press': 395 persons (276 to 613, 95% log-normal); 134 listed
    without 'court': 379 persons (276 to 562, 95% log-normal); 144 listed
    without 'families': 373 persons (277 to 539, 95% log-normal); 149 listed
    """

    estimator: Specification
    lists: tuple[str, ...]
    n_observed: dict[str, int]
    estimates: dict[str, AbundanceEstimate]
    declined: dict[str, NotEstimableError]
    full: AbundanceEstimate | None = None
    full_declined: NotEstimableError | None = None

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give one row for all lists and one without each; `ratio` is to the estimate from all lists."""
        rows = [_left_out_row(None, None, self.full, self.full_declined, self.full, level)]
        rows += [
            _left_out_row(
                name,
                self.n_observed[name],
                self.estimates.get(name),
                self.declined.get(name),
                self.full,
                level,
            )
            for name in self.lists
        ]
        return rows

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """Give the rows as a pandas frame."""
        import pandas as pd

        return pd.DataFrame(self.rows(level))

    def __str__(self) -> str:
        lines = [f"all lists: {_told(self.full, self.full_declined)}"]
        lines += [
            f"without {name!r}: {_told(self.estimates.get(name), self.declined.get(name))}"
            for name in self.lists
        ]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<LeaveOneListOut of {self.estimator!r}: {len(self.estimates)} of {len(self.lists)} answered>"


def _told(estimate: AbundanceEstimate | None, declined: NotEstimableError | None) -> str:
    """Estimate, or why there is none."""
    return f"no answer ({declined.reason})" if declined is not None else str(estimate)


def _left_out_row(
    name: str | None,
    n_observed: int | None,
    estimate: AbundanceEstimate | None,
    declined: NotEstimableError | None,
    full: AbundanceEstimate | None,
    level: float,
) -> dict[str, Any]:
    """Row of the table of lists left out."""
    interval = None if estimate is None else estimate.interval(level)
    return {
        "without": name,
        "n_observed": n_observed if estimate is None else estimate.n_observed,
        "low": None if interval is None else interval.low,
        "point": None if estimate is None else estimate.point,
        "high": None if interval is None else interval.high,
        "ratio": None if estimate is None or full is None else estimate.point / full.point,
        "declined": None if declined is None else declined.reason,
    }


def bootstrap(
    estimator: Refittable[Data],
    table: Data,
    *,
    n_resamples: int = 1000,
    seed: int = 0,
    n_jobs: int | None = None,
    over: Over = "listed",
) -> NDArray[np.float64]:
    """Redraw the persons with replacement, and estimate abundance from each resample.

    The spread of the draws is what chance does to the estimator, whatever it selects, averages or
    stops at on the way. It says nothing of dependence that the lists cannot show.

    Parameters
    ----------
    estimator : Estimator
        Any estimator; only its point is refitted where it can give that alone.
    table : CaptureTable or RepeatedCounts
        The persons listed.
    n_resamples : int, optional
        Resampled tables, 1 or more.
    seed : int, optional
        Seed, 0 or more. The same seed gives the same draws, to the last bit, whatever `n_jobs`.
    n_jobs : int, optional
        Workers; -1 for one a core. Without it ``joblib.parallel_config`` decides, and is 1 outside of one.
    over : {"listed", "population"}, optional
        Who is redrawn. "listed": as many persons as are listed, so the draws hold what is uncertain once
        that many were listed, as multiple systems estimation does it. "population": the estimated
        population, unlisted persons included, so the number listed varies as well; limits for a population
        of fixed size need this wherever the lists hold a good part of it.

    Returns
    -------
    ndarray of float64, shape (n_resamples,)
        Estimates of N, persons, in the order of the resamples. A resample for which the estimator has no
        answer stands as infinity: no upper limit can be read from it. Never NaN.

    Raises
    ------
    NotEstimableError
        If more than half of the resamples have no answer; with ``over="population"`` also if the table
        has none.
    InputError
        If an argument is out of its range.

    Warns
    -----
    DetcountWarning
        If a resample has no answer: how many, and why.

    See Also
    --------
    bootstrap_estimate : An estimate whose limits come from these draws.

    Notes
    -----
    Resamples are multinomial over the histories that somebody has; with ``over="population"`` the number
    listed is binomial first, and at least 1. Warnings of detcount about single
    resamples are left out; what an estimator declines is counted.

    References
    ----------
    .. [1] Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical
       Association, 82(397), 171-185. https://doi.org/10.2307/2289144
    .. [2] Buckland, S. T. and Garthwaite, P. H. (1991). Quantifying precision of mark-recapture estimates
       using the bootstrap and related methods. Biometrics, 47(1), 255-268.
       https://doi.org/10.2307/2532510

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, bootstrap
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> draws = bootstrap(abundance.Chapman(), table, n_resamples=200, seed=7)
    >>> draws.shape, bool((draws >= 120).all())
    ((200,), True)
    """
    draws, note = _draws(estimator, table, n_resamples=n_resamples, seed=seed, n_jobs=n_jobs, over=over)
    if note:
        warnings.warn(note, DetcountWarning, stacklevel=2)
    return draws


def bootstrap_estimate(
    estimator: Refittable[Data],
    table: Data,
    *,
    interval: BCaBootstrap | PercentileBootstrap = BCaBootstrap(),  # noqa: B008 - frozen
    seed: int = 0,
    n_jobs: int | None = None,
    over: Over = "population",
) -> AbundanceEstimate:
    """Estimate abundance by any estimator, with the limits of a bootstrap.

    The estimand is that of the estimator. Prefer this to the limits of the estimator where its standard
    error leaves something out, such as the choice of a model.

    Parameters
    ----------
    estimator : Estimator
        Any estimator.
    table : CaptureTable or RepeatedCounts
        The persons listed.
    interval : BCaBootstrap or PercentileBootstrap, optional
        How limits are read from the draws, and the number of resamples.
    seed : int, optional
        Seed, 0 or more.
    n_jobs : int, optional
        Workers, as in `bootstrap`.
    over : {"listed", "population"}, optional
        Who is redrawn, as in `bootstrap`. Limits that hold a population of fixed size as often as they say
        need the population; "listed" gives the narrower limits that other software prints.

    Returns
    -------
    AbundanceEstimate
        Abundance in persons: the point and the notes of the estimator, `draws` and limits of the
        bootstrap, and the standard deviation of the draws as standard error (none if a draw is infinite).

    Raises
    ------
    NotEstimableError
        If the estimator has no answer for the table, for more than half of the resamples, or, with
        ``BCaBootstrap``, for the table without one of its persons.
    InputError
        If an argument is out of its range.

    See Also
    --------
    bootstrap : The draws alone.
    jackknife : The acceleration alone.

    Notes
    -----
    A draw below the number listed is raised to it: nobody who is listed is estimated away. A resample for
    which the estimator has no answer counts against both limits: lowest for the lower, highest for the upper.

    References
    ----------
    .. [1] Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical
       Association, 82(397), 171-185. https://doi.org/10.2307/2289144
    .. [2] Buckland, S. T. and Garthwaite, P. H. (1991). Quantifying precision of mark-recapture estimates
       using the bootstrap and related methods. Biometrics, 47(1), 255-268.
       https://doi.org/10.2307/2532510

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, bootstrap_estimate
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(bootstrap_estimate(abundance.Chapman(), table))
    234 persons (170 to 340, 95% BCa bootstrap); 120 listed
    """
    if not isinstance(interval, (BCaBootstrap, PercentileBootstrap)):
        raise TypeError(
            f"interval: expected BCaBootstrap() or PercentileBootstrap(), got {type(interval).__name__}"
        )
    n_resamples = interval.n_resamples
    estimate = estimator.fit(table, seed=seed)
    accelerated = isinstance(interval, BCaBootstrap)
    acceleration = (
        jackknife(estimator, table, seed=seed, n_jobs=n_jobs, over=over).acceleration if accelerated else 0.0
    )
    raw, note = _draws(estimator, table, n_resamples=n_resamples, seed=seed, n_jobs=n_jobs, over=over)
    draws = np.maximum(raw, float(table.n_observed))

    def rule(values: NDArray[np.float64]) -> PercentileRule | BCaRule:
        return BCaRule(values, estimate.point, acceleration) if accelerated else PercentileRule(values)

    made_from = Message(
        "the limits come from {n:,} bootstrap resamples of the persons listed"
        if over == "listed"
        else "the limits come from {n:,} bootstrap resamples of the estimated population",
        n=n_resamples,
    )
    notes = (*estimate.notes, made_from)
    highest = rule(draws)
    if not note:
        return replace(
            estimate,
            interval_rule=highest,
            draws=draws,
            seed=seed,
            standard_error=float(draws.std(ddof=1)),
            notes=notes,
        )
    lowest = rule(np.where(np.isinf(draws), float(table.n_observed), draws))
    return replace(
        estimate,
        interval_rule=CautiousRule(lowest, highest),
        draws=draws,
        seed=seed,
        standard_error=None,
        notes=(*notes, Message("{note}; for the lower limit they count as below every estimate", note=note)),
    )


def jackknife(
    estimator: Refittable[Data],
    table: Data,
    *,
    seed: int = 0,
    n_jobs: int | None = None,
    over: Over = "listed",
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
    _check_over(over)
    name = type(estimator).__name__
    if table.n_observed < 2:
        raise NotEstimableError(
            name,
            Message("one person is listed, and nobody is left without them"),
            _REMEDY,
            advice=_ADVICE,
        )
    point = _point_of(estimator, table, seed)
    refit = partial(_answer, estimator, table)
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


def leave_one_list_out(
    estimator: Refittable[CaptureTable], table: CaptureTable, *, seed: int = 0
) -> LeaveOneListOut:
    """Estimate abundance without each list in turn.

    The population is the same each time, so estimates that move far with one list rest on that list.
    Persons on no other list leave with it. A specification that names the list left out, by its name or
    its position, has no meaning without it, and is declined there.

    Parameters
    ----------
    estimator : Estimator
        Any estimator.
    table : CaptureTable
        Persons by capture history.
    seed : int, optional
        Seed of every fit.

    Returns
    -------
    LeaveOneListOut
        Abundance in persons without each list, and from all; what was declined stands beside them.

    Raises
    ------
    InputError
        If the estimator cannot mean what it says for the whole table.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, leave_one_list_out
    >>> table = CaptureTable.from_counts(
    ...     {"100": 60, "010": 50, "110": 14, "001": 45, "101": 12, "011": 0, "111": 0},
    ...     lists=["press", "court", "families"],
    ... )
    >>> result = leave_one_list_out(abundance.Chapman(), table)
    >>> round(result.estimates["court"].point), result.n_observed["court"]
    (387, 131)
    """
    seed = arguments.seed(seed)
    name = type(estimator).__name__
    whole = attempt(name, partial(estimator.fit, table, seed=seed))
    named = _by_name(estimator, table)
    estimates: dict[str, AbundanceEstimate] = {}
    declined: dict[str, NotEstimableError] = {}
    n_observed: dict[str, int] = {}
    with progress(table.n_lists, "without each list in turn") as done:
        for left_out in table.lists:
            n_observed[left_out] = table.n_observed - table.exclusives[left_out]
            answer = attempt(name, partial(_without, named, table, left_out, seed))
            if isinstance(answer, NotEstimableError):
                declined[left_out] = answer
            else:
                estimates[left_out] = answer
            done(1)
    return LeaveOneListOut(
        estimator=estimator,
        lists=table.lists,
        n_observed=n_observed,
        estimates=estimates,
        declined=declined,
        full=None if isinstance(whole, NotEstimableError) else whole,
        full_declined=whole if isinstance(whole, NotEstimableError) else None,
    )


def _by_name(estimator: Refittable[CaptureTable], table: CaptureTable) -> Refittable[CaptureTable]:
    """Name the lists that a log-linear model gives by position: without one list, positions shift."""
    if not isinstance(estimator, LogLinear):
        return estimator
    lists = table.lists
    groups = tuple(
        tuple(
            lists[member - 1] if isinstance(member, int) and member <= len(lists) else member
            for member in group
        )
        for group in estimator.interactions
    )
    return replace(estimator, interactions=groups)


def _without(
    estimator: Refittable[CaptureTable], table: CaptureTable, left_out: str, seed: int
) -> AbundanceEstimate:
    """Estimate without one list. A specification that names the list has nothing to say without it."""
    name = type(estimator).__name__
    if table.n_lists == 2:
        raise NotEstimableError(
            name,
            Message("only one list would be left"),
            Message("Add a list that was made independently."),
        )
    if table.exclusives[left_out] == table.n_observed:
        raise NotEstimableError(
            name,
            Message("everybody is on list {name!r} and on no other", name=left_out),
            Message("Check how the lists were linked."),
        )
    try:
        return estimator.fit(table.drop(left_out), seed=seed)
    except InputError as error:
        raise NotEstimableError(
            name,
            Message(
                "the specification cannot be fitted without list {name!r} ({error})",
                name=left_out,
                error=str(error),
            ),
            Message("Fit the remaining lists with a specification of their own."),
        ) from error


_REMEDY = Message("Use bootstrap, or bootstrap_estimate(..., interval=PercentileBootstrap()).")
_ADVICE = Message("Use the bootstrap, with its percentiles for limits.")


def _draws(
    estimator: Refittable[Data], table: Data, *, n_resamples: int, seed: int, n_jobs: int | None, over: Over
) -> tuple[NDArray[np.float64], str]:
    """Draws in the order of the resamples, and what must be said of those without an answer."""
    seed = arguments.seed(seed)
    _check_over(over)
    n_resamples = arguments.whole_number("n_resamples", n_resamples, least=1)
    most = _MOST_COUNTS // len(table.counts)
    if n_resamples > most:
        raise InputError(
            f"n_resamples: expected at most {most:,} for this table, got {n_resamples:,}. More would not fit "
            "the memory of a common machine"
        )
    name = type(estimator).__name__
    if over == "population":
        point = _point_of(estimator, table, seed)
        resamples = population_resamples(table.counts, point, n_resamples, seed)
    else:
        resamples = multinomial_resamples(table.counts, n_resamples, seed)
    seeds = np.random.SeedSequence(seed).generate_state(n_resamples).tolist()
    tasks = list(zip(resamples, seeds, strict=True))
    answers = map_tasks(partial(_answer, estimator, table), tasks, n_jobs=n_jobs, label=f"bootstrap {name}")
    reasons = [answer for answer in answers if isinstance(answer, str)]
    note = _declined_note(name, reasons, n_resamples)
    if len(reasons) > _MOST_DECLINED * n_resamples:
        raise NotEstimableError(
            name,
            note,
            Message("Use an estimator that needs less of the table, such as ChaoLowerBound."),
            advice=Message("Use an estimator that needs less of the table, such as Chao's lower bound."),
        )
    return np.array([np.inf if isinstance(answer, str) else answer for answer in answers]), note


def _declined_note(name: str, reasons: Sequence[str], n_resamples: int) -> str:
    """How many resamples had no answer, and why, commonest reason first."""
    if not reasons:
        return ""
    ordered = Counter(reasons).most_common()
    told = [
        Message("{reason} ({n:,})", reason=reason, n=number) for reason, number in ordered[:_SHOWN_REASONS]
    ]
    rest = len(reasons) - sum(number for _, number in ordered[:_SHOWN_REASONS])
    if rest:
        told.append(Message("other reasons ({n:,})", n=rest))
    return Message(
        "{name} had no answer for {declined:,} of {n:,} resamples, which stand as infinite: {reasons:;}",
        name=name,
        declined=len(reasons),
        n=n_resamples,
        reasons=told,
    )


def _answer(estimator: Refittable[Data], table: Data, task: tuple[NDArray[np.int64], int]) -> float | str:
    """Point for persons redrawn over the same histories, or why there is none."""
    counts, seed = task
    try:
        return _point_of(estimator, _with_counts(table, counts), seed)
    except NotEstimableError as error:
        return error.reason
    except ConvergenceError:
        return Message("an iteration did not converge")


def _with_counts(table: Any, counts: NDArray[np.int64]) -> Any:
    """Table of the same kind, with other numbers of persons."""
    somebody = counts > 0
    if isinstance(table, CaptureTable):
        return CaptureTable(table.lists, table.histories[somebody], counts[somebody])
    return RepeatedCounts(table.times[somebody], counts[somebody])


def _point_of(estimator: Any, table: Any, seed: int) -> float:
    """Point alone where the estimator can give it, else the point of the fit."""
    point_alone = getattr(estimator, "_point", None)
    if point_alone is not None:
        return float(point_alone(table, seed=seed))
    return float(estimator.fit(table, seed=seed).point)


def _check_over(over: str) -> None:
    """Refuse a population that is none of the two."""
    if over not in ("listed", "population"):
        raise InputError(f"over: expected 'listed' or 'population', got {over!r}")
