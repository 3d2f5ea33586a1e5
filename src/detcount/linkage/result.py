"""Which rows of lists of names are one person, and how sure that is: numbers only, no names.

It is one class, most of it its documentation; what it answers is computed by the modules below it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from numpy.typing import NDArray

from detcount import arguments
from detcount._numerics.arrays import Floats, Ints, frozen
from detcount._numerics.intervals import quantiles
from detcount._numerics.linkage.agreement import codes_of, connected, counted, pairs_within
from detcount._numerics.linkage.bridges import merged_at_random
from detcount._numerics.patterns import unpack
from detcount._numerics.stock.spells import NEVER
from detcount.captures import CaptureTable
from detcount.definition import Definition
from detcount.errors import InputError, NotEstimableError
from detcount.linkage.audited import Audited, belonging
from detcount.linkage.bounds import LinkageBound, default_estimator, estimated
from detcount.linkage.decisions import check_review, gradient_of, worth_of_pairs, write_review
from detcount.linkage.quality import LinkageQuality, expected_quality, measured_quality
from detcount.linkage.spells import persons_of
from detcount.persons import PersonLists
from detcount.printing import Columns, Summary
from detcount.shown import Shown
from detcount.words import Message, Number

if TYPE_CHECKING:
    import pandas as pd

DOUBTFUL = (0.05, 0.95)
"""Probabilities between which a pair is doubtful."""
_UNSEEN = 1  # source of randomness of persons put together: the choice of draws does not depend on it
_NOT_IN_THE_TABLE = Message(
    "persons are rows of lists of names that were linked; this table does not hold how sure the links are"
)
_SETTLE = Message(
    "Take out double entries, decide pairs in a review, or name columns that tell persons apart"
)
_ONE_DRAW = Message("one draw of who is who on lists of names; pool the estimates of many")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Linkage(Shown):
    """Which rows of some lists of names are one person, and how sure that is.

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
        What tells the key of the digests from others; empty for a key that nobody keeps.
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
        What a reader must know besides.
    definition : Definition, optional
        Who is counted.
    bounded : tuple of int, optional
        Rows that nearly say the same and could not be drawn, and the fewest and the most persons that they
        may be. Draws are spread evenly over these numbers.
    unsettled : tuple of Message, optional
        Why no interval of the number of persons can be claimed; empty where there is one.
    unmade_kinds : ndarray of int64, shape (n_kinds, 2), optional
        Persons of whom two rows were never compared stand as two: the lists of the two, bit k for list k.
    unmade : ndarray of float64, shape (n_draws, n_kinds), optional
        Draws of how many persons of each kind are expected.

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
    draws: NDArray[np.int32]
    pair_first: Ints
    pair_second: Ints
    pair_probability: Floats
    pair_evidence: Mapping[str, Floats]
    doubtful_relatives: Ints
    referred: NDArray[np.bool_]
    linkable: NDArray[np.bool_]
    digests: NDArray[np.bytes_]
    key: str
    missed: float
    r_hat: float
    seed: int
    counts: NDArray[np.bool_]
    wrong: tuple[Audited, ...] = ()
    spells: Mapping[str, Sequence[Any]] | None = field(default=None)
    notes: tuple[str, ...] = ()
    definition: Definition | None = None
    bounded: tuple[int, int, int] | None = None
    unsettled: tuple[Message, ...] = ()
    unmade_kinds: Ints | None = None
    unmade: Floats | None = None

    def __post_init__(self) -> None:
        for name in ("list_of", "row", "person", "pair_first", "pair_second", "doubtful_relatives"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.int64))
        object.__setattr__(self, "draws", frozen(self.draws, np.int32))
        object.__setattr__(self, "pair_probability", frozen(self.pair_probability, np.float64))
        for name in ("referred", "linkable", "counts"):
            object.__setattr__(self, name, frozen(getattr(self, name), np.bool_))
        if self.unmade_kinds is not None:
            object.__setattr__(self, "unmade_kinds", frozen(self.unmade_kinds, np.int64))
        if self.unmade is not None:
            object.__setattr__(self, "unmade", frozen(self.unmade, np.float64))

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

    @property
    def n_unlinkable(self) -> int:
        """Rows without a name and without a document."""
        return int((~self.linkable).sum())

    @cached_property
    def _doubtful(self) -> NDArray[np.bool_]:
        """Pairs that are doubtful."""
        low, high = DOUBTFUL
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
        import pandas as pd

        names = np.array(self.lists, dtype=object)
        a, b = self.pair_first, self.pair_second
        found = {
            "list_a": names[self.list_of[a]],
            "row_a": self.row[a],
            "list_b": names[self.list_of[b]],
            "row_b": self.row[b],
            "probability": self.pair_probability,
            **self.pair_evidence,
        }
        return pd.DataFrame(found).sort_values(
            "probability", ascending=False, kind="stable", ignore_index=True
        )

    @cached_property
    def doubtful(self) -> pd.DataFrame:
        """Doubtful pairs, and among them those who may be relatives arrested together.

        Columns ``list_a``, ``row_a``, ``list_b``, ``row_b``, ``probability`` and ``relatives``.
        """
        import pandas as pd

        relatives = {tuple(pair) for pair in np.sort(self.doubtful_relatives, axis=1).tolist()}
        keys = zip(self.pair_first.tolist(), self.pair_second.tolist(), strict=True)
        maybe = np.array([(min(pair), max(pair)) in relatives for pair in keys], dtype=bool)
        shown = self._doubtful | maybe
        names = np.array(self.lists, dtype=object)
        a, b = self.pair_first[shown], self.pair_second[shown]
        found = {
            "list_a": names[self.list_of[a]],
            "row_a": self.row[a],
            "list_b": names[self.list_of[b]],
            "row_b": self.row[b],
            "probability": self.pair_probability[shown],
            "relatives": maybe[shown],
        }
        return pd.DataFrame(found).sort_values(
            "probability", ascending=False, kind="stable", ignore_index=True
        )

    @cached_property
    def quality(self) -> LinkageQuality:
        """Precision, recall and F1 of the links that the posterior expects."""
        return expected_quality(
            self.person, self.draws.astype(np.int64), self.missed, pairs_within(self.person)
        )

    def measure(
        self, labels: Any, *, sampled: Literal["persons", "rows"] = "persons", level: float = 0.95
    ) -> LinkageQuality:
        """Measure precision, recall and F1 with the rows of a random sample of persons.

        A sample of pairs would not do: nearly all pairs are two persons, and those that were never compared
        would never be drawn. So persons are drawn, and all their rows are found in all lists.

        Parameters
        ----------
        labels : pandas, polars or pyarrow frame, or mapping of str to array
            Columns ``list``, ``row`` and ``person``: every row of each person of the sample.
        sampled : {"persons", "rows"}, optional
            Whether each person had the same chance to be drawn, or each row, which finds persons with many
            rows more often.
        level : float, optional
            Level of the limits, in (0, 1).

        Returns
        -------
        LinkageQuality
            Measured shares with their limits.

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
        found = pairs_within(self.person)
        return measured_quality(
            self.person, self.lists, self.list_of, self.row, labels, sampled, level, found
        )

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
        codes, persons = counted(codes_of(self.person, self.list_of, counts))
        return self._table(codes, persons, _NOT_IN_THE_TABLE)

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

        Notes
        -----
        Rows of one person that were never compared stand as two persons in every draw. How many pairs were
        missed is known from rules that err independently (`missed`). Each missed pair is taken to be like a
        random one of the pairs found between the same two lists: if others hold that person together, nothing
        is missing; else two random persons with the lists of its two parts are put together in the table.
        Their number is a Poisson draw. Nothing is put together where the share missed is not known to ten
        points, and a note says so.
        """
        n_draws = arguments.whole_number(
            "n_draws",
            n_draws,
            least=1,
            most=len(self.draws),
            remedy=Message("link(..., n_draws=) makes more"),
        )
        seed = arguments.seed(seed)
        rng = np.random.default_rng(seed)
        chosen = np.sort(rng.choice(len(self.draws), n_draws, replace=False))
        unseen = np.random.default_rng([seed, _UNSEEN])
        made = []
        for draw in self.draws[chosen]:
            labels = self._with_unmade(draw.astype(np.int64), unseen)
            counts, _ = self._belonging(labels, rng, drawn=True)
            codes, persons = counted(codes_of(labels, self.list_of, counts))
            made.append(self._table(codes, persons, _ONE_DRAW))
        return made

    def _with_unmade(self, labels: Ints, rng: np.random.Generator) -> Ints:
        """Put as many persons together as are expected to stand as two."""
        if self.unmade is None or self.unmade_kinds is None or not len(self.unmade_kinds):
            return labels
        number = rng.poisson(self.unmade[int(rng.integers(len(self.unmade)))])
        return merged_at_random(labels, self.list_of, self.unmade_kinds, number, rng)

    def _belonging(
        self, labels: Ints, rng: np.random.Generator, *, drawn: bool
    ) -> tuple[NDArray[np.bool_], int]:
        """Rows that count once audits took their persons away, and how many persons these are."""
        if not self.wrong:
            return self.counts, 0
        known = None if all(kind.left is None for kind in self.wrong) else self.known_left()
        return belonging(self.wrong, self.lists, labels, self.list_of, self.counts, known, rng, drawn=drawn)

    def known_left(self) -> NDArray[np.bool_]:
        """Say of each row whether it has an exit, on a known day or not.

        Returns
        -------
        ndarray of bool, shape (n_rows,)
            False for rows without any day.

        Raises
        ------
        InputError
            If no list has a day of the arrest.
        """
        rows = np.arange(self.n_rows)
        alone = persons_of(
            self.spells, self.lists, self.list_of, rows, self.counts, definition=self.definition
        )
        left = np.zeros(self.n_rows, dtype=bool)
        left[alone.row[alone.left_last < NEVER]] = True
        return left

    def _table(self, codes: Ints, persons: Ints, note: str) -> CaptureTable:
        """A capture table from codes of histories."""
        histories = unpack(codes.astype(np.uint64), len(self.lists))
        return CaptureTable(self.lists, histories, persons, notes=(note,), definition=self.definition)

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
        """
        if draws is None:
            return self._people(self.person, np.random.default_rng(arguments.seed(seed)), drawn=False)
        n_draws = arguments.whole_number(
            "draws", draws, least=1, most=len(self.draws), remedy=Message("link(..., n_draws=) makes more")
        )
        rng = np.random.default_rng(arguments.seed(seed))
        chosen = np.sort(rng.choice(len(self.draws), n_draws, replace=False))
        return [
            self._people(self._with_unmade(draw.astype(np.int64), rng), rng, drawn=True)
            for draw in self.draws[chosen]
        ]

    def _people(self, person: Ints, rng: np.random.Generator, *, drawn: bool) -> PersonLists:
        """Who is on which list by one partition, without whom audits take away."""
        counts, n_gone = self._belonging(person, rng, drawn=drawn)
        people = persons_of(self.spells, self.lists, self.list_of, person, counts, definition=self.definition)
        open_ones = [kind.lists for kind in self.wrong if len(kind.lists) == 1 and kind.left is not True]
        forwarded = {self.lists[k] for k in self.list_of[self.referred & counts].tolist()}
        people = replace(
            people,
            audited=tuple(name for (name,) in sorted(open_ones)),
            forwarded=tuple(name for name in self.lists if name in forwarded),
        )
        if not n_gone:
            return people
        note = Message.counted(
            "1 person who does not belong, by an audit, is left out, chosen at random among those like the "
            "sample.",
            "{n:,} persons who do not belong, by an audit, are left out, chosen at random among those like "
            "the sample.",
            n=n_gone,
        )
        return replace(people, notes=(*people.notes, note))

    def bound(self, estimator: Any = None) -> LinkageBound:
        """Give abundance if every doubtful pair is one person, and if none is.

        Parameters
        ----------
        estimator : Estimator, optional
            Any estimator; `Chapman` for two lists and `LogLinear` without interactions for more, which take
            lists for independent.

        Returns
        -------
        LinkageBound
            The two estimates, persons.
        """
        low, high = DOUBTFUL
        chosen = default_estimator(len(self.lists)) if estimator is None else estimator
        found, persons = [], []
        for least in (low, np.nextafter(high, 1)):
            kept = self.pair_probability >= least
            labels = connected(self.n_rows, self.pair_first[kept], self.pair_second[kept])
            codes, counts = counted(codes_of(labels, self.list_of, self.counts))
            persons.append(int(counts.sum()))
            table = None if len(self.lists) < 2 else self._table(codes, counts, _NOT_IN_THE_TABLE)
            found.append(estimated(chosen, table))
        return LinkageBound(
            n_pairs=self.n_doubtful,
            all_match=found[0],
            none_match=found[1],
            n_persons=(persons[0], persons[1]),
            doubtful=DOUBTFUL,
        )

    def review(
        self,
        path: str | PathLike[str],
        *,
        most: int = 100,
        estimator: Any = None,
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
        estimator : Estimator, optional
            What the value of an answer is reckoned by; without it the estimator of `bound`.
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
        open_pairs = np.flatnonzero((self.pair_probability > 0.001) & (self.pair_probability < 0.999))
        first, second = self.pair_first[open_pairs], self.pair_second[open_pairs]
        probability = self.pair_probability[open_pairs]
        chosen = default_estimator(len(self.lists)) if estimator is None else estimator
        worth = worth_of_pairs(
            self.draws.astype(np.int64),
            self.list_of,
            self.counts,
            first,
            second,
            probability,
            self._gradient(chosen),
        )
        order = np.lexsort((second, first, -worth.value))[:most]
        kept = open_pairs[order]
        a, b = self.pair_first[kept], self.pair_second[kept]
        where = np.column_stack([self.list_of[a], self.row[a], self.list_of[b], self.row[b]])
        write_review(
            Path(path),
            self.lists,
            tuple(map(tuple, where.tolist())),
            self.pair_probability[kept],
            replace(worth, effect=worth.effect[order], value=worth.value[order]),
            {name: values[kept] for name, values in self.pair_evidence.items()},
            tuple((self.digests[i].decode(), self.digests[j].decode()) for i, j in zip(a, b, strict=True)),
            self.key,
            None if names is None else self._written(names, a, b),
        )
        return len(kept)

    def _written(self, names: Any, a: Ints, b: Ints) -> tuple[tuple[str, str], ...]:
        """Names and documents of the rows of pairs, for the one file that is to hold them."""
        if tuple(getattr(names, "lists", ())) != self.lists:
            raise InputError(Message("review: names: expected the lists that were linked, got others"))

        def told(k: int) -> str:
            parsed, at = names.parsed[self.lists[self.list_of[k]]], int(self.row[k]) - 1
            document = parsed.document[at][0]
            words = [str(word) for word in parsed.names[at].words]
            return " ".join([*words, *([str(document)] if document >= 0 else [])])

        return tuple((told(i), told(j)) for i, j in zip(a.tolist(), b.tolist(), strict=True))

    def _gradient(self, estimator: Any) -> dict[int, float]:
        """What one person more with each history does to the estimate."""
        codes, persons = counted(codes_of(self.person, self.list_of, self.counts))
        wanted = np.arange(1, 1 << len(self.lists)) if len(self.lists) <= 6 else codes

        def estimate(histories: Ints, numbers: Ints) -> float | None:
            if len(self.lists) < 2:
                return None
            found = estimated(estimator, self._table(histories, numbers, _NOT_IN_THE_TABLE))
            return None if found is None else found.point

        return gradient_of(codes, persons, wanted, estimate)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the partition and its draws, as rows of lists: the same linkage, the same digest."""
        content = hashlib.sha256("\0".join(self.lists).encode())
        for values in (self.list_of, self.row, self.person, self.draws):
            content.update(values.astype("<i8").tobytes())
        return content.hexdigest()

    def persons_interval(self, level: float = 0.95) -> tuple[int, int]:
        """Give the limits of the number of persons on the lists.

        Parameters
        ----------
        level : float, optional
            Credibility, in (0, 1).

        Returns
        -------
        tuple of int
            Lower and upper limit, persons. Those who stand as two because their rows were never compared are
            taken away, as far as their number is known.

        Raises
        ------
        NotEstimableError
            If rows were never compared, or chains of draws do not agree: no limits can be claimed then.
        """
        if self.unsettled:
            raise NotEstimableError("Linkage", self.why_unsettled(), _SETTLE)
        tail = (1 - arguments.level(level)) / 2
        persons = self.n_persons_draws.astype(np.float64)
        if self.unmade is not None and len(self.unmade):
            rng = np.random.default_rng([self.seed, _UNSEEN])
            drawn = self.unmade[rng.integers(len(self.unmade), size=len(persons))]
            persons -= rng.poisson(drawn.sum(axis=1))
        low, high = quantiles(persons, np.array([tail, 1 - tail])).tolist()
        return int(np.floor(low)), int(np.ceil(high))

    def why_unsettled(self) -> Message:
        """Say why no limits of the number of persons can be given; nothing where they can."""
        return Message.together(self.unsettled, "; ")

    def headline(self) -> Message:
        """Say how many persons the rows are, in one line."""
        words = {
            "rows": self.n_rows,
            "lists": Message.counted("1 list", "{n} lists", n=len(self.lists)),
            "persons": self.n_persons,
            "doubtful": Message.counted("1 doubtful pair", "{n:,} doubtful pairs", n=self.n_doubtful),
        }
        if self.unsettled:
            return Message(
                "{rows:,} rows on {lists} are {persons:,} persons, without limits; {doubtful}", **words
            )
        low, high = self.persons_interval()
        return Message(
            "{rows:,} rows on {lists} are {persons:,} persons ({low:,} to {high:,}, 95%); {doubtful}",
            low=low,
            high=high,
            **words,
        )

    def sentence(self) -> Message:
        """Say how many persons the rows are, how many links are wrong or missing, and the two-line bound."""
        words = {"rows": self.n_rows, "lists": self.lists, "persons": self.n_persons}
        if self.unsettled:
            people = Message(
                "The {rows:,} rows of {lists:,} are {persons:,} persons at best. No limits can be given: "
                "{why}.",
                why=self.why_unsettled(),
                **words,
            )
        else:
            low, high = self.persons_interval()
            people = Message(
                "The {rows:,} rows of {lists:,} are {persons:,} persons, {low:,} to {high:,} with 95% "
                "probability.",
                low=low,
                high=high,
                **words,
            )
        parts = (people, *self._bounded(), self.quality.sentence(), self.bound().sentence())
        return Message.together(parts)

    def _bounded(self) -> tuple[Message, ...]:
        """Say which rows have bounds, and no interval."""
        if self.bounded is None:
            return ()
        rows, low, high = self.bounded
        return (
            Message(
                "How many persons are {rows:,} of these rows, which nearly say the same, could not be "
                "drawn: they are {low:,} to {high:,}, and every number between is taken for as likely. Take "
                "out double entries, or decide them in a review.",
                rows=rows,
                low=low,
                high=high,
            ),
        )

    def summary(self) -> Summary:
        """Give the whole: rows and persons by list, expected errors, the two-line bound, and the notes."""
        rows = []
        for k, name in enumerate(self.lists):
            mine = self.list_of == k
            persons = len(np.unique(self.person[mine & self.counts]))
            rows.append((name, Number(int(mine.sum()), ","), Number(persons, ",")))
        columns = Columns((Message("List"), Message("Rows"), Message("Persons")), tuple(rows))
        return Summary(self.headline(), self.sentence(), columns, notes=self.notes)

    def _in_notebook(self) -> Summary:
        """The headline, which counts all persons together."""
        return Summary(self.headline())

    def to_frame(self) -> pd.DataFrame:
        """Give the person of each row as a pandas frame: ``list``, ``row`` and ``person``."""
        return self.clusters.copy()

    def __repr__(self) -> str:
        return f"<Linkage: {self.headline()}>"
