"""Candidate pairs: rows that some rule brings together, and the share of true pairs that no rule finds."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from detcount._numerics.arrays import Floats, Ints, bincount, distinct, pairs_within
from detcount._numerics.linkage.candidates import (
    FoundPairs,
    bounded_pairs,
    masked,
    pairs_sharing,
    two_of_each,
    unseen_draws,
)
from detcount._numerics.linkage.fields import parts_of_days
from detcount._numerics.linkage.settings import TUNING
from detcount.linkage import sounds
from detcount.linkage.channel import TokenChannel
from detcount.linkage.records import MISSING_DAY, Records, stretches
from detcount.words import Message


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Candidates:
    """Pairs of rows that are compared.

    Parameters
    ----------
    first, second : ndarray of int64, shape (p,)
        The rows as positions in the records, first < second; in order.
    free, worded : ndarray of bool, shape (p,)
        Pairs that rules without words bring together, and pairs that rules with words do.
    notes : tuple of Message
        Blocks that were too large to be compared whole.
    unseen : tuple of Message
        Why so many rows were not compared that no interval of the number of persons can be claimed.
    every : bool
        True if all rows are compared with each other.
    """

    first: Ints
    second: Ints
    free: np.ndarray
    worded: np.ndarray
    notes: tuple[Message, ...] = ()
    unseen: tuple[Message, ...] = ()
    every: bool = False

    def __len__(self) -> int:
        return len(self.first)

    def taken(self, places: Ints) -> Candidates:
        """Some of the pairs."""
        columns = {name: getattr(self, name)[places] for name in ("first", "second", "free", "worded")}
        return replace(self, **columns)


def candidates(records: Records, channel: TokenChannel) -> Candidates:
    """Bring together the rows that could be one person.

    Two rows are compared if they share two words, in the likeliest true form or by their sounds; a rare word;
    a word and a day of birth or arrest, within two days or with day and month swapped; a document, but for
    one digit or two neighbours swapped; or days of birth and arrest. Up to 400 rows are all compared with
    each other.

    Parameters
    ----------
    records : Records
        Rows of all lists.
    channel : TokenChannel
        True words behind the written ones.

    Returns
    -------
    Candidates
        Pairs, and the kind of rules that gave them.

    Notes
    -----
    Blocks of more than 200 rows (25 for words with days) are compared only where their rows share something
    more: another word, the year of birth, or the week of arrest. What is still larger is left out, and noted.
    """
    worded, free, notes, unseen = _rules(records, channel)
    n = len(records)
    every = n <= TUNING.all_pairs_rows
    pairs = np.stack(np.triu_indices(n, 1), axis=1) if every else np.concatenate([worded, free])
    # rows without a name and a document are persons of their own, whatever their days
    pairs = pairs[records.linkable[pairs].all(axis=1)]
    codes = [each[:, 0] * n + each[:, 1] for each in (pairs, worded, free)]
    code = distinct(codes[0])
    return Candidates(
        first=code // max(n, 1),
        second=code % max(n, 1),
        worded=np.isin(code, codes[1]),
        free=np.isin(code, codes[2]),
        notes=notes,
        unseen=unseen,
        every=every,
    )


def _rules(
    records: Records, channel: TokenChannel
) -> tuple[Ints, Ints, tuple[Message, ...], tuple[Message, ...]]:
    """Pairs of rules with words and of the others; notes on blocks left out, and why they have no limits."""
    holder, meant = _meant(records, channel)
    heard = _sounds(records)
    finer, days = _finer(records), _days(records)
    documented = np.flatnonzero(records.document >= 0)
    place, key = masked(records.document[documented])
    two_words, left = bounded_pairs(*two_of_each(holder, meant), finer, (holder, meant), TUNING.block_rows)
    two_sounds, _ = bounded_pairs(*two_of_each(*heard), finer, (holder, meant), TUNING.block_rows)
    rare, dated = (
        pairs_within(meant, holder, TUNING.rare_word_rows),
        pairs_sharing(meant, holder, days, TUNING.dated_block_rows),
    )
    of_one_document = pairs_within(key, documented[place], TUNING.document_block_rows)
    rows, births = np.arange(len(records)), records.born[:, 0]
    (_, exact), _, *arrests = days[:4]
    beside = [(arrest, exact & known) for arrest, known in arrests]
    both_days = pairs_sharing(births, rows, beside, TUNING.dated_block_rows)
    worded = np.concatenate([two_words, two_sounds, rare, dated])
    free = np.concatenate([of_one_document, both_days])
    notes: tuple[Message, ...] = ()
    unseen: list[Message] = []
    if len(records) <= TUNING.all_pairs_rows:  # all pairs are compared
        return worded, free, notes, ()
    _, times = np.unique(records.document[documented], return_counts=True)
    n_alike = int(times[times > TUNING.document_block_rows].sum())
    if n_alike:
        unseen.append(
            Message("{n:,} rows share a document with too many others to be compared by it", n=n_alike)
        )
    if len(left):
        unseen.append(
            Message(
                "rows that share two words are too many to be compared, and share little else to tell them "
                "apart by"
            )
        )
        notes = (
            Message.counted(
                "In one group of rows that share two words, some share too little else to be told apart, and "
                "are too many to be compared pair by pair; other rules may still bring them together.",
                "In {n:,} groups of rows that share two words, some share too little else to be told apart, "
                "and are too many to be compared pair by pair; other rules may still bring them together.",
                n=len(left),
            ),
        )
    return worded, free, notes, tuple(unseen)


def _meant(records: Records, channel: TokenChannel) -> tuple[Ints, Ints]:
    """The likely true words of each record, each once."""
    from scipy.sparse import csr_array

    whole = np.array([len(word) > 1 for word in records.words], bool)
    given = channel.given.tocoo()
    keep = (given.data >= TUNING.meant_word) & whole[given.row]
    likely = csr_array((keep[keep] + 0.0, (given.row[keep], given.col[keep])), shape=given.shape)
    places = (records.word_record, records.word)
    rows = csr_array((np.ones(len(records.word)), places), shape=(len(records), len(records.words)))
    holder, meant = (rows @ likely).nonzero()
    order = np.lexsort((meant, holder))
    return holder[order].astype(np.int64), meant[order].astype(np.int64)


def _sounds(records: Records) -> tuple[Ints, Ints]:
    """The sounds of the words of each record, each once."""
    keys = [sounds.key(word) for word in records.words]
    _, sound = np.unique(np.array(keys, str), return_inverse=True)
    keep = np.array([len(key) > 1 for key in keys], np.bool_)[records.word]
    both = np.unique(np.stack([records.word_record[keep], sound[records.word[keep]]]), axis=1)
    return both[0], both[1]


def _finer(records: Records) -> list[Ints]:
    """List what rows of a large block have to share: year of birth, week of arrest, both; each two ways."""
    years, weeks = (
        [np.where(known, number + 10**6, -1) for number in numbers]
        for known, numbers in (stretches(records.born, 731, 731), stretches(records.arrested, 8, 8))
    )
    both = [np.where((year >= 0) & (week >= 0), year * 10**7 + week, -1) for year in years for week in weeks]
    return [*years, *weeks, *both]


def _days(records: Records) -> list[tuple[Ints, np.ndarray]]:
    """List what rows that share a word have to share besides, and of which rows it is known.

    It is the day of birth, with day and month in either order; the days of arrest; the years of birth, alone
    and with the weeks of arrest. Stretches begin in two ways, so that days near each other share one.
    """
    born, arrested = records.born, records.arrested
    exact = (born[:, 0] != MISSING_DAY) & (born[:, 0] == born[:, 1])
    narrow, years = stretches(born, 731, 366)
    known = (arrested[:, 0] != MISSING_DAY) & (arrested[:, 1] - arrested[:, 0] <= 4)
    weeks = [(arrested[:, 0] + shift) // 15 for shift in (0, 7)]
    return [
        (born[:, 0], exact),
        (_unordered(born[:, 0]), exact),
        *(((arrested[:, 0] + shift) // 4, known) for shift in (0, 2)),
        *((year, narrow) for year in years),
        *((year * 10**5 + week, narrow & known) for year in years for week in weeks),
    ]


def _unordered(days: Ints) -> Ints:
    """Number dates so that a date and that with day and month swapped have the same."""
    year, month, day = parts_of_days(days).astype(np.int64)
    return np.asarray(year * 10_000 + np.minimum(day, month) * 100 + np.maximum(day, month))


@dataclass(frozen=True, kw_only=True)
class Missed:
    """Share of the true pairs that no rule brings together, by capture-recapture between the rules.

    Pairs of which one row has neither a name nor a document count too: nothing could bring them together.

    Parameters
    ----------
    share : float
        Posterior mean.
    low, high : float
        Limits of the 95% interval.
    pairs : ndarray of float64, shape (n_draws, n_lists**2)
        Draws of the expected number of these pairs by their two lists, the smaller list first, without those
        of rows that have neither a name nor a document.
    """

    share: float
    low: float
    high: float
    pairs: Floats


def missed_share(records: Records, found: Candidates, one: Floats) -> Missed:
    """Estimate the share of true pairs that no rule brings together.

    Parameters
    ----------
    records : Records
        Rows of all lists.
    found : Candidates
        Pairs that some rule brings together.
    one : ndarray of float64, shape (p,)
        Probability that each is one person.

    Returns
    -------
    Missed
        The share among all pairs of rows of one person.

    Notes
    -----
    Rules with words and rules with documents err independently: misspelt names do not mistype documents. How
    often rules with words miss is seen on the pairs that share a document, for each two lists and apart for
    pairs with and without days of birth, days of arrest and places, and holds without documents too.

    On two rows of which one has no name and the other no document neither kind can speak, nor of a row that
    has none of the two. How many such pairs there are follows from the rows of each list: whether a row has
    a name, and a document, has to do with its list, and not with how many lists name the person.
    """
    first, second, free, worded = found.first, found.second, found.free, found.worded
    named = np.zeros(len(records), np.bool_)
    whole = np.array([len(word) > 1 for word in records.words], np.bool_)
    named[records.word_record[whole[records.word]]] = True
    with_document = records.document >= 0
    n_lists = len(records.lists)
    lists = np.sort(np.stack([records.list_of[first], records.list_of[second]]), axis=0)
    dated = [value[:, 0] != MISSING_DAY for value in (records.born, records.arrested)]
    place = lists[0] * n_lists + lists[1]
    classes = (*dated, records.place >= 0)  # pairs with and without each
    n_classes = 1 << len(classes)
    for known in classes:
        place = place * 2 + (known[first] & known[second])

    def tally(which: np.ndarray) -> Floats:
        counts = bincount(place[which], one[which], minlength=n_classes * n_lists * n_lists)
        return np.asarray(counts.reshape(-1, n_classes))

    names, documents = (known[first] & known[second] for known in (named, with_document))
    only_named, only_documented = names & ~documents, documents & ~names
    able, alone = names & documents, (named & ~with_document, with_document & ~named)
    none = np.zeros(len(records), np.bool_)
    if found.every:  # all rows were compared: no rule had to bring any together
        able = only_documented = worded = np.zeros(len(first), np.bool_)
        only_named, alone = ~able, (none, none)
    nothing = ~(named | with_document)
    partners = bincount(np.concatenate([first, second]), np.concatenate([one, one]), minlength=len(records))
    together = max(float(partners @ partners) / max(float(partners.sum()), 1.0), 1.0)
    seen = FoundPairs(
        both=tally(able & free & worded),
        free=tally(able & free & ~worded),
        worded=tally(able & ~free),
        names=np.stack([tally(only_named & worded), tally(only_named)]),
        documents=np.stack([tally(only_documented & free), tally(only_documented)]),
        neither=tally(~(able | only_named | only_documented)).sum(axis=1),
        unable=_unable(records, nothing, *alone),
        together=together,
        apart=_unable(records, none, *alone),
    )
    draws = unseen_draws(seen, np.random.default_rng(0), TUNING.missed_draws)
    low, high = np.quantile(draws.share, [0.025, 0.975]).tolist()
    return Missed(
        share=float(draws.share.mean()),
        low=low,
        high=high,
        pairs=draws.pairs,
    )


def _unable(records: Records, nothing: np.ndarray, one: np.ndarray, other: np.ndarray) -> Floats:
    """Probability that one of two rows of two lists has nothing, or one a name and the other a document."""
    n_lists = len(records.lists)
    sizes = np.maximum(bincount(records.list_of, minlength=n_lists), 1)
    shares = [bincount(records.list_of[kind], minlength=n_lists) / sizes for kind in (nothing, one, other)]
    alone = np.outer(shares[1], shares[2])
    unable = 1.0 - np.outer(1.0 - shares[0], 1.0 - shares[0]) + alone + alone.T
    return np.asarray(unable.reshape(-1))
