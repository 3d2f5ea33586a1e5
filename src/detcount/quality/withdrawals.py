"""Withdrawals to come among today's entries, from the versions of a list so far."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from detcount._numerics.withdrawn import next_shares, quantile_of_next
from detcount.assumptions import Assumption
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
    """Withdrawals to come among the entries of the last version, by source.

    The estimand is the entries of the last version that are not in the next.

    See Also
    --------
    Versions : What it takes.

    Notes
    -----
    A step from a version to the next is calm, or a purge, for each source. In either state the share that
    is withdrawn is beta; calm steps of a source have a mean of their own around that of all sources, and a
    purge raises it. How much, how often, and how much steps differ is learned from the steps of all sources,
    by sums over a grid (`Priors`). Nothing is drawn. Where no step so far was a purge, the upper limit at 95%
    comes from how large purges may be, which is stated before the data. The line of all entries is learned
    from its own steps, as a purge may take from many sources. Steps count, and not days. Entries that are
    perhaps the same count as kept. The headline is of counts alone: the least and the largest share so far.

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
    >>> found = quality.Withdrawals().fit(versions)
    >>> print(found.headline())
    13 to 36 of 1,387 entries are withdrawn by the next version, if its share is within that of 3 steps so far
    """

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
        return WithdrawalsEstimate(versions, self, seed)


@dataclass(frozen=True, eq=False, repr=False)
class WithdrawalsEstimate(Estimate):
    """Entries of the last version that are still to be withdrawn.

    Parameters
    ----------
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

    versions: Versions
    estimator: Withdrawals
    seed: int
    notes: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of the versions."""
        return self.versions.digest

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give source, entries, steps so far, and number withdrawn with limits, as dictionaries.

        ``withdrawn`` is the median. The last row is of all entries, and names no source; a single source has
        no row beside it.
        """
        changes, today = self.versions.changes, self.versions.today
        names = list(today["source"].unique())
        rows = self._rows(level, changes, today, names) if len(names) > 1 else []
        return rows + self._rows(level, changes.assign(source=""), today.assign(source=""), [""], "")

    def _rows(
        self,
        level: float,
        changes: pd.DataFrame,
        today: pd.DataFrame,
        names: list[str],
        blank: str | None = None,
    ) -> list[dict[str, Any]]:
        """Rows of sources, whose steps are learned from together."""
        steps = changes.groupby(["first", "source"])[["in_first", "gone"]].sum().reset_index()
        every = [*names, *sorted(set(steps["source"]) - set(names))]
        source = steps["source"].map(every.index).to_numpy(np.int64)
        entries, withdrawn = (steps[column].to_numpy(float) for column in ("in_first", "gone"))
        shares, weights = next_shares(entries, withdrawn, source, len(every))
        rows = []
        for k, name in enumerate(names):
            n = int(today["entries"][today["source"] == name].sum())
            low, middle, high = (
                quantile_of_next(n, shares, weights[k], each)
                for each in ((1 - level) / 2, 1 / 2, (1 + level) / 2)
            )
            found = {"withdrawn": middle, "low": low, "high": high}
            rows.append({"source": name or blank, "entries": n, "steps": int((source == k).sum()), **found})
        return rows

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
        )

    @property
    def _items(self) -> Iterable[dict[str, Any]]:
        return self.rows()

    def _recorded(self, level: float) -> dict[str, Any]:
        return {"level": level, "sources": self.rows(level)}

    @cached_property
    def _past(self) -> tuple[int, int]:
        """Entries of today that the least and the largest share of the steps so far would take."""
        steps = self.versions.changes.groupby("first")[["in_first", "gone"]].sum()
        shares = self.versions.today["entries"].sum() * (steps["gone"] / steps["in_first"])
        return math.floor(round(shares.min(), 9)), math.ceil(round(shares.max(), 9))

    def headline(self) -> Message:
        """Give one short sentence, of counts alone."""
        low, high = self._past
        return Message(
            "{low:,} to {high:,} of {entries:,} entries are withdrawn by the next version, if its share is "
            "within that of {steps} steps so far",
            low=low,
            high=high,
            entries=int(self.versions.today["entries"].sum()),
            steps=len(self.versions.days) - 1,
        )

    def sentence(self) -> Message:
        """Say what was withdrawn so far, and what follows if it goes on so."""
        row, (least, most) = self.rows()[-1], self._past
        return Message(
            "From {first} to {last} {gone:,} entries were withdrawn, in {steps} steps from one version to "
            "the next. At the least and the largest share of these steps, {least:,} to {most:,} of the "
            "{entries:,} of {last} are withdrawn by the next version. A step may be a purge, which takes "
            "more than any so far: with calm steps and purges as the steps so far allow, {low:,} to {high:,} "
            "(95%). Where no purge was seen, how large one may be comes from a prior. A withdrawal is no "
            "proof of an error.",
            first=self.versions.days[0],
            last=self.versions.days[-1],
            gone=int(self.versions.changes["gone"].sum()),
            steps=row["steps"],
            least=least,
            most=most,
            low=row["low"],
            high=row["high"],
            entries=row["entries"],
        )
