"""Influences on the number: dependence between lists, a list left out, entries that do not belong."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from detcount import abundance
from detcount._numerics.parallel import map_tasks
from detcount.assessment.abundance.families import (
    ANCHORED,
    CALIBRATED,
    FAMILIES,
    RECOMMENDED_ORDER,
    Family,
    estimator_of,
)
from detcount.assessment.abundance.rows import LeaveOutRow
from detcount.assessment.common.verdict import LEVEL
from detcount.data.captures import CaptureTable
from detcount.errors import ConvergenceError, DetcountWarning, NotEstimableError
from detcount.estimates import AbundanceEstimate, Estimator
from detcount.estimates.result import plain
from detcount.fitting import point_of
from detcount.verbs.sensitivity import SensitivityCurve, TippingValue, odds_ratio_curve
from detcount.words import Message
from detcount.wrong_entries import WrongEntries
from detcount.wrong_entries import wrong_entries as wrong_entries_by_list


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """Change of the total when the lists depend on each other more or less than assumed.

    Parameters
    ----------
    family : str
        Key of the family that the curve starts from.
    curve : SensitivityCurve
        Estimate and 95% limits of N by odds ratio, persons.
    claim : float
        Persons in all, of the claim under test.
    tipping : TippingValue, optional
        The odds ratios at which the total reaches the claim; None where none does.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 40, "010": 60, "001": 35, "110": 20, "101": 12, "011": 9, "111": 6}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "court", "families"])
    >>> assessment = dc.assess(table, families=["independence"])
    >>> assessment.sensitivity.family
    'independence'
    """

    family: str
    curve: SensitivityCurve
    claim: float
    tipping: TippingValue | None

    def record(self) -> dict[str, Any]:
        """Give the curve as plain values that JSON can hold."""
        curve = self.curve
        made = {name: getattr(curve, name) for name in ("odds_ratios", "points", "lows", "highs")}
        tipping = None if self.tipping is None else self.tipping.at_point
        return plain({"family": self.family, **made, "claim": self.claim, "tipping": tipping})


def sensitivity_of(estimate: AbundanceEstimate, family: str, claim: float | None) -> Sensitivity | None:
    """The curve around an estimate; none where it has nobody unlisted."""
    if estimate.n_unobserved <= 0:
        return None
    target = 2.0 * estimate.n_observed if claim is None else float(claim)
    within = None if target <= estimate.n_observed else target
    curve = odds_ratio_curve(estimate, ODDS_RATIOS, claim=within, level=LEVEL)
    return Sensitivity(family=family, curve=curve, claim=target, tipping=curve.tipping)


_BOOTSTRAPS = (abundance.BCaBootstrap, abundance.PercentileBootstrap)


@dataclass(frozen=True)
class Tuning:
    """Changes of what an estimate rests on.

    Parameters
    ----------
    steps : int, steps
        Odds ratios of the curve in each doubling, from a fourth to four. Convention: four.
    all_left_out : int, lists
        Lists up to which each is left out in turn. Convention: each is a fit of the family.
    largest_left_out : int, lists
        Largest lists that are left out where there are more. Convention: eight.
    modelled : int, lists
        Lists up to which a log-linear model is fitted without each. Convention: beyond, it takes seconds.
    """

    steps: int = 4
    all_left_out: int = 10
    largest_left_out: int = 8
    modelled: int = 10


TUNING = Tuning()
ODDS_RATIOS: tuple[float, ...] = tuple(
    2.0 ** (k / TUNING.steps) for k in range(-2 * TUNING.steps, 2 * TUNING.steps + 1)
)


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
        label=Message("without each list in turn"),
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
    if table.n_lists <= TUNING.all_left_out:
        return table.lists
    sizes = table.list_sizes
    largest = sorted(table.lists, key=lambda name: -sizes[name])[: TUNING.largest_left_out]
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


def wrong_entries_of(
    estimates: dict[str, AbundanceEstimate],
    key: str,
    table: CaptureTable,
    share: float,
    anchor: abundance.Anchored | None = None,
) -> tuple[str | None, tuple[WrongEntries, ...]]:
    """Compute the effect of wrong entries on an estimate, and name the model; nothing without a model."""
    if share == 0:
        return None, ()
    names = lists_to_leave_out(table)
    models = _models_at_hand(estimates, table)
    if anchor is not None and key == ANCHORED:  # whoever a sample found on no list is so whatever it was
        models = iter([(ANCHORED, abundance.Anchored(anchor.sample, abundance.KnownShare(0.5)))])
    for base, estimator in models:
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
    if table.n_lists <= TUNING.modelled:
        yield "independence", abundance.LogLinear()
    yield "chao", abundance.ChaoLowerBound()
