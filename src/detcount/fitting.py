"""Protocol between verbs and estimators of abundance, whatever data they take."""

from __future__ import annotations

from typing import Protocol, TypeVar

from detcount.contract.definition import require_comparable
from detcount.data.captures import CaptureTable
from detcount.data.repeated import RepeatedCounts
from detcount.errors import InputError
from detcount.estimates import AbundanceEstimate, Specification
from detcount.words import Message

Data = TypeVar("Data", bound=CaptureTable | RepeatedCounts)
Data_contra = TypeVar("Data_contra", bound=CaptureTable | RepeatedCounts, contravariant=True)


class Fits(Specification, Protocol[Data_contra]):
    """An estimator of abundance, of whatever data.

    An estimator may also have a method ``_point(data, *, seed=0) -> float`` that gives the point and
    nothing else, and declines only where there is no point. Refits use it instead of ``fit``: an
    estimator whose interval is a bootstrap of its own, or costs more than the point, should have one.

    It may also have ``_fit_many(tables, *, seed=0)`` for tables with the same number of lists. It returns a
    list of what ``fit`` would return for each table, to the last bit, or the `NotEstimableError` that it
    would raise. Strata are then fitted as arrays. If ``_fit_many`` itself raises an error, they are fitted
    one at a time. ``_most_at_once(n_lists) -> int`` says how many tables to give it at once.
    """

    def fit(self, data: Data_contra, /, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate abundance."""


def point_of(estimator: Fits[Data], table: Data, seed: int) -> float:
    """Point alone where the estimator can give it, else the point of the fit."""
    point_alone = getattr(estimator, "_point", None)
    if point_alone is not None:
        return float(point_alone(table, seed=seed))
    return float(estimator.fit(table, seed=seed).point)


def require_its_table(verb: str, estimate: AbundanceEstimate, table: CaptureTable) -> None:
    """Refuse a table that an estimate was not made from."""
    require_comparable("table", (estimate.definition, table.definition))
    if estimate.digest != table.digest:
        raise InputError(
            Message(
                "{verb}: the estimate was made from another table. Give the one it was fitted to", verb=verb
            )
        )
