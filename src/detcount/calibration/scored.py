"""Answers of an estimator on populations of known size, and figures over them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.calibration import (
    Slope,
    balanced_weights,
    group_means,
    interval_score,
    numbered,
    slope_of_uniform,
)
from detcount.contract import arguments
from detcount.errors import InputError, NotEstimableError
from detcount.reports.printing import Column, frame_of
from detcount.reports.shown import Result
from detcount.words import Message, Number, Sentence

if TYPE_CHECKING:
    import pandas as pd


Alike = Literal["tables", "groups", "weights"]
_WAYS: tuple[Alike, ...] = ("tables", "groups", "weights")


@dataclass(frozen=True)
class CaseResult:
    """Answer of an estimator on one case.

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
    weight : float, optional
        Weight of the case among the training cases.
    loss : float, optional
        Weighted interval score of log N; None where it declines or was not asked for.
    pit : float, optional
        Probability that the answer gave to at most the truth; None where it declines or was not asked for.
    hardly_covering : tuple of str, optional
        Lists that name fewer than one in a hundred of the population.

    Examples
    --------
    >>> import detcount as dc
    >>> scored = dc.calibration.evaluate(dc.abundance.ChaoLowerBound(), dc.datasets.known_truth()[:3])
    >>> case = scored.cases[0]
    >>> print(case.name, case.truth, case.n_observed)
    Kosovo|EXH 1910 779
    """

    name: str
    dataset: str
    group: str
    truth: int
    n_observed: int
    point: float | None
    limits: tuple[tuple[float, float], ...]
    reason: str | None = None
    weight: float = 1.0
    loss: float | None = None
    pit: float | None = None
    hardly_covering: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Evaluation(Result):
    """Answers of an estimator on populations of known size.

    Figures are averages, in one of three ways: over tables (``"tables"``, every data set counts once), over
    groups (``"groups"``, every group of data sets that share people counts once), or over cases with the
    weights of the cases (``"weights"``). Width, bias and error are medians over cases. Cases for which the
    estimator declines are left out.

    Parameters
    ----------
    estimator : str
        The estimator, as it is printed.
    levels : tuple of float
        Levels of the intervals.
    cases : tuple of CaseResult
        The result of each case.

    Examples
    --------
    >>> import detcount as dc
    >>> scored = dc.calibration.evaluate(dc.abundance.ChaoLowerBound(), dc.datasets.known_truth()[:3])
    >>> print(scored.headline())
    3 of 3 cases answered by ChaoLowerBound()
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

    def cover(self, level: float = 0.95, by: Alike = "tables") -> float:
        """Share of truths inside the interval."""
        return self._averaged(self._inside(level), by)

    def score(self, level: float = 0.95, by: Alike = "tables") -> float:
        """Interval score on log N: width plus 2/alpha times the miss; lower is better."""
        low, high = (np.log(limits) for limits in self._limits(level))
        return self._averaged(interval_score(low, high, np.log(self._truth), level), by)

    def weighted_score(self, by: Alike = "tables") -> float:
        """Weighted interval score of log N; lower is better.

        Twice the mean loss of the limits of the 2%, 4%, ..., 98% intervals and of the point as quantiles,
        whatever `levels` are asked for; close to the continuous ranked probability score (Bracher, Ray,
        Gneiting and Reich 2021, https://doi.org/10.1371/journal.pcbi.1008618).
        """
        return self._averaged(self._losses, by)

    @property
    def pit(self) -> Floats:
        """Probability that each answer gave to at most the truth; uniform from 0 to 1 if all is right."""
        return self._ranked("pit")

    def pit_histogram(self, bins: int = 5, by: Alike = "groups") -> tuple[float, ...]:
        """Share of truths in even parts of the answers' distributions; all are alike if all is right."""
        bins = arguments.whole_number("bins", bins, least=2)
        parts = np.minimum((self.pit * bins).astype(np.int64), bins - 1)
        return tuple(self._averaged(parts == part, by) for part in range(bins))

    def pit_slope(self) -> Slope:
        """Slope of the density of the probabilities, with a t-test of the groups' means against a half.

        Above zero, truths lie higher than the answers say; below, lower. A group is one observation.
        """
        return slope_of_uniform(group_means(self.pit, self._weights("groups"), self._groups))

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
        return self._parts(lambda case: case.dataset)

    def by_group(self) -> dict[str, Evaluation]:
        """Give one evaluation for each group of data sets that share people."""
        return self._parts(lambda case: case.group)

    def row(self) -> dict[str, Any]:
        """Give all figures as one row; covers and scores are averages over data sets."""
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
        columns = (
            *("name", "dataset", "group", "weight", "truth", "n_observed", "point", "loss", "pit"),
            "reason",
        )
        rows = []
        for case in self.cases:
            row: dict[str, Any] = {name: getattr(case, name) for name in columns}
            row["hardly_covering"] = ", ".join(case.hardly_covering)
            for level, (low, high) in zip(self.levels, case.limits, strict=False):
                row |= {f"low {level:g}": low, f"high {level:g}": high}
            rows.append(row)
        return frame_of(rows)

    _columns = (
        Column(value="level", title=Message("Level"), write=".0%"),
        Column(value="cover", title=Message("Held the truth"), write=".0%"),
    )

    @property
    def _items(self) -> list[dict[str, float]]:
        """Coverage of the interval at each level."""
        return (
            [{"level": level, "cover": self.cover(level)} for level in self.levels] if self.answered else []
        )

    def headline(self) -> Message:
        """Say how many cases have an answer, and by what estimator."""
        return Message(
            "{n} of {cases} cases answered by {estimator}",
            n=self.n_answered,
            cases=len(self.cases),
            estimator=self.estimator,
        )

    def sentence(self) -> Message:
        """Say how often the intervals covered the truth."""
        noted: list[str] = [Sentence(self.headline())]
        if self.answered:
            noted.append(
                Message(
                    "Its intervals at {levels} covered the truth in {covers} of the cases; data sets count "
                    "alike.",
                    levels=[Number(level, ".0%") for level in self.levels],
                    covers=[Number(self.cover(level), ".0%") for level in self.levels],
                )
            )
        return Message.together(noted)

    def __repr__(self) -> str:
        return f"<Evaluation of {self.estimator}: {self.n_answered} of {len(self.cases)} cases answered>"

    @property
    def _truth(self) -> Floats:
        return np.array([case.truth for case in self._some()], dtype=np.float64)

    @property
    def _errors(self) -> Floats:
        points = np.array([case.point for case in self._some()], dtype=np.float64)
        return np.asarray(np.log(points / self._truth))

    @property
    def _losses(self) -> Floats:
        return self._ranked("loss")

    def _ranked(self, name: Literal["loss", "pit"]) -> Floats:
        """A figure that takes many levels."""
        values = [getattr(case, name) for case in self._some()]
        if None in values:
            raise InputError(Message("evaluated without ranks: evaluate(estimator, ranked=True) takes them"))
        return np.array(values, dtype=np.float64)

    @property
    def _groups(self) -> Ints:
        return numbered([case.group for case in self._some()])

    def _inside(self, level: float) -> Floats:
        """1 for a truth inside the interval, 0 outside."""
        low, high = self._limits(level)
        truth = self._truth
        return ((low <= truth) & (truth <= high)).astype(np.float64)

    def _limits(self, level: float) -> tuple[Floats, Floats]:
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

    def _weights(self, by: Alike) -> Floats:
        """Weights of cases, one in all."""
        if by not in _WAYS:
            raise InputError(Message("by: expected one of {ways}, got {got}", ways=repr(_WAYS), got=repr(by)))
        some = self._some()
        if by == "weights":
            weights = np.array([case.weight for case in some])
            return np.asarray(weights / weights.sum())
        return balanced_weights(numbered([case.dataset if by == "tables" else case.group for case in some]))

    def _averaged(self, values: NDArray[Any], by: Alike) -> float:
        """Average, tables, groups or weights counting alike."""
        return float(self._weights(by) @ values)

    def _parts(self, label: Callable[[CaseResult], str]) -> dict[str, Evaluation]:
        """One evaluation for each label of cases."""
        return {
            each: replace(self, cases=tuple(case for case in self.cases if label(case) == each))
            for each in dict.fromkeys(map(label, self.cases))
        }

    def _some(self) -> tuple[CaseResult, ...]:
        """Cases with an estimate; refused where there are none."""
        if not self.answered:
            raise NotEstimableError(
                self.estimator, Message("it answers for no case"), Message("Use other training cases.")
            )
        return self.answered
