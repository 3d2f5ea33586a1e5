"""Estimators held to populations of known size, those learned from left out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain

import numpy as np

from detcount._numerics.calibration import weighted_interval_score
from detcount._numerics.parallel import map_tasks
from detcount.calibration.calibrated import Calibrated
from detcount.calibration.scored import CaseResult, Evaluation
from detcount.calibration.training import LEAST_GROUPS, TrainingCases, training_cases
from detcount.contract import arguments
from detcount.contract.specification import door
from detcount.datasets import KnownCase
from detcount.errors import ConvergenceError, InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate, Estimator
from detcount.words import Message


@dataclass(frozen=True)
class Tuning:
    """Scores of estimators.

    Parameters
    ----------
    close : float, probability
        Width of a bracket of the level at which a limit meets the truth. Convention: finer than a printed
        digit.
    step : float, probability
        Step between the levels of the weighted interval score. Convention: 49 levels, from 2% to 98%.
    widest : float, probability
        Widest level at which limits are asked for; beyond it a truth has probability 0 or 1. Convention:
        all but one in ten million.
    """

    close: float = 1e-5
    step: float = 0.02
    widest: float = 1 - 1e-7


TUNING = Tuning()
_SCORED = tuple(round(TUNING.step * k, 2) for k in range(1, round(1 / TUNING.step)))


@door
def evaluate(
    estimator: Estimator,
    training: TrainingCases | tuple[KnownCase, ...] | None = None,
    *,
    levels: Sequence[float] = (0.5, 0.8, 0.95),
    ranked: bool = True,
    seed: int = 0,
    n_jobs: int | None = None,
) -> Evaluation:
    """Hold an estimator to populations of known size.

    `Calibrated` is fitted anew for every group of data sets from the other groups, so that it never sees
    the people it is judged on; other estimators learn nothing from cases and are fitted as they are.

    Parameters
    ----------
    estimator : estimator
        What is judged.
    training : TrainingCases or tuple of KnownCase, optional
        The cases; None takes those of `training_cases()` with three lists or more; `of_two_lists` has the
        pairs. `Calibrated` learns from its own cases, or from `training_cases()`, without the group at hand.
    levels : sequence of float, optional
        Levels of the intervals, each in (0, 1).
    ranked : bool, optional
        Whether the weighted score and the PIT values are wanted, which take some 60 intervals of every case:
        little where limits are quantiles, much where each is a search, as with profile likelihood.
    seed : int, optional
        Seed of every fit.
    n_jobs : int, optional
        Number of workers; -1 means one a core. None takes the number that ``joblib.parallel_config`` sets, or
        else 1.

    Returns
    -------
    Evaluation
        The result of each case, and figures over all of them.

    Examples
    --------
    >>> from detcount import abundance, calibration
    >>> result = calibration.evaluate(abundance.ChaoLowerBound())
    >>> result.n_answered, result.cover(0.95) < 0.7
    (84, True)
    """
    if training is None:
        training = training_cases().of_more_lists
        assert training is not None  # training_cases has such cases
    elif not isinstance(training, TrainingCases):
        training = TrainingCases("own cases", training)
    levels = tuple(arguments.level(level, "levels") for level in levels)
    left_out = {group: _leaving_out(estimator, group) for group in training.groups}
    groups: dict[str, list[int]] = {}
    for place, case in enumerate(training.cases):
        groups.setdefault(case.group, []).append(place)
    # a group is one task: what is learned without it serves all of its cases
    tasks = [
        (left_out[group], [(training.cases[place], training.weights[place]) for place in places])
        for group, places in groups.items()
    ]
    task = partial(_judged, seed, levels, ranked)
    answers = map_tasks(task, tasks, n_jobs=n_jobs, label=Message("groups of known size"))
    results = dict(zip(chain.from_iterable(groups.values()), chain.from_iterable(answers), strict=True))
    return Evaluation(repr(estimator), tuple(levels), tuple(results[place] for place in sorted(results)))


def _judged(
    seed: int, levels: tuple[float, ...], ranked: bool, task: tuple[Estimator, list[tuple[KnownCase, float]]]
) -> list[CaseResult]:
    """The cases of a group, estimated and held to their truth."""
    estimator, cases = task
    return [
        _result(case, weight, _estimated(estimator, case, seed), levels, ranked) for case, weight in cases
    ]


def _estimated(estimator: Estimator, case: KnownCase, seed: int) -> AbundanceEstimate | str:
    """Give the answer of an estimator on a case, or the reason why it declines."""
    try:
        return estimator.fit(case.table, seed=seed)
    except (NotEstimableError, ConvergenceError) as declined:
        return str(declined)


def _result(
    case: KnownCase, weight: float, estimate: AbundanceEstimate | str, levels: tuple[float, ...], ranked: bool
) -> CaseResult:
    """An estimate held to the truth."""
    result = CaseResult(
        name=case.name,
        dataset=case.dataset,
        group=case.group,
        truth=case.truth,
        n_observed=case.table.n_observed,
        point=None if isinstance(estimate, str) else estimate.point,
        limits=(),
        reason=estimate if isinstance(estimate, str) else None,
        weight=weight,
        hardly_covering=case.hardly_covering,
    )
    if isinstance(estimate, str):
        return result
    limits = cache(lambda level: _limits(estimate, level))
    result = replace(result, limits=tuple(limits(level) for level in levels))
    if not ranked:
        return result
    scored = [limits(level) for level in _SCORED]
    loss = weighted_interval_score(
        np.log([low for low, _ in scored]),
        np.log([high for _, high in scored]),
        math.log(estimate.point),
        math.log(case.truth),
        np.array(_SCORED),
    )
    return replace(result, loss=loss, pit=_below(limits, estimate.point, case.truth))


def _limits(estimate: AbundanceEstimate, level: float) -> tuple[float, float]:
    """Limits of N at a level."""
    interval = estimate.interval(level)
    return interval.low, interval.high


def _below(limits: Callable[[float], tuple[float, float]], point: float, truth: int) -> float:
    """Probability of at most the truth, by the levels whose limits pass it.

    Where a whole share of the distribution lies on the truth, half of it counts.
    """

    def quantile(place: float) -> float:
        """Of probability (1 + place) / 2."""
        return point if place == 0 else limits(abs(place))[int(place > 0)]

    levels = (*_SCORED, TUNING.widest)
    places = [*(-level for level in reversed(levels)), 0.0, *levels]

    def passed(inside: Callable[[float], bool]) -> float:
        """Greatest probability whose quantile is still inside."""
        first = next((k for k, place in enumerate(places) if not inside(quantile(place))), len(places))
        if first in (0, len(places)):
            return float(first > 0)
        low, high = places[first - 1], places[first]
        while high - low > TUNING.close:
            middle = 0.5 * (low + high)
            low, high = (middle, high) if inside(quantile(middle)) else (low, middle)
        return 0.5 + 0.25 * (low + high)

    return 0.5 * (passed(lambda value: value < truth) + passed(lambda value: value <= truth))


def _leaving_out(estimator: Estimator, group: str) -> Estimator:
    """The estimator, having seen nobody of a group."""
    if not isinstance(estimator, Calibrated):
        return estimator
    whole = estimator.learned_from()
    if group not in whole.groups:
        return estimator
    rest = whole.without(group)
    if rest is None or len(rest.groups) < LEAST_GROUPS:
        raise InputError(
            Message(
                "training: expected at least {least} groups of data sets, got {n}. One is left out, and two "
                "must remain to learn from",
                least=LEAST_GROUPS + 1,
                n=len(whole.groups),
            )
        )
    return replace(estimator, training=rest)
