"""Changes of persons and shares of groups between two tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from detcount._numerics.arrays import Floats, ReadOnly
from detcount._numerics.intervals import percentile_bounds
from detcount.estimates.interval import persons
from detcount.reports.numbers import level_words
from detcount.reports.printing import Column, Summary, without_counts
from detcount.reports.shown import Tabular
from detcount.strata.parts import LEVEL
from detcount.strata.result import SMALL_STRATUM
from detcount.words import Message, Number


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class CompositionDifference(ReadOnly, Tabular):
    """Changes of the persons and the share of each group from one composition to another.

    Parameters
    ----------
    names : tuple of str
        The groups that both have.
    points, share_points : tuple of float
        The change of each group in persons, and in its share of all.
    changes, share_changes : ndarray of float64, shape (n_draws, n_groups)
        Draws of the change in persons, and in the share of all.
    learned : bool
        Whether it was learned how far the errors of the two totals are the same.
    left_out : tuple of str
        Groups that one of the two alone has.
    fewest : float
        Persons listed in the smallest group of either.

    Examples
    --------
    >>> import detcount as dc
    >>> women = {"100": 40, "010": 60, "001": 30, "110": 20, "101": 9, "011": 12, "111": 6}
    >>> men = {"100": 90, "010": 80, "001": 75, "110": 44, "101": 35, "011": 30, "111": 21}
    >>> lists = ["press", "court", "families"]
    >>> def of(tables):
    ...     made = {name: dc.CaptureTable.from_counts(counts, lists=lists) for name, counts in tables.items()}
    ...     return dc.strata.composition(made)
    >>> change = of({"women": women, "men": men}).difference(of({"women": men, "men": women}))
    >>> [row["group"] for row in change.rows()]
    ['women', 'men']
    """

    _prints = ("_table", "headline", "notes")
    names: tuple[str, ...]
    points: tuple[float, ...]
    share_points: tuple[float, ...]
    changes: Floats
    share_changes: Floats
    learned: bool
    left_out: tuple[str, ...]
    fewest: float

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes for a reader: what is left out, and what was not learned."""
        known = (
            ()
            if self.learned
            else (
                Message(
                    "Nothing shows how far the two totals share their errors. They are taken as independent, "
                    "so the limits in persons are wider."
                ),
            )
        )
        return (
            (*known, Message("Groups of one table alone are left out: {names!r}.", names=self.left_out))
            if self.left_out
            else known
        )

    def rows(self, level: float = LEVEL) -> list[dict[str, Any]]:
        """Give one row a group: the change in persons and in the share of all, with limits.

        Parameters
        ----------
        level : float, optional
            Credibility aimed for, in (0, 1).

        Returns
        -------
        list of dict
            Persons, and shares from -1 to 1.
        """
        rows = []
        for k, name in enumerate(self.names):
            low, high = percentile_bounds(self.changes[:, k], level)
            share_low, share_high = percentile_bounds(self.share_changes[:, k], level)
            rows.append(
                {
                    "group": name,
                    "low": low,
                    "change": self.points[k],
                    "high": high,
                    "share_low": share_low,
                    "share_change": self.share_points[k],
                    "share_high": share_high,
                    "level": level,
                }
            )
        return rows

    _columns = (
        Column(name="group", title=Message("Group"), left=True),
        Column(name="low", title=Message("Low"), write=persons),
        Column(name="change", title=Message("Change in persons"), write=persons),
        Column(name="high", title=Message("High"), write=persons),
        Column(name="share_low", title=Message("Low"), write="+.1%"),
        Column(name="share_change", title=Message("Change in share"), write="+.1%"),
        Column(name="share_high", title=Message("High"), write="+.1%"),
    )

    @property
    def _items(self) -> list[dict[str, Any]]:
        return self.rows()

    def headline(self) -> Message:
        """Say whose share changed by more than sampling and error explain."""
        moved = [row["group"] for row in self.rows() if not row["share_low"] <= 0 <= row["share_high"]]
        if not moved:
            return Message("no share is known to have changed ({level} limits)", level=level_words(LEVEL))
        return Message(
            "share changed beyond its {level} limits: {names}", names=moved, level=level_words(LEVEL)
        )

    def sentence(self) -> Message:
        """Say how the share of each group changed."""
        return Message.together(
            Message(
                "{name}: {low} to {high} points of its share.",
                name=row["group"],
                low=Number(100 * row["share_low"], "+.1f"),
                high=Number(100 * row["share_high"], "+.1f"),
            )
            for row in self.rows()
        )

    def _in_notebook(self) -> Summary:
        """The whole, unless a group is so small that its persons can be recognised."""
        if self.fewest < SMALL_STRATUM:
            return without_counts(self.headline())
        return self.summary()
