"""An estimator fitted again to persons drawn anew: its point, or why there is none."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from detcount.captures import CaptureTable
from detcount.errors import ConvergenceError, InputError, NotEstimableError
from detcount.fitting import Data, Fits, point_of
from detcount.repeated import RepeatedCounts
from detcount.words import Message

Over = Literal["listed", "population"]
"""Who is redrawn: the persons listed, or the estimated population with its unlisted part."""


def answer_or_reason(estimator: Fits[Data], table: Data, task: tuple[NDArray[np.int64], int]) -> float | str:
    """Point for persons redrawn over the same histories, or why there is none."""
    counts, seed = task
    try:
        return point_of(estimator, with_counts(table, counts), seed)
    except NotEstimableError as error:
        return error.reason
    except ConvergenceError:
        return Message("an iteration did not converge")


def with_counts(table: Any, counts: NDArray[np.int64]) -> Any:
    """Table of the same kind, with other numbers of persons."""
    somebody = counts > 0
    if isinstance(table, CaptureTable):
        return CaptureTable(table.lists, table.histories[somebody], counts[somebody])
    return RepeatedCounts(table.times[somebody], counts[somebody])


def check_over(over: str) -> None:
    """Refuse a population that is none of the two."""
    if over not in ("listed", "population"):
        raise InputError(Message("over: expected 'listed' or 'population', got {got}", got=repr(over)))
