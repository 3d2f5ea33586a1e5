"""Strata: split the persons listed, estimate each part by itself, and add up what was answered."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount._numerics.parallel import attempt, map_tasks
from detcount._numerics.patterns import pack, unpack
from detcount.assumptions import Assumption
from detcount.captures import (
    MISSING_COUNT,
    MISSING_MARK,
    CaptureTable,
    RepeatedCounts,
    _checked_names,
    _marks,
    _unlisted,
)
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import (
    AbundanceEstimate,
    Interval,
    IntervalRule,
    LogNormalRule,
    PercentileRule,
    Specification,
)
from detcount.frames import Frame, Place, RowNames, factorized, refuse_missing, whole

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["StrataResult", "StrataTotal", "fit_strata", "stratify"]

_MISSING_STRATUM = "Every row needs a stratum; name one for the persons whose stratum is not known"
_SMALL_STRATUM = 5  # fewer listed persons than this can be recognised behind the name of a stratum

Data_contra = TypeVar("Data_contra", bound=CaptureTable | RepeatedCounts, contravariant=True)
Data = TypeVar("Data", bound=CaptureTable | RepeatedCounts)


class _Fits(Specification, Protocol[Data_contra]):
    """An estimator of abundance, of whatever data."""

    def fit(self, data: Data_contra, /, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate abundance."""


@dataclass(frozen=True, kw_only=True)
class StrataTotal:
    """Abundance summed over the strata that have an estimate.

    Parameters
    ----------
    point : float
        Sum of the estimates, persons, of the strata named in `strata` and of no other.
    interval : Interval
        Limits of that sum, persons.
    n_observed : int
        Persons listed in those strata.
    strata : tuple of str
        Strata in the sum.
    left_out : tuple of str
        Strata without an estimate, which are not in the sum.
    n_left_out : int
        Persons listed in the strata left out.
    assumptions : tuple of Assumption
        What has to hold in every stratum.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, fit_strata
    >>> north = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> south = CaptureTable.from_counts({"10": 7}, lists=["press", "families"])
    >>> print(fit_strata(abundance.Chapman(), {"north": north, "south": south}).total())
    234 persons (184 to 325, 95% log-normal, strata independent) in 1 of 2 strata; 120 listed
    not in it: 'south' (7 listed)
    all strata together: at least 191 persons, the lower limit and those listed in the strata left out
    """

    point: float
    interval: Interval
    n_observed: int
    strata: tuple[str, ...]
    left_out: tuple[str, ...]
    n_left_out: int
    assumptions: tuple[Assumption, ...]

    @property
    def at_least(self) -> float:
        """Lower limit for all strata together: that of the sum, and the persons listed elsewhere."""
        return self.interval.low + self.n_left_out

    def __str__(self) -> str:
        n_strata = len(self.strata) + len(self.left_out)
        lines = [
            f"{self.point:,.0f} persons ({self.interval}) in {len(self.strata)} of {n_strata} strata; "
            f"{self.n_observed:,} listed"
        ]
        if self.left_out:
            names = ", ".join(map(repr, self.left_out))
            lines += [
                f"not in it: {names} ({self.n_left_out:,} listed)",
                f"all strata together: at least {self.at_least:,.0f} persons, the lower limit and those "
                "listed in the strata left out",
            ]
        return "\n".join(lines)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class StrataResult:
    """Abundance by stratum: the estimates, and the reasons where there is none.

    Parameters
    ----------
    estimator : Specification
        The estimator that was fitted to each stratum.
    strata : tuple of str
        Strata, in the order given.
    n_observed : dict of str to int
        Persons listed in each stratum.
    estimates : dict of str to AbundanceEstimate
        Estimates, for the strata that have one.
    declined : dict of str to NotEstimableError
        Why the other strata have none.
    seed : int
        Seed of every fit, and of the pairing of draws in the total.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, fit_strata
    >>> north = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> south = CaptureTable.from_counts({"10": 7}, lists=["press", "families"])
    >>> print(fit_strata(abundance.Chapman(), {"north": north, "south": south}))
    north: 234 persons (184 to 325, 95% log-normal); 120 listed
    south: no answer (list 'families' names nobody); 7 listed
    """

    estimator: Specification
    strata: tuple[str, ...]
    n_observed: dict[str, int]
    estimates: dict[str, AbundanceEstimate]
    declined: dict[str, NotEstimableError]
    seed: int = 0

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of single strata."""
        told = [
            f"stratum {name!r}: {note}"
            for name, estimate in self.estimates.items()
            for note in estimate.notes
        ]
        small = [name for name in self.strata if self.n_observed[name] < _SMALL_STRATUM]
        if small:
            names = ", ".join(map(repr, small))
            told.append(
                f"fewer than {_SMALL_STRATUM} persons are listed in {names}: they can be "
                "recognised, so unite a stratum that small with another before publishing"
            )
        return tuple(told)

    def total(self, level: float = 0.95) -> StrataTotal:
        """Add up the strata that have an estimate.

        Parameters
        ----------
        level : float, optional
            Confidence or credibility aimed for, in (0, 1).

        Returns
        -------
        StrataTotal
            The sum in persons, with the strata that are not in it and the persons listed there.

        Raises
        ------
        NotEstimableError
            If no stratum has an estimate, or one has neither draws nor a standard error.
        InputError
            If the level is not between 0 and 1.

        Notes
        -----
        Strata are taken as independent of each other given their estimates; what biases every stratum alike
        (a dependence between the lists) is not averaged away by adding up. Where every estimate has draws,
        draws are paired at random and added, and the limits are quantiles of the sums. Otherwise the
        variances are added, and log(N - n) of the sum is taken as normal.
        """
        level = arguments.level(level)
        name = type(self.estimator).__name__
        if not self.estimates:
            reasons = "; ".join(f"{stratum!r}: {error.reason}" for stratum, error in self.declined.items())
            raise NotEstimableError(
                name, f"no stratum has an estimate ({reasons})", "Unite strata, or estimate without them."
            )
        estimates = list(self.estimates.values())
        point = math.fsum(estimate.point for estimate in estimates)
        n_observed = sum(estimate.n_observed for estimate in estimates)
        rule = self._rule(point, n_observed)
        low, high = rule.bounds(level)
        floor = float(n_observed)
        method = f"{rule.method}, strata independent"
        return StrataTotal(
            point=point,
            interval=Interval(point if low == math.inf else max(low, floor), max(high, floor), level, method),
            n_observed=n_observed,
            strata=tuple(self.estimates),
            left_out=tuple(self.declined),
            n_left_out=sum(self.n_observed[stratum] for stratum in self.declined),
            assumptions=self.estimator.assumes,
        )

    def _rule(self, point: float, n_observed: int) -> IntervalRule:
        """Limits of the sum, from draws where every stratum has them, else from its variance."""
        estimates = list(self.estimates.values())
        draws = [estimate.draws for estimate in estimates if estimate.draws is not None]
        if len(draws) == len(estimates):
            return PercentileRule(_summed_draws(draws, self.seed), "draws added")
        variance = math.fsum(_variance(name, estimate) for name, estimate in self.estimates.items())
        if variance == 0 or point <= n_observed:
            raise NotEstimableError(
                type(self.estimator).__name__,
                "nobody unlisted is expected in any stratum, or no estimate has a spread",
                "Give the strata one by one, with the limits that each of them has.",
            )
        return LogNormalRule(point - n_observed, variance, n_observed)

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give one row a stratum, in the order given; `declined` says why there is no estimate."""
        rows = []
        for name in self.strata:
            estimate = self.estimates.get(name)
            interval = None if estimate is None else estimate.interval(level)
            rows.append(
                {
                    "stratum": name,
                    "n_observed": self.n_observed[name],
                    "low": None if interval is None else interval.low,
                    "point": None if estimate is None else estimate.point,
                    "high": None if interval is None else interval.high,
                    "standard_error": None if estimate is None else estimate.standard_error,
                    "declined": None if estimate is not None else self.declined[name].reason,
                }
            )
        return rows

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """Give the rows as a pandas frame."""
        import pandas as pd

        return pd.DataFrame(self.rows(level))

    def __str__(self) -> str:
        lines = [
            f"{name}: {self.estimates[name]}"
            if name in self.estimates
            else f"{name}: no answer ({self.declined[name].reason}); {self.n_observed[name]:,} listed"
            for name in self.strata
        ]
        return "\n".join([*lines, *self.notes])

    def __repr__(self) -> str:
        return f"<StrataResult of {self.estimator!r}: {len(self.estimates)} of {len(self.strata)} answered>"


def _summed_draws(draws: Sequence[NDArray[np.float64]], seed: int) -> NDArray[np.float64]:
    """Sums of draws paired at random: strata fitted with one seed would else move together."""
    rng = np.random.default_rng(seed)
    n_draws = max(len(values) for values in draws)
    total = np.zeros(n_draws)
    for values in draws:
        total += rng.permutation(values) if len(values) == n_draws else rng.choice(values, n_draws)
    return total


def _variance(name: str, estimate: AbundanceEstimate) -> float:
    """Variance of the estimate of a stratum, persons squared."""
    if estimate.standard_error is not None:
        return estimate.standard_error**2
    if estimate.draws is not None and np.isfinite(estimate.draws).all():
        return float(np.var(estimate.draws, ddof=1))
    raise NotEstimableError(
        type(estimate.estimator).__name__,
        f"stratum {name!r} has no standard error and no draws, so the sum has no limits",
        "Use an interval that comes with one of them, such as bootstrap_estimate in every stratum.",
    )


def fit_strata(
    estimator: _Fits[Data], tables: Mapping[str, Data], *, seed: int = 0, n_jobs: int | None = None
) -> StrataResult:
    """Estimate abundance in each stratum by itself, and keep what was declined.

    Prefer strata within which persons are alike in how easily they are listed: a difference between
    strata then biases nothing.

    Parameters
    ----------
    estimator : Estimator
        Any estimator; fitted to every stratum with the same options.
    tables : mapping of str to CaptureTable or RepeatedCounts
        Persons listed in each stratum, such as `stratify` gives.
    seed : int, optional
        Seed of every fit: a stratum has the estimate that it would have alone.
    n_jobs : int, optional
        Workers; -1 for one a core. Without it ``joblib.parallel_config`` decides, and is 1 outside of one.

    Returns
    -------
    StrataResult
        Abundance in persons by stratum; ``total()`` adds up.

    Raises
    ------
    InputError
        If there are no strata, or the estimator cannot mean what it says for one of them.

    See Also
    --------
    stratify : Make the tables from a frame.

    Notes
    -----
    Warnings about single strata stand in the notes of their estimates.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, fit_strata
    >>> north = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> south = CaptureTable.from_counts({"10": 7}, lists=["press", "families"])
    >>> result = fit_strata(abundance.Chapman(), {"north": north, "south": south})
    >>> list(result.estimates), result.declined["south"].reason
    (['north'], "list 'families' names nobody")
    """
    if not isinstance(tables, Mapping):
        raise TypeError(f"tables: expected a mapping of names to tables, got {type(tables).__name__}")
    if not tables:
        raise InputError("tables: expected at least one stratum, got none")
    for position, (name, table) in enumerate(tables.items()):
        if not isinstance(name, str) or not name.strip():
            raise InputError(
                f"tables, position {position}: expected the name of a stratum as text, "
                f"got {type(name).__name__}"
            )
        if not isinstance(table, (CaptureTable, RepeatedCounts)):
            raise TypeError(f"tables, stratum {name!r}: expected a CaptureTable, got {type(table).__name__}")
    answers = map_tasks(
        partial(_fit_one, estimator, seed), list(tables.items()), n_jobs=n_jobs, label="strata"
    )
    by_name = dict(zip(tables, answers, strict=True))
    return StrataResult(
        estimator=estimator,
        strata=tuple(tables),
        n_observed={name: table.n_observed for name, table in tables.items()},
        estimates={name: answer for name, answer in by_name.items() if isinstance(answer, AbundanceEstimate)},
        declined={name: answer for name, answer in by_name.items() if isinstance(answer, NotEstimableError)},
        seed=seed,
    )


def _fit_one(
    estimator: _Fits[Data], seed: int, stratum: tuple[str, Data]
) -> AbundanceEstimate | NotEstimableError:
    """Estimate of one stratum, or why it has none."""
    name, table = stratum
    try:
        return attempt(type(estimator).__name__, partial(estimator.fit, table, seed=seed))
    except InputError as error:
        raise InputError(f"stratum {name!r}: {error}") from error


def stratify(
    frame: Any, *, by: str, lists: Sequence[str], count: str | None = None
) -> dict[str, CaptureTable]:
    """Split a frame by a column, and count each part by capture history.

    Every row goes into the stratum that its value names; nobody is left out. A list that names nobody in
    a stratum stays a list of its table.

    Parameters
    ----------
    frame : pandas, polars or pyarrow frame, or mapping of str to array
        One row a person, or one row a capture history of a stratum when `count` is given.
    by : str
        Column with the stratum: a place, a sex, a month. Its values are shown in results, so it must
        not tell who somebody is.
    lists : sequence of str
        The columns that are lists, 2 to 60; values 0, 1, True or False.
    count : str, optional
        The column with the number of persons; without it every row is one person.

    Returns
    -------
    dict of str to CaptureTable
        Persons by capture history in each stratum, sorted by the value of `by`.

    Raises
    ------
    InputError
        If a stratum is missing, if `by` is also a list or the count, if a history stands twice in a stratum
        beside its count, or if the frame cannot be read as `CaptureTable.from_frame` reads it. Rows are
        named by their number in the whole frame, from 1.

    Examples
    --------
    >>> from detcount.strata import stratify
    >>> people = {"place": ["north", "south", "north"], "press": [1, 1, 1], "court": [1, 0, 0]}
    >>> stratify(people, by="place", lists=["press", "court"])["north"].n_observed
    2
    """
    names = _checked_names(lists)
    for role, column in (("count", count), ("by", by)):
        if column is not None and column in names:
            raise InputError(
                f"{role}: column {column!r} is also named as a list. A column is one or the other"
            )
    if by == count:
        raise InputError(f"by and count: both are column {by!r}. Name two columns")
    places = {name: (f"list {name!r}", MISSING_MARK) for name in names}
    places[by] = (f"by {by!r}", _MISSING_STRATUM)
    if count is not None:
        places[count] = (f"count {count!r}", MISSING_COUNT)
    read = Frame.of(frame)
    columns = read.columns(places)
    n_rows = len(columns[by])
    if n_rows == 0:
        raise InputError("the frame has no rows. A capture table needs at least one person")
    labels, strata = _labels(*factorized(columns[by]), columns[by].place)
    marks = _marks([columns[name] for name in names], names, refuse_unlisted=count is None)
    codes = np.concatenate([pack(np.column_stack(part).astype(np.uint8)) for part in marks])
    if count is None:
        persons = np.ones(n_rows, dtype=np.int64)
    else:
        persons = whole(columns[count].part(0, n_rows), columns[count].place)
        nobody = (codes == 0) & (persons > 0)
        if nobody.any():
            raise InputError(_unlisted(int(np.flatnonzero(nobody)[0]), names, read.rows))
    order = np.lexsort((codes, strata))
    if count is not None:
        _refuse_repeated_in_stratum(order, codes, strata, read.rows)
    edges = np.searchsorted(strata[order], np.arange(len(labels) + 1))
    tables = {}
    for position, label in enumerate(labels):
        rows = order[edges[position] : edges[position + 1]]
        rows = rows[persons[rows] > 0]
        if len(rows) == 0:
            row = int(order[edges[position]])
            raise InputError(
                f"{columns[by].place.at(row)}: every count of this stratum is 0. A capture table needs at "
                "least one person; leave the stratum out"
            )
        values, starts = np.unique(codes[rows], return_index=True)
        tables[label] = CaptureTable(
            names, unpack(values, len(names)), np.add.reduceat(persons[rows], starts)
        )
    return tables


def _labels(codes: NDArray[Any], found: NDArray[Any], place: Place) -> tuple[list[str], NDArray[np.int64]]:
    """Names of the strata, sorted by value, and the place of each row among them."""
    values = found.tolist()
    unnamed = [
        code
        for code, value in enumerate(values)
        if value != value or value is None or (isinstance(value, str) and not value.strip())
    ]
    refuse_missing((codes < 0) | np.isin(codes, unnamed), place)
    used = [code for code in range(len(values)) if code not in unnamed]
    texts = {code: _label(values[code]) for code in used}
    if len(set(texts.values())) < len(texts):
        raise InputError(
            f"{place.where}: two different values are written alike. Make them one before counting"
        )
    numeric = all(isinstance(values[code], (bool, int, float)) for code in used)
    used.sort(key=(lambda code: values[code]) if numeric else (lambda code: texts[code]))
    rank = np.zeros(len(values), dtype=np.int64)
    rank[used] = np.arange(len(used))
    return [texts[code] for code in used], rank[codes]


def _label(value: Any) -> str:
    """Name of a stratum as a person writes it."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _refuse_repeated_in_stratum(
    order: NDArray[np.int64], codes: NDArray[np.uint64], strata: NDArray[np.int64], rows: RowNames
) -> None:
    """Refuse a history that stands twice in a stratum beside its count."""
    again = np.flatnonzero((np.diff(codes[order]) == 0) & (np.diff(strata[order]) == 0))
    if len(again):
        two = rows.two(order[again[0]], order[again[0] + 1])
        raise InputError(f"{two} hold the same capture history of one stratum. Add up their counts first")
