"""Abundance summed over strata: the sums, and what they are printed as."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from detcount._numerics.monte_carlo import rounded
from detcount.assumptions import Assumption
from detcount.contract.definition import Definition
from detcount.estimates import Interval
from detcount.estimates.count import LIMITS
from detcount.estimates.interval import persons
from detcount.reports.printing import Columns, frame_of
from detcount.reports.shown import Result
from detcount.words import Message, Number, Sentence

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class StrataSum:
    """The sum of the strata for one value of how far their errors are the same.

    Parameters
    ----------
    shared : float
        Correlation of the errors of two strata, from 0 (each errs for itself) to 1 (all err together).
        Where it was learned stratum by stratum, the mean.
    point : float
        Median of the sum, persons.
    interval : Interval
        Limits of the sum, persons.
    monte_carlo_error : float, optional
        Monte Carlo standard error of the point, persons; None where it is exact.

    Examples
    --------
    >>> import detcount as dc
    >>> table = dc.CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> total = dc.fit_strata(dc.abundance.Chapman(), {"north": table, "south": table}).total()
    >>> print(round(total.sums[0].point))
    464
    """

    shared: float
    point: float
    interval: Interval
    monte_carlo_error: float | None = None


@dataclass(frozen=True, kw_only=True)
class StrataTotal(Result):
    """Abundance summed over the strata that have an estimate.

    Parameters
    ----------
    sums : tuple of StrataSum
        The sum in persons, over the strata named in `strata` and no other. One where it is known how much
        of their errors the strata share; otherwise two, as if they shared nothing and as if everything.
    n_observed : int
        Persons listed in those strata.
    strata : tuple of str
        Strata in the sum.
    left_out : tuple of str
        Strata without an estimate, which are not in the sum.
    n_left_out : int
        Persons listed in the strata left out.
    assumptions : tuple of Assumption
        What has to hold in every stratum.
    learned : bool
        Whether how much the strata share was learned from populations of known size.
    definition : Definition, optional
        Who is counted, where every stratum in the sum says the same.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, fit_strata
    >>> north = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> south = CaptureTable.from_counts({"10": 7}, lists=["press", "families"])
    >>> print(fit_strata(abundance.Chapman(), {"north": north, "south": south}).total())
    234 persons (184 to 325, 95%) in 1 of 2 strata, those with an estimate; 120 listed
    not in it: 'south' (7 listed)
    all strata together: at least 191 persons, the lower limit and those listed in the strata left out
    """

    _prints = ("_lines", "notes")
    sums: tuple[StrataSum, ...]
    n_observed: int
    strata: tuple[str, ...]
    left_out: tuple[str, ...]
    n_left_out: int
    assumptions: tuple[Assumption, ...]
    learned: bool = False
    definition: Definition | None = None

    @property
    def point(self) -> float:
        """Median of the sum, persons; of two sums, of the one in which all strata err together."""
        return self.sums[-1].point

    @property
    def interval(self) -> Interval:
        """Limits of the sum, persons; of two sums, of the one in which all strata err together: the wider."""
        return self.sums[-1].interval

    @property
    def monte_carlo_error(self) -> float | None:
        """Monte Carlo standard error of the point, persons; None where it is exact."""
        return self.sums[-1].monte_carlo_error

    @property
    def at_least(self) -> float:
        """Lower limit for all strata together: the least of the sum, and the persons listed elsewhere."""
        return min(each.interval.low for each in self.sums) + self.n_left_out

    def rows(self) -> list[dict[str, Any]]:
        """Give one row a sum; `at_least` also counts the persons listed in the strata left out."""
        return [
            {
                "shared": each.shared,
                "learned": self.learned,
                "n_strata": len(self.strata),
                "n_left_out": len(self.left_out),
                "n_observed": self.n_observed,
                "n_observed_left_out": self.n_left_out,
                "low": each.interval.low,
                "point": each.point,
                "high": each.interval.high,
                "level": each.interval.level,
                "monte_carlo_error": each.monte_carlo_error,
                "monte_carlo_error_low": each.interval.finite_errors[0],
                "monte_carlo_error_high": each.interval.finite_errors[1],
                "at_least": each.interval.low + self.n_left_out,
            }
            for each in self.sums
        ]

    def to_frame(self) -> pd.DataFrame:
        """Give the rows as a pandas frame."""
        return frame_of(self.rows())

    def headline(self) -> Message:
        """Give the sum and its limits in one line; of two sums, the one in which all strata err together."""
        return self._lines[len(self.sums) - 1]

    def sentence(self) -> Message:
        """Say each sum, and what is not in it."""
        return Message.together(Sentence(line) for line in self._lines)

    @property
    def _table(self) -> Columns | None:
        """Each sum in a row, where more than one stratum is added up."""
        rows = (
            (Number(each.shared, ".0%"), *map(persons, _shown(each, self.n_observed))) for each in self.sums
        )
        head = (Message("Errors in common"), *LIMITS[1:])
        return Columns(head, tuple(rows)) if len(self.strata) > 1 else None

    @property
    def notes(self) -> tuple[Message, ...]:
        """Notes for a reader on the sum."""
        notes = []
        if len(self.sums) > 1:
            notes.append(
                Message(
                    "Nothing shows how far the strata share their errors, as they do where lists depend on "
                    "each other in the same way everywhere. The first interval takes the errors as "
                    "independent, the second as one common error."
                )
            )
        elif self.learned:
            notes.append(
                Message(
                    "The strata are taken to share {share:.0%} of their errors, as populations of known size "
                    "from one source do. Strata on exactly the same lists may share more, and the limits "
                    "should then be wider.",
                    share=self.sums[0].shared,
                )
            )
        if len(self.strata) > 1:
            notes.append(
                Message(
                    "The total is the median of the sum, not the sum of the medians: strata need not add up."
                )
            )
        return tuple(notes)

    @property
    def _lines(self) -> list[Message]:
        """The sums in words, and what is not in them."""
        n_strata = len(self.strata) + len(self.left_out)
        where = (
            Message(
                "in {n:,} of {n_strata:,} strata, those with an estimate",
                n=len(self.strata),
                n_strata=n_strata,
            )
            if self.left_out
            else Message("in {n:,} of {n_strata:,} strata", n=len(self.strata), n_strata=n_strata)
        )
        how = [Message("if each errs for itself"), Message("if all err together")]
        lines = [
            (
                Message(
                    "{persons} {where}; {listed:,} listed",
                    persons=_persons(each, self.n_observed),
                    where=where,
                    listed=self.n_observed,
                )
                if len(self.sums) == 1
                else Message(
                    "{persons} {how}, {where}; {listed:,} listed",
                    persons=_persons(each, self.n_observed),
                    how=how[position],
                    where=where,
                    listed=self.n_observed,
                )
            )
            for position, each in enumerate(self.sums)
        ]
        if self.left_out:
            lines += [
                Message(
                    "not in it: {names!r} ({listed:,} listed)", names=self.left_out, listed=self.n_left_out
                ),
                Message(
                    "all strata together: at least {persons:,} persons, the lower limit and those listed in "
                    "the strata left out",
                    persons=int(min(_shown(each, self.n_observed)[0] for each in self.sums))
                    + self.n_left_out,
                ),
            ]
        return lines


def _shown(total: StrataSum, n_observed: int) -> tuple[float, float, float]:
    """Lower limit, point and upper limit in the steps that their Monte Carlo errors support."""
    low, high = (max(limit, float(n_observed)) for limit in total.interval.printed)
    return low, min(max(rounded(total.point, total.monte_carlo_error), low), high), high


def _persons(total: StrataSum, n_observed: int) -> Message:
    """A sum in the steps that its Monte Carlo error supports."""
    low, point, high = _shown(total, n_observed)
    percent = 100 * total.interval.level
    if math.isfinite(high):
        return Message(
            "{point:,.0f} persons ({low:,.0f} to {high:,.0f}, {percent:.10g}%)",
            point=point,
            low=low,
            high=high,
            percent=percent,
        )
    return Message(
        "{point:,.0f} persons ({low:,.0f} to no upper limit, {percent:.10g}%)",
        point=point,
        low=low,
        percent=percent,
    )
