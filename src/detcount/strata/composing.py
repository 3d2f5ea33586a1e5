"""Composition: persons of each group among all, listed or not, and the share of each group."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np

from detcount._numerics.arrays import Bools, Floats, repeat
from detcount._numerics.composition import Tilt, log_shares, log_weights, own_spreads
from detcount._numerics.patterns import pack, unpack
from detcount.calibration import Calibrated
from detcount.contract import arguments
from detcount.contract.definition import common, require_strata
from detcount.contract.specification import door
from detcount.data.captures import CaptureTable
from detcount.errors import InputError, InputTypeError, NotEstimableError
from detcount.estimates import Estimator
from detcount.strata.fit import checked_tables
from detcount.strata.groups import Composition
from detcount.strata.parts import Parts, totals_of
from detcount.words import Message


@dataclass(frozen=True)
class Tuning:
    """Groups that are too small for lists of their own.

    Parameters
    ----------
    fewest_alone : int, persons
        People listed in a group, below which small groups are merged. Convention: ten.
    """

    fewest_alone: int = 10


TUNING = Tuning()
FEWEST_ALONE = TUNING.fewest_alone


@cache
def shipped_tilt() -> Tilt:
    """Read what was learned from members of lists whose fields are known, by `benchmarks/composition.py`."""
    text = files("detcount.strata").joinpath("composition.json").read_text(encoding="utf-8")
    return Tilt(**json.loads(text))


@door
def composition(
    tables: Mapping[str, CaptureTable] | Sequence[Mapping[str, CaptureTable]],
    *,
    estimator: Estimator | None = None,
    population: Mapping[str, float] | None = None,
    seed: int = 0,
) -> Composition:
    """Estimate how many of each group there are, and the share of each group among all, with limits.

    The estimand is N of each group and its share of the N of all, in a closed population of whom each list
    names some. The total is the estimate for the whole table; its unlisted are shared out among the groups.
    Prefer it to estimates of the groups apart, whose shares lie further from the truth than those of the
    listed.

    Parameters
    ----------
    tables : mapping of str to CaptureTable
        Persons listed in each group, on the same lists, such as `stratify` gives. Everybody is in one group.
        Or a sequence of such mappings, one for each draw of who is who: persons listed and points are those
        of the first, and limits those of the draws of all.
    estimator : Estimator, optional
        What the total is estimated by; None takes `Calibrated()`.
    population : mapping of str to float, optional
        People of each group who live in the place, for rates per 100,000.
    seed : int, optional
        Seed of the fit and of the draws of groups.

    Returns
    -------
    Composition
        Persons and shares by group, with limits. The draws of the groups add up to those of the total.

    Raises
    ------
    InputError
        If there are fewer than two groups, their lists differ, or the population lacks a group or has fewer
        people than are listed.
    NotEstimableError
        If the total has no estimate, or no upper limit.

    See Also
    --------
    stratify : Make the tables from a frame.
    fit_strata : Estimate each group by itself.

    Notes
    -----
    The weight of a group among the unlisted is a product: its number of listed persons, times what a logistic
    regression of the group on the lists predicts for persons on no list, to a power, times the share of the
    group among persons on one list over its share among all listed, to another power. The regression is the
    model in which lists reach groups differently and depend on each other in the same way in all groups [1]_.
    A normal prior pools its coefficients, so that a small group has nearly the share that it has among the
    listed. The error of the logarithm of a weight is normal. The prior, the powers and the spread of what
    remains were learned on members of lists whose fields are known (``benchmarks/composition.py``); given the
    weights, the groups of the unlisted are a Dirichlet draw. Groups of fewer than 10 listed, where there are
    two or more of them, are one group in the regressions, and are named.

    References
    ----------
    .. [1] Fienberg, S. E. (1972). The multiple recapture census for closed populations and incomplete 2^k
       contingency tables. Biometrika, 59(3), 591-603. https://doi.org/10.1093/biomet/59.3.591

    Examples
    --------
    >>> import detcount as dc
    >>> women = {"100": 40, "010": 60, "001": 30, "110": 20, "101": 9, "011": 12, "111": 6}
    >>> men = {"100": 90, "010": 80, "001": 75, "110": 44, "101": 35, "011": 30, "111": 21}
    >>> lists = ["press", "court", "families"]
    >>> tables = {
    ...     "women": dc.CaptureTable.from_counts(women, lists=lists),
    ...     "men": dc.CaptureTable.from_counts(men, lists=lists),
    ... }
    >>> found = dc.strata.composition(tables)
    >>> print(f"{found.shares['women']:.0%} of all, {found.listed_shares['women']:.0%} of those listed")
    35% of all, 32% of those listed
    """
    if not isinstance(tables, Mapping):
        names = list(tables[0]) if len(tables) else []
        for position, each in enumerate(tables, start=1):
            if set(each) != set(names):
                raise InputError(
                    Message(
                        "tables, position {k}: expected the groups of the first, {names!r}, got {found!r}. "
                        "Each draw has the same groups",
                        k=position,
                        names=names,
                        found=list(each),
                    )
                )
        ordered = [{name: each[name] for name in names} for each in tables] or [{}]
        drawn = [composition(t, estimator=estimator, population=population, seed=seed) for t in ordered]
        return replace(
            drawn[0], draws=np.vstack([each.draws[k :: len(drawn)] for k, each in enumerate(drawn)])
        )
    given = _checked_groups(tables)
    whole, by_group = _counted(given)
    people = None if population is None else _population(population, given)
    total = (Calibrated() if estimator is None else estimator).fit(whole, seed=seed)
    totals = totals_of(total, seed)
    if not np.isfinite(totals).all():
        raise NotEstimableError(
            type(total.estimator).__name__,
            Message("the total has no upper limit, so that no share has one"),
            Message("Give the shares of those listed, or unite lists or periods."),
        )
    parts, pooled = shared_out(tuple(given), whole, by_group, shipped_tilt())
    return Composition(
        tables=given,
        total=total,
        parts=parts,
        pooled=pooled,
        draws=parts.drawn(totals, seed),
        digest=_digest(given),
        population=people,
        seed=seed,
    )


def together(tables: Mapping[str, CaptureTable]) -> CaptureTable:
    """The table of all groups; the groups are checked."""
    return _counted(_checked_groups(tables))[0]


def _checked_groups(tables: Mapping[str, CaptureTable]) -> dict[str, CaptureTable]:
    """Groups on the same lists, in the order of the first; counts of one list have no lists to compare."""
    checked_tables(tables)
    given: dict[str, CaptureTable] = {}
    for name, table in tables.items():
        if not isinstance(table, CaptureTable):
            raise InputTypeError(
                Message(
                    "tables, group {name!r}: expected a CaptureTable, got {kind}",
                    name=name,
                    kind=type(table).__name__,
                )
            )
        lists = next(iter(given.values()), table).lists
        if set(table.lists) != set(lists):
            found = list(table.lists)
            raise InputError(
                Message(
                    "tables, group {name!r}: expected the lists {lists!r}, got {found!r}. Keep a list that "
                    "names nobody of a group, as stratify does",
                    name=name,
                    lists=list(lists),
                    found=found,
                )
            )
        given[name] = table if table.lists == lists else table.keep(lists)
    if len(given) < 2:
        raise InputError(
            Message("tables: expected two groups or more, got one. A share of all needs another beside it")
        )
    require_strata("tables", [table.definition for table in given.values()])
    return given


def _counted(tables: Mapping[str, CaptureTable]) -> tuple[CaptureTable, Floats]:
    """The table of all, and the persons of each group with each of its histories."""
    lists = next(iter(tables.values())).lists
    codes = [pack(table.histories) for table in tables.values()]
    found, where = np.unique(np.concatenate(codes), return_inverse=True)
    group = repeat(np.arange(len(codes)), [len(each) for each in codes])
    by_group = np.zeros((len(codes), len(found)))
    np.add.at(by_group, (group, where), np.concatenate([table.counts for table in tables.values()]))
    whole = CaptureTable(
        lists,
        unpack(found, len(lists)),
        by_group.sum(axis=0).astype(np.int64),
        notes=tuple(dict.fromkeys(note for table in tables.values() for note in table.notes)),
        definition=common(table.definition for table in tables.values()),
    )
    order = np.searchsorted(found, pack(whole.histories))
    return whole, by_group[:, order]


def shared_out(
    names: tuple[str, ...], whole: CaptureTable, by_group: Floats, tilt: Tilt
) -> tuple[Parts, tuple[str, ...]]:
    """Share the unlisted out among groups, and say which small groups are merged for it.

    Merged groups have the same weight for each person listed.
    """
    listed = by_group.sum(axis=1)
    histories = whole.histories.astype(np.int64)
    few = _few(listed)
    together = np.array(names, dtype=object)
    spreads = own_spreads(np.maximum(listed, FEWEST_ALONE), tilt)
    if few.any():
        united = by_group[few].sum(axis=0)
        found = log_weights(histories, np.vstack([by_group[~few], united]), tilt)
        weights = np.empty(len(listed))
        weights[~few] = found[:-1]
        weights[few] = found[-1] + log_shares(listed[few])
        spreads[few] = own_spreads(np.maximum(united.sum(), FEWEST_ALONE), tilt)
        together[few] = " + ".join(sorted(together[few]))
    else:
        weights = log_weights(histories, by_group, tilt)
    pooled = tuple(name for name, is_few in zip(names, few, strict=True) if is_few)
    return Parts(names, listed, weights, spreads, tuple(together), tilt.shared), pooled


def _few(listed: Floats) -> Bools:
    """Groups to merge: those with few persons listed; a single such group, with the smallest of the others.

    Of only two groups none is merged, since together they are everybody.
    """
    few = listed < FEWEST_ALONE
    if few.sum() == 1 and len(listed) > 2:
        few[np.argmin(np.where(few, np.inf, listed))] = True
    return few if few.sum() > 1 and not few.all() else np.zeros(len(listed), dtype=bool)


def _population(population: Mapping[str, float], tables: Mapping[str, CaptureTable]) -> dict[str, float]:
    """People of each group who live in the place."""
    people = {}
    for name, table in tables.items():
        if name not in population:
            raise InputError(
                Message(
                    "population: expected people of every group, got none of {name!r}. Add them", name=name
                )
            )
        people[name] = arguments.positive("population", population[name], unit="of persons")
        if people[name] < table.n_observed:
            raise InputError(
                Message(
                    "population, group {name!r}: expected at least the {listed:,} who are listed, got fewer. "
                    "Give the people who live in the place",
                    name=name,
                    listed=table.n_observed,
                )
            )
    return people


def _digest(tables: Mapping[str, CaptureTable]) -> str:
    """SHA-256 of the tables with the names of their groups, in whatever order they stand."""
    text = json.dumps(sorted((name, table.digest) for name, table in tables.items()))
    return hashlib.sha256(text.encode()).hexdigest()
