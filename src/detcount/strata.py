"""Strata: split the persons listed, estimate each part by itself, and add up what was answered."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount._numerics.coupling import (
    N_BLOCKS,
    LogSpread,
    block_errors,
    blocks,
    coupled_scores,
    middle_and_limits,
    stratified_scores,
    sums_for,
)
from detcount._numerics.monte_carlo import rounded
from detcount._numerics.parallel import attempt, map_tasks
from detcount._numerics.patterns import pack, unpack
from detcount.assumptions import Assumption
from detcount.capture_rows import (
    MISSING_COUNT,
    MISSING_MARK,
    MISSING_PERSON,
    checked_names,
    marks_by_part,
    refuse_two_roles,
    row_notes,
    unlisted,
)
from detcount.captures import CaptureTable
from detcount.definition import Definition, common, require_strata
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import (
    AbundanceEstimate,
    Interval,
    IntervalRule,
    PercentileRule,
    Specification,
)
from detcount.frames import (
    Frame,
    Place,
    RowNames,
    factorized,
    refuse_missing,
    whole,
)
from detcount.identity import refuse_names_of_persons
from detcount.repeated import RepeatedCounts
from detcount.words import Message, said

if TYPE_CHECKING:
    import pandas as pd

    from detcount.words import Language

__all__ = ["StrataResult", "StrataSum", "StrataTotal", "fit_strata", "stratify"]

_MISSING_STRATUM = "Every row needs a stratum; name one for the persons whose stratum is not known"
_SMALL_STRATUM = 5  # fewer listed persons than this can be recognised behind the name of a stratum

Data_contra = TypeVar("Data_contra", bound=CaptureTable | RepeatedCounts, contravariant=True)
Data = TypeVar("Data", bound=CaptureTable | RepeatedCounts)


class _Fits(Specification, Protocol[Data_contra]):
    """An estimator of abundance, of whatever data."""

    def fit(self, data: Data_contra, /, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate abundance."""


@dataclass(frozen=True, kw_only=True)
class StrataSum:
    """The sum of the strata, if so much of their errors is the same.

    Parameters
    ----------
    shared : float
        Correlation of the errors of two strata, from 0 (each errs for itself) to 1 (all err together).
        Where it was learned stratum by stratum, the mean.
    point : float
        Median of the sum, persons.
    interval : Interval
        Limits of the sum, persons.
    monte_carlo_error : float, optional
        Monte Carlo standard error of the point, persons; None where it is exact.
    """

    shared: float
    point: float
    interval: Interval
    monte_carlo_error: float | None = None


@dataclass(frozen=True, kw_only=True)
class StrataTotal:
    """Abundance summed over the strata that have an estimate.

    Parameters
    ----------
    sums : tuple of StrataSum
        The sum in persons, over the strata named in `strata` and no other. One where it is known how much
        of their errors the strata share; otherwise two, as if they shared nothing and as if everything.
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
    learned : bool
        Whether how much the strata share was learned from populations of known size.
    definition : Definition, optional
        Who is counted, where every stratum in the sum says the same.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, fit_strata
    >>> north = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> south = CaptureTable.from_counts({"10": 7}, lists=["press", "families"])
    >>> print(fit_strata(abundance.Chapman(), {"north": north, "south": south}).total())
    234 persons (184 to 325, 95%) in 1 of 2 strata, those with an estimate; 120 listed
    not in it: 'south' (7 listed)
    all strata together: at least 191 persons, the lower limit and those listed in the strata left out
    """

    sums: tuple[StrataSum, ...]
    n_observed: int
    strata: tuple[str, ...]
    left_out: tuple[str, ...]
    n_left_out: int
    assumptions: tuple[Assumption, ...]
    learned: bool = False
    definition: Definition | None = None

    @property
    def point(self) -> float:
        """Median of the sum, persons; of two sums, that of the strata that err together."""
        return self.sums[-1].point

    @property
    def interval(self) -> Interval:
        """Limits of the sum, persons; of two sums, those of the strata that err together: the wider."""
        return self.sums[-1].interval

    @property
    def monte_carlo_error(self) -> float | None:
        """Monte Carlo standard error of the point, persons; None where it is exact."""
        return self.sums[-1].monte_carlo_error

    @property
    def at_least(self) -> float:
        """Lower limit for all strata together: the least of the sum, and the persons listed elsewhere."""
        return min(each.interval.low for each in self.sums) + self.n_left_out

    def rows(self) -> list[dict[str, Any]]:
        """Give one row a sum; `at_least` also counts the persons listed in the strata left out."""
        return [
            {
                "shared": each.shared,
                "learned": self.learned,
                "n_strata": len(self.strata),
                "n_left_out": len(self.left_out),
                "n_observed": self.n_observed,
                "n_observed_left_out": self.n_left_out,
                "low": each.interval.low,
                "point": each.point,
                "high": each.interval.high,
                "level": each.interval.level,
                "monte_carlo_error": each.monte_carlo_error,
                "monte_carlo_error_low": each.interval.finite_errors[0],
                "monte_carlo_error_high": each.interval.finite_errors[1],
                "at_least": each.interval.low + self.n_left_out,
            }
            for each in self.sums
        ]

    def to_frame(self) -> pd.DataFrame:
        """Give the rows as a pandas frame."""
        import pandas as pd

        return pd.DataFrame(self.rows())

    @property
    def notes(self) -> tuple[Message, ...]:
        """What a reader must know of the sum."""
        notes = []
        if len(self.sums) > 1:
            notes.append(
                Message(
                    "Nothing is known of how far the errors of the strata are the same, such as those of "
                    "lists that depend on each other alike everywhere: the first interval takes each error "
                    "for itself, and the second all as one."
                )
            )
        elif self.learned:
            notes.append(
                Message(
                    "Of the errors of the strata {share:.0%} is taken as common to all, as among populations "
                    "of known size that have one source. Strata named by the very same lists may have more "
                    "in common, and the limits are wider then.",
                    share=self.sums[0].shared,
                )
            )
        if len(self.strata) > 1:
            notes.append(
                Message(
                    "The total is the median of the sum, not the sum of the medians: strata need not add up."
                )
            )
        return tuple(notes)

    def say(self, lang: Language) -> str:
        """Give the total in words.

        Parameters
        ----------
        lang : {"en", "es"}
            The language.

        Returns
        -------
        str
            A line for each sum, one for what is not in it, and the notes.
        """
        return "\n".join(said(line, lang) for line in (*self._lines, *self.notes))

    @property
    def _lines(self) -> list[Message]:
        """The sums in words, and what is not in them."""
        n_strata = len(self.strata) + len(self.left_out)
        where = Message(
            "in {n:,} of {n_strata:,} strata, those with an estimate"
            if self.left_out
            else "in {n:,} of {n_strata:,} strata",
            n=len(self.strata),
            n_strata=n_strata,
        )
        how = [Message("if each errs for itself"), Message("if all err together")]
        lines = [
            Message(
                "{persons} {where}; {listed:,} listed"
                if len(self.sums) == 1
                else "{persons} {how}, {where}; {listed:,} listed",
                persons=_persons(each, self.n_observed),
                how=how[position],
                where=where,
                listed=self.n_observed,
            )
            for position, each in enumerate(self.sums)
        ]
        if self.left_out:
            lines += [
                Message(
                    "not in it: {names!r} ({listed:,} listed)", names=self.left_out, listed=self.n_left_out
                ),
                Message(
                    "all strata together: at least {persons:,} persons, the lower limit and those listed in "
                    "the strata left out",
                    # as printed above, so that a reader who adds up finds the same
                    persons=int(min(_shown(each, self.n_observed)[0] for each in self.sums))
                    + self.n_left_out,
                ),
            ]
        return lines

    def __str__(self) -> str:
        return self.say("en")


def _shown(total: StrataSum, n_observed: int) -> tuple[float, float, float]:
    """Lower limit, point and upper limit in the steps that their Monte Carlo errors support."""
    low, high = (max(limit, float(n_observed)) for limit in total.interval.printed)
    return low, min(max(rounded(total.point, total.monte_carlo_error), low), high), high


def _persons(total: StrataSum, n_observed: int) -> Message:
    """A sum in the steps that its Monte Carlo error supports."""
    low, point, high = _shown(total, n_observed)
    percent = 100 * total.interval.level
    if math.isfinite(high):
        return Message(
            "{point:,.0f} persons ({low:,.0f} to {high:,.0f}, {percent:.10g}%)",
            point=point,
            low=low,
            high=high,
            percent=percent,
        )
    return Message(
        "{point:,.0f} persons ({low:,.0f} to no upper limit, {percent:.10g}%)",
        point=point,
        low=low,
        percent=percent,
    )


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
    of_tables : tuple of str
        What a reader must know of how the persons were counted, from the notes of the tables.

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
    of_tables: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know of the tables and of single strata."""
        told: list[str] = [
            *self.of_tables,
            *(
                Message("stratum {name!r}: {note}", name=name, note=note)
                for name, estimate in self.estimates.items()
                for note in estimate.notes
            ),
        ]
        small = [name for name in self.strata if self.n_observed[name] < _SMALL_STRATUM]
        if small:
            told.append(
                Message(
                    "fewer than {least} persons are listed in {names!r}: they can be recognised, so unite "
                    "a stratum that small with another before publishing",
                    least=_SMALL_STRATUM,
                    names=small,
                )
            )
        return tuple(told)

    def total(self, level: float = 0.95, *, shared: float | None = None) -> StrataTotal:
        """Add up the strata that have an estimate.

        Parameters
        ----------
        level : float, optional
            Confidence or credibility aimed for, in (0, 1).
        shared : float, optional
            How far the strata err together: the correlation of their errors, from 0 to 1. Without it, what
            `Calibrated` has learned of populations that have one source; any other estimator has learned
            nothing of it, and there are two sums, with 0 and with 1.

        Returns
        -------
        StrataTotal
            The sum in persons, with the strata that are not in it and the persons listed there.

        Raises
        ------
        NotEstimableError
            If no stratum has an estimate, no estimate has a spread, or so many have no upper limit that the
            sum has no median.
        InputError
            If the level is not between 0 and 1, `shared` is not from 0 to 1, or the definitions of the strata
            do not go together: unit, days and exclusions have to be the same, and who is counted or where may
            differ, not both.

        Notes
        -----
        Given its standard normal score w_s, the number of persons in stratum s is the quantile
        Q_s(Phi(w_s)) of its estimate, and w_s = sqrt(r) z + sqrt(1 - r) e_s with one z for all strata: a
        Gaussian copula with one factor [1]_ and correlation r, which is `shared`. The point is the median
        of 20,000 such sums or more, and the limits are their quantiles; with r = 1, and for a single
        stratum, they are the sums of the points and of the limits, without any draw. Where the estimate of
        a stratum has draws, Q_s are these, sorted. One without draws gives draws of log(N - n), normal on
        either side of the point as its interval says; the part of the error that is the stratum's own has
        mean 1 as a factor of N - n, so that it cancels in a sum of many strata and does not push it up. The
        seed of e_s comes from the name of the stratum, so that the order of the strata does not matter.

        Adding up does not average away what biases every stratum alike, and no interval of an estimator
        that takes lists for independent holds that bias: `Calibrated` has it in its intervals, and shares
        it as far as the cases of one source in its bank do.

        References
        ----------
        .. [1] Li, D. X. (2000). On default correlation: a copula function approach. Journal of Fixed
           Income, 9(4), 43-54. https://doi.org/10.3905/jfi.2000.319253
        """
        level = arguments.level(level)
        if shared is not None:
            shared = arguments.share("shared", shared, remedy="0 lets each stratum err for itself")
        name = type(self.estimator).__name__
        if not self.estimates:
            reasons = [
                Message("{name!r}: {reason}", name=stratum, reason=error.reason)
                for stratum, error in self.declined.items()
            ]
            raise NotEstimableError(
                name,
                Message("no stratum has an estimate ({reasons:;})", reasons=reasons),
                Message("Unite strata, or estimate without them."),
            )
        require_strata("strata", [estimate.definition for estimate in self.estimates.values()])
        estimates = {stratum: self.estimates[stratum] for stratum in sorted(self.estimates)}
        intervals = {stratum: estimate.interval(level) for stratum, estimate in estimates.items()}
        if not any(each.low < each.high for each in intervals.values()):
            raise NotEstimableError(
                name,
                Message("nobody unlisted is expected in any stratum, or no estimate has a spread"),
                Message("Give the strata one by one, with the limits that each of them has."),
            )
        learned = {stratum: _learned_share(estimate) for stratum, estimate in estimates.items()}
        known = {stratum: share for stratum, share in learned.items() if share is not None}
        if shared is not None:
            ways = [dict.fromkeys(estimates, float(shared))]
        elif len(estimates) == 1:
            ways = [dict.fromkeys(estimates, 1.0)]
        elif len(known) == len(estimates):
            ways = [known]
        else:
            ways = [dict.fromkeys(estimates, share) for share in (0.0, 1.0)]
        return StrataTotal(
            sums=tuple(_sum(estimates, intervals, way, level, self.seed, name) for way in ways),
            n_observed=sum(estimate.n_observed for estimate in estimates.values()),
            strata=tuple(self.estimates),
            left_out=tuple(self.declined),
            n_left_out=sum(self.n_observed[stratum] for stratum in self.declined),
            assumptions=self.estimator.assumes,
            learned=ways[0] is known,
            definition=common(estimate.definition for estimate in estimates.values()),
        )

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


@runtime_checkable
class _LearnedShare(Protocol):
    """Detail of an estimator that has learned how far tables of one source err together."""

    shared: float | None


@runtime_checkable
class _Samples(Protocol):
    """A rule of limits whose distribution can be drawn from anew."""

    def sample(self, size: int, random: np.random.Generator) -> NDArray[np.float64]:
        """Draws of N."""


@runtime_checkable
class _RestsOnDraws(Protocol):
    """A rule of limits that reads them from draws."""

    def at(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """N at standard normal scores."""

    def of_draws(self, part: slice) -> IntervalRule:
        """The rule that some of the draws make."""

    @property
    def draws(self) -> NDArray[np.float64]:
        """Draws of N."""


def _learned_share(estimate: AbundanceEstimate) -> float | None:
    """Share of the error of a stratum that others of its source have too, where it was learned."""
    return estimate.detail.shared if isinstance(estimate.detail, _LearnedShare) else None


def _sum(
    estimates: Mapping[str, AbundanceEstimate],
    intervals: Mapping[str, Interval],
    shared: Mapping[str, float],
    level: float,
    seed: int,
    name: str,
) -> StrataSum:
    """The sum if each stratum shares so much of its error."""
    n_observed = float(sum(estimate.n_observed for estimate in estimates.values()))
    if len(estimates) == 1 or min(shared.values()) == 1:
        point = math.fsum(estimate.point for estimate in estimates.values())
        low = math.fsum(interval.low for interval in intervals.values())
        high = math.fsum(interval.high for interval in intervals.values())
        errors = _errors_together(estimates, level)
    else:
        low, point, high, errors = _coupled(estimates, intervals, shared, level, seed)
    if not math.isfinite(point):
        raise NotEstimableError(
            name,
            Message("so many strata have no upper limit that their sum has no median"),
            Message("Unite strata, or add up those that have limits."),
        )
    low, high = max(min(low, point), n_observed), max(high, point)
    mean = math.fsum(shared.values()) / len(shared)
    both = None if errors[0] is None and errors[2] is None else (errors[0] or 0.0, errors[2] or 0.0)
    method = f"sum of {len(estimates)} strata, {mean:.2g} of their errors shared"
    return StrataSum(
        shared=mean,
        point=max(point, n_observed),
        interval=Interval(low, high, float(level), method, both),
        monte_carlo_error=errors[1],
    )


def _coupled(
    estimates: Mapping[str, AbundanceEstimate],
    intervals: Mapping[str, Interval],
    shared: Mapping[str, float],
    level: float,
    seed: int,
) -> tuple[float, float, float, tuple[float | None, ...]]:
    """Limits and median of sums of strata coupled by one factor, and their Monte Carlo errors."""
    n_sums = sums_for(len(estimates))
    common = stratified_scores(n_sums, np.random.default_rng(seed))
    sums, by_block, parts = np.zeros(n_sums), np.zeros(n_sums), blocks(n_sums)
    for stratum, estimate in estimates.items():
        random = np.random.default_rng([seed, *_numbers(stratum)])
        scores = coupled_scores(common, random.standard_normal(n_sums), shared[stratum])
        rule = estimate.interval_rule
        if isinstance(rule, _Samples):
            rule = PercentileRule(rule.sample(n_sums // 2, random), "posterior")
        elif estimate.draws is not None and not isinstance(rule, _RestsOnDraws):
            rule = PercentileRule(estimate.draws, "posterior")
        if isinstance(rule, _RestsOnDraws):
            sums += rule.at(scores)
            for part, drawn in zip(parts, blocks(len(rule.draws)), strict=True):
                by_block[part] += _only(rule, drawn).at(scores[part])
        else:
            interval = intervals[stratum]
            spread = LogSpread(estimate.n_observed, estimate.point, interval.low, interval.high, level)
            values = spread.at(scores, 1 - shared[stratum])
            sums += values
            by_block += values
    results = np.array([middle_and_limits(by_block[part], level) for part in parts])
    return *middle_and_limits(sums, level), block_errors(results)


def _errors_together(estimates: Mapping[str, AbundanceEstimate], level: float) -> tuple[float | None, ...]:
    """Monte Carlo errors of sums of lower limits, points and upper limits, from blocks of the draws."""
    results = np.zeros((N_BLOCKS, 3))
    for estimate in estimates.values():
        rule = estimate.interval_rule
        if isinstance(rule, _RestsOnDraws):
            for block, drawn in enumerate(blocks(len(rule.draws))):
                part = _only(rule, drawn)
                low, high = part.bounds(level)
                middle = 0.0 if estimate.monte_carlo_error is None else float(part.at(np.zeros(1))[0])
                results[block] += low, middle, high
    return block_errors(results)


def _only(rule: Any, part: slice) -> Any:
    """The rule of a block of its draws; of all where a block would have none."""
    return rule.of_draws(part) if part.stop > part.start else rule


def _numbers(name: str) -> list[int]:
    """A name as numbers that seed: the same on every platform."""
    digest = hashlib.sha256(name.encode()).digest()
    return [int.from_bytes(digest[start : start + 4], "big") for start in range(0, 16, 4)]


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
                f"tables, position {position + 1}: expected the name of a stratum as text, "
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
        of_tables=tuple(dict.fromkeys(note for table in tables.values() for note in _notes_of(table))),
    )


def _notes_of(table: CaptureTable | RepeatedCounts) -> tuple[str, ...]:
    """What a table says of how its persons were counted."""
    return table.notes if isinstance(table, CaptureTable) else ()


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
    frame: Any,
    *,
    by: str,
    lists: Sequence[str],
    count: str | None = None,
    person: str | None = None,
    definition: Definition | None = None,
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
    person : str, optional
        The column with an identifier of each person, as in `CaptureTable.from_frame`: nobody may stand in two
        strata.
    definition : Definition, optional
        Who is counted in the whole; the strata are parts of it.

    Returns
    -------
    dict of str to CaptureTable
        Persons by capture history in each stratum, sorted by the value of `by`.

    Raises
    ------
    InputError
        If a stratum is missing or written in two ways, if `by` is also a list or the count, if most of 10 or
        more strata have one person, as the values of a column of names do, if a history stands twice in a
        stratum beside its count, or if the frame cannot be read as `CaptureTable.from_frame` reads it. Rows
        are named by their number in the whole frame, from 1.

    Examples
    --------
    >>> from detcount.strata import stratify
    >>> people = {"place": ["north", "south", "north"], "press": [1, 1, 1], "court": [1, 0, 0]}
    >>> stratify(people, by="place", lists=["press", "court"])["north"].n_observed
    2
    """
    names = checked_names(lists)
    refuse_two_roles(names, by=by, count=count, person=person)
    for role, column in (("count", count), ("person", person)):
        if by == column:
            raise InputError(f"by and {role}: both are column {by!r}. Name two columns")
    places = {name: (f"list {name!r}", MISSING_MARK) for name in names}
    places[by] = (f"by {by!r}", _MISSING_STRATUM)
    if count is not None:
        places[count] = (f"count {count!r}", MISSING_COUNT)
    if person is not None:
        places[person] = (f"person {person!r}", MISSING_PERSON)
    read = Frame.of(frame)
    columns = read.columns(places)
    n_rows = len(columns[by])
    if n_rows == 0:
        raise InputError("the frame has no rows. A capture table needs at least one person")
    labels, strata = _labels(*factorized(columns[by]), columns[by].place)
    marks = marks_by_part([columns[name] for name in names], names, refuse_unlisted=count is None)
    codes = np.concatenate([pack(np.column_stack(part).astype(np.uint8)) for part in marks])
    if count is None:
        persons = np.ones(n_rows, dtype=np.int64)
    else:
        persons = whole(columns[count].part(0, n_rows), columns[count].place)
        nobody = (codes == 0) & (persons > 0)
        if nobody.any():
            raise InputError(unlisted(int(np.flatnonzero(nobody)[0]), names, read.rows))
    refuse_names_of_persons(
        columns[by].place.where,
        np.bincount(strata, weights=persons, minlength=len(labels)),
        "the names of strata",
        "A column that tells who somebody is makes no strata: group its values first",
    )
    order = np.lexsort((codes, strata))
    notes: tuple[Message, ...] = ()
    if count is not None:
        _refuse_repeated_in_stratum(order, codes, strata, read.rows)
    else:
        new = (np.diff(codes[order]) != 0) | (np.diff(strata[order]) != 0)
        notes = row_notes(
            read, columns, names, person, definition, all_different=n_rows > 1 and bool(new.all())
        )
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
            names,
            unpack(values, len(names)),
            np.add.reduceat(persons[rows], starts),
            notes=notes,
            definition=definition,
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
    two = None if numeric else arguments.one_spelling([texts[code] for code in used])
    if two is not None:
        rows = [int(np.flatnonzero(codes == used[position])[0]) for position in two]
        raise InputError(f"{place.where}, {place.rows.two(*rows)}: {arguments.TWO_SPELLINGS}")
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
