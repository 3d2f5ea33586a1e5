"""How many of today's entries are still to be withdrawn, from the versions of a list so far."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount._numerics.arrays import frozen
from detcount._numerics.withdrawn import withdrawal_draws
from detcount.assumptions import Assumption
from detcount.citation import Reference
from detcount.errors import NotEstimableError
from detcount.estimates.result import Estimate
from detcount.printing import Column
from detcount.quality.versions import FACTORS, Versions
from detcount.specification import specification
from detcount.words import Message, Messages

message = Messages("detcount.quality")

_N_DRAWS = 4000


@specification
class Withdrawals:
    """How many of today's entries will be withdrawn in the days to come, by source and age of the entry.

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
    Entries are withdrawn at a rate a day, whose logarithm is a level, one for each source, for
    new and older entries, and for those with and without an identifier, one for each step from a version to
    the next, and one for each source in a step, normal with spreads that are learned from the steps, under
    half-normal priors (1.5 between steps, 0.6 between groups, and between sources in a step). Withdrawals
    come in audits: one step may take ten times as many as the one before, of one source alone, and with two
    or three versions most of the width comes from the priors of the spreads. No version shows whether the
    others are withdrawn in the end, so that the number is for a stated time alone. Entries that are perhaps
    the same count as kept.

    Examples
    --------
    >>> from detcount import quality
    >>> versions = quality.Versions.from_counts(
    ...     {
    ...         "first": ["2026-01-01", "2026-02-01"],
    ...         "second": ["2026-02-01", "2026-03-01"],
    ...         "in_first": [1000, 1180],
    ...         "gone": [20, 30],
    ...         "new_in_second": [200, 150],
    ...     }
    ... )
    >>> found = quality.Withdrawals(days=30).fit(versions)
    >>> print(found.headline())
    1 to 497 of 1,300 entries will be withdrawn in 30 days (95%)
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
            Seed of the draws.

        Returns
        -------
        WithdrawalsEstimate
            The entries of each source, with limits.

        Raises
        ------
        NotEstimableError
            If the last version holds nobody.
        """
        if not isinstance(versions, Versions):
            raise TypeError(Message("versions: expected Versions, got {kind}", kind=type(versions).__name__))
        today, steps, every = versions.today, versions.changes, versions.days
        if not len(today):
            remedy = message("nobody in the last version: what to do")
            raise NotEstimableError("Withdrawals", message("nobody in the last version"), remedy)
        days = self.days or round((every[-1] - every[0]).days / (len(every) - 1))
        both = ([*steps[factor], *today[factor]] for factor in FACTORS)
        levels = [np.unique(each, return_inverse=True)[1].reshape(-1) for each in both]
        first, second = (np.array([day.toordinal() for day in steps[each]]) for each in ("first", "second"))
        draws = withdrawal_draws(
            steps["in_first"].to_numpy(float),
            steps["gone"].to_numpy(float),
            second - first,
            first,
            [codes[: len(steps)] for codes in levels],
            today["entries"].to_numpy(),
            [codes[len(steps) :] for codes in levels],
            days,
            _N_DRAWS,
            np.random.default_rng(arguments.seed(seed)),
        )
        return WithdrawalsEstimate(
            draws=frozen(draws), horizon=days, versions=versions, estimator=self, seed=seed
        )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class WithdrawalsEstimate(Estimate):
    """Entries of the last version that are still to be withdrawn.

    Parameters
    ----------
    draws : ndarray of int64, shape (n_draws, n_groups)
        Entries withdrawn of each group of `Versions.today`.
    horizon : int
        Days to come.
    versions : Versions
        What it was made from.
    estimator : Withdrawals
        The specification.
    seed : int
        Seed of the draws.
    notes : tuple of str
        What a reader must know.

    Examples
    --------
    See `Withdrawals`, which makes it.
    """

    draws: NDArray[np.int64]
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
        """Give source, entries, median and limits of each source, and of all at last, as dictionaries."""
        tail = (1 - arguments.level(level)) / 2
        source, entries = (self.versions.today[column].to_numpy() for column in ("source", "entries"))
        groups = [(name, source == name) for name in dict.fromkeys(source)] if len(set(source)) > 1 else []
        rows = []
        for name, mine in (*groups, ("", np.ones(len(source), dtype=bool))):
            low, middle, high = np.quantile(self.draws[:, mine].sum(axis=1), [tail, 0.5, 1 - tail])
            limits = {"withdrawn": round(middle), "low": math.floor(low), "high": math.ceil(high)}
            rows.append({"source": name, "entries": int(entries[mine].sum()), **limits})
        return rows

    @property
    def _columns(self) -> Sequence[Column]:
        return (
            Column(
                name="source", title=Message("source"), write=lambda name: name or Message("all"), left=True
            ),
            Column(name="entries", title=Message("entries"), write=","),
            Column(name="withdrawn", title=Message("to be withdrawn"), write=","),
            Column(name="low", title=Message("low"), write=","),
            Column(name="high", title=Message("high"), write=","),
        )

    @property
    def _items(self) -> Iterable[dict[str, Any]]:
        return self.rows()

    def _recorded(self, level: float) -> dict[str, Any]:
        return {"level": level, "days": self.horizon, "sources": self.rows(level)}

    def headline(self) -> Message:
        """Give one short sentence."""
        row = self.rows()[-1]
        low, high, n = row["low"], row["high"], row["entries"]
        return message("to be withdrawn", low=low, high=high, n=n, days=self.horizon)

    def sentence(self) -> Message:
        """Say what was withdrawn so far, and what follows if it goes on so."""
        row = self.rows()[-1]
        return message(
            "withdrawn so far and to come",
            first=self.versions.days[0],
            last=self.versions.days[-1],
            gone=int(self.versions.changes["gone"].sum()),
            low=row["low"],
            high=row["high"],
            n=row["entries"],
            days=self.horizon,
        )
