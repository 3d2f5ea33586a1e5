"""The published totals of one register, as forecasters read them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount.definition import Definition
from detcount.errors import InputError, NotEstimableError
from detcount.published import PublishedStock
from detcount.published.days import as_date
from detcount.words import Message

_HALF = 0.5  # added to totals, so that one of 0 has a logarithm


@dataclass(frozen=True)
class Totals:
    """Totals of one source in the order of their days; several of one day are all kept."""

    source: str
    dates: tuple[dt.date, ...]
    counts: Ints
    digest: str
    definition: Definition | None
    notes: tuple[str, ...]

    @property
    def days(self) -> Floats:
        """Days since the first total."""
        return np.array([(date - self.dates[0]).days for date in self.dates], dtype=np.float64)

    @property
    def logs(self) -> Floats:
        """Logarithms of the totals."""
        return np.asarray(np.log(self.counts + _HALF))


def totals_of(name: str, stock: object, *, least: int) -> Totals:
    """Read the totals of one register; those said with "at least" are left out where others say how many."""
    if not isinstance(stock, PublishedStock):
        raise TypeError(
            Message("{name}: expected a PublishedStock, got {kind}", name=name, kind=type(stock).__name__)
        )
    if len(stock.sources) > 1:
        raise InputError(
            Message(
                "{name}: expected the totals of one source, as registers of different sources differ, got "
                "{n} sources. Choose one with stock.select(source=...)",
                name=name,
                n=len(stock.sources),
            )
        )
    n_bounds = int(stock.at_least.sum())
    exact = stock if n_bounds in (0, len(stock)) else stock.where(~stock.at_least)
    dates = tuple(as_date(day) for day in exact.date)
    n_days = len(set(dates))
    if n_days < least:
        raise NotEstimableError(
            name,
            Message("needs totals of at least {least} days, got those of {n}", least=least, n=n_days),
            Message("Add published totals, or report the last one."),
        )
    notes: list[str] = []
    if len(exact) < len(stock):
        notes.append(
            Message.counted(
                'One total was said with "at least" or "more than", and is left out.',
                '{n} totals were said with "at least" or "more than", and are left out.',
                n=n_bounds,
            )
        )
    elif n_bounds:
        notes.append(
            Message('Every total was said with "at least" or "more than", and is taken as the total.')
        )
    if n_days < len(dates):
        notes.append(
            Message.counted(
                "One day has more than one total, and all of them are taken as readings of one register.",
                "{n} days have more than one total, and all of them are taken as readings of one register.",
                n=len({date for date in dates if dates.count(date) > 1}),
            )
        )
    return Totals(
        stock.sources[0],
        dates,
        exact.count.astype(np.int64),
        stock.digest,
        stock.definition,
        tuple(notes),
    )


def counts_of(logs: Floats) -> Ints:
    """Totals of logarithms: whole persons, none below 0."""
    return np.maximum(np.rint(np.exp(np.minimum(logs, 30.0)) - _HALF), 0).astype(np.int64)
