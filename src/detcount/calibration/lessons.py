"""What a bank of populations of known size teaches: of an estimator's errors, and of lists."""

from __future__ import annotations

import json
import math
import warnings
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.calibration import (
    Discrepancies,
    Mixture,
    hierarchical,
    log_discrepancies,
    numbered,
    stacked,
    variances,
)
from detcount._numerics.copies import pair_overlaps
from detcount._numerics.interactions import LearnedSizes, learn_sizes
from detcount.abundance import Chapman
from detcount.calibration.bank import LEAST_GROUPS, Bank
from detcount.captures import CaptureTable
from detcount.datasets import KnownCase
from detcount.errors import ConvergenceError, DetcountWarning, NotEstimableError
from detcount.estimates import AbundanceEstimate, Estimator
from detcount.fitting import point_of
from detcount.words import Message

__all__ = [
    "HALF",
    "MOST_LISTS_INTERACTING",
    "ErrorLesson",
    "cases_for",
    "cells",
    "chance",
    "error_lesson",
    "fitted_unobserved",
    "interaction_lesson",
    "n_on_several",
    "overlap",
    "unobserved",
]

HALF = 0.5  # of a person: the least that an estimate of n_0 counts as, at hand and in the cases
MOST_LISTS_INTERACTING = 6  # 64 cells; each list more makes eight times the work


@dataclass(frozen=True, eq=False)
class ErrorLesson:
    """What a bank teaches on a base."""

    distribution: Mixture  # of the discrepancy of the next case, without its chance
    share_between: float
    variance_shared: float  # of what all cases of a new group have in common, without chance
    variance_own: float
    cases: tuple[KnownCase, ...]
    discrepancies: tuple[tuple[str, float], ...]


def cases_for(bank: Bank, of_two: bool) -> tuple[KnownCase, ...]:
    """The cases of a bank that a table learns from."""
    part = bank.of_two_lists if of_two else bank.of_more_lists
    return () if part is None else part.cases


def _require_groups(cases: tuple[KnownCase, ...], answered: bool, of_two: bool) -> None:
    """Decline where cases, those the base answers for or all, do not show how much data sets differ."""
    n_groups = len({case.group for case in cases})
    if n_groups < LEAST_GROUPS:
        raise NotEstimableError(
            "Calibrated",
            Message(_FEW_GROUPS[answered, of_two], n=len(cases), groups=n_groups),
            Message("Use a bank with more data sets, or another base."),
        )


# Too few cases, by whether the base answers for them and whether they are of two lists.
_FEW_GROUPS = {
    (True, True): (
        "the base answers for {n} cases of two lists in the bank, from {groups} of the two groups of data "
        "sets that it takes"
    ),
    (True, False): (
        "the base answers for {n} cases of three or more lists in the bank, from {groups} of the two groups "
        "of data sets that it takes"
    ),
    (False, True): (
        "there are {n} cases of two lists in the bank, from {groups} of the two groups of data sets that "
        "it takes"
    ),
    (False, False): (
        "there are {n} cases of three or more lists in the bank, from {groups} of the two groups of data "
        "sets that it takes"
    ),
}


@cache
def error_lesson(base: tuple[Estimator, ...], bank: Bank, of_two: bool) -> ErrorLesson:
    """Distribution of the base's discrepancies over the cases for which all of it answers."""
    cases, estimates = [], []
    for case in cases_for(bank, of_two):
        values = [_on_case(estimator, case.table) for estimator in base]  # type: ignore[arg-type]
        if not any(math.isnan(value) for value in values):
            cases.append(case)
            estimates.append(stacked(np.array(values)))
    _require_groups(tuple(cases), True, of_two)
    seen = Discrepancies(
        values=log_discrepancies(
            np.array([case.n_unobserved for case in cases], dtype=np.float64), np.array(estimates)
        ),
        groups=numbered([case.group for case in cases]),
        chance=np.array([chance(case.table) for case in cases]),
    )
    distribution, share = hierarchical(seen)
    variance_shared, variance_own = variances(seen)
    return ErrorLesson(
        distribution=distribution,
        share_between=share,
        variance_shared=variance_shared,
        variance_own=variance_own,
        cases=tuple(cases),
        discrepancies=tuple(
            (case.name, value) for case, value in zip(cases, seen.values.tolist(), strict=True)
        ),
    )


@cache
def interaction_lesson(bank: Bank, of_two: bool) -> LearnedSizes:
    """Sizes of interactions in the cases of a bank."""
    cases = cases_for(bank, of_two)
    _require_groups(cases, False, of_two)
    tables = []
    for case in cases:
        whole = cells(case.table)
        whole[0] = case.n_unobserved
        tables.append(whole)
    return learn_sizes(tables)


def cells(table: CaptureTable) -> NDArray[np.float64]:
    """Persons by capture history, list k having bit k; beyond six lists the smallest are one.

    Lists of one size stand by how many persons they share with each other list, so that neither the order
    nor the names of lists say which are put together.
    """
    histories = table.histories.astype(np.int64)
    if table.n_lists > MOST_LISTS_INTERACTING:
        shared = pair_overlaps(table.histories, table.counts)
        order = sorted(range(table.n_lists), key=lambda k: (-shared[k, k], *sorted(-shared[k])))
        largest, others = order[: MOST_LISTS_INTERACTING - 1], order[MOST_LISTS_INTERACTING - 1 :]
        histories = np.column_stack([histories[:, largest], histories[:, others].max(axis=1)])
    n_lists = histories.shape[1]
    codes = histories @ (1 << np.arange(n_lists))
    return np.bincount(codes, weights=table.counts, minlength=1 << n_lists).astype(np.float64)


def overlap(counts: NDArray[np.float64]) -> float:
    """Persons on two lists or more, of counts by capture history."""
    return float(counts[np.bitwise_count(np.arange(len(counts))) > 1].sum())


def unobserved(
    estimator: Estimator,
    table: CaptureTable,
    seed: int,
    answer: AbundanceEstimate | None = None,
) -> float | str:
    """n_0 of an estimator, or its reason to have none."""
    if answer is not None:
        return answer.n_unobserved
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


def fitted_unobserved(estimator: Estimator, case: KnownCase) -> float | None:
    """Fit an estimator to a case, whatever is stored of it.

    Parameters
    ----------
    estimator : estimator
        What is fitted, with seed 0.
    case : KnownCase
        The case.

    Returns
    -------
    float or None
        Estimate of the persons on no list; None where the estimator declines.
    """
    answer = unobserved(estimator, case.table, seed=0)
    return answer if isinstance(answer, float) else None


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
    """n_0 of the default base on the cases that ship, by estimator and digest of the table."""
    file = resources.files("detcount.datasets") / "data" / "known_truth_estimates.json"
    return {
        name: {entry["digest"]: entry["unobserved"] for entry in entries}
        for name, entries in json.loads(file.read_text(encoding="utf-8"))["estimates"].items()
    }


def n_on_several(table: CaptureTable) -> int:
    """Persons on two lists or more."""
    return int(table.counts[table.histories.sum(axis=1) > 1].sum())


def _two(table: CaptureTable) -> tuple[int, int, int]:
    """Persons on the first list only, on the second only, and on both."""
    both = table.overlap(*table.lists)
    first, second = (size - both for size in table.list_sizes.values())
    return first, second, both


def chance(table: CaptureTable) -> float:
    """Variance of log n_0 from which persons happened to be on which lists.

    For two lists the delta method's, an empty cell counted as half a person; for more, one over the persons
    on two lists or more, which stands for the cells that say most of n_0.
    """
    if table.n_lists == 2:
        first, second, both = _two(table)
        return 1 / max(first, HALF) + 1 / max(second, HALF) + 1 / max(both, HALF)
    return 1 / max(n_on_several(table), 1)
