"""Persons and shares by group, listed or not.

The result of `composition`, and everything that can be asked of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from detcount._numerics.arrays import Floats, Ints, ReadOnly
from detcount._numerics.intervals import percentile_bounds
from detcount._numerics.monte_carlo import N_DRAWS
from detcount._numerics.pooling import coupled_scores
from detcount.assumptions import Assumption
from detcount.contract import arguments
from detcount.contract.definition import Definition
from detcount.data.captures import CaptureTable
from detcount.errors import InputError
from detcount.estimates import AbundanceEstimate, Specification
from detcount.estimates.interval import persons
from detcount.estimates.result import Estimate
from detcount.reports.numbers import level_words
from detcount.reports.printing import Column, Columns, Summary, printed_columns, without_counts
from detcount.strata.adding import learned_share
from detcount.strata.changes import CompositionDifference
from detcount.strata.columns import values_of
from detcount.strata.fit import fit_strata
from detcount.strata.parts import LEVEL, Parts, totals_at
from detcount.strata.result import SMALL_STRATUM, StrataResult
from detcount.strata.shares_figure import ShareRow, draw_shares, percents
from detcount.words import Message, Number

if TYPE_CHECKING:
    from matplotlib.figure import Figure


# of 95%, on data kept aside: benchmarks/results/limits_elsewhere.json
LIMITS_HELD = Message(
    "These limits can be too narrow: of {n:,} shares of a country from which nothing was learned, limits of "
    "95% held {share:.0%}.",
    share=0.854,
    n=1090,
)


@dataclass(frozen=True)
class Tuning:
    """Numbers of printed rows.

    Parameters
    ----------
    per : int, people
        People of a place to which rates refer. Convention: rates of 100,000 people.
    """

    per: int = 100_000


TUNING = Tuning()


_SHOWN = (
    Column(value="group", title=Message("Group"), left=True),
    Column(value="n_observed", title=Message("Listed"), write=",.0f"),
    Column(value="low", title=Message("Low"), write=persons),
    Column(value="point", title=Message("Persons"), write=persons),
    Column(value="high", title=Message("High"), write=persons),
    Column(value="listed_share", title=Message("Share of listed"), write=".0%"),
    Column(value="share", title=Message("Share of all"), write=".0%"),
    Column(value=lambda row: percents(row["share_low"], row["share_high"]), title=Message("Limits")),
    Column(value="apart_share", title=Message("Share if apart"), write=".0%"),
    Column(
        value=lambda row: row.get("rate_point"),
        title=Message("Per 100,000"),
        write=",.1f",
        missing="",
        if_any=True,
    ),
)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Composition(ReadOnly, Estimate):
    """Persons and shares by group among all, listed or not.

    Parameters
    ----------
    tables : dict of str to CaptureTable
        Persons listed in each group, in the order given.
    total : AbundanceEstimate
        The estimate for all groups together.
    parts : Parts
        How the unlisted are shared out among the groups.
    pooled : tuple of str
        Groups of so few listed that they are one group in the regressions.
    draws : ndarray of float64, shape (n_draws, n_groups)
        Draws of the persons of each group; each row adds up to a draw of the total.
    digest : str
        SHA-256 of the tables and the names of their groups.
    population : dict of str to float, optional
        People of each group who live in the place.
    seed : int
        Seed of the fit and of the draws.

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
    >>> bool(abs(found.draws.sum(axis=1) / found.total.draws - 1).max() < 1e-12)
    True
    """

    _prints = ("_table", "total")

    tables: dict[str, CaptureTable]
    total: AbundanceEstimate
    parts: Parts
    pooled: tuple[str, ...]
    draws: Floats
    digest: str
    population: dict[str, float] | None = None
    seed: int = 0

    _private = True

    @property
    def estimator(self) -> Specification:
        """The estimator of the total."""
        return self.total.estimator

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Assumptions: those of the total, and that groups are missed as in tables with known answers."""
        return tuple(dict.fromkeys((*self.total.assumptions, Assumption.EXCHANGEABLE_ERROR)))

    @property
    def definition(self) -> Definition | None:
        """Who is counted in all."""
        return self.total.definition

    @property
    def groups(self) -> tuple[str, ...]:
        """Names of the groups, in the order given."""
        return self.parts.names

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes for a reader besides the assumptions."""
        notes: list[str] = [
            *self.total.notes,
            Message(
                "The difference between the shares of the unlisted and of the listed was learned from "
                "members of lists whose fields are known. The limits show how far such shares missed there."
            ),
            LIMITS_HELD,
        ]
        if self.pooled:
            notes.append(
                Message(
                    "{names!r} are combined because few of them are listed. Each gets a part of the unlisted "
                    "in proportion to its listed.",
                    names=list(self.pooled),
                )
            )
        return tuple(notes)

    @property
    def listed_shares(self) -> dict[str, float]:
        """Share of each group among the persons listed."""
        return self._named(self.parts.listed / self.parts.listed.sum())

    @property
    def points(self) -> dict[str, float]:
        """Persons of each group, listed or not; they add up to the point of the total."""
        return self._named(self.parts.listed + self.total.n_unobserved * self.parts.unlisted_shares)

    @property
    def shares(self) -> dict[str, float]:
        """Share of each group among all, listed or not."""
        return {name: point / self.total.point for name, point in self.points.items()}

    def share_limits(self, level: float = LEVEL) -> dict[str, tuple[float, float]]:
        """Give the limits of the share of each group among all.

        Parameters
        ----------
        level : float, optional
            Credibility aimed for, in (0, 1).

        Returns
        -------
        dict of str to tuple of float
            Lower and upper limit, from 0 to 1.
        """
        return {row["group"]: (row["share_low"], row["share_high"]) for row in self._each(level)}

    def limits(self, level: float = LEVEL) -> dict[str, tuple[float, float]]:
        """Give the limits of the persons of each group; parameters are those of `share_limits`."""
        return {row["group"]: (row["low"], row["high"]) for row in self._each(level)}

    @cached_property
    def apart(self) -> StrataResult:
        """Each group estimated by itself, with the estimator of the total; made when it is asked for."""
        estimator: Any = self.estimator
        return fit_strata(estimator, self.tables, seed=self.seed)

    @property
    def apart_shares(self) -> dict[str, float | None]:
        """Shares by the estimates of the groups apart; None for all where one of them has no estimate."""
        points = {name: estimate.point for name, estimate in self.apart.estimates.items()}
        if len(points) < len(self.groups):
            return dict.fromkeys(self.groups)
        whole = math.fsum(points.values())
        return {name: points[name] / whole for name in self.groups}

    def rows(self, level: float = LEVEL) -> list[dict[str, Any]]:
        """Give one row a group: listed, estimated with all groups, and estimated apart.

        Parameters
        ----------
        level : float, optional
            Credibility aimed for, in (0, 1).

        Returns
        -------
        list of dict
            Persons, shares from 0 to 1 and, where the population is known, rates per 100,000 people. Groups
            that are `pooled` have a row of their own. `apart` is None where a group by itself has no
            estimate.
        """
        apart_shares = self.apart_shares
        rows = []
        for row in self._each(level):
            name = row["group"]
            apart = self.apart.estimates.get(name)
            row |= {
                "apart": None if apart is None else apart.point,
                "apart_share": apart_shares[name],
                "pooled": name in self.pooled,
                "level": level,
            }
            if self.population is not None:
                per = TUNING.per / self.population[name]
                row |= {f"rate_{end}": row[end] * per for end in ("low", "point", "high")}
            rows.append(row)
        return rows

    def margins(self, level: float = LEVEL) -> list[dict[str, Any]]:
        """Give one row for each value of each of the columns that `stratify` named the groups by.

        Parameters
        ----------
        level : float, optional
            Credibility aimed for, in (0, 1).

        Returns
        -------
        list of dict
            Persons and shares as in `rows`, summed over groups from the same draws; none where groups are
            named by one column, or have names that were given.
        """
        columns = list(zip(*map(values_of, self.groups), strict=False))
        return self._rows_of(
            (
                (value, np.flatnonzero([each == value for each in column]))
                for column in (columns if len(columns) > 1 else ())
                for value in dict.fromkeys(column)
            ),
            level,
        )

    def ordered_rows(self, level: float = LEVEL) -> list[dict[str, Any]]:
        """Give the rows as they are read: large groups, the small ones together, and each of these.

        Parameters
        ----------
        level : float, optional
            Credibility aimed for, in (0, 1).

        Returns
        -------
        list of dict
            `rows`, and where groups are `pooled` one row more for all of them, from the same draws.
        """
        rows = sorted(self.rows(level), key=lambda row: row["pooled"])
        if self.pooled:
            few = np.flatnonzero([name in self.pooled for name in self.groups])
            others = self._rows_of([(Message("other, of which"), few)], level)[0]
            rows.insert(-len(few), others | {"apart_share": None})
        return rows

    def _each(self, level: float) -> list[dict[str, Any]]:
        """Persons and shares of each group."""
        return self._rows_of(((name, np.array([k])) for k, name in enumerate(self.groups)), level)

    def _rows_of(self, parts: Iterable[tuple[str, Ints]], level: float) -> list[dict[str, Any]]:
        """Persons and shares of named sets of groups, from the draws of these, with the points between."""
        level = arguments.level(level)
        totals, points = self.draws.sum(axis=1), np.array(list(self.points.values()))
        n_listed = float(self.parts.listed.sum())
        rows = []
        for name, inside in parts:
            drawn, listed = self.draws[:, inside].sum(axis=1), float(self.parts.listed[inside].sum())
            point = float(points[inside].sum())
            share = point / self.total.point
            low, high = percentile_bounds(drawn, level)
            share_low, share_high = percentile_bounds(drawn / totals, level)
            row = {
                "group": name,
                "n_observed": int(listed),
                "listed_share": listed / n_listed,
                "low": min(low, point),
                "point": point,
                "high": max(high, point),
                "share_low": min(share_low, share),
                "share": share,
                "share_high": max(share_high, share),
            }
            rows.append(row)
        return rows

    def difference(self, other: Composition) -> CompositionDifference:
        """Set two compositions beside each other: how persons and shares of each group changed.

        Parameters
        ----------
        other : Composition
            The later one, or that of another place; groups are the same where they have the same name.

        Returns
        -------
        CompositionDifference
            Changes from this one to the other, of the groups that both have.

        Raises
        ------
        InputError
            If no group is in both.

        Notes
        -----
        Errors that both have in common cancel. The scores of the totals have the correlation that
        `Calibrated` learned of populations of one source, and are independent for any other estimator, which
        leaves the limits wider; what remains of the weight of a group has the correlation learned for it.
        """
        names = tuple(name for name in self.groups if name in other.groups)
        if not names:
            raise InputError(
                Message(
                    "other: expected a group of the same name, got {others!r} beside {groups!r}. Name the "
                    "groups alike",
                    groups=list(self.groups),
                    others=list(other.groups),
                )
            )
        random = np.random.default_rng([self.seed, other.seed])
        either = ("", *sorted({*self.parts.together, *other.parts.together}))
        common = {name: random.standard_normal(N_DRAWS) for name in either}
        before, after = (
            each._drawn_again(common, table) for table, each in enumerate((self, other), start=1)
        )
        either_listed = (*self.parts.listed, *other.parts.listed)
        return CompositionDifference(
            names=names,
            points=tuple(other.points[name] - self.points[name] for name in names),
            share_points=tuple(other.shares[name] - self.shares[name] for name in names),
            changes=np.column_stack([after[name] - before[name] for name in names]),
            share_changes=np.column_stack(
                [after[name] / after[""] - before[name] / before[""] for name in names]
            ),
            learned=None not in (learned_share(self.total), learned_share(other.total)),
            left_out=tuple(sorted({*self.groups} ^ {*other.groups})),
            fewest=min(either_listed),
        )

    def _drawn_again(self, common: Mapping[str, Floats], table: int) -> dict[str, Floats]:
        """Draws of each group, and of all under no name, with scores in common with another table."""
        random = np.random.default_rng([self.seed, table])
        shared = learned_share(self.total) or 0.0
        scores = coupled_scores(common[""], random.standard_normal(N_DRAWS), shared)
        totals = totals_at(self.total, scores)
        drawn = self.parts.drawn(totals, self.seed, common, table)
        return {"": totals, **dict(zip(self.groups, drawn.T, strict=True))}

    def plot(self, level: float = LEVEL, *, lang: str = "en") -> Figure:
        """Draw the share of each group: a point with its limits, and a hollow mark for that of the listed.

        Parameters
        ----------
        level : float, optional
            Credibility aimed for, in (0, 1).
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("shares.png")`` writes it.
        """
        from detcount.reports.printed import figure_of

        rows = [
            ShareRow(row["group"], row["share_low"], row["share_high"], row["share"], row["listed_share"])
            for row in self._each(level)
        ]
        return figure_of(partial(draw_shares, rows=rows, level=level), lang)

    def headline(self) -> Message:
        """Say how many there are in all, and in how many groups."""
        return Message("{total}; in {n} groups", total=self.total.headline(), n=len(self.groups))

    def sentence(self) -> Message:
        """Say which share each group has among all, and among those listed."""
        limits = self.share_limits()
        return Message.together(
            Message(
                "{name}: {limits} of all, listed or not ({level} limits), and {listed} of those listed.",
                name=name,
                limits=percents(*limits[name]),
                listed=Number(self.listed_shares[name], ".0%"),
                level=level_words(LEVEL),
            )
            for name in self.groups
        )

    @property
    def _table(self) -> Columns | None:
        """A row a group, those that are pooled below the others."""
        return printed_columns(_SHOWN, self.ordered_rows())

    def _in_notebook(self) -> Summary:
        """The whole, unless a group is so small that its persons can be recognised; notes on request."""
        if min(self.parts.listed) < SMALL_STRATUM:
            return without_counts(self.headline())
        return replace(self.summary(), notes=())

    def _recorded(self, level: float) -> dict[str, Any]:
        return {
            "composition": self.rows(level),
            "total": self.total.rows(level)[0],
            "population": None if self.population is None else list(self.population.values()),
            "level": level,
            "definition": self.definition,
        }

    def _named(self, values: Floats) -> dict[str, float]:
        """Values by the names of groups."""
        return dict(zip(self.groups, values.tolist(), strict=True))
