"""The likelihood of rows that are one person: names, documents, days, places and sex together.

The rates of errors stand beside the fields, as each field is prepared at those it is interpolated between.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, reduce
from itertools import pairwise
from types import MappingProxyType

import numpy as np

from detcount._numerics.arrays import Floats, Ints, bincount, reduceat, repeat, runs
from detcount._numerics.linkage.fields import (
    MISSING_DAY,
    Background,
    CodeField,
    ConditionalField,
    DayField,
    Field,
    log_ratio,
)
from detcount._numerics.linkage.settings import PRIORS, TUNING
from detcount._numerics.linkage.words import Spelling, spelling, word_log_ratio
from detcount.linkage.channel import TokenChannel
from detcount.linkage.records import Records
from detcount.linkage.word_errors import same_document, sex_by_given_name, slips_of
from detcount.reading.cells import PASSPORT

WORDS = ("given names", "surnames")
"""Words of names: a miss is another word, whatever it is; a slip is the second name alone. Misspellings are
those of the token channel."""
RATE_PRIORS: Mapping[str, tuple[float, ...]] = MappingProxyType(dict(PRIORS.field_errors))
"""Dirichlet prior of what a row does with a true value: write another, slip, write it. A field whose slips
count 0 has none. Of days of arrest the third is the share of people who were arrested twice."""

EXPECTED_RATES: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {field: tuple(part / sum(shape) for part in shape[:-1]) for field, shape in RATE_PRIORS.items()}
)
"""Their means before anything is learned."""

_GIVEN, _SURNAME = 0, 1
_BASE = np.iinfo(np.int32).max  # above the number of any word
_MIDDLE = 1


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class PeopleLikelihood:
    """Fields of all rows, prepared so that many clusters can be weighed at once. It shows nothing of itself.

    Parameters
    ----------
    split_start : ndarray of int64, shape (n + 1,)
        Where the ways to split the name of each row begin.
    split_words : ndarray of int64, shape (n_splits, 2, 2)
        First two words of the given names and of the surnames; -1 for none.
    split_probability : ndarray of float64, shape (n_splits,)
        Of each way, given the words.
    spelled : tuple of tuple of Spelling
        Spelling of given names and surnames, for each of the rates of misses.
    of : dict of str to Field
        Fields that more than one row writes.
    """

    split_start: Ints
    split_words: Ints
    split_probability: Floats
    spelled: tuple[tuple[Spelling, ...], tuple[Spelling, ...]]
    of: dict[str, Field]
    _alone: dict[str, Floats] = dataclasses.field(default_factory=dict, init=False, compare=False)

    def contents(self) -> Ints:
        """Number the names of rows; -1 where there is none."""
        known: dict[Hashable, int] = {}
        found = np.full(len(self.split_start) - 1, -1)
        for row, (low, high) in enumerate(pairwise(self.split_start.tolist())):
            words = self.split_words[low:high]
            if (words >= 0).any():
                key = words.tobytes(), self.split_probability[low:high].tobytes()
                found[row] = known.setdefault(key, len(known))
        return found

    def columns(self, field: str, members: Ints) -> Floats:
        """Log ratios of a field of clusters of equal size over those of their rows, to be summed at rates.

        They are nearly straight lines of the logarithms of odds, but for that of writing a true value.
        """
        grid, what = _grid(field), self.of[field]
        if field not in self._alone:
            _, rows, like = np.unique(what.contents(), return_index=True, return_inverse=True)
            cells = map(
                what.cells,
                np.split(rows[:, None], range(TUNING.weighed_rows, len(rows), TUNING.weighed_rows)),
            )
            parts = [np.squeeze(log_ratio(part, *grid[:2]), axis=1) for part in cells]
            each = np.concatenate(parts, axis=1).T * what.written(rows[:, None])
            self._alone[field] = repeat(each, grid[2].size, axis=1)[like]
        n_written = what.written(members).sum(axis=1)
        exact = np.stack([n_written, 2.0 - 2.0 ** (2.0 - n_written)], axis=1)
        value = log_ratio(what.cells(members), *grid).reshape(-1, len(members)).T
        value = value - self._alone[field][members].sum(axis=1)
        return np.concatenate([value - exact @ _exact(*grid), exact], axis=1)

    def names(self, members: Ints, rough: bool = False) -> Floats:
        """Log ratio of given names and surnames of clusters of equal size; shape (n_clusters, 2, n_rates).

        With `rough` there is one rate, in the middle of the others.

        Where a name can be split in several ways, the sum is over all of them, and what is said of surnames
        is that of the likeliest.
        """
        ways = np.diff(self.split_start)[members]
        several = ways.prod(axis=1) > 1
        answer = np.zeros(
            (len(members), 2, 1 if rough else len(TUNING.word_misses) * len(TUNING.word_seconds))
        )
        plain = np.flatnonzero(~several)
        answer[plain] = self._words(self.split_start[members[plain]], rough)
        unsure = np.flatnonzero(several)
        if len(unsure):
            answer[unsure] = self._split_names(members[unsure], ways[unsure], rough)
        return answer

    def _words(self, split: Ints, rough: bool) -> Floats:
        """Log ratios of words, given the split of each name; rows that write the same are weighed once."""
        parts = []
        for role in (_GIVEN, _SURNAME):
            both = np.sort((self.split_words[split, role] + 1) @ np.array([_BASE, 1]), axis=1)
            known, place = np.unique(both, axis=0, return_inverse=True)
            words = np.stack(np.divmod(known, _BASE), axis=2) - 1
            rates = [_MIDDLE] if rough else range(len(TUNING.word_misses))
            seconds = TUNING.word_seconds[_MIDDLE : _MIDDLE + 1] if rough else TUNING.word_seconds
            found = [word_log_ratio(words, self.spelled[role][rate], seconds) for rate in rates]
            parts.append(np.concatenate(found, axis=1)[place.reshape(-1)])
        return np.stack(parts, axis=1)

    def _split_names(self, members: Ints, ways: Ints, rough: bool) -> Floats:
        """Log ratios of names of clusters in which some name can be split in several ways."""
        ways = ways.copy()
        most = (
            TUNING.split_combinations
            if members.shape[1] <= TUNING.expensive_rows
            else TUNING.expensive_splits
        )
        while True:  # a cluster with too many combinations takes the likeliest split of its last rows
            over = ways.prod(axis=1) > most
            if not over.any():
                break
            last = ways.shape[1] - 1 - np.argmax(ways[over][:, ::-1] > 1, axis=1)
            ways[np.flatnonzero(over), last] = 1
        total = ways.prod(axis=1)
        cluster = repeat(np.arange(len(members)), total)
        number = runs(np.zeros_like(total), total)
        split = np.empty((len(cluster), members.shape[1]), dtype=np.int64)
        for place in range(members.shape[1]):
            here = ways[cluster, place]
            split[:, place] = self.split_start[members[cluster, place]] + number % here
            number //= here
        value = self._words(split, rough)
        joint = value.sum(axis=1) + np.log(self.split_probability[split]).sum(axis=1)[:, None]
        start = np.cumsum(total) - total
        top = reduceat(np.maximum, joint, start)
        whole = top + np.log(reduceat(np.add, np.exp(joint - top[cluster]), start))
        row = np.arange(len(joint))[:, None]
        best = reduceat(np.minimum, np.where(joint >= top[cluster], row, len(joint)), start)
        surnames = np.take_along_axis(value[:, _SURNAME], best, axis=0)
        return np.stack([whole - surnames, surnames], axis=1)


def _nodes(field: str) -> tuple[tuple[float, ...], ...]:
    """Rates of words, or odds of errors, for which a field is weighed, each with each."""
    if field in WORDS:
        return TUNING.word_misses, TUNING.word_seconds
    shape = RATE_PRIORS[field]
    return (
        TUNING.error_odds,
        *((TUNING.slip_ratios,) if shape[1] else ()),
        *((TUNING.second_arrests,) if len(shape) > 3 else ()),
    )


@cache
def _grid(field: str) -> tuple[Floats, Floats, Floats]:
    """Rates of misses and slips, and shares of those arrested twice, for which a field is weighed."""
    nodes = _nodes(field)
    odds, slips = np.meshgrid(nodes[0], nodes[1] if RATE_PRIORS[field][1] else 0.0, indexing="ij")
    miss = (odds / (1.0 + odds) / (1.0 + slips)).reshape(-1, 1)
    return miss, slips.reshape(-1, 1) * miss, np.array(nodes[2:] or [[0.0]])


def _exact(miss: Floats | float, slip: Floats | float, again: Floats | float = 0.0) -> Floats:
    """Terms that are not interpolated: the log of writing a true value, and of one arrest of two rows."""
    one, two = np.broadcast_arrays(np.log1p(-np.add(miss, slip)), np.log1p(-0.5 * np.asarray(again)))
    return np.stack([one.ravel(), two.ravel()])


@lru_cache(maxsize=64)
def between_rates(field: str, rates: tuple[float, ...]) -> Floats:
    """Weigh each column of a field at some rates, by interpolation between the nodes."""
    wanted = [*rates]
    if field not in WORDS:
        miss, slip, *again = rates
        slips = [slip / miss] if RATE_PRIORS[field][1] else []
        wanted = [(miss + slip) / (1.0 - miss - slip), *slips, *again]
    parts = []
    for rate, known in zip(wanted, _nodes(field), strict=True):
        place = np.interp(np.log(rate), np.log(known), np.arange(len(known)))
        parts.append(np.maximum(1.0 - np.abs(np.arange(len(known)) - place), 0.0))
    mixed = reduce(np.multiply.outer, parts).ravel()
    return mixed if field in WORDS else np.append(mixed, _exact(*rates).ravel())


def people_likelihood(
    records: Records, channel: TokenChannel, shared: np.ndarray | None = None
) -> PeopleLikelihood:
    """Prepare the likelihood of rows as people.

    Parameters
    ----------
    records : Records
        Rows of all lists.
    channel : TokenChannel
        True words and their spellings.
    shared : ndarray of bool, optional
        Rows with a document that somebody else has too. Such a document is taken to be as frequent as it is
        among all documents that are written.
    """
    n = len(records)
    of: dict[str, Field] = {}
    one, two = same_document(records, shared)
    passport = records.document_kind == PASSPORT
    for field, mine in (("document", ~passport), ("passport", passport)):
        numbers = np.where(mine, records.document, -1)
        if (numbers >= 0).sum() > 1:
            frequency = np.full(n, 1.0 / PRIORS.documents)
            if shared is not None and shared.any():
                _, which, times = np.unique(numbers, return_inverse=True, return_counts=True)
                common = np.isin(numbers, numbers[shared]) & (numbers >= 0)
                frequency[common] = times[which][common] / (numbers >= 0).sum()
            of[field] = CodeField(numbers, frequency, numbers=True)
    for field, days, around in (
        ("born", records.born, PRIORS.birth_smoothing),
        ("arrested", records.arrested, 0),
    ):
        known = days[:, 0] != MISSING_DAY
        if known.sum() > 1:
            of[field] = DayField(days, Background(days[known], around), slips_of(field, days, one, two))
    places = records.place
    if (places >= 0).sum() > 1:
        counts = bincount(places[places >= 0], minlength=int(places.max()) + 1)
        share = (counts + 0.5) / (counts + 0.5).sum()
        of["place"] = CodeField(places, np.where(places >= 0, share[places], 1.0))
    if (records.sex >= 0).sum() > 1:
        of["sex"] = ConditionalField(records.sex, *sex_by_given_name(records, channel.given, one, two))
    start, words, probability = _splits(records)
    return PeopleLikelihood(
        split_start=start,
        split_words=words,
        split_probability=probability,
        spelled=(_spelled(channel, _GIVEN), _spelled(channel, _SURNAME)),
        of=of,
    )


def _spelled(channel: TokenChannel, role: int) -> tuple[Spelling, ...]:
    """Prepare the spelling of a role at each of the rates of misses."""
    usual = channel.rates["rest"]
    rest = repeat(channel.rest, np.diff(channel.matrix.indptr))
    found = []
    for miss in TUNING.word_misses:
        matrix = channel.matrix.copy()
        matrix.data = (matrix.data - rest) * (1.0 - miss) / (1.0 - usual) + rest * miss / usual
        found.append(spelling(matrix, channel.rest * miss / usual, channel.frequency[role]))
    return tuple(found)


def _splits(records: Records) -> tuple[Ints, Ints, Floats]:
    """Ways to split each name into given names and surnames, with their probabilities."""
    start, words, probability = [0], [], []
    for written, given in zip(*map(records.by_row, (records.word, records.word_given)), strict=True):
        for share, one, two in _ways(written, given):
            words.append(((*one, -1, -1)[:2], (*two, -1, -1)[:2]))
            probability.append(share)
        start.append(len(words))
    return np.array(start), np.array(words, dtype=np.int64).reshape(-1, 2, 2), np.array(probability)


_Ways = list[tuple[float, tuple[int, ...], tuple[int, ...]]]


def _ways(written: list[int], given: list[float]) -> _Ways:
    """Splits of one name: each word by its own probability, or a run of given names and one of surnames."""
    roles = {tuple(p > 0.5 for p in given)}
    if any(TUNING.split_least < p < 1 - TUNING.split_least for p in given):
        for cut in range(len(written) + 1):
            roles.add((True,) * cut + (False,) * (len(written) - cut))
            roles.add((False,) * cut + (True,) * (len(written) - cut))
    found: _Ways = []
    for role in sorted(roles):
        share = 1.0
        for is_given, p in zip(role, given, strict=True):
            share *= min(max(p if is_given else 1.0 - p, 1e-6), 1.0 - 1e-6)
        one = tuple(word for word, is_given in zip(written, role, strict=True) if is_given)
        two = tuple(word for word, is_given in zip(written, role, strict=True) if not is_given)
        for first, weight in _two_of(one):
            found.extend((share * weight * other, first, last) for last, other in _two_of(two))
    found.sort(key=lambda way: (-way[0], way[1], way[2]))
    found = [way for way in found[: TUNING.splits] if way[0] >= TUNING.split_least * found[0][0]]
    total = sum(way[0] for way in found)
    return [(way[0] / total, way[1], way[2]) for way in found]


def _two_of(words: tuple[int, ...]) -> list[tuple[tuple[int, ...], float]]:
    """Two words that stand for three or more: the first two, or the first and the third."""
    if len(words) <= 2:
        return [(words, 1.0)]
    return [*zip((words[:2], (words[0], words[2])), PRIORS.two_of_three, strict=True)]
