"""Errors of estimators on training cases: populations of known size, and what they say of a table."""

from __future__ import annotations

import json
import math
import warnings
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from detcount._numerics.calibration import (
    Discrepancies,
    Mixture,
    hierarchical,
    log_discrepancies,
    numbered,
    stacked,
    variances,
)
from detcount.abundance import ChaoLowerBound, Chapman, DecomposableGraphs, LogLinear, SelectedLogLinear
from detcount.calibration.training import LEAST_GROUPS, TrainingCases
from detcount.data.captures import CaptureTable
from detcount.datasets import KnownCase
from detcount.errors import ConvergenceError, DetcountWarning, NotEstimableError
from detcount.estimates import Estimator
from detcount.fitting import point_of
from detcount.words import Message


@dataclass(frozen=True)
class Tuning:
    """Least numbers of unlisted people.

    Parameters
    ----------
    half : float, persons
        Least number that an estimate of the unlisted counts as, in the table at hand and in the training
        cases. Convention: half a person.
    """

    half: float = 0.5


TUNING = Tuning()
HALF = TUNING.half


@dataclass(frozen=True, eq=False)
class TrainingErrors:
    """Errors of a base on training cases."""

    distribution: Mixture  # of the discrepancy of the next case, without its sampling variance
    share_between: float
    variance_shared: float  # of what all cases of a new group have in common, without sampling variance
    variance_own: float
    cases: tuple[KnownCase, ...]
    discrepancies: tuple[tuple[str, float], ...]


def cases_for(training: TrainingCases, of_two: bool) -> tuple[KnownCase, ...]:
    """The training cases that a table learns from."""
    part = training.of_two_lists if of_two else training.of_more_lists
    return () if part is None else part.cases


def require_groups(cases: tuple[KnownCase, ...], answered: bool, of_two: bool) -> None:
    """Decline where cases, those the base answers for or all, do not show how much data sets differ."""
    n_groups = len({case.group for case in cases})
    if n_groups < LEAST_GROUPS:
        raise NotEstimableError(
            "Calibrated",
            (
                Message(
                    "the base answers for {n} cases of two lists in the training cases, from {groups} of the "
                    "two groups of data sets that it takes",
                    n=len(cases),
                    groups=n_groups,
                )
                if of_two
                else Message(
                    "the base answers for {n} cases of three or more lists in the training cases, from "
                    "{groups} of the two groups of data sets that it takes",
                    n=len(cases),
                    groups=n_groups,
                )
            )
            if answered
            else Message(
                "there are {n} cases of two lists in the training cases, from {groups} of the two groups of "
                "data sets that it takes",
                n=len(cases),
                groups=n_groups,
            )
            if of_two
            else Message(
                "there are {n} cases of three or more lists in the training cases, from {groups} of the two "
                "groups of data sets that it takes",
                n=len(cases),
                groups=n_groups,
            ),
            Message("Use training cases with more data sets, or another base."),
        )


@cache
def training_errors(base: tuple[Estimator, ...], training: TrainingCases, of_two: bool) -> TrainingErrors:
    """Distribution of the base's discrepancies over the cases for which all of it answers."""
    cases, estimates = [], []
    for case in cases_for(training, of_two):
        values = [_on_case(estimator, case.table) for estimator in base]  # type: ignore[arg-type]
        if not any(math.isnan(value) for value in values):
            cases.append(case)
            estimates.append(stacked(np.array(values)))
    require_groups(tuple(cases), True, of_two)
    seen = Discrepancies(
        values=log_discrepancies(
            np.array([case.n_unobserved for case in cases], dtype=np.float64), np.array(estimates)
        ),
        groups=numbered([case.group for case in cases]),
        sampling_variance=np.array([sampling_variance(case.table) for case in cases]),
    )
    distribution, share = hierarchical(seen)
    variance_shared, variance_own = variances(seen)
    return TrainingErrors(
        distribution=distribution,
        share_between=share,
        variance_shared=variance_shared,
        variance_own=variance_own,
        cases=tuple(cases),
        discrepancies=tuple(
            (case.name, value) for case, value in zip(cases, seen.values.tolist(), strict=True)
        ),
    )


def unobserved(estimator: Estimator, table: CaptureTable, seed: int) -> float | str:
    """n_0 of an estimator, or its reason to have none."""
    if isinstance(estimator, Chapman) and table.n_lists == 2:
        first, second, both = _two(table)
        return max(first, HALF) * max(second, HALF) / (both + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DetcountWarning)
        try:
            point = point_of(estimator, table, seed)
        except NotEstimableError as declined:
            return declined.reason
        except ConvergenceError:
            return Message("an iteration stopped before it had converged")
    return max(point - table.n_observed, 0.0)


@cache
def _on_case(estimator: Estimator, table: CaptureTable) -> float:
    """n_0 of an estimator on a case, from the file that ships where it is there; nan where it declines."""
    stored = _stored().get(repr(estimator), {})
    if table.digest in stored:
        known = stored[table.digest]
        return math.nan if known is None else known
    answer = unobserved(estimator, table, seed=0)
    return answer if isinstance(answer, float) else math.nan


@cache
def _stored() -> dict[str, dict[str, float | None]]:
    """n_0 of the four families on the cases that ship, by estimator and digest of the table."""
    file = resources.files("detcount.datasets") / "data" / "known_truth_estimates.json"
    return {
        name: {entry["digest"]: entry["unobserved"] for entry in entries}
        for name, entries in json.loads(file.read_text(encoding="utf-8"))["estimates"].items()
    }


def _two(table: CaptureTable) -> tuple[int, int, int]:
    """Persons on the first list only, on the second only, and on both."""
    both = table.overlap(*table.lists)
    first, second = (size - both for size in table.list_sizes.values())
    return first, second, both


def sampling_variance(table: CaptureTable) -> float:
    """Variance of log n_0 that is due to who happened to be on which lists.

    For two lists the delta method's, an empty cell counted as half a person; for more, one over the persons
    on two lists or more, which stands for the cells that say most of n_0.
    """
    if table.n_lists == 2:
        first, second, both = _two(table)
        return 1 / max(first, HALF) + 1 / max(second, HALF) + 1 / max(both, HALF)
    return 1 / max(int(table.capture_frequencies[1:].sum()), 1)


# One of each family that answers within a second: independence, heterogeneity (a lower bound), selected
# dependence, averaged dependence. Chosen before any of them was tried.
FOUR_FAMILIES: tuple[Estimator, ...] = (
    LogLinear(),
    ChaoLowerBound(),
    SelectedLogLinear(),
    DecomposableGraphs(),
)

_IN_WORDS: dict[Estimator, Message] = {
    LogLinear(): Message("the model of independent lists"),
    ChaoLowerBound(): Message("Chao's lower bound"),
    SelectedLogLinear(): Message("the log-linear model chosen by BIC"),
    DecomposableGraphs(): Message("decomposable graphs"),
    Chapman(): Message("Chapman's estimator"),
}


@dataclass(frozen=True, eq=False)
class BaseErrors:
    """Answer of a base on a table, and the same with its errors on training cases."""

    training: TrainingErrors
    used: dict[str, float]
    declined: dict[str, str]
    silent: tuple[str, ...]  # those that declined, in words
    n_unobserved: float
    sampling_variance: float
    distribution: Mixture  # of log n_0

    @property
    def shared(self) -> float:
        """Share of the variance of the discrepancy that tables of one source have in common."""
        common = self.training.variance_shared
        return common / (common + self.training.variance_own + self.sampling_variance)

    @property
    def cases(self) -> tuple[KnownCase, ...]:
        """Cases learned from."""
        return self.training.cases


def spoken(estimator: Estimator) -> str:
    """An estimator in words: by its name where it has one, else by its specification."""
    return _IN_WORDS.get(estimator) or repr(estimator)


def errors_of_base(
    base: tuple[Estimator, ...], table: CaptureTable, training: TrainingCases, seed: int
) -> BaseErrors:
    """The base's one number, and what is learned of how far it missed."""
    answers = {estimator: unobserved(estimator, table, seed) for estimator in base}
    used = {key: value for key, value in answers.items() if isinstance(value, float)}
    silent = {key: value for key, value in answers.items() if isinstance(value, str)}
    if not used:
        reasons = [
            Message("{estimator}: {reason}", estimator=spoken(key), reason=value)
            for key, value in silent.items()
        ]
        raise NotEstimableError(
            "Calibrated",
            Message("no estimator of the base answers ({reasons:;})", reasons=reasons),
            Message("Report the persons listed as a floor, or merge lists that share a source."),
        )
    learned = training_errors(tuple(used), training, table.n_lists == 2)
    n_unobserved = max(stacked(np.array(list(used.values()))), HALF)
    variance = sampling_variance(table)
    return BaseErrors(
        training=learned,
        used={repr(key): value for key, value in used.items()},
        declined={repr(key): value for key, value in silent.items()},
        silent=tuple(spoken(key) for key in silent),
        n_unobserved=n_unobserved,
        sampling_variance=variance,
        distribution=learned.distribution.widened(variance).shifted(math.log(n_unobserved)),
    )
