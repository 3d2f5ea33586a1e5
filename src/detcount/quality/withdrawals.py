"""Withdrawals to come among today's entries, from the versions of a list so far."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np

from detcount._numerics.withdrawn import range_of_next
from detcount.assumptions import Assumption
from detcount.contract import arguments
from detcount.contract.citation import Reference
from detcount.contract.specification import specification
from detcount.errors import NotEstimableError
from detcount.estimates.result import Estimate
from detcount.quality.versions import Versions
from detcount.reports.printing import Column
from detcount.words import Message

_FEWEST_STEPS = 2  # of one alone the lowest rate is the highest

if TYPE_CHECKING:
    import pandas as pd


@specification
class Withdrawals:
    """Withdrawals to come among today's entries, by source and age of the entry.

    The estimand is the entries of the last version that are not in the list so many days later.

    Parameters
    ----------
    days : int, optional
        Days to come; without it the mean time from one version to the next.

    See Also
    --------
    Versions : What it takes.

    Notes
    -----
    Each step from a version to the next has a daily rate of withdrawal. The limits are the lowest and the
    highest rate so far, of all entries or of one source, taken over the days to come: nothing comes from a
    prior. The next of k + 1 exchangeable steps lies within such limits with a probability of
    (k - 1) / (k + 1), which is printed beside them. At a lower level the limits lie further
    in. Withdrawals come in audits: one step may take ten times as many as all before. No version shows
    whether the others are withdrawn in the end, so that the number is for a stated time alone. Entries that
    are perhaps the same count as kept.

    Examples
    --------
    >>> from detcount import quality
    >>> versions = quality.Versions.from_counts(
    ...     {
    ...         "first": ["2026-01-01", "2026-02-01", "2026-03-01"],
    ...         "second": ["2026-02-01", "2026-03-01", "2026-04-01"],
    ...         "in_first": [1000, 1180, 1300],
    ...         "gone": [20, 30, 13],
    ...         "new_in_second": [200, 150, 100],
    ...     }
    ... )
    >>> found = quality.Withdrawals(days=30).fit(versions)
    >>> print(found.headline())
    13 to 38 of 1,387 entries are withdrawn in 30 days, if the rate stays within that of 3 steps so far
    """

    days: Annotated[int | None, partial(arguments.whole_number, least=1)] = None

    assumes: ClassVar[tuple[Assumption, ...]] = (Assumption.WITHDRAWALS_AS_BEFORE,)
    references: ClassVar[tuple[Reference, ...]] = ()

    def fit(self, versions: Versions, *, seed: int = 0) -> WithdrawalsEstimate:
        """Forecast the entries that will be withdrawn.

        Parameters
        ----------
        versions : Versions
            The versions so far, two or more.
        seed : int, optional
            Not used: nothing is drawn.

        Returns
        -------
        WithdrawalsEstimate
            The entries of each source, with limits.

        Raises
        ------
        NotEstimableError
            If the last version holds nobody, or there are fewer than three versions.
        """
        every = versions.days
        if not len(versions.today):
            raise NotEstimableError(
                "Withdrawals",
                Message("the last version holds nobody of whom it could be said"),
                Message("Give counts with the new entries of the last version."),
            )
        if len(every) <= _FEWEST_STEPS:
            raise NotEstimableError(
                "Withdrawals",
                Message("two versions are one step, and one step does not say how much the next differs"),
                Message(
                    "Give three versions or more. Versions(...).headline() says what was withdrawn between "
                    "the two."
                ),
                advice=Message("Give three versions or more."),
            )
        days = self.days or round((every[-1] - every[0]).days / (len(every) - 1))
        return WithdrawalsEstimate(days, versions, self, seed)


@dataclass(frozen=True, eq=False, repr=False)
class WithdrawalsEstimate(Estimate):
    """Entries of the last version that are still to be withdrawn.

    Parameters
    ----------
    horizon : int
        Days to come.
    versions : Versions
        What it was made from.
    estimator : Withdrawals
        The specification.
    seed : int
        Seed that was given; nothing is drawn.
    notes : tuple of str
        What a reader must know.

    Examples
    --------
    See `Withdrawals`, which makes it.
    """

    horizon: int
    versions: Versions
    estimator: Withdrawals
    seed: int
    notes: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the versions."""
        return self.versions.digest

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give source, entries, limits and their probability for each source, and for all, as dictionaries.

        ``withdrawn`` is the number at the rate of all steps together. A source that fewer than two steps had
        is left open: from none to all of its entries. The last row is of all entries, and names no source.
        """
        changes, today = self.versions.changes, self.versions.today
        names: Iterable[str] = today["source"].unique() if today["source"].nunique() > 1 else []
        of_sources = (
            self._row(name or None, level, changes[changes["source"] == name], today[today["source"] == name])
            for name in names
        )
        return [*of_sources, self._row("", level, changes, today)]

    def _row(
        self, name: str | None, level: float, changes: pd.DataFrame, today: pd.DataFrame
    ) -> dict[str, Any]:
        """One row: the rates of each step of some entries, and what they leave of those of today."""
        steps = changes.groupby(["first", "second"])[["in_first", "gone"]].sum().reset_index()
        lasted = np.array(
            [(row["second"] - row["first"]).days for row in steps.to_dict("records")], dtype=float
        )
        kept = 1 - steps["gone"].to_numpy(float) / steps["in_first"].to_numpy(float)
        with np.errstate(divide="ignore"):  # where all went the rate has no limit
            rates = -np.log(kept) / lasted
        entries = int(today["entries"].sum())
        row: dict[str, Any] = {"source": name, "entries": entries, "steps": len(rates)}
        if len(rates) < _FEWEST_STEPS:
            return row | {"withdrawn": None, "low": 0, "high": entries, "probability": 1.0}
        low, high, probability = range_of_next(rates, level)
        exposed = (steps["in_first"] - steps["gone"] / 2) @ lasted  # who is withdrawn is there half of a step
        every = np.array([steps["gone"].sum() / float(exposed), low, high])
        middle, *limits = -np.expm1(-every * self.horizon) * entries
        return row | {
            "withdrawn": round(min(max(middle, limits[0]), limits[1])),
            "low": math.floor(round(limits[0], 9)),  # a rate there and back is off by a last digit
            "high": math.ceil(round(limits[1], 9)),
            "probability": probability,
        }

    @property
    def _columns(self) -> Sequence[Column]:
        return (
            Column(
                name="source", title=Message("source"), write=lambda name: name or Message("all"), left=True
            ),
            Column(name="entries", title=Message("entries"), write=","),
            Column(name="steps", title=Message("steps so far"), write=","),
            Column(name="withdrawn", title=Message("to be withdrawn"), write=","),
            Column(name="low", title=Message("lowest"), write=","),
            Column(name="high", title=Message("highest"), write=","),
            Column(name="probability", title=Message("probability of the next step"), write=".0%"),
        )

    @property
    def _items(self) -> Iterable[dict[str, Any]]:
        return self.rows()

    def _recorded(self, level: float) -> dict[str, Any]:
        return {"level": level, "days": self.horizon, "sources": self.rows(level)}

    def headline(self) -> Message:
        """Give one short sentence."""
        row = self.rows()[-1]
        return Message(
            "{low:,} to {high:,} of {entries:,} entries are withdrawn in {days:,} days, if the rate stays "
            "within that of {steps} steps so far",
            low=row["low"],
            high=row["high"],
            entries=row["entries"],
            days=self.horizon,
            steps=row["steps"],
        )

    def sentence(self) -> Message:
        """Say what was withdrawn so far, and what follows if it goes on so."""
        row = self.rows()[-1]
        return Message(
            "From {first} to {last} {gone:,} entries were withdrawn, in {steps} steps from one version to "
            "the next. At the lowest and the highest daily rate of these steps, {low:,} to {high:,} of the "
            "{entries:,} of {last} are withdrawn within {days:,} days. If steps come in no order, the rate "
            "of the next lies between the two with a probability of {probability:.0%}. A withdrawal is no "
            "proof of an error.",
            first=self.versions.days[0],
            last=self.versions.days[-1],
            gone=int(self.versions.changes["gone"].sum()),
            steps=row["steps"],
            low=row["low"],
            high=row["high"],
            entries=row["entries"],
            days=self.horizon,
            probability=row["probability"],
        )
