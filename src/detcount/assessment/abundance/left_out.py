"""The number without each list in turn, or each of the largest where there are many."""

from __future__ import annotations

from functools import partial

from detcount import abundance
from detcount._numerics.parallel import map_tasks
from detcount.assessment.abundance.content import LeaveOutRow
from detcount.assessment.abundance.families import CALIBRATED, FAMILIES, Family, estimator_of
from detcount.assessment.level import LEVEL
from detcount.captures import CaptureTable
from detcount.errors import ConvergenceError, NotEstimableError
from detcount.fitting import point_of
from detcount.words import Message

_BOOTSTRAPS = (abundance.BCaBootstrap, abundance.PercentileBootstrap)
_MOST_LISTS_EACH_LEFT_OUT = 10  # each is a fit of the family
_MOST_LEFT_OUT = 8  # the largest lists, where there are more


def left_out_family(base: str, table: CaptureTable) -> str:
    """The family that is fitted without each list: that of two lists where two are left."""
    return "chapman" if table.n_lists == 3 and base != CALIBRATED else base


def without_each_list(key: str, table: CaptureTable, seed: int) -> tuple[LeaveOutRow, ...]:
    """The same family without each list in turn, or each of the largest where there are many.

    Inside of ``joblib.parallel_config`` its workers fit them.
    """
    if table.n_lists < 3:
        return ()
    names = lists_to_leave_out(table)
    rows = map_tasks(
        partial(_row_without, key, table, seed),
        names,
        n_jobs=None,
        label="without each list in turn",
        at_once=True,
        names=names,
    )
    return tuple(rows)


def _row_without(key: str, table: CaptureTable, seed: int, name: str) -> LeaveOutRow:
    """The number without one list, or why there is none."""
    family = next(family for family in FAMILIES if family.key == key)
    try:
        return _without(family, table, name, seed)
    except NotEstimableError as error:
        reason = error.reason
    except ConvergenceError:
        reason = Message("an iteration did not converge")
    return LeaveOutRow(name, table.n_observed - table.exclusives[name], reason=reason)


def lists_to_leave_out(table: CaptureTable) -> tuple[str, ...]:
    """Every list, or the largest where there are many; in the order of the table."""
    if table.n_lists <= _MOST_LISTS_EACH_LEFT_OUT:
        return table.lists
    sizes = table.list_sizes
    largest = sorted(table.lists, key=lambda name: -sizes[name])[:_MOST_LEFT_OUT]
    return tuple(name for name in table.lists if name in largest)


def _without(family: Family, table: CaptureTable, name: str, seed: int) -> LeaveOutRow:
    """The total without one list; its limits too, unless they would have to be resampled."""
    if table.exclusives[name] == table.n_observed:
        raise NotEstimableError(
            family.name, Message("nobody is on the other lists"), Message("Keep the list.")
        )
    rest = table.drop(name)
    estimator = estimator_of(family, rest)
    if isinstance(getattr(estimator, "interval", None), _BOOTSTRAPS):
        return LeaveOutRow(name, rest.n_observed, point_of(estimator, rest, seed))
    estimate = estimator.fit(rest, seed=seed)
    interval = estimate.interval(LEVEL)
    return LeaveOutRow(name, rest.n_observed, estimate.point, interval.low, interval.high)
