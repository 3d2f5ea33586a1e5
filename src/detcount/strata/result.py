"""Abundance by stratum: the estimates, and the reasons where there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from detcount.assumptions import Assumption
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate, Specification
from detcount.estimates.abundance import limits_of, printed_limits
from detcount.estimates.count import LIMITS
from detcount.estimates.figures import EstimateRow, draw_rows, row_of
from detcount.pooling.result import PooledDetail
from detcount.reports.printing import Columns, Summary, without_counts
from detcount.reports.shown import Levelled
from detcount.strata.adding import total_of, total_of_draws
from detcount.strata.total import StrataTotal
from detcount.words import Message, Number

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Tuning:
    """Thresholds of small strata.

    Parameters
    ----------
    small : int, persons
        People listed in a stratum, below which they can be recognised behind its name. Convention: counts of
        1 to 4 are protected, as on public pages.
    """

    small: int = 5


TUNING = Tuning()
SMALL_STRATUM = TUNING.small


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class StrataResult(Levelled):
    """Abundance by stratum: the estimates, and the reasons where there is none.

    Parameters
    ----------
    estimator : Specification
        The estimator that was fitted to each stratum.
    strata : tuple of str
        Strata, in the order given.
    n_observed : dict of str to int
        Persons listed in each stratum.
    estimates : dict of str to AbundanceEstimate
        Estimates, for the strata that have one.
    declined : dict of str to NotEstimableError
        Why the other strata have none.
    seed : int
        Seed of every fit, and of the pairing of draws in the total.
    of_tables : tuple of str
        What a reader must know of how the persons were counted, from the notes of the tables.

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, fit_strata
    >>> north = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> south = CaptureTable.from_counts({"10": 7}, lists=["press", "families"])
    >>> print(fit_strata(abundance.Chapman(), {"north": north, "south": south}))
    north: 234 persons (184 to 325, 95% log-normal); 120 listed
    south: no answer (list 'families' names nobody); 7 listed
    """

    _prints = ("_lines", "notes")
    estimator: Specification
    strata: tuple[str, ...]
    n_observed: dict[str, int]
    estimates: dict[str, AbundanceEstimate]
    declined: dict[str, NotEstimableError]
    seed: int = 0
    of_tables: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes for a reader on the tables and on single strata."""
        notes: list[str] = [
            *self.of_tables,
            *(
                Message("stratum {name!r}: {note}", name=name, note=note)
                for name, estimate in self.estimates.items()
                for note in estimate.notes
            ),
        ]
        followed = {name: each for name in self.estimates if (each := self._r_hat(name)) is not None}
        if len(followed) > 1:
            largest = max(followed, key=followed.__getitem__)
            notes.append(
                Message(
                    "R-hat of log N is at most {r_hat:.3f} in {n} strata, in stratum {name!r}",
                    n=len(followed),
                    r_hat=followed[largest],
                    name=largest,
                )
            )
        if self._small:
            notes.append(
                Message(
                    "fewer than {least} persons are listed in {names!r}: they can be recognised, so unite a "
                    "stratum that small with another before publishing",
                    least=SMALL_STRATUM,
                    names=self._small,
                )
            )
        return tuple(notes)

    def total(self, level: float = 0.95, *, shared: float | None = None) -> StrataTotal:
        """Add up the strata that have an estimate.

        Parameters
        ----------
        level : float, optional
            Confidence or credibility aimed for, in (0, 1).
        shared : float, optional
            How far the strata err together: the correlation of their errors, from 0 to 1. Without it, what
            `Calibrated` has learned of populations that have one source; any other estimator has learned
            nothing of it, and there are two sums, with 0 and with 1.

        Returns
        -------
        StrataTotal
            The sum in persons, with the strata that are not in it and the persons listed there.

        Raises
        ------
        NotEstimableError
            If no stratum has an estimate, no estimate has a spread, or so many have no upper limit that the
            sum has no median.
        InputError
            If the level is not between 0 and 1, `shared` is not from 0 to 1, or the definitions of the strata
            do not go together: unit, days and exclusions have to be the same, and who is counted or where may
            differ, not both.

        Notes
        -----
        Given its standard normal score w_s, the number of persons in stratum s is the quantile
        Q_s(Phi(w_s)) of its estimate, and w_s = sqrt(r) z + sqrt(1 - r) e_s with one z for all strata: a
        Gaussian copula with one factor [1]_ and correlation r, which is `shared`. The point is the median
        of 20,000 such sums or more, and the limits are their quantiles; with r = 1, and for a single
        stratum, they are the sums of the points and of the limits, without any draw. Where the estimate of
        a stratum has draws, Q_s are these, sorted. One without draws gives draws of log(N - n), normal on
        either side of the point as its interval says; the part of the error that is the stratum's own has
        mean 1 as a factor of N - n, so that it cancels in a sum of many strata and does not push it up. The
        seed of e_s comes from the name of the stratum, so that the order of the strata does not matter.

        A bias that all strata have in common does not average out in the sum, and the intervals of an
        estimator that takes lists as independent do not allow for it. Those of `Calibrated` do; how far
        strata share such errors was learned from training cases that have one source.

        References
        ----------
        .. [1] Li, D. X. (2000). On default correlation: a copula function approach. Journal of Fixed
           Income, 9(4), 43-54. https://doi.org/10.3905/jfi.2000.319253
        """
        return total_of_draws(
            self.estimates,
            lambda found: total_of(
                found,
                self.declined,
                level,
                shared,
                estimator=self.estimator,
                n_left_out=sum(self.n_observed[stratum] for stratum in self.declined),
                seed=self.seed,
            ),
        )

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give one row a stratum, in the order given; `declined` says why there is no estimate."""
        return [
            {
                "stratum": name,
                "n_observed": self.n_observed[name],
                **limits_of(self.estimates.get(name), level),
                "standard_error": getattr(self.estimates.get(name), "standard_error", None),
                "r_hat": self._r_hat(name),
                "declined": getattr(self.declined.get(name), "reason", None),
            }
            for name in self.strata
        ]

    def plot(self, level: float = 0.95, *, lang: str = "en") -> Figure:
        """Draw the strata under each other on one axis: persons listed, limits, and points.

        Parameters
        ----------
        level : float, optional
            Confidence or credibility aimed for, in (0, 1).
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("strata.png")`` writes it.

        Raises
        ------
        InputError
            If the level is not between 0 and 1, or the language is unknown.

        Examples
        --------
        >>> from detcount import CaptureTable, abundance, fit_strata
        >>> north = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
        >>> south = CaptureTable.from_counts({"10": 7}, lists=["press", "families"])
        >>> figure = fit_strata(abundance.Chapman(), {"north": north, "south": south}).plot(lang="es")
        >>> print([text.get_text() for text in figure.axes[0].texts])
        ['234  (184 – 325)', 'sin respuesta']
        """
        from detcount.reports.printed import figure_of

        rows = [
            row_of(self.estimates[name], name, level)
            if name in self.estimates
            else EstimateRow(name, self.n_observed[name], None, None, None, Message("no answer"))
            for name in self.strata
        ]
        title = Message("How many there are, by stratum")
        return figure_of(partial(draw_rows, rows=rows, title=title, level=level), lang)

    def _r_hat(self, name: str) -> float | None:
        """Largest potential scale reduction of the chains of a stratum and its draws; None without any."""
        detail = self.estimates[name].detail if name in self.estimates else None
        of_draws = (
            [each.detail for each in detail.estimates] if isinstance(detail, PooledDetail) else [detail]
        )
        found = [each for one in of_draws if (each := getattr(one, "r_hat", None)) is not None]
        return max(found, default=None)

    @property
    def _small(self) -> tuple[str, ...]:
        """Strata whose persons can be recognised behind the name."""
        return tuple(name for name in self.strata if self.n_observed[name] < SMALL_STRATUM)

    def headline(self) -> Message:
        """Say how many strata have an estimate."""
        return Message(
            "{n} of {n_strata} strata with an estimate", n=len(self.estimates), n_strata=len(self.strata)
        )

    def sentence(self) -> Message:
        """Say what is estimated in each stratum, or why nothing is."""
        return Message.together(Message("{line}.", line=line) for line in self._lines)

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Conditions that have to hold for the estimates to mean what they say."""
        return self.estimator.assumes

    @property
    def _table(self) -> Columns:
        """A row a stratum, with the reason where there is no estimate."""
        head: tuple[str, ...] = (Message("Stratum"), *LIMITS)
        rows: list[tuple[str, ...]] = [
            (name, Number(self.n_observed[name]), *printed_limits(self.estimates.get(name)))
            for name in self.strata
        ]
        if self.declined:
            head = (*head, Message("Why there is none"))
            why = [getattr(self.declined.get(name), "reason", "") for name in self.strata]
            rows = [(*row, reason) for row, reason in zip(rows, why, strict=True)]
        return Columns(head, tuple(rows), left=(0, 5))

    def summary(self) -> Summary:
        """Give the whole without the paragraph, which says the rows again."""
        return replace(super().summary(), sentence="")

    def _in_notebook(self) -> Summary:
        """The whole, unless a stratum is so small that its persons can be recognised; notes on request."""
        if self._small:
            return without_counts(self.headline())
        return replace(self.summary(), notes=())

    @property
    def _lines(self) -> list[Message]:
        """The strata in words."""
        return [
            Message("{name}: {estimate}", name=name, estimate=self.estimates[name])
            if name in self.estimates
            else Message(
                "{name}: no answer ({reason}); {listed:,} listed",
                name=name,
                reason=self.declined[name].reason,
                listed=self.n_observed[name],
            )
            for name in self.strata
        ]

    def __repr__(self) -> str:
        return f"<StrataResult of {self.estimator!r}: {len(self.estimates)} of {len(self.strata)} answered>"
