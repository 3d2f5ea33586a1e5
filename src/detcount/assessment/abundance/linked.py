"""Lists of names assessed as their table is, with every estimate pooled over draws of who is who.

It is one module, as the class of the result, what it pools over and its public numbers need each other.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from detcount._numerics.arrays import Floats
from detcount._numerics.parallel import progress
from detcount._numerics.patterns import unpack
from detcount.assessment.abundance.facts import Fits
from detcount.assessment.abundance.families import (
    ANCHORED,
    CALIBRATED,
    Family,
    estimator_of,
    families_for,
    without_convergence,
)
from detcount.assessment.abundance.public import for_public, of_linked
from detcount.assessment.abundance.result import Assessment
from detcount.assessment.abundance.rows import NoteRow
from detcount.assessment.common.result import withheld
from detcount.assessment.common.verdict import LEVEL
from detcount.calibration import Calibrated
from detcount.contract import arguments
from detcount.data.captures import CaptureTable
from detcount.errors import ConvergenceError, DetcountWarning, InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate, Estimator
from detcount.linkage import Linkage
from detcount.pooling import pool
from detcount.privacy import BLUR, blurred_limits, canonical
from detcount.reports.numbers import printed
from detcount.stock.late_exits import WrongShare, wrong_by_list
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd


LISTED = 1.0
"""Power of the share of all who are on lists: any share is as likely as another beforehand."""
BLURRED = Message(
    "Numbers are blurred a little, so that this page says little about any one person. The limits have "
    "noise, drawn with a secret of who made the page, and are wider by what it adds."
)


@dataclass(frozen=True)
class Tuning:
    """Assessment over drawn links.

    Parameters
    ----------
    whole : int, tables
        Drawn tables that show the number if everybody belongs. Convention: twenty.
    most_wrong : float, share
        Most of the people on one list alone who do not belong. Convention: nine in ten.
    each : int, draws
        Shares drawn for each that is taken, by their order. Convention: an odd number, of which the middle is
        taken.
    """

    whole: int = 20
    most_wrong: float = 0.9
    each: int = 21


TUNING = Tuning()


@dataclass(frozen=True, eq=False, kw_only=True)
class LinkedFits(Fits):
    """Fits that only those may know who may see the lists that were linked.

    Parameters
    ----------
    linkage : Linkage
        Who is who.
    over : OverDraws
        Drawn tables.
    """

    linkage: Linkage
    over: OverDraws


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LinkageAssessment(Assessment):
    """Assessment of lists of names, with the uncertainty of who is who.

    It is an `Assessment` in which every estimate is pooled over drawn tables. What is asked of one model
    (how its number moves, whether its posterior has several modes) is asked of the best partition.

    Parameters
    ----------
    fits : LinkedFits, optional
        What those alone may know who may see the lists; None in an assessment for the public.
    linkage_seed : int
        Seed of the linkage.
    linkage_draws : int
        Draws of who is who.
    n_draws : int
        Tables that were drawn.
    wrong : stock.WrongShare
        Which share of the entries was taken to be of people who do not belong.
    blurred : bool
        Whether the limits have noise, which was drawn with a secret.

    Examples
    --------
    >>> import detcount as dc
    >>> lists = dc.linkage.read_lists(
    ...     {
    ...         "press": {"Nombre": ["Ana Pérez Rojas", "Luis Mora"], "Cédula": ["V-12.345.678", ""]},
    ...         "families": {"Apellidos": ["PEREZ ROJAS"], "Nombres": ["ANA"], "CI": ["12345678"]},
    ...     }
    ... )
    >>> linked = dc.linkage.link(lists, n_draws=200)
    >>> assessment = dc.assess(linked, n_draws=2)
    >>> assessment.n_draws, assessment.verdict
    (2, 'floor only')
    """

    fits: LinkedFits | None
    linkage_seed: int
    linkage_draws: int
    n_draws: int
    wrong: WrongShare
    blurred: bool = False

    @property
    def linkage(self) -> Linkage:
        """Who is who."""
        if self.fits is None:
            raise withheld("linkage")
        return self.fits.linkage

    def _for_public(self) -> Self:
        if self.fits is None:
            raise withheld("public")
        own = self.fits.asked.of_companion(self.fits.table)  # with draws that differ as those of companions
        return of_linked(for_public(self, self.fits, own), self.assumptions)

    def _with_digest(self, public: Self, digest_key: str) -> Self:
        made, own = super()._with_digest(public, digest_key), public.recommended_row
        found = self.recommended
        if own is None or own.role != "calibrated" or found is None or self.fits is None:
            return made
        low, high = found.interval_rule.bounds(LEVEL)
        drawn_for = f"{CALIBRATED} {canonical(self.table)}"
        low, high = blurred_limits(low, high, self.fits.over.moves_by_one(self.table), digest_key, drawn_for)
        if not self.fits.over.whole:  # nobody was taken away, so that all who are listed are counted
            low = max(low, float(public.n_observed))
        point = None if own.point is None else printed(low * (high / low) ** BLUR.between)
        rows = [replace(row, low=low, point=point, high=high) if row is own else row for row in made.families]
        remarks = (*made.remarks, NoteRow((), BLURRED))
        return replace(made, families=tuple(rows), remarks=remarks, blurred=True)

    def to_frame(self, level: float = LEVEL) -> pd.DataFrame:
        """Give every method as a row of a pandas frame, pooled over the draws.

        Parameters
        ----------
        level : float, optional
            Confidence or credibility of the limits, in (0, 1); in public they are of 95%.

        Returns
        -------
        pandas.DataFrame
            As of an `Assessment`, and ``share_of_links`` unless it is public: the share of the variance
            between drawn tables.
        """
        frame = super().to_frame(level)
        if self.fits is None:
            return frame
        shares = {key: _share(estimate) for key, estimate in self.estimates.items()}
        return frame.assign(share_of_links=frame["family"].map(shares))

    def record(self) -> dict[str, Any]:
        """Give what was found as plain values, with the seeds and the numbers of draws of the linkage.

        Returns and errors are those of `Assessment.record`.
        """
        drawn: dict[str, Any] = {"seed": self.linkage_seed, "draws": self.linkage_draws}
        drawn |= {"tables": self.n_draws, "wrong": self.wrong.by_list or None}
        made = super().record() | {"linkage": drawn}
        return made | {"blurred": True} if self.blurred else made


def _share(estimate: AbundanceEstimate) -> float:
    """Share of the variance that lies between drawn tables."""
    return float(getattr(estimate.detail, "share_between", 0.0))


@dataclass(frozen=True)
class OverDraws:
    """Pools what families say over drawn tables.

    Parameters
    ----------
    changes : tuple of dict
        By how many persons each draw differs from the best partition, by code of the history.
    seed : int
        Seed of every fit.
    whole : tuple of dict
        The same of some draws if everybody on the lists belongs; empty where it is the same.
    law : Message or None
        Which share of the entries was taken not to belong; None where everybody was taken to.
    keys : frozenset of str, optional
        Families that are pooled, the others being those of the table; all of them without it.
    """

    changes: tuple[Mapping[int, int], ...]
    seed: int
    whole: tuple[Mapping[int, int], ...] = ()
    law: Message | None = None
    keys: frozenset[str] | None = None

    def of_companion(self) -> OverDraws:
        """The same for a companion of the table, of which a calibrated interval alone is read."""
        return replace(self, keys=frozenset({ANCHORED, CALIBRATED}))

    @property
    def calibrated(self) -> Calibrated:
        """The calibrated estimator, with any share on lists as likely as another."""
        return Calibrated(listed=LISTED)

    def all_belong(
        self, table: CaptureTable, chosen: Mapping[str, AbundanceEstimate], anchor: Estimator | None = None
    ) -> AbundanceEstimate | None:
        """Answer by the chosen family if everybody on the lists belongs; None where that is its answer."""
        if not self.whole:
            return None
        pooled, _ = replace(self, changes=self.whole, keys=None)(table, chosen, {}, anchor)
        return next(iter(pooled.values()), None)

    def tables(self, table: CaptureTable) -> list[CaptureTable]:
        """Drawn tables; those of a companion differ from it as those of the table do."""
        made = []
        for change in self.changes:
            counts = _counts(table)
            for code, more in change.items():
                counts[code] = max(counts.get(code, 0) + more, 0)
            made.append(_with_counts(table, counts))
        return made

    def moves_by_one(self, table: CaptureTable) -> tuple[float, float]:
        """Give how far one person of any history moves the logarithms of the calibrated limits, at most.

        It is the mean over a few of the drawn tables, each without one person of the history.
        """
        few, counts = replace(self, changes=self.changes[: BLUR.tables]), _counts(table)
        less = [few.tables(_with_counts(table, counts | {code: n - 1})) for code, n in counts.items()]
        return farthest(few.tables(table), less, self.calibrated)

    def __call__(
        self,
        table: CaptureTable,
        estimates: Mapping[str, AbundanceEstimate],
        declined: Mapping[str, NotEstimableError],
        anchor: Estimator | None = None,
    ) -> tuple[dict[str, AbundanceEstimate], dict[str, NotEstimableError]]:
        """Pool what the families of a table say."""
        pooled, without = {}, dict(declined)
        keys = self.keys if self.keys is not None and self.keys & estimates.keys() else None
        families = [family for family in families_for(table, anchor) if family.key in estimates]
        names = [family.name for family in families]
        tables = self.tables(table)
        with (
            warnings.catch_warnings(),
            progress(len(families), Message("families over draws"), at_once=True, names=names) as done,
        ):
            warnings.simplefilter("ignore", DetcountWarning)
            for family in families:
                try:
                    pooled[family.key] = (
                        estimates[family.key]
                        if keys is not None and family.key not in keys
                        else pool(_estimator(family, table), tables, seed=self.seed)
                    )
                except NotEstimableError as error:
                    without[family.key] = error
                except ConvergenceError as error:
                    without[family.key] = without_convergence(family, error)
                done(1)
        return pooled, without


def farthest(
    tables: Sequence[CaptureTable],
    less: Iterable[Sequence[CaptureTable]],
    estimator: Estimator,
    width: float = math.inf,
) -> tuple[float, float]:
    """Give how far the mean logarithms of the calibrated limits move from some tables to others, at most.

    Limits that are closer, of a smaller `width` on the log scale, move less: in proportion from the median.
    """

    def parts(of: Sequence[CaptureTable]) -> tuple[Floats, Floats]:
        fits = [estimator.fit(each) for each in of]
        middle = np.log([[fit.point] for fit in fits])
        limits = np.log([fit.interval_rule.bounds(LEVEL) for fit in fits])
        return middle.mean(axis=0), (limits - middle).mean(axis=0)

    middle, apart = parts(tables)
    share, most = min(width / float(apart[1] - apart[0]), 1.0), np.zeros(2)
    for each in less:
        centre, limits = parts(each)
        most = np.maximum(most, np.abs(centre - middle + share * (limits - apart)))
    return float(most[0]), float(most[1])


def without_one(tables: Sequence[CaptureTable]) -> Iterator[list[CaptureTable]]:
    """Give tables without one person of each history in turn, where they have any."""
    of_all = [_counts(table) for table in tables]
    for code in sorted(set().union(*of_all)):
        less = [counts | {code: max(counts.get(code, 0) - 1, 0)} for counts in of_all]
        yield [_with_counts(table, counts) for table, counts in zip(tables, less, strict=True)]


def over_draws(
    linkage: Linkage, n_draws: int, wrong: float | Mapping[str, float] | None, seed: int
) -> tuple[CaptureTable, OverDraws, WrongShare]:
    """Draw tables of a linkage: the table they are drawn around, how to pool over them, and who is left out.

    Of each drawn table those who do not belong are taken away, a number by list drawn as for the stock, from
    the persons on that list alone, as wrong entries are in no overlap.
    """
    n_draws = arguments.whole_number("n_draws", n_draws, least=2)
    law = WrongShare.of(wrong)
    table = replace(
        linkage.table(),
        notes=(
            Message(
                "persons are rows of lists of names that were linked; the numbers of methods are pooled over "
                "{draws:,} draws of who is who",
                draws=n_draws,
            ),
        ),
    )
    best = _counts(table)
    drawn = [_counts(each) for each in linkage.tables(n_draws, seed=seed)]
    shares, stated = _shares(linkage, law, n_draws, seed)
    rng = np.random.default_rng([seed, n_draws])
    less = [_belonging(counts, share, rng) for counts, share in zip(drawn, shares, strict=True)]
    changes, whole = (tuple(_change(best, counts) for counts in each) for each in (less, drawn))
    if less == drawn:
        return table, OverDraws(changes, seed), law
    return table, OverDraws(changes, seed, whole[: TUNING.whole], stated), law


def of_links(made: Assessment, linkage: Linkage, over: OverDraws, wrong: WrongShare) -> LinkageAssessment:
    """Give what was found over draws with the linkage, and what there is to say of it."""
    n_draws, known = len(over.changes), _values(made)
    stated: list[str] = [linkage.sentence()]
    if made.recommended is not None:
        stated.append(
            Message(
                "Over {draws:,} draws of who is who and who belongs {share:.0%} of the variance of the "
                "recommended number lies between the draws.",
                draws=n_draws,
                share=_share(made.recommended),
            )
        )
    first, last = ([NoteRow((), text) for text in each] for each in (stated, linkage.notes))
    remarks: dict[str, NoteRow] = {}
    for row in (*first, *made.remarks, *last):
        remarks.setdefault(row.text, row)
    known |= {
        "fits": LinkedFits(**_values(made.fits), linkage=linkage, over=over),
        "remarks": tuple(remarks.values()),
    }
    return LinkageAssessment(
        **known,
        linkage_seed=linkage.seed,
        linkage_draws=len(linkage.draws),
        n_draws=n_draws,
        wrong=wrong,
    )


def _values(data: Any) -> dict[str, Any]:
    """The fields of a data class, as they are."""
    return {each.name: getattr(data, each.name) for each in fields(data)}


def without_wrong(
    linkage: Linkage,
    drawn: Sequence[Mapping[str, CaptureTable]],
    seed: int,
    wrong: Mapping[str, float] | None = None,
) -> list[dict[str, CaptureTable]]:
    """Tables of groups by draw, without those who do not belong, taken away as of the number of all."""
    law = WrongShare(shares=tuple(wrong.items()) if wrong else None)
    shares, _ = _shares(linkage, law, len(drawn), seed)
    rng = np.random.default_rng([seed, len(drawn)])
    return [
        {name: _with_counts(of, _belonging(_counts(of), share, rng)) for name, of in tables.items()}
        for tables, share in zip(drawn, shares, strict=True)
    ]


def _estimator(family: Family, table: CaptureTable) -> Estimator:
    """The estimator of a family; the calibrated one with any share on lists as likely as another."""
    made = estimator_of(family, table)
    return replace(made, listed=LISTED) if isinstance(made, Calibrated) else made


def _shares(linkage: Linkage, law: WrongShare, n_draws: int, seed: int) -> tuple[Floats, Message]:
    """Draws of the share of each list that does not belong, weighed by exits where there are days.

    Twenty-one times as many are drawn and sorted by size, and every 21st is kept, so that the number hardly
    depends on the draw. They are put in random order, as draws of who is who may come sorted by persons.
    """
    rng, by_exits = np.random.default_rng(seed), False
    try:
        shares, by_exits = wrong_by_list(linkage.people(), law, TUNING.each * n_draws, seed)
    except InputError:  # no list has a day of the arrest
        shares = law.draw(linkage.lists, linkage.audited, TUNING.each * n_draws, rng)
    even = np.argsort(shares.sum(axis=1), kind="stable")[TUNING.each // 2 :: TUNING.each]
    sentence = law.sentence(linkage.lists, linkage.audited, by_exits=by_exits)
    return shares[rng.permutation(even)], sentence


def _belonging(counts: Mapping[int, int], shares: Floats, rng: np.random.Generator) -> dict[int, int]:
    """Persons by code of the history, without those of one list who do not belong."""
    found = dict(counts)
    for k, share in enumerate(shares.tolist()):
        size = sum(n for code, n in counts.items() if code >> k & 1)
        alone = counts.get(1 << k, 0)
        found[1 << k] = alone - min(int(rng.poisson(share * size)), int(TUNING.most_wrong * alone))
    return {code: n for code, n in found.items() if n}


def _with_counts(table: CaptureTable, counts: Mapping[int, int]) -> CaptureTable:
    """A table with other persons by code of the history."""
    codes = np.array([code for code in sorted(counts) if counts[code]], dtype=np.uint64)
    persons = np.array([counts[code] for code in codes.tolist()])
    return replace(table, histories=unpack(codes, table.n_lists), counts=persons)


def _counts(table: CaptureTable) -> dict[int, int]:
    """Persons by code of the history."""
    return dict(zip(table.codes.tolist(), table.counts.tolist(), strict=True))


def _change(one: Mapping[int, int], other: Mapping[int, int]) -> dict[int, int]:
    """By how much the counts differ, where they do."""
    codes = one.keys() | other.keys()
    return {code: more for code in sorted(codes) if (more := other.get(code, 0) - one.get(code, 0))}
