"""N with doubtful entries of lists left out step by step, and the bounds that this gives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Ints, repeat
from detcount.assumptions import Assumption
from detcount.contract import arguments
from detcount.contract.citation import Reference
from detcount.contract.definition import require_comparable
from detcount.contract.references import ZHANG_DUNNE_2017
from detcount.contract.specification import specification
from detcount.data.captures import CaptureTable
from detcount.errors import InputError, InputTypeError, NotEstimableError
from detcount.estimates.result import Estimate
from detcount.fitting import Fits
from detcount.linkage.quality import default_estimator
from detcount.quality.audits import counted
from detcount.reports.printing import Column, plain_rows
from detcount.words import Message


@dataclass(frozen=True)
class Tuning:
    """Shares of lists that are trimmed.

    Parameters
    ----------
    shares : tuple of float, share
        Shares of each list that are left out, up to the greatest that is stated. Convention: 1, 3, 5 and 10%.
    most_matched : float, share
        Largest share of the persons on several lists that may be left out. Convention: nine in ten.
    """

    shares: tuple[float, ...] = (0.01, 0.03, 0.05, 0.1)
    most_matched: float = 0.9


TUNING = Tuning()
SHARES = TUNING.shares


_LEVEL = 0.95


@dataclass(frozen=True, kw_only=True)
class TrimmedStep:
    """N with some entries left out.

    Parameters
    ----------
    what : str
        What is left out, the steps before included.
    left_out : int
        Entries of the lists that are left out.
    matched : int
        Of these, entries of persons whom another list names too.
    n_observed : int
        Persons that are still listed.
    point : float or None
        N; None where there is no estimate.
    low, high : float or None
        Its limits at 95%.
    """

    what: str
    left_out: int
    matched: int
    n_observed: int
    point: float | None
    low: float | None
    high: float | None


@specification
class Trimmed:
    """N with doubtful entries left out step by step: trimmed dual-system estimation, and bounds.

    The estimand is N, the persons of one population, where some entries of the lists do not belong to it.

    Parameters
    ----------
    on : str, optional
        The list with doubtful entries; without it all lists.
    most : float, optional
        Greatest share of the entries of a list that may be wrong, from 0 to 0.5, where no kinds are given.
    estimator : Estimator, optional
        Fitted at each step; `Chapman` for two lists, `LogLinear` for more.

    See Also
    --------
    Audited : Takes out what an audit found, and gives one number.

    Notes
    -----
    Tables by kind, the least doubtful first: the kinds are left out from the last one on, each with those
    before it. Of n_1 entries of a list k are left out, m - k_1 of the others are on the second list too:
    N_k = (n_1 - k + 1)(n_2 + 1)/(m - k_1 + 1) - 1 [1]_. Entries that belong and are left out do no harm if
    doubt has nothing to do with being on the other list; wrong ones that are left out lower N. So the number
    stops falling where the rest is sound: that step is `stop`. A kind that is doubtful because it is on one
    list alone breaks this, and its steps are bounds.

    One table: of each list 1, 3, 5, ...% of the entries up to `most` are left out, first of persons on no
    other list, as most wrong entries are, and the greatest share of persons on several lists too, as where
    one list copies another. The bounds are the least and the greatest limit of all steps: they are right
    where the estimator's would be without wrong entries, and no list has a greater share of these.

    References
    ----------
    .. [1] Zhang, L.-C. and Dunne, J. (2017). Trimmed dual system estimation. In Capture-Recapture Methods for
       the Social and Medical Sciences, 237-258. CRC Press.

    Examples
    --------
    >>> import detcount as dc
    >>> lists = ["press", "families"]
    >>> confirmed = dc.CaptureTable.from_counts({"10": 120, "01": 280, "11": 180}, lists=lists)
    >>> doubtful = dc.CaptureTable.from_counts({"10": 90, "11": 10}, lists=lists)
    >>> found = dc.quality.Trimmed(on="press").fit({"confirmed": confirmed, "a year old": doubtful})
    >>> [round(step.point) for step in found.steps]
    [988, 782]
    """

    on: str | None = None
    most: Annotated[float, partial(arguments.number, least=0, most=0.5)] = 0.1
    estimator: Fits[Any] | None = None

    assumes: ClassVar[tuple[Assumption, ...]] = (Assumption.DOUBT_APART_FROM_LISTING,)
    references: ClassVar[tuple[Reference, ...]] = (ZHANG_DUNNE_2017,)

    def fit(self, tables: CaptureTable | Mapping[str, CaptureTable], *, seed: int = 0) -> TrimmedEstimate:
        """Leave doubtful entries out, step by step.

        Parameters
        ----------
        tables : CaptureTable or mapping of str to CaptureTable
            One table, or a table of each kind of person, the least doubtful first, as `stratify` gives them.
        seed : int, optional
            Seed of the fits.

        Returns
        -------
        TrimmedEstimate
            N at each step, and the bounds.

        Raises
        ------
        InputError
            If there is no such list, or tables are of other lists.
        NotEstimableError
            If the estimator has no answer with all entries.
        """
        given = tables if isinstance(tables, Mapping) else {"": tables}
        if not given or not all(isinstance(each, CaptureTable) for each in given.values()):
            raise InputTypeError(Message("tables: expected a capture table, or a mapping of kinds to tables"))
        first = next(iter(given.values()))
        if self.on is not None:
            arguments.one_of("on", self.on, first.lists)
        for each in given.values():
            require_comparable("tables", (first.definition, each.definition))
            if each.lists != first.lists:
                raise InputError(Message("tables: expected the same lists in each kind, in one order"))
        estimator = default_estimator(first.n_lists) if self.estimator is None else self.estimator
        histories = np.vstack([each.histories for each in given.values()])
        counts = np.concatenate([each.counts for each in given.values()])
        kind = repeat(np.arange(len(given)), [len(each.counts) for each in given.values()])
        on = np.array([self.on in (None, name) for name in first.lists])
        kinds, made = isinstance(tables, Mapping), list[TrimmedStep]()
        by_share = _by_share(histories, counts, on, self.most)
        for what, out, wholly in _by_kind(tuple(given), kind, counts) if kinds else by_share:
            rest = np.vstack([histories, histories * ~on & (not wholly)])
            table = counted(first, rest, np.concatenate([counts - out, out]))
            answer: dict[str, float | None] = {"point": None, "low": None, "high": None}
            try:
                estimate = estimator.fit(table, seed=seed)
                limits = estimate.interval(_LEVEL)
                answer = {"point": estimate.point, "low": limits.low, "high": limits.high}
            except NotEstimableError:
                if not made:
                    raise
            entries = out * histories[:, on].sum(axis=1)
            n_out, matched = int(entries.sum()), int(entries[histories.sum(axis=1) > 1].sum())
            made.append(
                TrimmedStep(what=what, left_out=n_out, matched=matched, n_observed=table.n_observed, **answer)
            )
        digest = counted(first, histories, counts).digest
        return TrimmedEstimate(tuple(made), self, digest, seed, kinds)


_Step = tuple[str, Ints, bool]  # what is left out, persons of each history, and whether from every list


def _by_kind(kinds: Sequence[str], kind: Ints, counts: Ints) -> Iterator[_Step]:
    """Kinds left out from the last one on: their entries on the doubtful lists are taken away."""
    yield Message("nobody"), 0 * counts, False
    for first in range(len(kinds) - 1, 0, -1):
        yield Message("{kinds!r:and}", kinds=tuple(kinds[first:])), counts * (kind >= first), False


def _by_share(
    histories: NDArray[np.uint8], counts: Ints, on: NDArray[np.bool_], most: float
) -> Iterator[_Step]:
    """Shares of each list left out: of persons on no other list, and at last of those on several."""
    entries = counts @ histories
    n_lists = histories.sum(axis=1)
    own = np.where(n_lists == 1, (histories * entries * on).sum(axis=1), 0)
    yield Message("nobody"), 0 * counts, True
    for share in sorted({each for each in SHARES if each < most} | {most}):
        what = Message("{share:.0%} of each list, of those on no other", share=share)
        yield what, np.minimum(counts, np.rint(share * own).astype(np.int64)), True
    several = counts * (n_lists > 1) * (histories[:, on].sum(axis=1) > 0)
    matched = (several @ histories)[on]
    share = min([TUNING.most_matched, *(most * entries[on] / np.maximum(matched, 1))])
    what = Message("up to {share:.0%} of each list, of those on several", share=most)
    yield what, np.rint(share * several).astype(np.int64), True


@dataclass(frozen=True, eq=False, repr=False)
class TrimmedEstimate(Estimate):
    """N with doubtful entries left out, step by step.

    Parameters
    ----------
    steps : tuple of TrimmedStep
        With all entries first.
    estimator : Trimmed
        The specification.
    digest : str
        Digest of the table of all.
    seed : int
        Seed of the fits.
    kinds : bool
        Whether kinds of persons are left out, and not shares of the entries.
    notes : tuple of str, optional
        What a reader must know.

    Examples
    --------
    See `Trimmed`, which makes it.
    """

    steps: tuple[TrimmedStep, ...]
    estimator: Trimmed
    digest: str
    seed: int
    kinds: bool
    notes: tuple[str, ...] = ()

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Conditions that have to hold; bounds by a stated share rest on that share alone."""
        return self.estimator.assumes if self.kinds else ()

    @cached_property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest limit of all steps, persons; without an answer those still listed."""
        low = [float(step.n_observed) if step.low is None else step.low for step in self.steps]
        return min(low), max(step.high for step in self.steps if step.high is not None)

    @cached_property
    def stop(self) -> int:
        """Position of the step after which N falls no further; the last one where it always falls."""
        points = [step.point for step in self.steps]
        for k, (here, there) in enumerate(pairwise(points)):
            if here is not None and (there is None or there >= here):
                return k
        return len(points) - 1

    @property
    def _columns(self) -> Sequence[Column]:
        return (
            Column(name="left_out_are", value="what", title=Message("left out"), left=True),
            Column(name="left_out", title=Message("entries"), write=","),
            Column(name="matched", title=Message("of these on another list"), write=","),
            Column(name="listed", value="n_observed", title=Message("listed"), write=","),
            Column(name="point", title=Message("persons"), write=",.0f"),
            Column(name="low", title=Message("low"), write=",.0f"),
            Column(name="high", title=Message("high"), write=",.0f"),
        )

    @property
    def _items(self) -> Iterable[TrimmedStep]:
        return self.steps

    def rows(self, level: float = _LEVEL) -> list[dict[str, Any]]:
        """Give each step as a dictionary; limits are of 95%."""
        if level != _LEVEL:
            raise InputError(Message("level: expected 0.95, as the bounds rest on limits of 95%"))
        return plain_rows(self._columns, self.steps)

    def _recorded(self, level: float) -> dict[str, Any]:
        return {
            "level": level,
            "bounds": self.bounds,
            "steps": self.rows(level),
        }

    def headline(self) -> Message:
        """Give one short sentence."""
        low, high = self.bounds
        return Message(
            "{low:,.0f} to {high:,.0f} persons, by the entries that are left out", low=low, high=high
        )

    def sentence(self) -> Message:
        """Say N with all entries, and where the number stops falling or what bounds a stated share gives."""
        n, last, (low, high) = self.steps[0].point, self.steps[self.stop], self.bounds
        if not self.kinds:
            return Message(
                "With all entries there are {n:,.0f} persons. If at most {most:.0%} of the entries of a list "
                "do not belong, {low:,.0f} to {high:,.0f} persons.",
                n=n,
                most=self.estimator.most,
                low=low,
                high=high,
            )
        if self.stop == len(self.steps) - 1:
            return Message(
                "With all entries there are {n:,.0f} persons. The number falls with every kind that is left "
                "out, to {point:,.0f}: nothing shows where the rest is sound. Over all steps {low:,.0f} to "
                "{high:,.0f}.",
                n=n,
                point=last.point,
                low=low,
                high=high,
            )
        return Message(
            "With all entries there are {n:,.0f} persons. The number falls no further where what is left out "
            "is: {what}; it is {point:,.0f} then, and {low:,.0f} to {high:,.0f} over all steps.",
            n=n,
            what=last.what,
            point=last.point,
            low=low,
            high=high,
        )
