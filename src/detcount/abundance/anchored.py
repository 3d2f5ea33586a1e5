"""A random sample of known design as one of the lists: what it says of those on no list, alone or with lists.

It is two things with their documentation: three designs of samples, and the estimator that takes one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any, ClassVar

import numpy as np

from detcount._numerics.anchored import Drawn, Evidence, Seen, Visited, combined, totals
from detcount._numerics.arrays import Floats, ReadOnly
from detcount.abundance.guards import (
    ASSUMED_BY_ALL,
    answer_to,
    require_names_on_every_list,
    require_number_of_lists,
)
from detcount.assumptions import Assumption
from detcount.contract import arguments, references
from detcount.contract.citation import Reference
from detcount.contract.specification import AS_TYPED, specification
from detcount.data.captures import CaptureTable
from detcount.data.published.reading import Column, read_columns
from detcount.errors import InputError, InputTypeError, NotEstimableError
from detcount.estimates import AbundanceEstimate, Estimator, IntervalRule
from detcount.estimates.interval import persons
from detcount.reading.frames import Frame
from detcount.reading.tables import read_frame
from detcount.words import Message

_NAME = "Anchored"
_COLUMNS = (
    Column("inmates", "count"),
    Column("unlisted", "count"),
    Column("stratum", "text", in_frame=False, filled=False),
)
Size = Annotated[int, partial(arguments.whole_number, least=1)]
Row = tuple[str, int, int]


@dataclass(frozen=True)
class Tuning:
    """Numbers of the notes of random samples.

    Parameters
    ----------
    few : int, clusters
        Clusters visited below which a note says that the limits rest on few. Convention: five.
    level : float
        Level at which a note says that lists and sample contradict each other. Convention: 95%.
    """

    few: int = 5
    level: float = 0.95


TUNING = Tuning()


def _probability(name: str, value: Any) -> float:
    """A number above 0 and at most 1."""
    return arguments.number(name, arguments.positive(name, value), least=0, most=1)


def _threes(name: str, value: Any) -> tuple[tuple[Any, ...], ...]:
    """Rows of three values each."""
    rows = value if isinstance(value, (list, tuple)) else None
    if rows is None or any(not isinstance(row, (list, tuple)) or len(row) != 3 for row in rows):
        wanted = Message("rows of three values, as ClustersAtRandom.from_frame makes them")
        raise InputTypeError(arguments.refusal(name, wanted, arguments.kind_of(value)))
    return tuple(map(tuple, rows))


def _rows(name: str, value: Any) -> tuple[Row, ...]:
    """Clusters visited: stratum, inmates, and persons on no list."""
    whole = partial(arguments.whole_number, unit="of persons")
    rows = [
        (str(stratum), whole(f"{name}, inmates", inmates), whole(f"{name}, unlisted", found))
        for stratum, inmates, found in _threes(name, value)
    ]
    for row, (_, inmates, found) in enumerate(rows, 1):
        if found > inmates:
            raise InputError(
                Message(
                    "ClustersAtRandom, cluster {row}: expected at most {inmates:,} on no list, as many as "
                    "its inmates, got {found:,}. Swap the two",
                    row=row,
                    inmates=inmates,
                    found=found,
                )
            )
    return tuple(rows)


def _strata(name: str, value: Any) -> tuple[tuple[str, int, int | None], ...]:
    """Strata of the frame: name, clusters, and inmates where they are known."""
    whole = partial(arguments.whole_number, least=1)
    return tuple(
        (str(stratum), whole(f"{name}, clusters", n), inside if inside is None else whole(name, inside))
        for stratum, n, inside in _threes(name, value)
    )


@specification
class PersonsAtRandom:
    """Persons drawn at random from a roll, each as likely as any other.

    Parameters
    ----------
    drawn : int
        Persons drawn, those who turned out not to be counted among them.
    roll : int
        Persons on the roll that they were drawn from. Where it is not known and one in so many was drawn,
        take `KnownShare`.

    Examples
    --------
    >>> from detcount.abundance import PersonsAtRandom
    >>> PersonsAtRandom(drawn=120, roll=1500)
    PersonsAtRandom(drawn=120, roll=1500)
    """

    drawn: Size
    roll: Size

    def evidence(self, sampled: int, found: int) -> Evidence:
        """Give what the sample says, of whom so many are counted and so many of these on no list."""
        if self.drawn > self.roll:
            raise InputError(
                Message(
                    "PersonsAtRandom: expected at most {roll:,} persons drawn, the roll, got {drawn:,}. Swap "
                    "the two, or write each as it is",
                    roll=self.roll,
                    drawn=self.drawn,
                )
            )
        if sampled > self.drawn:
            raise InputError(
                Message(
                    "PersonsAtRandom: {drawn:,} persons were drawn, and the sample names {sampled:,}. Leave "
                    "out who was not drawn by lot, or correct the number drawn",
                    drawn=self.drawn,
                    sampled=sampled,
                )
            )
        return Drawn(found, self.drawn, self.roll)


@specification
class KnownShare:
    """Everybody is in the sample with one known probability, whatever lists name them.

    Parameters
    ----------
    share : float
        The probability, above 0 and at most 1, as 0.1 where one in ten is drawn.

    Raises
    ------
    InputError
        If the share is 0, or above 1.

    Examples
    --------
    >>> from detcount.abundance import KnownShare
    >>> KnownShare(0.1)
    KnownShare(share=0.1)
    """

    share: Annotated[float, _probability]
    _where: ClassVar[str] = "KnownShare: "

    def evidence(self, sampled: int, found: int) -> Evidence:
        """Give what the sample says, of whom so many are counted and so many of these on no list."""
        return Seen(found, self.share)


@specification
class ClustersAtRandom:
    """Prisons, wings or cells drawn at random, with everybody who is inside; within strata if there are any.

    `from_frame` makes it from a table of the clusters that were visited.

    Parameters
    ----------
    visited : tuple of (str, int, int)
        For each cluster visited its stratum, its inmates for whatever reason, and the persons counted who
        are on no list.
    frame : tuple of (str, int, int or None)
        For each stratum its clusters, visited or not, and the inmates of all of them where known.

    Raises
    ------
    InputError
        If a number is no whole number, or more persons of a cluster are on no list than are inside.

    Examples
    --------
    >>> from detcount.abundance import ClustersAtRandom
    >>> visits = {"inmates": [210, 95, 160, 330], "unlisted": [60, 21, 30, 88]}
    >>> ClustersAtRandom.from_frame(visits, clusters=22, inmates=4100).frame
    (('', 22, 4100),)
    """

    visited: Annotated[tuple[Row, ...], _rows]
    frame: Annotated[tuple[tuple[str, int, int | None], ...], _strata]
    _where: ClassVar[str] = "ClustersAtRandom: "

    @classmethod
    def from_frame(
        cls,
        frame: Any,
        *,
        clusters: int | Mapping[str, int],
        inmates: int | Mapping[str, int] | None = None,
    ) -> ClustersAtRandom:
        """Read the clusters that were visited.

        Parameters
        ----------
        frame : pandas, polars or pyarrow frame, mapping of str to array, or path
            A row for each cluster: ``inmates`` for whatever reason, ``unlisted`` (persons counted who are on
            no list), and perhaps ``stratum``. Names of clusters are not kept.
        clusters : int or mapping of str to int
            Clusters of the frame, those not visited among them; of each stratum where there are strata.
        inmates : int or mapping of str to int, optional
            Inmates of all of them. With it the sizes of clusters are used, which makes limits narrower where
            large clusters have more persons on no list.

        Returns
        -------
        ClustersAtRandom
            The design with its outcome.

        Raises
        ------
        InputError
            If a column is not there, a cell is no number of persons, or the numbers contradict each other.
        """
        whole = Frame.of(read_frame(frame) if isinstance(frame, (str, Path)) else frame)
        read = read_columns(whole, _COLUMNS, "", others=True).values
        strata = [str(text or "") for text in read["stratum"]]
        counts = (read[name].astype(np.int64).tolist() for name in ("inmates", "unlisted"))
        sizes = clusters if isinstance(clusters, Mapping) else {"": clusters}
        inside = inmates if isinstance(inmates, Mapping) else {"": inmates}
        return cls(
            tuple(zip(strata, *counts, strict=True)),
            tuple((stratum, n, inside.get(stratum)) for stratum, n in sizes.items()),
        )

    def evidence(self, sampled: int, found: int) -> Evidence:
        """Give what the sample says, of whom so many are counted and so many of these on no list."""
        inmates, unlisted = (np.array([row[k] for row in self.visited], dtype=np.float64) for k in (1, 2))
        if found != unlisted.sum() or sampled > inmates.sum():
            raise InputError(
                Message(
                    "ClustersAtRandom: the clusters have {inmates:,.0f} inmates, and {unlisted:,.0f} persons "
                    "on no list; in the table the sample names {sampled:,}, {found:,} of them alone. Count "
                    "the same persons in both",
                    inmates=inmates.sum(),
                    unlisted=unlisted.sum(),
                    sampled=sampled,
                    found=found,
                )
            )
        seen, framed = Counter(row[0] for row in self.visited), [each[0] for each in self.frame]
        if sorted(seen) != sorted(framed):
            raise InputError(
                Message(
                    "ClustersAtRandom: expected the clusters of each stratum visited, once, got those of "
                    "{framed!r:,}; visited were {seen!r:,}. Give the number of clusters of each stratum, and "
                    "visit two or more of each",
                    framed=framed,
                    seen=[*seen],
                )
            )
        total = variance = freedom = most = 0.0
        for stratum, clusters, inside in self.frame:
            mine = np.array([row[0] == stratum for row in self.visited])
            _require_design(stratum, int(mine.sum()), clusters, int(inmates[mine].sum()), inside)
            there = totals(inmates[mine], unlisted[mine], clusters, inside)
            total, variance, freedom = total + there[0], variance + there[1], freedom + there[2]
            others = math.inf if inside is None else inside - inmates[mine].sum()
            most += unlisted[mine].sum() + (others if mine.sum() < clusters else 0)
        if freedom and variance**0.5 <= 1e-9 * total:  # residuals of rounding are none
            raise NotEstimableError(
                _NAME,
                Message("the clusters visited do not differ, so nothing shows how much the others do"),
                Message("Report the persons found as a floor, or visit more clusters."),
            )
        return Visited(found, min(total, most), variance**0.5, freedom, most)


def _require_design(stratum: str, n: int, clusters: int, seen: int, inside: int | None) -> None:
    """Refuse a stratum whose clusters do not show how much they differ, or contradict its frame."""
    if n > clusters or (n < 2 and n < clusters):
        raise InputError(
            Message(
                "ClustersAtRandom, stratum {stratum!r}: expected two to {clusters:,} clusters visited, got "
                "{n:,}. One does not show how much they differ: visit more, or unite strata",
                stratum=stratum,
                clusters=clusters,
                n=n,
            )
        )
    if seen == 0 or (inside is not None and inside < seen):
        raise InputError(
            Message(
                "ClustersAtRandom, stratum {stratum!r}: expected at least one inmate in the clusters "
                "visited, and no more than in all of them, got {seen:,}. Count inmates in the same way in "
                "both",
                stratum=stratum,
                seen=seen,
            )
        )


@dataclass(frozen=True)
class AnchoredDetail:
    """Detail behind an estimate by `Anchored`.

    Parameters
    ----------
    n_listed : int
        Persons on the lists besides the sample.
    n_found : int
        Persons of the sample who are on no list.
    sample : Evidence
        What the sample alone says of the persons on no list: `point`, `standard_error` and `bounds`.
    lists : AbundanceEstimate or None
        What the lists alone say of N.
    """

    n_listed: int
    n_found: int
    sample: Evidence
    lists: AbundanceEstimate | None = None

    @property
    def apart(self) -> tuple[tuple[float, float], tuple[float, float]] | None:
        """Limits of N by the sample and by the lists where the two contradict each other."""
        if self.lists is None:
            return None
        sample = SampleRule(self.n_listed, self.sample).bounds(TUNING.level)
        low, high = self.lists.interval_rule.bounds(TUNING.level)
        return None if low <= sample[1] and sample[0] <= high else (sample, (low, high))


@dataclass(frozen=True)
class SampleRule:
    """Limits of N by a sample alone: those on lists are known, the others within limits."""

    n_listed: int
    sample: Evidence

    @property
    def method(self) -> str:
        """Name of the interval, as it is printed."""
        return self.sample.method

    def bounds(self, level: float) -> tuple[float, float]:
        """Limits of N at a level."""
        low, high = self.sample.bounds(level)
        return self.n_listed + low, self.n_listed + high


@dataclass(frozen=True, eq=False)
class WeighedRule(ReadOnly):
    """Quantiles of N by lists and sample together: cells of those on no list, and the probability below."""

    n_listed: int
    edges: Floats
    cumulative: Floats
    method: ClassVar[str] = "posterior"

    def bounds(self, level: float) -> tuple[float, float]:
        """Limits of N at a level."""
        tail = (1 - level) / 2
        return self.at(tail), self.at(1 - tail)

    def at(self, probability: float) -> float:
        """Number of persons that is not passed with a probability."""
        return self.n_listed + float(np.interp(probability, self.cumulative, self.edges))


class _Assumed:
    """Assumptions of the sample, and of the estimator of the lists where there is one."""

    own = (*ASSUMED_BY_ALL, Assumption.RANDOM_SAMPLE)

    def __get__(self, made: Anchored | None, kind: type[Anchored]) -> tuple[Assumption, ...]:
        lists = None if made is None else made.lists
        return self.own if lists is None else tuple(dict.fromkeys((*self.own, *lists.assumes)))


@specification
class Anchored:
    """Abundance where one of the lists is a random sample of known design.

    The estimand is N, the persons in a closed population of whom each list names some, however the lists
    depend on each other. Persons on the other lists are counted, and only those on none are estimated, by
    those whom the sample found. Prefer it to any model of lists where such a sample is there. Whoever could
    not be drawn, because the frame lacks them, is counted only where a list names them.

    Parameters
    ----------
    sample : str
        The list that is the sample: everybody counted who was drawn, on other lists or not.
    design : PersonsAtRandom, KnownShare or ClustersAtRandom
        How it was drawn. A sample that was chosen by hand has none of these, and is a list as any other.
    lists : estimator, optional
        Fitted to the other lists, such as `Calibrated()`. What it says of N is weighed by the likelihood of
        the sample, which shows what the dependence of the lists was.

    See Also
    --------
    detcount.Calibrated : What lists say by themselves.
    Chapman : Takes a second list as independent without knowing how it was made.

    Notes
    -----
    L persons are on the other lists, U on none, and u of these were found: N = L + U. Of n drawn from a roll
    of M, u is hypergeometric and U = u M / n; with a known share f it is binomial and U = u / f, the
    anchor-stream estimator of [1]_. Limits invert both tests, so that they cover at least as often as they
    say. Of c clusters out of C with u_j on no list, U = C mean(u_j) [2]_; where the inmates M of all clusters
    are known, U = M sum(u_j) / sum(m_j), with m_j in each. Strata add up. Limits take log U as
    Student's t around its estimate. The variance is that of the jackknife, with the correction for finite
    populations, and the degrees of freedom are the sum over strata of sum(m_j)^2 / sum(m_j^2) - 1.

    With `lists` the limits of that estimator at many levels are taken as its distribution of U, and
    multiplied by the likelihood of u. With a prior probability of one in five they are taken not to hold
    here, as in the robust mixtures of [3]_, so that the sample prevails where the two contradict each other.
    The point is then the median. Declines where the clusters do not differ.

    References
    ----------
    .. [1] Lyles, R. H., Zhang, Y., Ge, L., England, C., Ward, K., Lash, T. L. and Waller, L. A. (2022). Using
       capture-recapture methodology to enhance precision of representative sampling-based case count
       estimates. Journal of Survey Statistics and Methodology, 10(5), 1292-1318.
       https://doi.org/10.1093/jssam/smab052
    .. [2] Horvitz, D. G. and Thompson, D. J. (1952). A generalization of sampling without replacement from a
       finite universe. Journal of the American Statistical Association, 47(260), 663-685.
       https://doi.org/10.1080/01621459.1952.10483446
    .. [3] Schmidli, H., Gsteiger, S., Roychoudhury, S., O'Hagan, A., Spiegelhalter, D. and Neuenschwander, B.
       (2014). Robust meta-analytic-predictive priors in clinical trials with historical control information.
       Biometrics, 70(4), 1023-1032. https://doi.org/10.1111/biom.12242

    Examples
    --------
    >>> import detcount as dc
    >>> counts = {"100": 310, "010": 190, "110": 90, "101": 31, "011": 20, "111": 9, "001": 42}
    >>> table = dc.CaptureTable.from_counts(counts, lists=["press", "families", "visit"])
    >>> design = dc.abundance.PersonsAtRandom(drawn=110, roll=1200)
    >>> print(dc.abundance.Anchored("visit", design).fit(table))
    1,108 persons (1,004 to 1,219, 95% exact hypergeometric); 692 listed
    """

    sample: str
    design: Annotated[PersonsAtRandom | KnownShare | ClustersAtRandom, AS_TYPED]
    lists: Estimator | None = None

    assumes: ClassVar[tuple[Assumption, ...]] = _Assumed()  # type: ignore[assignment]
    references: ClassVar[tuple[Reference, ...]] = (
        references.LYLES_2022,
        references.HORVITZ_THOMPSON_1952,
        references.SCHMIDLI_2014,
    )

    def fit(self, table: CaptureTable, *, seed: int = 0) -> AbundanceEstimate:
        """Estimate N, persons, from a table of which one list is the sample."""
        require_number_of_lists(_NAME, table)
        require_names_on_every_list(_NAME, table)
        sampled = table.overlap(self.sample)
        found = table.exclusives[self.sample]
        listed, evidence = table.n_observed - found, self.design.evidence(sampled, found)
        by_sample = SampleRule(listed, evidence)
        alone = None if self.lists is None else self.lists.fit(table.drop(self.sample), seed=seed)
        rule: IntervalRule = by_sample
        point, notes = listed + evidence.point, []
        error: float | None = evidence.standard_error
        if isinstance(evidence, Visited) and evidence.freedom > 0 and len(self._visited) < TUNING.few:
            notes.append(
                Message(
                    "{n} clusters were visited, and limits from fewer than five rest on how these few "
                    "differ.",
                    n=len(self._visited),
                )
            )
        if alone is not None and by_sample.bounds(TUNING.level) != (point, point):
            edges, cumulative = combined(evidence, listed, alone.interval_rule.bounds)
            rule = weighed = WeighedRule(listed, edges, cumulative)
            point, error = weighed.at(0.5), None
        detail = AnchoredDetail(listed, found, evidence, alone)
        if rule is not by_sample and (apart := detail.apart) is not None:
            notes.append(_contradiction(*apart))
        return answer_to(self, table)(
            point=point,
            interval_rule=rule,
            seed=seed,
            standard_error=error,
            notes=tuple(notes),
            detail=detail,
        )

    @property
    def _visited(self) -> tuple[Row, ...]:
        return getattr(self.design, "visited", ())


def _contradiction(sample: tuple[float, float], lists: tuple[float, float]) -> Message:
    """Say that the limits of sample and lists do not meet."""
    names = ("low", "high", "low_lists", "high_lists")
    return Message(
        "The sample alone gives {low} to {high} persons, and the lists alone give {low_lists} to "
        "{high_lists}: they contradict each other. Look at how the sample was drawn before using both.",
        **dict(zip(names, map(persons, (*sample, *lists)), strict=True)),
    )
