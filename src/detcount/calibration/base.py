"""The estimators whose errors are learned, and what they say of a table."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from detcount._numerics.calibration import Mixture, stacked
from detcount.abundance import ChaoLowerBound, Chapman, DecomposableGraphs, LogLinear, SelectedLogLinear
from detcount.calibration.bank import Bank
from detcount.calibration.lessons import HALF, ErrorLesson, chance, error_lesson, unobserved
from detcount.captures import CaptureTable
from detcount.datasets import KnownCase
from detcount.errors import NotEstimableError
from detcount.estimates import Estimator
from detcount.words import Message

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


def errors_of_base(base: tuple[Estimator, ...], table: CaptureTable, bank: Bank, seed: int) -> BaseErrors:
    """The base's one number, and what is learned of how far it missed."""
    answers = {estimator: unobserved(estimator, table, seed) for estimator in base}
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
