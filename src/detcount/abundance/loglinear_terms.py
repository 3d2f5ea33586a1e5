"""Terms of a log-linear model as users name them, its limits and its notes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np

from detcount._numerics.arrays import Bools, Floats, Ints
from detcount._numerics.existence import NO_MAXIMUM, OK, UNIDENTIFIED, extended_support
from detcount._numerics.monte_carlo import population_resamples
from detcount._numerics.patterns import dense_tables, formula, number_of_lists
from detcount._numerics.poisson import HierarchicalFits, fit_hierarchical
from detcount.abundance.guards import acceleration_of, interval_rule, label, members
from detcount.abundance.intervals import BCaBootstrap, PercentileBootstrap
from detcount.contract import arguments
from detcount.data.captures import CaptureTable
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import CautiousRule, IntervalRule
from detcount.words import N_, Message


def coefficients_by_name(model: Bools, fits: HierarchicalFits, table: CaptureTable) -> dict[str, float]:
    """Coefficients by the names of the lists, small terms first."""
    codes = sorted(np.flatnonzero(model).tolist(), key=lambda code: (code.bit_count(), code))
    return {label(code, table.lists): float(fits.coefficients[0, code]) for code in codes}


def empty_overlaps(model: Bools, fits: HierarchicalFits, table: CaptureTable) -> tuple[tuple[str, ...], ...]:
    """Terms at minus infinity that contain no other such term."""
    empty = np.flatnonzero(model & np.isneginf(fits.coefficients[0])).tolist()
    smallest = [code for code in empty if not any(other != code and other & ~code == 0 for other in empty)]
    return tuple(members(code, table.lists) for code in smallest)


def _checked_interactions(_name: str, groups: Any) -> tuple[tuple[str | int, ...], ...]:
    """Groups of lists as tuples, each of two or more, none named twice."""
    if isinstance(groups, str) or not isinstance(groups, Iterable):
        raise InputError(
            Message(
                "interactions: expected groups of lists such as (('press', 'court'),), got {got}",
                got=repr(groups),
            )
        )
    checked = []
    for group in groups:
        if isinstance(group, str) or not isinstance(group, Iterable):
            raise InputError(
                Message(
                    "interactions: expected groups of lists such as (('press', 'court'),), got the group "
                    "{group}. Put each group in brackets of its own",
                    group=repr(group),
                )
            )
        named = tuple(_checked_member(member) for member in group)
        if len(named) < 2:
            raise InputError(
                Message(
                    "interactions: expected two lists or more in a group, got {group}. The main effect of "
                    "every list is always in the model",
                    group=repr(named),
                )
            )
        if len(set(named)) < len(named):
            raise InputError(Message("interactions: group {group} names a list twice", group=repr(named)))
        checked.append(named)
    return tuple(checked)


Interactions = Annotated[tuple[tuple[str | int, ...], ...], _checked_interactions]


def _checked_member(member: Any) -> str | int:
    """Name of a list, or its position from 1."""
    if isinstance(member, str):
        return member
    if isinstance(member, int | np.integer) and not isinstance(member, bool) and member >= 1:
        return int(member)
    raise InputError(
        Message(
            "interactions: expected the name of a list or its position from 1, got {got}", got=repr(member)
        )
    )


def term_code(group: tuple[str | int, ...], lists: tuple[str, ...]) -> int:
    """Bit code of a group of some lists."""
    code = 0
    for member in group:
        if isinstance(member, str):
            if member not in lists:
                raise InputError(
                    Message(
                        "interactions: no list {name!r}. The lists are {lists!r:,}", name=member, lists=lists
                    )
                )
            position = lists.index(member)
        elif member > len(lists):
            raise InputError(
                Message(
                    "interactions: no list {position}, the table has {lists} lists",
                    position=member,
                    lists=len(lists),
                )
            )
        else:
            position = member - 1
        if code >> position & 1:
            raise InputError(
                Message(
                    "interactions: group {group} names list {name!r} twice",
                    group=repr(group),
                    name=lists[position],
                )
            )
        code |= 1 << position
    return code


@dataclass(frozen=True)
class Limits:
    """An interval rule and what comes with it."""

    rule: IntervalRule
    notes: tuple[str, ...] = ()
    draws: Floats | None = None
    multinomial_point: float | None = None
    n_without_estimate: int = 0


def bootstrap_limits(
    interval: BCaBootstrap | PercentileBootstrap,
    table: CaptureTable,
    model: Bools,
    fits: HierarchicalFits,
    seed: int,
) -> Limits:
    """Refit the model to resampled tables, and for BCa without one person of each history."""
    n_observed = table.n_observed
    point = n_observed + float(fits.n_unobserved[0])
    start = fits.coefficients[0]
    seed = arguments.seed(seed)
    tables = population_resamples(table.counts, point, interval.n_resamples, seed)
    resampled = tables.sum(axis=1) + _refits(model, table, tables, start)
    failed = np.isnan(resampled)
    n_failed = int(failed.sum())
    if n_failed == len(resampled):
        raise NotEstimableError(
            "LogLinear",
            Message("the model can be fitted to none of {n:,} resampled tables", n=len(resampled)),
            Message("Use fewer interactions, or LogLinear(interval=ProfileLikelihood())."),
            advice=Message("Use fewer interactions, or the interval from the profile likelihood."),
        )
    draws = np.where(failed, np.inf, np.maximum(resampled, n_observed))
    lowest = np.where(failed, float(n_observed), draws)
    acceleration = acceleration_of(
        interval, table, lambda counts: _refits(model, table, counts, start) + n_observed - 1
    )
    upper = interval_rule(interval, draws, point, acceleration)
    if not n_failed:
        return Limits(upper, draws=draws)
    lower = interval_rule(interval, lowest, point, acceleration)
    note = note_on_failed(n_failed, len(draws))
    return Limits(CautiousRule(lower, upper), (note,), draws, n_without_estimate=n_failed)


def note_on_failed(failed: int, n: int) -> Message:
    """Count the resampled tables that the model does not fit."""
    return Message(
        "The model cannot be fitted to {failed:,} of {n:,} resampled tables; they count as below every "
        "estimate for the lower limit and above every estimate for the upper limit.",
        failed=failed,
        n=n,
    )


def _refits(model: Bools, table: CaptureTable, tables: Ints, start: Floats) -> Floats:
    """Unseen persons by the model in tables over the same histories, (R, m); nan where there is no fit."""
    found = np.empty(len(tables))
    for part, cells in dense_tables(table.codes.astype(np.int64), tables, len(model), len(tables)):
        found[part] = fit_hierarchical(model, cells, start=start, with_variance=False).n_unobserved
    return found


def kept_design(model: Bools, cells: Floats) -> tuple[Floats, Floats]:
    """Design and counts over the cells that the extended maximum keeps, the intercept first."""
    terms, kept, _ = extended_support(model, cells)
    codes, rows = np.flatnonzero(terms[0]), np.flatnonzero(kept[0])
    return (codes & ~rows[:, None] == 0).astype(np.float64), cells[rows]


_NAMED = 6  # empty overlaps that a note names

# Why a model has no estimate, by its existence code.
_FAILS = {
    NO_MAXIMUM: N_(
        "model {model} has no finite maximum: empty capture histories let a term diverge (existence code "
        "{code})"
    ),
    UNIDENTIFIED: N_(
        "model {model} does not determine the persons on no list: too many overlaps are empty (existence "
        "code {code})"
    ),
    NO_MAXIMUM | UNIDENTIFIED: N_(
        "model {model} has no finite maximum, as empty capture histories let a term diverge, and does not "
        "determine the persons on no list, as too many overlaps are empty (existence code {code})"
    ),
}


def require_maximum(code: int, model: Bools) -> None:
    """Decline a model that cannot be fitted; say which way it fails."""
    if code == OK:
        return
    shown, n_lists = formula(model), number_of_lists(len(model))
    if model[-1]:
        raise NotEstimableError(
            "LogLinear",
            Message(
                "model {model} has the interaction of all the lists together, which the listed persons "
                "cannot show (existence code {code})",
                model=shown,
                code=code,
            ),
            Message("Leave it out, or state its size with NoHighestOrderInteraction."),
            advice=Message("Leave it out, or state its size."),
        )
    reason = Message(_FAILS[code], model=shown, code=code)
    if int(model.sum()) == n_lists + 1:
        remedy = Message(
            "Merge lists that share nobody (table.merge); for two lists, use "
            "Chapman(interval=Hypergeometric())."
        )
        advice = Message(
            "Merge lists that share nobody; for two lists, use Chapman's estimator with its exact interval."
        )
    else:
        remedy = Message("Use fewer interactions, or merge lists that share few persons (table.merge).")
        advice = Message("Use fewer interactions, or merge lists that share few persons.")
    raise NotEstimableError("LogLinear", reason, remedy, advice=advice)


def overlap_note(empty: tuple[tuple[str, ...], ...]) -> Message:
    """Say which overlaps of the model are empty, and what that does."""
    return (
        Message(
            "Nobody is on these lists together: {named!r:;}. The model takes that as impossible: the "
            "interaction is minus infinity.",
            named=empty[:_NAMED],
        )
        if len(empty) <= _NAMED
        else Message(
            "Nobody is on these lists together: {named!r:;}; and {rest} more. The model takes that as "
            "impossible: the interaction is minus infinity.",
            named=empty[:_NAMED],
            rest=len(empty) - _NAMED,
        )
    )
