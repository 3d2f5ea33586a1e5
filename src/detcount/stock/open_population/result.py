"""What rosters taken anew tell of an open population: the stock of each, who stays, who enters."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from detcount import arguments
from detcount._numerics.intervals import log_normal_bounds, normal_quantile
from detcount.assumptions import Assumption
from detcount.citation import CitationStyle, cite
from detcount.definition import Definition
from detcount.errors import InputError
from detcount.estimates import PRIVATE, AbundanceEstimate, Interval, provenance
from detcount.estimates.interval import persons
from detcount.printing import Columns, Summary, frame_of
from detcount.shown import Shown
from detcount.specification import Specification, written_out
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["OpenPopulation", "OpenQuantity"]

_QUANTITIES = {
    "stock": Message("held"),
    "stayed": Message("still held at the next"),
    "entered": Message("entered by the next"),
}


@dataclass(frozen=True)
class OpenQuantity:
    """A number of persons, or a share of persons, with its standard error.

    Parameters
    ----------
    estimate : float
        The estimate, within what is possible: persons, or a share from 0 to 1.
    standard_error : float
        Its standard error, in the same unit.
    formula : float
        What the formula gives before it is kept within what is possible.
    least, most : float
        What is possible: persons certainly there and infinity, or 0 and 1.
    method : {"log-normal", "normal"}
        How limits are found.
    source : AbundanceEstimate, optional
        The estimate that gives the limits in place of the standard error.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 60, "010": 50, "001": 55, "110": 34, "101": 20, "011": 29, "111": 14}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["May", "June", "July"])
    >>> fitted = dc.stock.JollySeber().fit(table)
    >>> round(fitted.at("June").estimate)
    277
    """

    estimate: float
    standard_error: float
    formula: float
    least: float
    most: float
    method: str
    source: AbundanceEstimate | None = field(default=None, repr=False)

    def interval(self, level: float = 0.95) -> Interval:
        """Give the limits at a level, in the unit of the estimate.

        Parameters
        ----------
        level : float, optional
            Confidence aimed for, in (0, 1).

        Returns
        -------
        Interval
            The limits, within what is possible.

        Raises
        ------
        InputError
            If the level is not between 0 and 1.
        """
        level = arguments.level(level)
        if self.source is not None:
            found = self.source.interval(level)
            return Interval(max(found.low, self.least), max(found.high, self.least), level, found.method)
        if self.method == "log-normal":
            low, high = log_normal_bounds(
                n_unobserved=self.estimate - self.least,
                variance=self.standard_error**2,
                n_observed=int(self.least),
                level=level,
            )
            return Interval(low, high, level, self.method)
        half = normal_quantile(level) * self.standard_error
        low = min(max(self.formula - half, self.least), self.most)
        high = max(min(self.formula + half, self.most), self.least)
        return Interval(low, high, level, self.method)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class OpenPopulation(Shown):
    """How many are held when each roster is taken, how many of them stay, and how many enter.

    Parameters
    ----------
    occasions : tuple of str
        The rosters, or groups of them, in the order in which they were taken.
    named : dict of str to int
        Persons named at each.
    known : dict of str to int
        Persons certainly held at each: named at it, or both before and after it.
    stock : dict of str to OpenQuantity
        Persons held at those occasions that have an estimate.
    stayed : dict of str to OpenQuantity
        Chance that who is held at an occasion is held at the next one too.
    entered : dict of str to OpenQuantity
        Persons held at the next occasion who were not held at this one.
    declined : dict of str to str
        Occasions whose stock has no estimate, and why.
    estimator : Specification
        The specification that made it.
    carried_over : float
        Odds ratio of being on one roster and on the next, among those known to be held at both. About 1
        where rosters are taken anew; nan where nobody can tell.
    assumptions : tuple of Assumption
        What has to hold.
    digest : str
        SHA-256 of the data.
    seed : int
        Seed of the fit.
    notes : tuple of str, optional
        What a reader must know besides.
    definition : Definition, optional
        Who is counted.

    See Also
    --------
    JollySeber : Makes it from rosters.
    RobustDesign : Makes it from groups of rosters.

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 60, "010": 50, "001": 55, "110": 34, "101": 20, "011": 29, "111": 14}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["May", "June", "July"])
    >>> fitted = dc.stock.JollySeber().fit(table)
    >>> print(fitted.headline())
    277 persons held at 'June' (219 to 384, 95%); 1 of 3 occasions have an estimate
    """

    occasions: tuple[str, ...]
    named: Mapping[str, int]
    known: Mapping[str, int]
    stock: Mapping[str, OpenQuantity]
    stayed: Mapping[str, OpenQuantity]
    entered: Mapping[str, OpenQuantity]
    declined: Mapping[str, str]
    estimator: Specification
    carried_over: float
    assumptions: tuple[Assumption, ...]
    digest: str
    seed: int
    notes: tuple[str, ...] = ()
    definition: Definition | None = None

    def at(self, occasion: str) -> OpenQuantity:
        """Give the persons held when a roster was taken.

        Parameters
        ----------
        occasion : str
            Name of the roster or of the group.

        Returns
        -------
        OpenQuantity
            Persons held.

        Raises
        ------
        InputError
            If there is no such occasion, or none of its numbers has an estimate; the message says why.
        """
        if occasion in self.stock:
            return self.stock[occasion]
        if occasion in self.declined:
            raise InputError(
                Message(
                    "occasion {name!r} has no estimate: {reason}. Those certainly held then are {known:,}",
                    name=occasion,
                    reason=self.declined[occasion],
                    known=self.known[occasion],
                )
            )
        raise InputError(
            Message("no such occasion: expected one of {occasions!r:,}", occasions=self.occasions)
        )

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give every quantity as a row of a table."""
        rows = []
        for k, occasion in enumerate(self.occasions):
            following = self.occasions[k + 1] if k + 1 < len(self.occasions) else None
            for name in _QUANTITIES:
                quantity = getattr(self, name).get(occasion)
                if quantity is None:
                    continue
                limits = quantity.interval(level)
                rows.append(
                    {
                        "quantity": name,
                        "occasion": occasion,
                        "until": None if name == "stock" else following,
                        "estimate": quantity.estimate,
                        "standard_error": quantity.standard_error,
                        "low": limits.low,
                        "high": limits.high,
                        "level": limits.level,
                        "interval": limits.method,
                        "named": self.named[occasion],
                        "known": self.known[occasion],
                    }
                )
        return rows

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """Give every quantity as a row of a pandas frame."""
        return frame_of(self.rows(level))

    def record(self, level: float = 0.95) -> dict[str, Any]:
        """Give everything needed to make the numbers again, as plain values that JSON can hold."""
        rows = [
            {key: None if value == math.inf else value for key, value in row.items()}
            for row in self.rows(level)
        ]
        return {
            "private": PRIVATE,
            "estimator": repr(self.estimator),
            "specification": written_out(self.estimator),
            "occasions": list(self.occasions),
            "quantities": rows,
            "declined": {name: str(reason) for name, reason in self.declined.items()},
            "definition": None if self.definition is None else self.definition.record(),
            "seed": self.seed,
            "data_sha256": self.digest,
            "assumptions": [str(assumption) for assumption in self.assumptions],
            "notes": [str(note) for note in self.notes],
            **provenance(),
        }

    def cite(self, style: CitationStyle = "text") -> str:
        """Say how to cite the library and the papers of the method used."""
        return cite(style, references=self.estimator.references)

    def headline(self) -> Message:
        """Give the stock at the last occasion that has one, in one line."""
        last = list(self.stock)[-1]
        quantity = self.stock[last]
        limits = quantity.interval()
        return Message(
            "{point} persons held at {occasion!r} ({low} to {high}, 95%); {n} of {k} occasions have an "
            "estimate",
            point=persons(quantity.estimate),
            occasion=last,
            low=persons(limits.low),
            high=persons(limits.high),
            n=len(self.stock),
            k=len(self.occasions),
        )

    def sentence(self) -> Message:
        """Say what the last estimate is, and how many were certainly held then."""
        last = list(self.stock)[-1]
        limits = self.stock[last].interval()
        return Message(
            "When the roster {occasion!r} was taken, between {low} and {high} people were held, with a "
            "confidence of 95%; it names {named:,}, and {known:,} were certainly held then.",
            occasion=last,
            low=persons(limits.low),
            high=persons(limits.high),
            named=self.named[last],
            known=self.known[last],
        )

    def summary(self) -> Summary:
        """Give the whole: every quantity with its limits, what has to hold, and the notes."""
        rows = []
        for row in self.rows():
            show = _share if row["quantity"] == "stayed" else persons
            rows.append(
                (
                    row["occasion"],
                    _QUANTITIES[row["quantity"]],
                    *(show(row[name]) for name in ("low", "estimate", "high")),
                )
            )
        head = (Message("Roster"), Message("Quantity"), Message("Low"), Message("Estimate"), Message("High"))
        return Summary(
            self.headline(),
            self.sentence(),
            Columns(head, tuple(rows), left=(0, 1)),
            method=repr(self.estimator),
            assumptions=self.assumptions,
            notes=self.notes,
        )

    def __repr__(self) -> str:
        return f"<OpenPopulation: {self.headline()}>"


def _share(value: float) -> Message:
    """A share as a percentage."""
    return Message("{share:.0%}", share=value)
