"""The pair prefilter: which pairs may be one person, each by itself, and how often each field is wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from detcount._numerics.arrays import Floats, Ints, bincount
from detcount._numerics.linkage.fields import log_ratio
from detcount._numerics.linkage.settings import PRIORS, TUNING
from detcount.linkage.candidates import Candidates
from detcount.linkage.channel import TokenChannel
from detcount.linkage.cluster_weights import RELATED, ClusterWeights, Rates
from detcount.linkage.groups import prepared
from detcount.linkage.people_likelihood import (
    EXPECTED_RATES,
    RATE_PRIORS,
    WORDS,
    PeopleLikelihood,
    people_likelihood,
)
from detcount.linkage.records import Records
from detcount.linkage.word_errors import Pairs
from detcount.words import Message

EVIDENCE = {
    "document": ("document", "passport"),
    "born": ("born",),
    "arrested": ("arrested",),
    "place": ("place",),
    "sex": ("sex",),
    "names": WORDS,
    "relatives": ("relatives",),
}
"""Kinds of evidence on a pair, and the fields whose log ratios each of them sums. What relatives share, their
surnames and the day and place of arrest, is subtracted."""


@dataclass(frozen=True, eq=False)
class LearnedPairs:
    """Pairs that may be one person, each by itself, at rates that were learned from them.

    Parameters
    ----------
    likelihood : PeopleLikelihood
        Fields of all rows.
    places : ndarray of int64, shape (p,)
        Where these pairs stand among the candidates.
    first, second : ndarray of int64, shape (p,)
        Their rows.
    strangers : ndarray of int64, shape (2, k)
        Other pairs that may be relatives arrested together. Without them the rate of relatives would
        rest on pairs that are hard to distinguish alone.
    probability : ndarray of float64, shape (p,)
        That a pair is one person, were there no other rows.
    shared : ndarray of float64, shape (p + k,)
        Log ratio of what relatives arrested together share, of these pairs and then of those of strangers.
    rates : dict of str to (float, float)
        Rates of errors by field.
    n_written : dict of str to float
        Expected number of rows of people found twice that write each field.
    relatives : float
        Rate of relatives by pair of rows.
    by_field : dict of str to ndarray of float64, shape (p,)
        Log ratio of one person over two, by field.
    n_unlike : int
        Pairs with one document whose other fields contradict it: it is not believed.
    n_taught : int
        Rates are learned from pairs with one of so many first rows.
    """

    likelihood: PeopleLikelihood
    places: Ints
    first: Ints
    second: Ints
    strangers: Ints
    probability: Floats
    shared: Floats
    rates: Rates
    n_written: dict[str, float]
    relatives: float
    by_field: dict[str, Floats]
    n_unlike: int
    n_taught: int

    @property
    def likely(self) -> Pairs:
        """The pairs from which rates are learned."""
        some = (self.probability > TUNING.pair_least) & (self.first < self.n_taught)
        return self.first[some], self.second[some], self.probability[some]


def learned_pairs(
    records: Records, channel: TokenChannel, found: Candidates, n_taught: int | None = None
) -> LearnedPairs:
    """Learn the rates of errors and the number of matches from pairs of rows, each by itself.

    Parameters
    ----------
    records : Records
        Rows of all lists.
    channel : TokenChannel
        True words and their spellings.
    found : Candidates
        Pairs of rows to compare; most of them are far from being one person.
    n_taught : int, optional
        Rates are learned from pairs with one of so many first rows; of all by default.
    """
    n_taught = len(records) if n_taught is None else n_taught
    sizes = bincount(records.list_of[records.linkable], minlength=len(records.lists))
    pairs = np.outer(sizes, sizes).astype(np.float64)
    matches = PRIORS.matched * np.minimum(sizes[:, None], sizes[None, :]).astype(np.float64)
    same_list = np.diag_indices(len(sizes))
    pairs[same_list], matches[same_list] = 0.5 * sizes * (sizes - 1.0), PRIORS.doubles * sizes
    pairs, matches = np.maximum(pairs, 1.0), matches + 1e-12
    lists = np.sort(records.list_of[np.stack([found.first, found.second])], axis=0)
    odds = np.log(matches) - np.log(pairs)
    likelihood = people_likelihood(records, channel)
    close, strangers, unlike = _prefiltered(likelihood, found, odds[lists[0], lists[1]])
    if unlike.any():
        doubted = np.isin(np.arange(len(records)), [found.first[unlike], found.second[unlike]])
        likelihood = people_likelihood(records, channel, doubted)
    places = np.flatnonzero(close)
    kin = np.stack([found.first[strangers], found.second[strangers]])
    first, second, (one, two) = found.first[places], found.second[places], lists[:, places]
    ends = np.concatenate([np.stack([first, second]), kin], axis=1)
    alone = replace(prepared(records), referred=np.zeros(len(records), dtype=np.bool_))
    weights = ClusterWeights(likelihood, alone, *ends)
    ids = weights.lookup(ends.T.ravel(), np.full(ends.shape[1], 2))
    n, n_close = int(sizes.sum()), len(places)
    relatives = PRIORS.first_relatives / max(n, 1)
    rates: Rates = {field: EXPECTED_RATES[field] for field in weights.fields}
    n_written = dict.fromkeys(rates, 0.0)
    for turn in range(TUNING.pair_rounds):
        weights.set_rates(rates)
        odds = np.log(matches) - np.log(pairs)
        probability = expit(weights.evidence(relatives, ids[:n_close]) + odds[one, two])
        shared = weights.related(ids)
        if turn == TUNING.pair_rounds - 1:
            break
        matches = np.full(matches.shape, 0.5)
        np.add.at(matches, (one, two), probability)
        kin_too = expit(np.log(relatives) + shared)
        kin_too[:n_close] *= 1.0 - probability
        relatives = float((1.0 + kin_too.sum()) / (50.0 * max(n, 1) + 0.5 * n * (n - 1.0)))
        likely = np.flatnonzero((probability > TUNING.pair_least) & (first < n_taught))
        for field in rates:
            n_written[field] = 2.0 * float(probability[likely] @ weights.is_compared(field, ids[likely]))
            rates[field] = _better(weights, field, rates[field], ids[likely], probability[likely])
    by_field = {field: weights.field(field, ids[:n_close]) for field in weights.fields}
    by_field["relatives"] = -np.logaddexp(0.0, np.log(relatives) + shared[:n_close])
    return LearnedPairs(
        likelihood,
        places,
        first,
        second,
        kin,
        probability,
        shared,
        rates,
        n_written,
        relatives,
        by_field,
        int(unlike.sum()),
        n_taught,
    )


def _prefiltered(
    likelihood: PeopleLikelihood, found: Candidates, odds: Floats
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weigh pairs roughly, at the rates that are expected before anything is learned.

    Gives those that may be one person, others that may be relatives arrested together, and those of which the
    document is not believed; `odds` are the log odds of each pair before its rows are read.
    """
    total, together = odds.copy(), np.zeros(len(found))
    rows = np.arange(len(likelihood.split_start) - 1)[:, None]
    alone = {
        name: log_ratio(field.cells(rows, rough=True), *EXPECTED_RATES[name])
        for name, field in likelihood.of.items()
    }
    for low in range(0, len(found), TUNING.weighed_pairs):
        pairs = np.stack(
            [found.first[low : low + TUNING.weighed_pairs], found.second[low : low + TUNING.weighed_pairs]],
            axis=1,
        )
        total[low : low + TUNING.weighed_pairs] += likelihood.names(pairs, rough=True).sum(axis=(1, 2))
        for name, field in likelihood.of.items():
            both = np.flatnonzero(field.written(pairs).all(axis=1))
            value = log_ratio(field.cells(pairs[both], rough=True), *EXPECTED_RATES[name])
            value -= alone[name][pairs[both]].sum(axis=1)
            total[low + both] += value
            together[low + both] += value * (name in RELATED)
    close = np.asarray(total > TUNING.pair_hopeless)
    one_document = np.zeros(len(found), dtype=np.bool_)
    for name in {*EVIDENCE["document"]} & likelihood.of.keys():
        codes = likelihood.of[name].contents()
        one_document |= (codes[found.first] == codes[found.second]) & (codes[found.first] >= 0)
    return close, ~close & (together > TUNING.pair_relatives), one_document & (total < 0.0)


_RATED = {
    "document": Message("documents"),
    "born": Message("birth"),
    "arrested": Message("arrest"),
    "place": Message("place"),
    "sex": Message("sex"),
    "names": Message("names"),
}


def rate_notes(learned: LearnedPairs) -> tuple[Message, ...]:
    """Say where the rates come from, and which documents are not believed."""
    written = learned.n_written
    pairs = {name: 0.5 * sum(written.get(field, 0.0) for field in EVIDENCE[name]) for name in _RATED}
    pairs["names"] *= 0.5  # given names and surnames
    own = [word for name, word in _RATED.items() if pairs[name] >= TUNING.own_rates]
    default = [word for name, word in _RATED.items() if pairs[name] < TUNING.own_rates]
    notes = []
    if own:
        notes.append(
            Message(
                "Rates of errors learned from about {n:,.0f} pairs of rows of one person: {fields}.",
                n=float(learned.probability.sum()),
                fields=own,
            )
        )
    if default:
        notes.append(
            Message(
                "Rates of errors that rest mostly on published defaults, as too few pairs show them: "
                "{fields}.",
                fields=default,
            )
        )
    if learned.n_unlike:
        notes.append(
            Message.counted(
                "In one pair of rows the document is the same and the rest is not: it is not believed.",
                "In {n:,} pairs of rows the document is the same and the rest is not: it is not believed.",
                n=learned.n_unlike,
            )
        )
    return tuple(notes)


def _better(
    weights: ClusterWeights, field: str, rates: tuple[float, ...], ids: Ints, probability: Floats
) -> tuple[float, ...]:
    """Rates of a field that explain likely pairs better, one after the other, by trial."""
    shape = np.array(RATE_PRIORS[field])
    some = shape > 0

    def value(pair: tuple[float, ...]) -> float:
        prior = shape[some] @ np.log(np.array([*pair, 1.0 - sum(pair)])[some])
        return float(probability @ weights.field(field, ids, pair) + prior)

    best, top = rates, value(rates)
    for part in np.flatnonzero(some[:-1]).tolist():
        for factor in TUNING.pair_factors:
            trial = (*best[:part], rates[part] * factor, *best[part + 1 :])
            if sum(trial) < 0.6 and min(np.array(trial)[some[:-1]]) > 1e-5:
                here = value(trial)
                if here > top:
                    best, top = trial, here
    return best
