"""Effect of entries that do not belong to the population on a number: freed or foreign names on a list."""

from __future__ import annotations

from dataclasses import dataclass

from detcount.contract import arguments
from detcount.contract.definition import require_comparable
from detcount.data.captures import CaptureTable
from detcount.errors import InputError, InputTypeError, NotEstimableError
from detcount.estimates import AbundanceEstimate, Estimator
from detcount.words import Message


@dataclass(frozen=True)
class Tuning:
    """Limits of wrong entries.

    Parameters
    ----------
    most : float, share
        Largest share of a list that may be wrong. Convention: a list of which more is wrong is none of this
        population.
    """

    most: float = 0.5


TUNING = Tuning()
MOST_WRONG = TUNING.most


@dataclass(frozen=True, kw_only=True)
class WrongEntries:
    """Effect on a number when a share of one list is taken as wrong.

    Parameters
    ----------
    name : str
        The list with wrong entries.
    share : float
        Share of its entries that are taken as wrong.
    n_observed : int
        Persons listed without them.
    point : float, optional
        Estimate of N without them, persons; None where there is none.
    floor_change, total_change : float, optional
        Relative change of the persons listed, and of the estimate: -0.05 is 5% fewer.
    reason : str, optional
        Why there is no estimate.

    See Also
    --------
    wrong_entries : Makes them.
    """

    name: str
    share: float
    n_observed: int
    point: float | None
    floor_change: float
    total_change: float | None
    reason: str = ""


def without_wrong_entries(table: CaptureTable, name: str, share: float) -> CaptureTable:
    """Take a share of a list away, from its persons whom no other list names.

    Parameters
    ----------
    table : CaptureTable
        Persons by capture history.
    name : str
        The list.
    share : float
        Share of its entries to take away, from 0 to 0.5; in whole persons, at least one where the share is
        above 0, and at most the persons on no other list.

    Returns
    -------
    CaptureTable
        The table without them.

    Raises
    ------
    InputError
        If there is no such list, the share is not from 0 to 0.5, or nobody would be left.

    Examples
    --------
    >>> from detcount import CaptureTable
    >>> from detcount.wrong_entries import without_wrong_entries
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> without_wrong_entries(table, "families", 0.1).list_sizes
    {'press': 60, 'families': 72}
    """
    share = checked_share(share)
    alone = table.exclusives
    if name not in alone:
        raise InputError(Message("no list {name!r}: the lists are {lists!r:,}", name=name, lists=table.lists))
    wanted = max(round(share * table.list_sizes[name]), 1) if share > 0 else 0
    n_wrong = min(wanted, alone[name])
    if n_wrong == 0:
        return table
    if n_wrong == table.n_observed:
        raise InputError(
            Message(
                "list {name!r}: nobody is left without its wrong entries. Take a smaller share away",
                name=name,
            )
        )
    only = (table.histories.sum(axis=1) == 1) & (table.histories[:, table.lists.index(name)] == 1)
    counts = table.counts - n_wrong * only
    retained = counts > 0
    return CaptureTable(
        table.lists, table.histories[retained], counts[retained], table.dataset, table.notes, table.definition
    )


def wrong_entries(
    estimate: AbundanceEstimate, table: CaptureTable, *, share: float = 0.05, base: Estimator | None = None
) -> tuple[WrongEntries, ...]:
    """Say how far a number falls if a share of the entries of a list does not belong, for each list in turn.

    Somebody freed before the period, held for another reason, or entered under a wrong name is in no
    overlap: such an entry adds one to the floor, and more than one to the total.

    Parameters
    ----------
    estimate : AbundanceEstimate
        The number, made from `table`.
    table : CaptureTable
        Persons by capture history.
    share : float, optional
        Share of the entries of one list that do not belong, from 0 to 0.5.
    base : Estimator, optional
        The estimator that is fitted anew for each list; without it that of the estimate.

    Returns
    -------
    tuple of WrongEntries
        One for each list, in the order of the table.

    Raises
    ------
    InputError
        If the share is not from 0 to 0.5, or the estimate is not of this table.
    NotEstimableError
        If the base has no answer for the table itself, or finds nobody unlisted.

    Notes
    -----
    Assumes that wrong entries of one list are on no other list. Of a list of n_j persons, share * n_j
    (rounded) are taken from those on no other list. With another base, the unlisted of the estimate are taken
    to change by the same factor as those of the base. For two independent lists the total falls by the share
    itself.

    Examples
    --------
    >>> import detcount as dc
    >>> from detcount.wrong_entries import wrong_entries
    >>> table = dc.CaptureTable.from_counts({"10": 400, "01": 600, "11": 200}, lists=["press", "families"])
    >>> estimate = dc.abundance.LincolnPetersen().fit(table)
    >>> [round(row.total_change, 3) for row in wrong_entries(estimate, table, share=0.1)]
    [-0.1, -0.1]
    """
    share = checked_share(share)
    if estimate.digest != table.digest:
        raise InputError(
            Message("table: expected the table that the estimate was made from, got another one")
        )
    require_comparable("table", (estimate.definition, table.definition))
    if base is None:
        fitted = estimate.estimator
        if not isinstance(fitted, Estimator):
            raise InputTypeError(
                Message(
                    "base: expected an estimator of capture tables, got {kind}", kind=type(fitted).__name__
                )
            )
        base = fitted
    unlisted = _unlisted(base, table, estimate.seed)
    if not unlisted > 0:
        raise NotEstimableError(
            type(base).__name__,
            Message("nobody unlisted is expected, so that there is nothing to change"),
            Message("Take another base."),
        )
    return tuple(_without(estimate, table, name, share, base, unlisted) for name in table.lists)


def checked_share(value: object) -> float:
    """Give a share of wrong entries, from 0 to 0.5."""
    remedy = Message("{most:g} is the most: half of a list", most=MOST_WRONG)
    share = arguments.share("wrong_entries", value, remedy=remedy)
    if share > MOST_WRONG:
        raise InputError(
            Message(
                "wrong_entries: expected a number from 0 to {most:g}, got {share:g}. {remedy}",
                most=MOST_WRONG,
                share=share,
                remedy=remedy,
            )
        )
    return share


def _without(
    estimate: AbundanceEstimate,
    table: CaptureTable,
    name: str,
    share: float,
    base: Estimator,
    unlisted: float,
) -> WrongEntries:
    """The number without the wrong entries of one list."""
    rest = without_wrong_entries(table, name, share)
    floor_change = rest.n_observed / table.n_observed - 1
    try:
        factor = _unlisted(base, rest, estimate.seed) / unlisted
    except NotEstimableError as error:
        return WrongEntries(
            name=name,
            share=share,
            n_observed=rest.n_observed,
            point=None,
            floor_change=floor_change,
            total_change=None,
            reason=error.reason,
        )
    point = rest.n_observed + factor * estimate.n_unobserved
    return WrongEntries(
        name=name,
        share=share,
        n_observed=rest.n_observed,
        point=point,
        floor_change=floor_change,
        total_change=point / estimate.point - 1,
    )


def _unlisted(base: Estimator, table: CaptureTable, seed: int) -> float:
    """Persons on no list by the base."""
    return base.fit(table, seed=seed).n_unobserved
