"""The linkage: rows of lists of names as persons, and their uncertainty. Numbers only, no names.

It is one class, most of it its documentation; what it answers is computed by the modules below it.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Bools, Floats, Ints, ReadOnly, ShortInts, bincount
from detcount._numerics.intervals import quantiles
from detcount._numerics.linkage.agreement import codes_of, connected, counted, mean_effects, merged_at_random
from detcount._numerics.linkage.settings import TUNING
from detcount._numerics.patterns import unpack
from detcount._numerics.stock.spells import NEVER
from detcount.contract import arguments
from detcount.contract.definition import Definition
from detcount.data.captures import CaptureTable
from detcount.data.persons import PersonLists
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import Interval
from detcount.estimates.result import plain, provenance
from detcount.linkage.files import check_review, write_table
from detcount.linkage.name_lists import without_content
from detcount.linkage.quality import (
    LinkageBound,
    LinkageQuality,
    default_estimator,
    estimated,
    expected_quality,
    measured_quality,
)
from detcount.linkage.released import ReleasedRows
from detcount.linkage.spells import Audited, persons_of
from detcount.privacy import Disclosure, check_disclosure
from detcount.reports.printing import Column
from detcount.reports.shown import Result
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


_MISSED = 1  # source of randomness of persons put together: the choice of draws does not depend on it
_NOT_IN_THE_TABLE = Message(
    "persons are rows of lists of names that were linked; this table does not hold how sure the links are"
)
_REMEDY = Message(
    "Take out double entries, decide pairs in a review, or name columns that tell persons apart"
)
ONE_RULE = Message(
    "Names that are written by different rules, such as two romanisations, could not be linked here. "
    "Have all names written anew by one rule, or ask who keeps the lists for the names as they were first "
    "written; rows that bear a document on all lists are linked by it"
)
"""Remedy where lists write names by different rules."""
_ONE_DRAW = Message("one draw of who is who on lists of names; pool the estimates of many")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Linkage(ReadOnly, Result):
    """Rows of lists of names as persons, and the uncertainty of that.

    Rows are numbers here: a name, a document or any other cell is not kept, and nothing of them is shown,
    written or pickled. Made by `link`.

    Parameters
    ----------
    lists : tuple of str
        Names of the lists.
    list_of, row : ndarray of int64, shape (n_rows,)
        List of each row, a position in `lists`, and its number in the list, from 1.
    person : ndarray of int64, shape (n_rows,)
        Person of each row in the partition with the greatest expected F1, from 0.
    draws : ndarray of int32, shape (n_draws, n_rows)
        Person of each row in draws of the posterior.
    pair_first, pair_second : ndarray of int64, shape (n_pairs,)
        Pairs of rows that may be one person, as positions.
    pair_probability : ndarray of float64, shape (n_pairs,)
        Posterior probability that each pair is one person.
    pair_evidence : dict of str to ndarray of float64, shape (n_pairs,)
        Logarithm of the likelihood ratio of each field: above 0 it speaks for one person, below 0 against.
    doubtful_relatives : ndarray of int64, shape (n, 2)
        Pairs of rows, as positions, with the same surnames, arrested together, that may be relatives.
    referred : ndarray of bool, shape (n_rows,)
        Rows that another list forwarded.
    linkable : ndarray of bool, shape (n_rows,)
        Rows with a name or a document. The others are persons of their own.
    digests : ndarray of bytes, shape (n_rows,)
        Keyed digest of each row.
    key : str
        Fingerprint of the key of the digests; empty for a key that nobody keeps.
    missed : float
        Estimated share of the right links that no rule brought together to be compared.
    r_hat : float
        Agreement of the chains on the number of persons; 1 is perfect.
    seed : int
        Seed of the draws.
    counts : ndarray of bool, shape (n_rows,)
        Rows that count as captures: all of them, until a step takes some away.
    wrong : tuple of Audited, optional
        Kinds of persons that were audited, with the Beta posterior of the share that does not belong.
    spells : dict of str to list, optional
        Days and statuses of the rows, as `PersonLists` reads them.
    notes : tuple of str, optional
        Further remarks.
    definition : Definition, optional
        Who is counted.
    bounded : tuple of int, optional
        Nearly identical rows that could not be drawn, and the fewest and the most persons that they
        may be. Draws are spread evenly over these numbers.
    without_limits : tuple of Message, optional
        Why no interval of the number of persons can be claimed; empty where there is one.
    other_rules : bool, optional
        Whether lists seem to write names by different rules, so that one person stands as two. Then only
        bounds of the number of persons are given, and what rests on draws is refused.
    missed_kinds : ndarray of int64, shape (n_kinds, 2), optional
        Persons of whom two rows were never compared stand as two: the lists of the two, bit k for list k.
    missed_draws : ndarray of float64, shape (n_draws, n_kinds), optional
        Draws of how many persons of each kind are expected.
    released : ReleasedRows, optional
        Rows of lists of released people as persons; all else speaks of lists of the detained alone.

    See Also
    --------
    link : Makes it.

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
    >>> print(linked.headline())
    3 rows on 2 lists are 2 persons (2 to 2, 95%); 0 doubtful pairs
    """

    lists: tuple[str, ...]
    list_of: Ints
    row: Ints
    person: Ints
    draws: ShortInts
    pair_first: Ints
    pair_second: Ints
    pair_probability: Floats
    pair_evidence: Mapping[str, Floats]
    doubtful_relatives: Ints
    referred: Bools
    linkable: Bools
    digests: NDArray[np.bytes_]
    key: str
    missed: float
    r_hat: float
    seed: int
    counts: Bools
    wrong: tuple[Audited, ...] = ()
    spells: Mapping[str, Sequence[Any]] | None = None
    notes: tuple[str, ...] = ()
    definition: Definition | None = None
    bounded: tuple[int, int, int] | None = None
    without_limits: tuple[Message, ...] = ()
    other_rules: bool = False
    missed_kinds: Ints | None = None
    missed_draws: Floats | None = None
    released: ReleasedRows | None = None

    @property
    def n_rows(self) -> int:
        """Rows of all lists."""
        return len(self.row)

    @cached_property
    def n_persons(self) -> int:
        """Persons in the partition with the greatest expected F1."""
        return int(self.person.max(initial=-1)) + 1

    @cached_property
    def n_persons_draws(self) -> Ints:
        """Persons in each draw, shape (n_draws,)."""
        return np.asarray(self.draws.max(axis=1).astype(np.int64) + 1)

    @cached_property
    def least(self) -> int:
        """Persons of the list that names the most: the fewest of all, where each list writes by one rule."""
        codes = codes_of(self.person, self.list_of, np.ones(self.n_rows, dtype=bool))
        return max((int((codes >> k & 1).sum()) for k in range(len(self.lists))), default=0)

    def _refused(self) -> NotEstimableError:
        """Reason why nothing that rests on draws is given, and the remedy."""
        why = Message.together(self.without_limits, "; ")
        return NotEstimableError("Linkage", why, ONE_RULE if self.other_rules else _REMEDY)

    @cached_property
    def _doubtful(self) -> NDArray[np.bool_]:
        """Pairs that are doubtful."""
        low, high = TUNING.doubtful
        return np.asarray((self.pair_probability >= low) & (self.pair_probability <= high))

    @property
    def n_doubtful(self) -> int:
        """Pairs with a probability of 5% to 95% to be one person."""
        return int(self._doubtful.sum())

    @cached_property
    def clusters(self) -> pd.DataFrame:
        """Person of each row: columns ``list``, ``row`` and ``person``; numbers only."""
        import pandas as pd

        names = np.array(self.lists, dtype=object)[self.list_of]
        return pd.DataFrame({"list": names, "row": self.row, "person": self.person})

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Pairs that may be one person, and what speaks for it; numbers only.

        Columns ``list_a``, ``row_a``, ``list_b``, ``row_b``, ``probability``, and for each field the
        logarithm of its likelihood ratio: above 0 for one person, below 0 against.
        """
        return _by_probability(self._pairs().assign(**self.pair_evidence))

    @cached_property
    def doubtful(self) -> pd.DataFrame:
        """Doubtful pairs, and among them those who may be relatives arrested together.

        Columns ``list_a``, ``row_a``, ``list_b``, ``row_b``, ``probability`` and ``relatives``.
        """
        ends = np.sort(np.stack([self.pair_first, self.pair_second]), axis=0)
        relatives = np.sort(self.doubtful_relatives, axis=1).T
        maybe = np.isin(ends[0] * self.n_rows + ends[1], relatives[0] * self.n_rows + relatives[1])
        return _by_probability(self._pairs().assign(relatives=maybe)[self._doubtful | maybe])

    def _pairs(self) -> pd.DataFrame:
        """Where the rows of each pair stand, and its probability."""
        import pandas as pd

        names = np.array(self.lists, dtype=object)
        ends = {"a": self.pair_first, "b": self.pair_second}
        where = {
            f"{what}_{end}": values[rows]
            for end, rows in ends.items()
            for what, values in (("list", names[self.list_of]), ("row", self.row))
        }
        return pd.DataFrame(where | {"probability": self.pair_probability})

    @cached_property
    def quality(self) -> LinkageQuality:
        """Precision, recall and F1 of the links that the posterior expects; refused if `other_rules`."""
        if self.other_rules:
            raise self._refused()
        return expected_quality(self.person, self.draws.astype(np.int64), self.missed)

    def measure(self, labels: Any) -> LinkageQuality:
        """Measure precision, recall and F1 with the rows of a random sample of persons.

        A sample of pairs would not do: nearly all pairs are two persons, and those that were never compared
        would never be drawn. So persons are drawn, each with the same probability, and all their rows are
        found in all lists.

        Parameters
        ----------
        labels : pandas, polars or pyarrow frame, or mapping of str to array
            Columns ``list``, ``row`` and ``person``: every row of each person of the sample.

        Returns
        -------
        LinkageQuality
            Measured shares with their limits of 95%.

        Raises
        ------
        InputError
            If a row is unknown or labelled twice.

        Notes
        -----
        Each share is a ratio of sums over the persons of the sample; a link between two persons counts as
        half a wrong link of each [1]_. The limits are those of a linearised ratio, normal on the logit scale.

        References
        ----------
        .. [1] Binette, O., York, S. A., Hickerson, E., Baek, Y., Madhavan, S. and Jones, C. (2022).
           Estimating the performance of entity resolution algorithms: lessons learned through
           PatentsView.org. https://doi.org/10.48550/arXiv.2210.01230
        """
        where = (
            (self.lists[k], row) for k, row in zip(self.list_of.tolist(), self.row.tolist(), strict=True)
        )
        return measured_quality(self.person, {place: k for k, place in enumerate(where)}, labels)

    def table(self) -> CaptureTable:
        """Give the capture table of the partition with the greatest expected F1.

        It does not hold how sure the links are: `tables` does.

        Returns
        -------
        CaptureTable
            Persons by capture history.

        Raises
        ------
        InputError
            If there is one list only.
        """
        counts, _ = self._belonging(self.person, np.random.default_rng(self.seed), drawn=False)
        return self._captures(self.person, counts)

    def tables(self, n_draws: int = 100, *, seed: int = 0) -> list[CaptureTable]:
        """Draw capture tables: whole partitions from the posterior, which agree with all decisions.

        Parameters
        ----------
        n_draws : int, optional
            Number of tables.
        seed : int, optional
            Seed of the choice of draws, and of what audits take away.

        Returns
        -------
        list of CaptureTable
            Tables to be pooled by `pooling.pool`.

        Raises
        ------
        InputError
            If there is one list only, or fewer draws than asked for.
        NotEstimableError
            If lists seem to write names by different rules.

        Notes
        -----
        Rows of one person that were never compared stand as two persons in every draw. How many pairs were
        missed is known from rules that err independently (`missed`). Each missed pair is taken to be like a
        random one of the pairs found between the same two lists: if others hold that person together, nothing
        is missing; else two random persons with the lists of its two parts are put together in the table.
        Their number is a Poisson draw. Nothing is put together where the share missed is not known to ten
        points, and a note is added.
        """
        drawn, rng = self._drawn("n_draws", n_draws, seed)
        missed = np.random.default_rng([seed, _MISSED])
        made = []
        for draw in drawn:
            labels = self._with_missed(draw, missed)
            counts, _ = self._belonging(labels, rng, drawn=True)
            made.append(self._captures(labels, counts, _ONE_DRAW))
        return made

    def _drawn(self, name: str, n_draws: int, seed: int) -> tuple[list[Ints], np.random.Generator]:
        """Some of the draws, and the source of randomness that chose them."""
        if self.other_rules:
            raise self._refused()
        remedy = Message("link(..., n_draws=) makes more")
        n_draws = arguments.whole_number(name, n_draws, least=1, most=len(self.draws), remedy=remedy)
        rng = np.random.default_rng(arguments.seed(seed))
        chosen = np.sort(rng.choice(len(self.draws), n_draws, replace=False))
        return [draw.astype(np.int64) for draw in self.draws[chosen]], rng

    def _with_missed(self, labels: Ints, rng: np.random.Generator) -> Ints:
        """Put as many persons together as are expected to stand as two."""
        if self.missed_draws is None or self.missed_kinds is None or not len(self.missed_kinds):
            return labels
        number = rng.poisson(self.missed_draws[int(rng.integers(len(self.missed_draws)))])
        return merged_at_random(labels, self.list_of, self.missed_kinds, number, rng)

    def _belonging(
        self, labels: Ints, rng: np.random.Generator, *, drawn: bool
    ) -> tuple[NDArray[np.bool_], int]:
        """Rows that count once audits took persons away at random, and how many persons these are."""
        removed = [np.empty(0, dtype=np.int64)]
        for kind in self.wrong:
            persons = self.persons_like(kind, labels)
            if drawn:
                number = int(rng.binomial(len(persons), rng.beta(kind.alpha, kind.beta)))
            else:
                number = len(persons) - round(len(persons) * (1 - kind.share))
            removed.append(rng.choice(persons, number, replace=False))
        taken = np.concatenate(removed)
        return self.counts & ~np.isin(labels, taken), len(taken)

    def persons_like(self, kind: Audited, labels: Ints) -> Ints:
        """Give the persons of a partition who are of a kind, as labels."""
        codes = codes_of(labels, self.list_of, self.counts)
        mine = codes == sum(1 << self.lists.index(name) for name in kind.lists)
        if kind.left is not None:
            left = np.zeros(len(codes), dtype=bool)
            left[labels[self.counts & self.known_left]] = True
            mine &= left == kind.left
        return np.flatnonzero(mine)

    @property
    def audited(self) -> tuple[str, ...]:
        """Lists of which an audit found the share of entries that do not belong."""
        kinds = (kind for kind in self.wrong if len(kind.lists) == 1 and kind.left is not True)
        return tuple(sorted({kind.lists[0] for kind in kinds}))

    @cached_property
    def known_left(self) -> NDArray[np.bool_]:
        """Mark rows with an exit, on a known day or not; False for rows without any day."""
        left = np.zeros(self.n_rows, dtype=bool)
        if self.entries is not None:
            left[self.entries.row[self.entries.left_last < NEVER]] = True
        return left

    @cached_property
    def entries(self) -> PersonLists | None:
        """Entries of the rows that count, each a person of its own; None where no row has a day.

        Their `row` is the position of the row.
        """
        if not any(any((self.spells or {}).get(name, ())) for name in ("entered", "listed_on")):
            return None
        # a second list without rows, as a single one is refused
        lists = self.lists if len(self.lists) > 1 else (*self.lists, f"not {self.lists[0]}")
        rows = np.arange(self.n_rows)
        return persons_of(self.spells, lists, self.list_of, rows, self.counts, definition=self.definition)

    def _persons_of(self, person: Ints, counts: NDArray[np.bool_]) -> PersonLists:
        """Spells of the persons of one partition."""
        return persons_of(self.spells, self.lists, self.list_of, person, counts, definition=self.definition)

    def _captures(
        self, labels: Ints, counts: NDArray[np.bool_], note: Message = _NOT_IN_THE_TABLE
    ) -> CaptureTable:
        """The capture table of a partition, of rows that count."""
        return self._captures_of(*counted(codes_of(labels, self.list_of, counts)), note)

    def _captures_of(self, codes: Ints, persons: Ints, note: Message = _NOT_IN_THE_TABLE) -> CaptureTable:
        """A capture table from codes of histories."""
        histories = unpack(codes.astype(np.uint64), len(self.lists))
        notes = (note, *(self.without_limits if self.other_rules else ()))
        return CaptureTable(self.lists, histories, persons, notes=notes, definition=self.definition)

    @overload
    def people(self, draws: None = None, *, seed: int = 0) -> PersonLists: ...

    @overload
    def people(self, draws: int, *, seed: int = 0) -> list[PersonLists]: ...

    def people(self, draws: int | None = None, *, seed: int = 0) -> PersonLists | list[PersonLists]:
        """Give who is on which list since when and until when, by the best partition or by drawn ones.

        Parameters
        ----------
        draws : int, optional
            Partitions to draw, for `stock.series` over all of them; None takes the best.
        seed : int, optional
            Seed of the choice of draws, and of what audits take away: of the best partition the expected
            number of persons, of each drawn one a drawn number.

        Returns
        -------
        PersonLists or list of PersonLists
            Spells of persons, who are numbers. Rows of one list that are one person become one entry, with
            the days that all of them allow. A day of arrest more than three weeks after the last is another
            arrest: whoever is not known to have left had left before it.

        Raises
        ------
        InputError
            If no list has a day of the arrest, or there are fewer draws than asked for.
        NotEstimableError
            If draws are asked for, and lists seem to write names by different rules.
        """
        if draws is None:
            return self._people(self.person, np.random.default_rng(seed), drawn=False)
        drawn, rng = self._drawn("draws", draws, seed)
        return [self._people(self._with_missed(draw, rng), rng, drawn=True) for draw in drawn]

    def _people(self, person: Ints, rng: np.random.Generator, *, drawn: bool) -> PersonLists:
        """Who is on which list by one partition, without whom audits take away."""
        counts, n_removed = self._belonging(person, rng, drawn=drawn)
        people = self._persons_of(person, counts)
        forwarded = {self.lists[k] for k in self.list_of[self.referred & counts].tolist()}
        notes = (*people.notes, *(self.without_limits if self.other_rules else ()))
        if n_removed:
            note = Message.counted(
                "1 person who does not belong, by an audit, is left out, chosen at random among those like "
                "the sample.",
                "{n:,} persons who do not belong, by an audit, are left out, chosen at random among those "
                "like the sample.",
                n=n_removed,
            )
            notes = (*notes, note)
        return replace(
            people,
            audited=self.audited,
            forwarded=tuple(name for name in self.lists if name in forwarded),
            notes=notes,
        )

    def bound(self) -> LinkageBound:
        """Give abundance if every doubtful pair is one person, and if none is.

        Returns
        -------
        LinkageBound
            The two estimates, persons: by `Chapman` for two lists and `LogLinear` without interactions for
            more, which take lists for independent.

        Raises
        ------
        NotEstimableError
            If lists seem to write names by different rules.
        """
        if self.other_rules:
            raise self._refused()
        chosen = default_estimator(len(self.lists))
        found, persons = [], []
        for least in (TUNING.doubtful[0], np.nextafter(TUNING.doubtful[1], 1)):
            kept = self.pair_probability >= least
            labels = connected(self.n_rows, self.pair_first[kept], self.pair_second[kept])
            codes, counts = counted(codes_of(labels, self.list_of, self.counts))
            persons.append(int(counts.sum()))
            found.append(None if len(self.lists) < 2 else estimated(chosen, self._captures_of(codes, counts)))
        return LinkageBound(
            n_pairs=self.n_doubtful,
            all_match=found[0],
            none_match=found[1],
            n_persons=(persons[0], persons[1]),
            doubtful=TUNING.doubtful,
        )

    @without_content
    def review(
        self,
        path: str | PathLike[str],
        *,
        most: int = 100,
        names: Any = None,
        force: bool = False,
    ) -> int:
        """Write the pairs whose answer would move the estimate most, for somebody to decide.

        Write "same" or "different" in the column ``decision``, and give the file to `read_decisions`.

        Parameters
        ----------
        path : str or path
            The workbook to write, ``.xlsx``.
        most : int, optional
            Pairs to write.
        names : NameLists, optional
            The lists, to write the names and documents of the rows beside each pair. Then the file is as
            secret as the lists are. Without it rows are numbers.
        force : bool, optional
            Whether a file that is no review may be written over. A review that holds decisions never is.

        Returns
        -------
        int
            Pairs written.

        Raises
        ------
        InputError
            If the digests have no key that is kept, so that no answer could find its rows; or there is a file
            of that name that holds decisions, or is no review.

        Notes
        -----
        The value of an answer is the standard deviation of the estimate that it takes away:
        sqrt(p (1 - p)) times the persons by which the estimate moves if the pair is one person. A pair of
        rows near 1/2 that changes nothing, such as two rows of one list beside a third that matches both,
        comes after a less doubtful one that would add to an overlap.
        """
        if not self.key:
            raise InputError(
                Message(
                    "review: the digests of this linkage have no key that is kept, so that no answer would "
                    "find its rows. Give link a `key`; detcount.privacy.new_digest_key() makes one"
                )
            )
        check_review(path, force=force)
        most = arguments.whole_number("most", most, least=1)
        low, high = TUNING.worth_pair
        pairs = self._pairs()[(self.pair_probability > low) & (self.pair_probability < high)]
        places = pairs.index.to_numpy()
        first, second, p = self.pair_first[places], self.pair_second[places], self.pair_probability[places]
        some = np.linspace(0, len(self.draws) - 1, min(len(self.draws), TUNING.worth_draws)).astype(np.int64)
        draws, gradient = self.draws[some].astype(np.int64), self._gradient()
        effect = mean_effects(draws, self.list_of, self.counts, first, second, gradient)
        value = np.sqrt(p * (1 - p)) * np.abs(effect)
        order = np.lexsort((second, first, -value))[:most]
        pairs = pairs.assign(effect=effect, value=value).round(3).iloc[order]
        places = places[order]
        for name, values in self.pair_evidence.items():
            pairs[name] = values[places].round(2)
        for end, rows in (("a", self.pair_first[places]), ("b", self.pair_second[places])):
            pairs[f"digest_{end}"] = [digest.decode() for digest in self.digests[rows].tolist()]
            if names is not None:
                pairs.insert(4 + (end == "b"), f"what_{end}", self._written(names, rows))
        pairs = pairs.assign(key=self.key)
        pairs.insert(0, "decision", "")
        head = [str(name) for name in pairs]
        write_table(Path(path), head, pairs.itertuples(index=False), [_width(name) for name in head])
        return len(pairs)

    def _written(self, names: Any, rows: Ints) -> list[str]:
        """Names and documents of rows, for the one file that is to hold them."""
        if tuple(getattr(names, "lists", ())) != self.lists:
            raise InputError(Message("review: names: expected the lists that were linked, got others"))
        written = []
        for k, row in zip(self.list_of[rows].tolist(), self.row[rows].tolist(), strict=True):
            parsed = names.parsed[self.lists[k]]
            document = [str(number) for number in parsed.document[row - 1][:1] if number >= 0]
            written.append(" ".join([*parsed.names[row - 1].words, *document]))
        return written

    def _gradient(self) -> dict[int, float]:
        """By how many persons the estimate changes with one person more of each history; 0 for no answer."""
        estimator = default_estimator(len(self.lists))

        def point(histories: Ints, numbers: Ints) -> float | None:
            if len(self.lists) < 2:
                return None
            found = estimated(estimator, self._captures_of(histories, numbers))
            return None if found is None or not np.isfinite(found.point) else found.point

        codes, persons = counted(codes_of(self.person, self.list_of, self.counts))
        wanted = np.arange(1, 1 << len(self.lists)) if len(self.lists) <= TUNING.worth_lists else codes
        base = point(codes, persons)
        if base is None:
            return dict.fromkeys(wanted.tolist(), 1.0)  # no estimate: the number of persons listed
        change = {}
        for code in wanted.tolist():
            histories, place = np.unique(np.append(codes, code), return_inverse=True)
            more = point(histories, bincount(place, np.append(persons, 1)).astype(np.int64))
            change[code] = 0.0 if more is None else more - base
        return change

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the partition and its draws, as rows of lists: the same linkage, the same digest."""
        content = hashlib.sha256("\0".join(self.lists).encode())
        for values in (self.list_of, self.row, self.person, self.draws):
            content.update(values.astype("<i8").tobytes())
        return content.hexdigest()

    def persons_interval(self, level: float = 0.95) -> Interval:
        """Give the limits of the number of persons on the lists.

        Parameters
        ----------
        level : float, optional
            Credibility, in (0, 1).

        Returns
        -------
        Interval
            Limits in whole persons, which unpack as ``low, high``. Those who stand as two because their rows
            were never compared are taken away, as far as their number is known.

        Raises
        ------
        NotEstimableError
            If rows were never compared, chains of draws do not agree, or lists seem to write names by
            different rules: no limits can be claimed then.
        """
        if self.without_limits:
            raise self._refused()
        tail = (1 - level) / 2
        persons = self.n_persons_draws.astype(np.float64)
        if self.missed_draws is not None and len(self.missed_draws):
            rng = np.random.default_rng([self.seed, _MISSED])
            drawn = self.missed_draws[rng.integers(len(self.missed_draws), size=len(persons))]
            persons -= rng.poisson(drawn.sum(axis=1))
        low, high = quantiles(persons, np.array([tail, 1 - tail])).tolist()
        return Interval(math.floor(low), math.ceil(high), level, "posterior")

    @property
    def range(self) -> Interval | None:
        """The 95% limits of the number of persons on the lists; None where none can be claimed."""
        return None if self.without_limits else self.persons_interval()

    @property
    def verdict(self) -> Literal["range", "refuse"]:
        """A range of the number of persons where limits can be claimed."""
        return "refuse" if self.without_limits else "range"

    def plot(self, level: float = 0.95, *, lang: str = "en") -> Figure:
        """Draw the persons on the lists: the fewest of any draw, the best partition, and the limits.

        Parameters
        ----------
        level : float, optional
            Credibility of the limits, in (0, 1).
        lang : str, optional
            Language of the words and numbers, one of `detcount.words.languages`.

        Returns
        -------
        matplotlib.figure.Figure
            The figure, on a canvas of its own; ``figure.savefig("persons.png")`` writes it.

        Raises
        ------
        InputError
            If the level is not between 0 and 1, or the language is unknown.
        """
        from detcount.estimates.figures import EstimateRow, draw_rows
        from detcount.reports.printed import figure_of

        level, point = level, self.n_persons
        low = high = None
        words = Message("{point:,.0f}", point=point)
        if not self.without_limits:
            low, high = self.persons_interval(level)
            words = Message("{point:,.0f}  ({low:,.0f} – {high:,.0f})", point=point, low=low, high=high)
        fewest = int(self.n_persons_draws.min())
        if self.other_rules:
            fewest = self.least
            words = Message("{low:,.0f} – {high:,.0f}", low=fewest, high=point)
        row = EstimateRow("", fewest, low, point, high, words)
        title = Message("Persons on the lists")
        return figure_of(partial(draw_rows, rows=[row], title=title, level=level), lang)

    def record(self, *, disclosure: Disclosure | None = None) -> dict[str, Any]:
        """Give what was found as plain values that JSON can hold; no name, and no row.

        Parameters
        ----------
        disclosure : {"public", "full"}, optional
            "public" gives the way to make the numbers again, and no number of persons. By default full.

        Returns
        -------
        dict
            Numbers and texts.
        """
        shown = check_disclosure(disclosure or "full", "")
        full = {
            "linkage_sha256": self.digest,
            "rows": self.n_rows,
            "persons": self.n_persons,
            "range": self.range and list(self.range),
            "doubtful": self.n_doubtful,
            "bounded": self.bounded,
            "r_hat": self.r_hat,
            "missed": self.missed,
            "notes": self.notes,
        }
        known = {
            "disclosure": shown,
            "lists": self.lists,
            "draws": len(self.draws),
            "seed": self.seed,
            "definition": self.definition,
            **(full if shown == "full" else {}),
        }
        return plain(known) | provenance()

    def headline(self) -> Message:
        """Say how many persons the rows are, in one line."""
        lists = Message.counted("1 list", "{n} lists", n=len(self.lists))
        doubtful = Message.counted("1 doubtful pair", "{n:,} doubtful pairs", n=self.n_doubtful)
        rows, persons = self.n_rows, self.n_persons
        if self.other_rules:
            return Message(
                "{rows:,} rows on {lists} are at least {low:,} persons, at most {persons:,} if no link is "
                "wrong, without limits of 95%: names seem to be written by different rules",
                rows=rows,
                lists=lists,
                low=self.least,
                persons=persons,
            )
        if self.without_limits:
            return Message(
                "{rows:,} rows on {lists} are {persons:,} persons, without limits; {doubtful}",
                rows=rows,
                lists=lists,
                persons=persons,
                doubtful=doubtful,
            )
        low, high = map(int, self.persons_interval())
        return Message(
            "{rows:,} rows on {lists} are {persons:,} persons ({low:,} to {high:,}, 95%); {doubtful}",
            rows=rows,
            lists=lists,
            persons=persons,
            low=low,
            high=high,
            doubtful=doubtful,
        )

    def sentence(self) -> Message:
        """Say how many persons the rows are, how many links are wrong or missing, and the two-line bound."""
        rows, lists, persons = self.n_rows, self.lists, self.n_persons
        if self.other_rules:
            why = Message.together(self.without_limits, "; ")
            return Message(
                "The {rows:,} rows of {lists:,} are at most {persons:,} persons if no link is wrong, and at "
                "least {low:,}, those of the longest list, if it writes all names by one rule. No limits of "
                "95% can be given, and no number of all persons: {why}.",
                rows=rows,
                lists=lists,
                low=self.least,
                persons=persons,
                why=why,
            )
        if self.without_limits:
            why = Message.together(self.without_limits, "; ")
            parts = [
                Message(
                    "The {rows:,} rows of {lists:,} are {persons:,} persons at best. No limits can be given: "
                    "{why}.",
                    rows=rows,
                    lists=lists,
                    persons=persons,
                    why=why,
                )
            ]
        else:
            low, high = map(int, self.persons_interval())
            parts = [
                Message(
                    "The {rows:,} rows of {lists:,} are {persons:,} persons, {low:,} to {high:,} with 95% "
                    "probability.",
                    rows=rows,
                    lists=lists,
                    persons=persons,
                    low=low,
                    high=high,
                )
            ]
        if self.bounded is not None:
            rows, low, high = self.bounded
            parts.append(
                Message(
                    "How many persons are {rows:,} of these rows, which nearly say the same, could not be "
                    "drawn: they are {low:,} to {high:,}, and every number between is taken for as likely. "
                    "Take out double entries, or decide them in a review.",
                    rows=rows,
                    low=low,
                    high=high,
                )
            )
        return Message.together((*parts, self.quality.sentence(), self.bound().sentence()))

    _notebook = "headline"
    _columns = (
        Column(value="list", title=Message("List")),
        Column(value="rows", title=Message("Rows"), write=","),
        Column(value="persons", title=Message("Persons"), write=","),
    )

    @property
    def _items(self) -> list[dict[str, Any]]:
        rows = [np.flatnonzero(self.list_of == k) for k in range(len(self.lists))]
        return [
            {"list": name, "rows": len(mine), "persons": len(np.unique(self.person[mine[self.counts[mine]]]))}
            for name, mine in zip(self.lists, rows, strict=True)
        ]

    def to_frame(self) -> pd.DataFrame:
        """Give the person of each row as a pandas frame: ``list``, ``row`` and ``person``."""
        return self.clusters.copy()


def _by_probability(pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs with the likely ones first."""
    return pairs.sort_values("probability", ascending=False, kind="stable", ignore_index=True)


def _width(column: str) -> int:
    """Width of a column of a review."""
    kind = column.removesuffix("_a").removesuffix("_b")
    return {"decision": 12, "list": 16, "row": 8, "what": 40, "digest": 34, "key": 18}.get(kind, 11)
