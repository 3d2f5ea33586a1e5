"""The estimators whose errors are learned, and what they say of a table."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from detcount._numerics.calibration import Mixture, stacked
from detcount.abundance import ChaoLowerBound, Chapman, DecomposableGraphs, LogLinear, SelectedLogLinear
from detcount.calibration.bank import Bank
from detcount.calibration.lessons import HALF, ErrorLesson, chance, error_lesson, unobserved
from detcount.captures import CaptureTable
from detcount.datasets import KnownCase
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate, Estimator
from detcount.words import Message

__all__ = [
    "DEFAULT_BASE",
    "DEFAULT_BASE_OF_TWO",
    "MOST_LISTS_SELECTED",
    "BaseErrors",
    "errors_of_base",
    "estimators_of",
    "spoken",
]

# One of each family that answers within a second: independence, heterogeneity (a lower bound), selected
# dependence, averaged dependence. Chosen before any of them was tried.
DEFAULT_BASE: tuple[Estimator, ...] = (
    LogLinear(),
    ChaoLowerBound(),
    SelectedLogLinear(),
    DecomposableGraphs(),
)

DEFAULT_BASE_OF_TWO: tuple[Estimator, ...] = (Chapman(),)

_IN_WORDS: dict[Estimator, Message] = {
    LogLinear(): Message("the model of independent lists"),
    ChaoLowerBound(): Message("Chao's lower bound"),
    SelectedLogLinear(): Message("the log-linear model chosen by BIC"),
    DecomposableGraphs(): Message("decomposable graphs"),
    Chapman(): Message("Chapman's estimator"),
}

MOST_LISTS_SELECTED = 10  # beyond, the default base would search models for minutes


@dataclass(frozen=True, eq=False)
class BaseErrors:
    """What a base says of a table, and what its errors on a bank make of it."""

    lesson: ErrorLesson
    used: dict[str, float]
    declined: dict[str, str]
    silent: tuple[str, ...]  # those that declined, in words
    n_unobserved: float
    chance: float
    distribution: Mixture  # of log n_0

    @property
    def shared(self) -> float:
        """Share of the variance of the discrepancy that tables of one source have in common."""
        common = self.lesson.variance_shared
        return common / (common + self.lesson.variance_own + self.chance)

    @property
    def cases(self) -> tuple[KnownCase, ...]:
        """Cases learned from."""
        return self.lesson.cases


def spoken(estimator: Estimator) -> str:
    """An estimator in words: by its name where it has one, else by its specification."""
    return _IN_WORDS.get(estimator) or repr(estimator)


def estimators_of(base: Estimator | tuple[Estimator, ...] | None, n_lists: int) -> tuple[Estimator, ...]:
    """Estimators to calibrate for a number of lists; None is the default base."""
    if base is None:
        return DEFAULT_BASE_OF_TWO if n_lists == 2 else DEFAULT_BASE
    return base if isinstance(base, tuple) else (base,)


def errors_of_base(
    base: tuple[Estimator, ...],
    table: CaptureTable,
    fitted: Mapping[Estimator, AbundanceEstimate],
    bank: Bank,
    seed: int,
    *,
    searching: bool,
) -> BaseErrors:
    """The base's one number, and what is learned of how far it missed.

    With `searching` every estimator is asked; else one that searches models is not where that takes minutes.
    """
    answers = {
        estimator: Message(
            "not asked with more than {most} lists: its search takes minutes", most=MOST_LISTS_SELECTED
        )
        if not searching and table.n_lists > MOST_LISTS_SELECTED and estimator == SelectedLogLinear()
        else unobserved(estimator, table, seed, fitted.get(estimator))
        for estimator in base
    }
    used = {key: value for key, value in answers.items() if isinstance(value, float)}
    silent = {key: value for key, value in answers.items() if isinstance(value, str)}
    if not used:
        raise NotEstimableError(
            "Calibrated",
            Message(
                "no estimator of the base answers ({reasons:;})",
                reasons=[
                    Message("{estimator}: {reason}", estimator=spoken(key), reason=value)
                    for key, value in silent.items()
                ],
            ),
            Message("Report the persons listed as a floor, or merge lists that share a source."),
        )
    lesson = error_lesson(tuple(used), bank, table.n_lists == 2)
    n_unobserved = max(stacked(np.array(list(used.values()))), HALF)
    by_chance = chance(table)
    return BaseErrors(
        lesson=lesson,
        used={repr(key): value for key, value in used.items()},
        declined={repr(key): value for key, value in silent.items()},
        silent=tuple(spoken(key) for key in silent),
        n_unobserved=n_unobserved,
        chance=by_chance,
        distribution=lesson.distribution.widened(by_chance).shifted(math.log(n_unobserved)),
    )
