"""Attach rows of lists of released people to the persons of registers, draw by draw.

Symbols are those of docs/model.md, chapter Lists of released people. The links of registers are not moved:
each draw of them is given, and a Gibbs sampler draws who of them each row is, or which other row's person.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, combinations

import numpy as np

from detcount._numerics.arrays import Ints
from detcount._numerics.linkage.agreement import connected, numbered
from detcount._numerics.linkage.partitions import draw_copies, draw_patterns, pattern_shapes
from detcount._numerics.linkage.settings import PRIORS, TUNING
from detcount.linkage.cluster_weights import ClusterWeights
from detcount.linkage.groups import prepared
from detcount.linkage.partitions import disagree, offset_at
from detcount.linkage.prefilter import LearnedPairs
from detcount.linkage.records import Records

_NOBODY = -1  # no person of a register
_Links = dict[int, int]  # rows that copy others, and which


@dataclass(frozen=True, eq=False, kw_only=True)
class Attached:
    """Persons of rows of lists of released people.

    Parameters
    ----------
    person : ndarray of int32, shape (n_draws, n)
        Person of each in each draw.
    best : ndarray of int64, shape (n,)
        Person of each in the point partition.
    agree : bool
        True if both chains agree on how many are on a register.
    """

    person: np.ndarray
    best: Ints
    agree: bool


class _Evidence:
    """Log likelihood ratios of rows as one person, each computed once; `clusters` are those of registers."""

    def __init__(self, weights: ClusterWeights, relatives: float, clusters: list[tuple[int, ...]]) -> None:
        self._weights, self._relatives, self._clusters = weights, relatives, [*clusters, ()]
        self._known: dict[tuple[int, tuple[int, ...]], float] = {}

    def prepare(self, asked: Iterable[tuple[int, tuple[int, ...]]]) -> None:
        """Weigh many at once: a cluster of a register, or nobody's, with rows of released people."""
        new = [key for key in dict.fromkeys(asked) if key not in self._known]
        alone = [key for key in new if len(self._clusters[key[0]]) + len(key[1]) < 2]
        self._known.update(dict.fromkeys(alone, 0.0))
        new = [key for key in new if key not in self._known]
        rows = [(*self._clusters[cluster], *members) for cluster, members in new]
        if rows:
            sizes = np.array([*map(len, rows)], dtype=np.int64)
            ids = self._weights.lookup(np.array([*chain.from_iterable(rows)], dtype=np.int64), sizes)
            values = self._weights.evidence(self._relatives, ids).tolist()
            self._known.update(zip(new, values, strict=True))

    def each(self, keys: Sequence[tuple[int, tuple[int, ...]]]) -> list[float]:
        """Log ratios of one person over as many as there are rows."""
        self.prepare(keys)
        return [self._known[key] for key in keys]

    def of(self, cluster: int, members: tuple[int, ...]) -> float:
        """The same of one."""
        key = (cluster, members)
        return self._known[key] if key in self._known else self.each([key])[0]


class _Chain:
    """A state of who is who: groups of rows of released people, each of one person.

    A group is called by a number below 0 where its person is a cluster of a register.
    """

    def __init__(
        self,
        list_of: dict[int, int],
        near: dict[int, list[int]],
        first_of: dict[int, int],
        blocks: list[tuple[int, ...]],
        evidence: _Evidence,
        random: np.random.Generator,
    ) -> None:
        self.list_of, self.near, self.first_of, self.blocks = list_of, near, first_of, blocks
        self.evidence, self.source = evidence, random
        self.n_lists = 1 + max(list_of.values(), default=0)
        self.group_of = {row: k for k, row in enumerate(list_of)}
        self.next = len(list_of)
        self.anchor: dict[int, int] = {}  # row of a register beside which a row was put
        self.ways: dict[tuple[int, tuple[int, ...]], list[tuple[_Links, float]]] = {}
        self.log_odds = np.full((self.n_lists, self.n_lists), math.log(0.5)).tolist()  # of copying
        self.turn = 0

    def take(self, draw: dict[int, int], n_registered: int) -> None:
        """Take another draw of the registers: rows go with the row beside which they were put."""
        self.draw, self.n_registered = draw, n_registered
        rows: dict[int, list[int]] = {}
        for row, group in self.group_of.items():
            at = self._called(draw[self.anchor[row]]) if row in self.anchor else group
            self.group_of[row] = at
            rows.setdefault(at, []).append(row)
        self.rows = {group: tuple(sorted(members)) for group, members in rows.items()}

    @staticmethod
    def _called(cluster: int) -> int:
        """The name of the group of a register's cluster, and back."""
        return -2 - cluster

    def parameters(self) -> None:
        """Draw how many persons there are with each set of lists, and how often a list has one again."""
        self.counts: Counter[int] = Counter()
        people, n_rows = [0.0] * self.n_lists, [0.0] * self.n_lists
        for group, members in self.rows.items():
            lists = [self.list_of[row] for row in members]
            self.counts[_set(group < 0, lists)] += 1
            for number in lists:
                n_rows[number] += 1
            for number in {*lists}:
                people[number] += 1
        of_registers = sum(n for code, n in self.counts.items() if code & 1)
        self.counts[1] = max(self.n_registered - of_registers, 0)
        self.expected: dict[int, float] = {}
        self.prior: dict[tuple[int, ...], float] = {}
        made = draw_copies(np.array(people), np.array(n_rows), *PRIORS.copies, self.source)
        self.again = made.tolist()
        if self.turn % TUNING.copied_every == 0:
            self._copied()
        self.turn += 1

    def _log_expected(self, code: int) -> float:
        if code not in self.expected:
            shapes = pattern_shapes(np.array([code]), self.n_lists + 1)
            n = np.array([self.counts[code]], dtype=np.float64)
            drawn = draw_patterns(n, shapes, PRIORS.pattern_rate, self.source)
            self.expected[code] = float(np.log(drawn[0]))
        return self.expected[code]

    def _log_prior(self, registered: bool, lists: Sequence[int]) -> float:
        """Log prior of a person with rows on these lists: of the set of lists, and of copies in each."""
        value = 0.0
        for number, n in Counter(lists).items():
            again = self.again[number]
            value += np.log1p(-again) + sum(np.log(k * again) for k in range(2, n + 1))
        return float((self._log_expected(_set(registered, lists)) if registered or lists else 0.0) + value)

    def _weight(self, group: int, members: tuple[int, ...]) -> float:
        """Log weight of a person with these rows; 0 for one of a register without any, up to a constant."""
        registered = group < 0
        key = (registered, *[self.list_of[row] for row in members])
        if key not in self.prior:
            self.prior[key] = self._log_prior(registered, key[1:])
        cluster = self._called(group) if registered else _NOBODY
        if len(members) < 2 or len(members) + registered < 3:
            return self.prior[key] + self.evidence.of(cluster, members)
        if (cluster, members) not in self.mixed:
            ways = self._ways(cluster, members)
            value = _log_sum([prior + weight for _, prior, weight in ways])
            self.mixed[cluster, members] = value - _log_sum([prior for _, prior, _ in ways])
        return self.prior[key] + self.mixed[cluster, members]

    def _ways(self, cluster: int, members: tuple[int, ...]) -> list[tuple[_Links, float, float]]:
        """Ways in which some of the rows of one person copy others: their links, log prior, log evidence.

        A copy says who it is by the row it was taken from alone, the one that it is most like.
        """
        if (cluster, members) not in self.ways:
            roots = members[: TUNING.copied_most]
            own = [rows for size in range(1, len(members)) for rows in combinations(roots, size)]
            pairs = [*combinations(members, 2)]
            alike = dict(zip(pairs, self.evidence.each([(_NOBODY, pair) for pair in pairs]), strict=True))
            alike |= {(two, one): value for (one, two), value in alike.items()}
            known = []
            weights = self.evidence.each([(cluster, rows) for rows in (*own, members)])
            for rows, weight in zip((*own, members), weights, strict=True):
                source = {
                    row: max((alike[row, one], one) for one in rows)[1] for row in members if row not in rows
                }
                known.append((source, weight + sum(alike[pair] for pair in source.items())))
            self.ways[cluster, members] = known
        odds, lists = self.log_odds, self.list_of
        return [
            (source, sum(odds[lists[one]][lists[two]] for one, two in source.items()), weight)
            for source, weight in self.ways[cluster, members]
        ]

    def _drawn(self, weights: Sequence[float]) -> int:
        """Draw a place by log weights."""
        most = max(weights)
        cumulated = [*accumulate(math.exp(weight - most) for weight in weights)]
        return bisect_right(cumulated, self.source.random() * cumulated[-1])

    def _copied(self) -> None:
        """Draw which rows copy another one of their person, and then how often two lists do."""
        tally = np.zeros((2, self.n_lists, self.n_lists))
        for group, members in self.rows.items():
            if len(members) > 1 and len(members) + (group < 0) > 2:
                ways = self._ways(self._called(group) if group < 0 else _NOBODY, members)
                source = ways[self._drawn([prior + weight for _, prior, weight in ways])][0]
                for one, two in combinations(members, 2):
                    pair = self.list_of[one], self.list_of[two]
                    if source.get(one) == two or source.get(two) == one:
                        tally[0][pair] += 1
                    elif one not in source and two not in source:
                        tally[1][pair] += 1
        tally = np.maximum(tally, 0) + np.transpose(tally, (0, 2, 1)) * (1 - np.eye(self.n_lists))
        copied, own = tally + np.array(PRIORS.copying)[:, None, None]
        share = np.triu(self.source.beta(copied, own))
        share = share + np.triu(share, 1).T
        share = np.clip(share, TUNING.copied_least, 1 - TUNING.copied_least)
        self.log_odds = np.log(0.5 * share / (1 - share)).tolist()
        self.mixed: dict[tuple[int, tuple[int, ...]], float] = {}

    def sweep(self, offset: float, relief: float) -> None:
        """Move every row, and then every group of several rows and every block, given all others.

        A person on no register has the log odds `offset`; each row on a register has `relief` besides.
        """
        self.offset, self.relief = offset, relief
        self.parameters()
        for row in self.near:  # others are nobody else's, and count
            self._move((row,))
        for members in [members for members in self.rows.values() if len(members) > 1]:
            self._move(members, alone=True)
        for members in self.blocks:
            if len({self.group_of[row] for row in members}) == 1:
                self._move(members)

    def _move(self, moved: tuple[int, ...], *, alone: bool = False) -> None:
        """Draw to whom some rows of one group belong: a register's person, that of other rows, or nobody."""
        here = self.group_of[moved[0]]
        left = tuple(row for row in self.rows.pop(here) if row not in moved)
        if left:
            self.rows[here] = left
        beside = {here} if left or here < 0 else set()
        for other in {other for row in moved for other in self.near[row]}.difference(moved):
            beside.add(self._called(self.draw[other]) if other in self.draw else self.group_of[other])
        if alone:  # a group that joins another one would never be moved back
            beside = {group for group in beside if group not in self.rows}
        groups, weights = [*sorted(beside)], [self._weight(self.next, moved) + self.offset]
        for group in groups:
            others = self.rows.get(group, ())
            value = self._weight(group, _joined(others, moved)) - self._weight(group, others)
            weights.append(value + (len(moved) * self.relief if group < 0 else 0.0))
        chosen = self._drawn(weights)
        group = groups[chosen - 1] if chosen else self.next
        self.next += not chosen
        self.rows[group] = _joined(self.rows.get(group, ()), moved)
        for row in moved:
            self.group_of[row] = group
            self.anchor.pop(row, None)
            if group < 0:
                cluster = self._called(group)
                mine = [other for other in self.near[row] if self.draw.get(other) == cluster]
                self.anchor[row] = mine[0] if mine else self.first_of[cluster]


def _log_sum(values: Sequence[float]) -> float:
    """Logarithm of the sum of exponentials."""
    most = max(values)
    return most + math.log(sum(math.exp(value - most) for value in values))


def _set(registered: bool, lists: Iterable[int]) -> int:
    """Lists of a person, by bits, the first for registers."""
    code = int(registered)
    for number in lists:
        code |= 2 << number
    return code


def _joined(some: tuple[int, ...], others: tuple[int, ...]) -> tuple[int, ...]:
    """Rows of two groups, in order."""
    return tuple(sorted((*some, *others)))


def attached(records: Records, learned: LearnedPairs, draws: np.ndarray, point: Ints, seed: int) -> Attached:
    """Attach rows of released people to the persons of each draw of the registers.

    Parameters
    ----------
    records : Records
        Rows of registers, as many as draws have, and then those of lists of released people.
    learned : LearnedPairs
        Pairs of rows, one of them at least of released people, and rates of errors.
    draws : ndarray of int32, shape (n_draws, n_register_rows)
        Persons of the rows of registers in each draw.
    point : ndarray of int64, shape (n_register_rows,)
        The same in the point partition.
    seed : int
        Seed.
    """
    n_register_rows = len(point)
    n = len(records) - n_register_rows
    some = learned.probability > TUNING.attached_least
    first, second = learned.first[some], learned.second[some]
    near: dict[int, list[int]] = {}
    for one, two in zip(first.tolist(), second.tolist(), strict=True):
        near.setdefault(two, []).append(one)
        if one >= n_register_rows:
            near.setdefault(one, []).append(two)
    relevant = np.unique(first[first < n_register_rows])
    numbers: dict[tuple[int, ...], int] = {}  # of clusters of registers that some row may be with
    clusters: list[dict[int, int]] = []
    for draw in draws:
        members = _members(draw, relevant)
        clusters.append({row: numbers.setdefault(rows, len(numbers)) for rows in members for row in rows})
    inner = sorted({pair for rows in numbers for pair in combinations(rows, 2)})
    within = np.array(inner, dtype=np.int64).reshape(-1, 2).T
    edges = np.concatenate([np.stack([first, second]), within], axis=1)
    weights = ClusterWeights(learned.likelihood, prepared(records), *edges)
    weights.set_rates(learned.rates)
    evidence = _Evidence(weights, learned.relatives, [*numbers])
    lists = np.unique(records.list_of[n_register_rows:], return_inverse=True)[1]
    list_of = {n_register_rows + k: number for k, number in enumerate(lists.tolist())}
    near = dict(sorted(near.items()))
    # rows that are likely one person move together too, above all those that copy each other
    alike = (learned.probability > TUNING.attached_block) & (learned.first >= n_register_rows)
    blocks: list[tuple[int, ...]] = []
    blocks += zip(learned.first[alike].tolist(), learned.second[alike].tolist(), strict=True)
    joined = connected(len(records), learned.first[alike], learned.second[alike])
    blocks += [rows for rows in _members(joined, np.unique(learned.second[alike])) if len(rows) > 2]
    holding: dict[int, set[int]] = {}
    for rows, number in numbers.items():
        for row in rows:
            holding.setdefault(row, set()).add(number)
    asked: set[tuple[int, tuple[int, ...]]] = {
        (number, (row,)) for row in near for other in near[row] for number in holding.get(other, ())
    }
    asked |= {(number, ()) for rows, number in numbers.items() if len(rows) > 1}
    asked |= {(_NOBODY, (row, other)) for row in near for other in near[row] if other > row}
    evidence.prepare(sorted(asked))
    known = {*relevant.tolist()}
    first_of = {number: next(row for row in rows if row in known) for rows, number in numbers.items()}
    person = np.empty((len(draws), n), dtype=np.int32)
    found = np.full((len(draws), n), _NOBODY)  # row of a register beside which each stands
    deviations = PRIORS.offset, PRIORS.attached_offset
    for k in range(2):
        state = _Chain(list_of, near, first_of, blocks, evidence, np.random.default_rng([seed, 2, k]))
        for turn, at in enumerate(range(k, len(draws), 2)):
            state.take(clusters[at], int(draws[at].max(initial=-1)) + 1)
            for sweep in range(1 if turn else TUNING.attached_warm_up):
                # one chain starts with rows apart, the other with all put where they could be
                start = 0.0 if turn or sweep else (2 * k - 1) * -TUNING.attached_start
                apart, beside = (s * (offset_at(turn) + 0.5 * s) for s in deviations)
                state.sweep(start + apart, apart - beside)
            person[at], found[at] = _labels(state, draws[at], n_register_rows, n)
    on = (found != _NOBODY).sum(axis=1)
    chains = on[: len(on) // 2 * 2].reshape(-1, 2).T
    agree = chains.shape[1] < 2 or not disagree(chains, TUNING.chains_differ_share)
    return Attached(person=person, best=_best(person, found, point), agree=agree)


def _members(draw: np.ndarray, relevant: Ints) -> list[tuple[int, ...]]:
    """Rows of each person of whom a row is relevant."""
    mine = np.flatnonzero(np.isin(draw, draw[relevant]))
    found: dict[int, list[int]] = {}
    for row, label in zip(mine.tolist(), draw[mine].tolist(), strict=True):
        found.setdefault(label, []).append(row)
    return [tuple(rows) for rows in found.values()]


def _labels(state: _Chain, draw: np.ndarray, start: int, n: int) -> tuple[np.ndarray, Ints]:
    """Persons of all rows in the labels of a draw, and rows of registers beside which they stand."""
    beside = np.full(n, _NOBODY)
    group = np.arange(start, start + n)
    for row, at in state.group_of.items():
        group[row - start] = min(state.rows[at]) if at >= 0 else row
        beside[row - start] = state.anchor.get(row, _NOBODY)
    known = beside != _NOBODY
    label = np.empty(n, dtype=np.int64)
    label[known] = draw[beside[known]]
    label[~known] = int(draw.max(initial=-1)) + 1 + numbered(group[~known])
    return label, beside


def _best(person: np.ndarray, found: Ints, point: Ints) -> Ints:
    """The person of each row that more than half of the draws say."""
    n_draws, n = found.shape
    n_known = int(point.max(initial=-1)) + 1
    target = np.where(found == _NOBODY, _NOBODY, np.append(point, _NOBODY)[found])
    best = np.full(n, _NOBODY)
    for row in np.flatnonzero((found != _NOBODY).any(axis=0)).tolist():
        known, times = np.unique(target[:, row], return_counts=True)
        if 2 * times.max() > n_draws:
            best[row] = known[np.argmax(times)]
    new = np.flatnonzero(best == _NOBODY)
    first, second = [], []
    for k, row in enumerate(new.tolist()):
        same = (person[:, new[k + 1 :]] == person[:, [row]]).mean(axis=0) > 0.5
        first += [k] * int(same.sum())
        second += (k + 1 + np.flatnonzero(same)).tolist()
    joined = connected(len(new), np.array(first, dtype=np.int64), np.array(second, dtype=np.int64))
    best[new] = n_known + numbered(joined)
    return best
