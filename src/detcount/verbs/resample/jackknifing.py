"""Refit an estimator without each person in turn."""

from __future__ import annotations

from functools import partial
from typing import Any, Literal

import numpy as np

from detcount._numerics.arrays import Ints
from detcount._numerics.monte_carlo import jackknife_acceleration, jackknife_tables
from detcount._numerics.parallel import map_tasks
from detcount.data.captures import CaptureTable
from detcount.data.repeated import RepeatedCounts
from detcount.errors import ConvergenceError, InputError, NotEstimableError
from detcount.fitting import Data, Fits, point_of
from detcount.words import Message

_PERCENTILES_WHAT_TO_DO = Message("Use bootstrap_estimate(..., interval=PercentileBootstrap()).")
_PERCENTILES_WHAT_TO_DO_IN_WORDS = Message("Use the bootstrap, with its percentiles for limits.")


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
    """Refuse anything but "listed" and "population"."""
    if over not in ("listed", "population"):
        raise InputError(Message("over: expected 'listed' or 'population', got {got}", got=repr(over)))


def acceleration_of(
    estimator: Fits[Data], table: Data, *, seed: int, n_jobs: int | None, over: Over
) -> float:
    """Compute how fast the standard error changes with N, by leaving out each person in turn.

    Persons with the same capture history leave the same table, so there is one refit for each distinct
    history. With t_i the estimate without person i, and m the mean of these, the acceleration is sum (m -
    t_i)^3 / (6 (sum (m - t_i)^2)^1.5) [Efron 1987]. Over the population each of the unlisted is left out too,
    which changes no list.
    """
    name = type(estimator).__name__
    if table.n_observed < 2:
        raise NotEstimableError(
            name,
            Message("one person is listed, and nobody is left without them"),
            _PERCENTILES_WHAT_TO_DO,
            advice=_PERCENTILES_WHAT_TO_DO_IN_WORDS,
        )
    refit = partial(answer_or_reason, estimator, table)
    tasks = [(counts, seed) for counts in jackknife_tables(table.counts)]
    answers = map_tasks(refit, tasks, n_jobs=n_jobs, label=Message("jackknife {name}", name=name))
    for answer in answers:
        if isinstance(answer, str):
            raise NotEstimableError(
                name,
                Message("without one of the persons there is no answer ({reason})", reason=answer),
                _PERCENTILES_WHAT_TO_DO,
                advice=_PERCENTILES_WHAT_TO_DO_IN_WORDS,
            )
    moved, weights = np.array(answers, dtype=np.float64), table.counts.astype(np.float64)
    if over == "population":
        point = point_of(estimator, table, seed)
        moved, weights = np.append(moved, point), np.append(weights, point - table.n_observed)
    return jackknife_acceleration(moved, weights)
