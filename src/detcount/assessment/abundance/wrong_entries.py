"""The number if some entries of a list do not belong."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

from detcount import abundance
from detcount.assessment.abundance.families import RECOMMENDED_ORDER
from detcount.assessment.abundance.left_out import lists_to_leave_out
from detcount.captures import CaptureTable
from detcount.errors import ConvergenceError, DetcountWarning, NotEstimableError
from detcount.estimates import AbundanceEstimate, Estimator
from detcount.wrong_entries import WrongEntries
from detcount.wrong_entries import wrong_entries as wrong_entries_by_list

_MOST_LISTS_MODELLED = 10  # beyond it a log-linear model for each list in turn takes seconds


def wrong_entries_of(
    estimates: dict[str, AbundanceEstimate], key: str, table: CaptureTable, share: float
) -> tuple[str | None, tuple[WrongEntries, ...]]:
    """What wrong entries do to an estimate, and by whose model; nothing where no model answers."""
    if share == 0:
        return None, ()
    names = lists_to_leave_out(table)
    for base, estimator in _models_at_hand(estimates, table):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DetcountWarning)
            try:
                rows = wrong_entries_by_list(estimates[key], table, share=share, base=estimator)
            except (NotEstimableError, ConvergenceError):
                continue
        if any(row.point is not None for row in rows):
            return base, tuple(row for row in rows if row.name in names)
    return None, ()


def _models_at_hand(
    estimates: dict[str, AbundanceEstimate], table: CaptureTable
) -> Iterator[tuple[str, Estimator]]:
    """Models that are fitted in milliseconds, the one that was chosen first, each with its family."""
    if table.n_lists == 2:
        yield "chapman", abundance.Chapman()
        return
    for key in RECOMMENDED_ORDER:
        models = getattr(estimates[key].detail, "models", ()) if key in estimates else ()
        if models:
            yield key, abundance.LogLinear(interactions=models[0].interactions)
    if table.n_lists <= _MOST_LISTS_MODELLED:
        yield "independence", abundance.LogLinear()
    yield "chao", abundance.ChaoLowerBound()
