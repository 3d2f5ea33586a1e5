"""The balance of the register with most totals, and what its bounds take for granted."""

from __future__ import annotations

import math

from detcount.assessment.stock.content import Conditions
from detcount.assessment.stock.registers import exact_days, main_register, running_total
from detcount.estimates import StockPath
from detcount.published import PublishedArrests, PublishedReleases, PublishedStock
from detcount.stock import Snapshots, StockBalance

STRUCK_WITHIN = 30
_LACKING = 0.1  # of its largest total; the shipped register is seen to lack a hundredth
_N_DRAWS = 500  # of the register: the path has bounds, which need none


def conditions_of(stock: PublishedStock, arrests: PublishedArrests | None) -> Conditions:
    """Say what the bounds take for granted of the register with most totals.

    Parameters
    ----------
    stock : PublishedStock
        Published totals.
    arrests : PublishedArrests or None
        Published arrests.

    Returns
    -------
    Conditions
        Days, and persons by the size of the register.
    """
    register = main_register(stock)
    _, days = running_total(arrests, register, exact_days(stock, register))
    if len(days) < 2:
        return Conditions(STRUCK_WITHIN, None)
    largest = max(
        int(stock.count[row])
        for row in range(len(stock))
        if stock.source[row] == register and not stock.at_least[row]
    )
    return Conditions(STRUCK_WITHIN, math.ceil(_LACKING * largest))


def balance_of(
    stock: PublishedStock,
    arrests: PublishedArrests | None,
    releases: PublishedReleases | None,
    floor: Snapshots | None,
    seed: int,
) -> StockPath:
    """Bound the stock by balance with the register of most totals.

    Parameters
    ----------
    stock : PublishedStock
        Published totals.
    arrests : PublishedArrests or None
        Published arrests; those of other sources take no part.
    releases : PublishedReleases or None
        Published releases.
    floor : Snapshots or None
        People on lists who certainly were held.
    seed : int
        Seed of the draws of the register.

    Returns
    -------
    StockPath
        Bounds of each day from its first total to its last, persons.

    Raises
    ------
    NotEstimableError
        If it has no exact totals of two days.
    """
    register = main_register(stock)
    given = conditions_of(stock, arrests)
    event, days = running_total(arrests, register, exact_days(stock, register))
    balance = StockBalance(
        register=register,
        event=event if len(days) > 1 else None,
        struck_within=given.struck_within,
        backlog=given.backlog,
        n_draws=_N_DRAWS,
    )
    own = arrests if arrests is not None and register in arrests.sources else None
    return balance.fit(stock, arrests=own, releases=releases, floor=floor, seed=seed)
