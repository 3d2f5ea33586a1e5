"""Estimators held to populations of known size, those learned from left out."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount._numerics.calibration import balanced_weights, interval_score, numbered
from detcount._numerics.parallel import progress
from detcount.calibration.bank import LEAST_GROUPS, Bank, known_bank
from detcount.calibration.calibrated import Calibrated
from detcount.datasets import KnownCase
from detcount.errors import ConvergenceError, DetcountWarning, InputError, NotEstimableError
from detcount.estimates import Estimator
from detcount.printing import Columns, Shown, Summary, frame_of
from detcount.words import Message, Number, Sentence

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CaseResult", "Evaluation", "evaluate"]


@dataclass(frozen=True)
class CaseResult:
    """How an estimator did on one case.

    Parameters
    ----------
    name, dataset, group : str
        The case, the data set it comes from, and the group of data sets that share people.
    truth : int
        Size of the population, persons.
    n_observed : int
        Persons listed.
    point : float or None
        Estimate of N, persons; None where the estimator declines.
    limits : tuple of tuple of float
        Lower and upper limit at each level, persons; empty where it declines.
    reason : str, optional
        Why it declines.
    """

    name: str
    dataset: str
    group: str
    truth: int
    n_observed: int
    point: float | None
    limits: tuple[tuple[float, float], ...]
    reason: str | None = None


@dataclass(frozen=True, repr=False)
class Evaluation(Shown):
    """How an estimator did on populations of known size.

    Figures are averages over data sets of averages over their cases, so that every data set counts once;
    width, bias and error are medians over cases. Cases for which the estimator declines are left out.

    Parameters
    ----------
    estimator : str
        The estimator, as it is printed.
    levels : tuple of float
        Levels of the intervals.
    cases : tuple of CaseResult
        The result of each case.
    """

    estimator: str
    levels: tuple[float, ...]
    cases: tuple[CaseResult, ...]

    @property
    def answered(self) -> tuple[CaseResult, ...]:
        """Cases with an estimate."""
        return tuple(case for case in self.cases if case.point is not None)

    @property
    def n_answered(self) -> int:
        """Cases with an estimate."""
        return len(self.answered)

    def cover(self, level: float = 0.95) -> float:
        """Share of truths inside the interval, each data set once."""
        low, high = self._limits(level)
        truth = self._truth
        return self._averaged((low <= truth) & (truth <= high))

    def score(self, level: float = 0.95) -> float:
        """Interval score on log N: width plus 2/alpha times the miss, each data set once; lower is better."""
        low, high = (np.log(limits) for limits in self._limits(level))
        return self._averaged(interval_score(low, high, np.log(self._truth), level))

    def weighted_score(self) -> float:
        """Weighted interval score of log N, over all levels and the point; lower is better.

        With many levels, evenly spaced, it is the continuous ranked probability score: twice the mean loss of
        quantiles, each data set counting once (Bracher, Ray, Gneiting and Reich 2021, https://doi.org/10.1371/journal.pcbi.1008618).
        """
        truth = np.log(self._truth)
        losses = 0.5 * np.abs(self._errors)
        for level in self.levels:
            low, high = (np.log(limits) for limits in self._limits(level))
            losses = losses + (1 - level) / 2 * interval_score(low, high, truth, level)
        return self._averaged(losses / (len(self.levels) + 0.5))

    def width(self, level: float = 0.95) -> float:
        """Median width of intervals of log N."""
        low, high = self._limits(level)
        return float(np.median(np.log(high) - np.log(low)))

    @property
    def bias(self) -> float:
        """Median of log(estimate / truth)."""
        return float(np.median(self._errors))

    @property
    def absolute_error(self) -> float:
        """Median of the absolute value of log(estimate / truth)."""
        return float(np.median(np.abs(self._errors)))

    def by_dataset(self) -> dict[str, Evaluation]:
        """Give one evaluation for each data set."""
        labels = dict.fromkeys(case.dataset for case in self.cases)
        return {
            label: replace(self, cases=tuple(case for case in self.cases if case.dataset == label))
            for label in labels
        }

    def row(self) -> dict[str, Any]:
        """Give all figures as one row."""
        return {
            "estimator": self.estimator,
            "cases": self.n_answered,
            **{f"cover {level:g}": self.cover(level) for level in self.levels},
            "score": self.score(max(self.levels)),
            "width": self.width(max(self.levels)),
            "bias": self.bias,
            "absolute error": self.absolute_error,
        }

    def to_frame(self) -> pd.DataFrame:
        """Give a pandas frame with a row for every case."""
        rows = []
        for case in self.cases:
            row: dict[str, Any] = {
                name: getattr(case, name)
                for name in ("name", "dataset", "group", "truth", "n_observed", "point", "reason")
            }
            for level, (low, high) in zip(self.levels, case.limits, strict=False):
                row |= {f"low {level:g}": low, f"high {level:g}": high}
            rows.append(row)
        return frame_of(rows)

    def headline(self) -> Message:
        """Say how many cases have an answer, and by what estimator."""
        return Message(
            "{n} of {cases} cases answered by {estimator}",
            n=self.n_answered,
            cases=len(self.cases),
            estimator=self.estimator,
        )

    def sentence(self) -> Message:
        """Say how often the intervals held the truth."""
        told: list[str] = [Sentence(self.headline())]
        if self.answered:
            told.append(
                Message(
                    "Its intervals at {levels} held the truth in {covers} of the cases; data sets "
                    "count alike.",
                    levels=[Number(level, ".0%") for level in self.levels],
                    covers=[Number(self.cover(level), ".0%") for level in self.levels],
                )
            )
        return Message.together(told)

    def summary(self) -> Summary:
        """Give the whole: a row a level."""
        columns = None
        if self.answered:
            columns = Columns(
                (Message("Level"), Message("Held the truth")),
                tuple((Number(level, ".0%"), Number(self.cover(level), ".0%")) for level in self.levels),
            )
        return Summary(self.headline(), self.sentence(), columns, method=self.estimator)

    def __repr__(self) -> str:
        return f"<Evaluation of {self.estimator}: {self.n_answered} of {len(self.cases)} cases answered>"

    @property
    def _truth(self) -> NDArray[np.float64]:
        return np.array([case.truth for case in self._some()], dtype=np.float64)

    @property
    def _errors(self) -> NDArray[np.float64]:
        points = np.array([case.point for case in self._some()], dtype=np.float64)
        return np.asarray(np.log(points / self._truth))

    def _limits(self, level: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lower and upper limits at a level that was asked for."""
        if level not in self.levels:
            raise InputError(
                Message(
                    "level: expected one of {levels}, got {got}. Name it in `levels`",
                    levels=repr(self.levels),
                    got=repr(level),
                )
            )
        position = self.levels.index(level)
        limits = np.array([case.limits[position] for case in self._some()])
        return limits[:, 0], limits[:, 1]

    def _averaged(self, values: NDArray[Any]) -> float:
        """Average of data sets' averages."""
        return float(balanced_weights(numbered([case.dataset for case in self._some()])) @ values)

    def _some(self) -> tuple[CaseResult, ...]:
        """Cases with an estimate; no figure stands on none."""
        if not self.answered:
            raise NotEstimableError(
                self.estimator, Message("it answers for no case"), Message("Use a bank with other cases.")
            )
        return self.answered


def evaluate(
    estimator: Estimator,
    bank: Bank | tuple[KnownCase, ...] | None = None,
    *,
    levels: Sequence[float] = (0.5, 0.8, 0.95),
    seed: int = 0,
) -> Evaluation:
    """Hold an estimator to populations of known size.

    `Calibrated` is fitted anew for every group of data sets from the other groups, so that it never sees
    the people it is judged on; other estimators learn nothing from cases and are fitted as they are.

    Parameters
    ----------
    estimator : estimator
        What is judged.
    bank : Bank or tuple of KnownCase, optional
        The cases; None takes `known_bank()`. `Bank.of_two_lists` has the pairs. `Calibrated` learns from
        its own bank when it has one, and from these cases otherwise.
    levels : sequence of float, optional
        Levels of the intervals, each in (0, 1).
    seed : int, optional
        Seed of every fit.

    Returns
    -------
    Evaluation
        The result of each case, and figures over all of them.

    Examples
    --------
    >>> from detcount import abundance, calibration
    >>> result = calibration.evaluate(abundance.ChaoLowerBound())
    >>> result.n_answered, result.cover(0.95) < 0.7
    (28, True)
    """
    if bank is None:
        bank = known_bank()
    elif not isinstance(bank, Bank):
        bank = Bank("own cases", bank)
    levels = tuple(arguments.level(level, "levels") for level in levels)
    left_out = {group: _leaving_out(estimator, bank, group) for group in bank.groups}
    results = []
    with progress(len(bank.cases), "cases of known size") as done:
        for case in bank.cases:
            results.append(_evaluated(left_out[case.group], case, levels, seed))
            done(1)
    return Evaluation(repr(estimator), tuple(levels), tuple(results))


def _evaluated(estimator: Estimator, case: KnownCase, levels: tuple[float, ...], seed: int) -> CaseResult:
    """What an estimator says of a case, or that it declines."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DetcountWarning)
            estimate = estimator.fit(case.table, seed=seed)
    except (NotEstimableError, ConvergenceError) as declined:
        return _result(case, None, (), str(declined))
    intervals = [estimate.interval(level) for level in levels]
    return _result(case, estimate.point, tuple((each.low, each.high) for each in intervals), None)


def _leaving_out(estimator: Estimator, bank: Bank, group: str) -> Estimator:
    """The estimator, having seen nobody of a group."""
    if not isinstance(estimator, Calibrated):
        return estimator
    rest = (bank if estimator.bank is None else estimator.learned_from()).without(group)
    if rest is None or len(rest.groups) < LEAST_GROUPS:
        raise InputError(
            Message(
                "bank: expected at least {least} groups of data sets, got {n}. One is left "
                "out, and two must remain to learn from",
                least=LEAST_GROUPS + 1,
                n=len(bank.groups),
            )
        )
    return replace(estimator, bank=rest)


def _result(
    case: KnownCase, point: float | None, limits: tuple[tuple[float, float], ...], reason: str | None
) -> CaseResult:
    """The result of a case."""
    return CaseResult(
        name=case.name,
        dataset=case.dataset,
        group=case.group,
        truth=case.truth,
        n_observed=case.table.n_observed,
        point=point,
        limits=limits,
        reason=reason,
    )
