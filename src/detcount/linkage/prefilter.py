"""The pair prefilter: which pairs may be one person, each by itself, and how often each field is wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.linkage.fields import log_ratio
from detcount.linkage.cluster_weights import ClusterWeights, Rates
from detcount.linkage.people_likelihood import EXPECTED_RATES, RATE_PRIORS, WORDS, PeopleLikelihood
from detcount.words import Message
from detcount.words.by_key import Messages

message = Messages("detcount.linkage")

EVIDENCE = {
    "document": ("document", "passport"),
    "born": ("born",),
    "arrested": ("arrested",),
    "place": ("place",),
    "sex": ("sex",),
    "names": WORDS,
    "relatives": ("relatives",),
}
"""What is said of a pair, and the fields of the likelihood that it sums. What relatives share, their
surnames and the day and place of arrest, is taken off."""
_ROUNDS = 5
_OWN = 50.0  # pairs of one person from which a rate rests on the data more than on its prior
LEAST_LIKELY = 0.02  # probability of a pair from which rates are learned
_FACTORS = (0.5, 0.75, 1.33, 2.0)
_HOPELESS = -14.0  # log odds, at the rates before anything is learned, below which a pair is no person
_TOGETHER_FIELDS = ("arrested", "place")
_TOGETHER = 2.0  # log ratio of day and place above which strangers may be relatives arrested together
_BLOCK = 100_000  # pairs that are weighed at once
MATCHED, _DOUBLE, _RELATIVES = 0.3, 0.02, 0.02  # of a list, before anything is learned


@dataclass(frozen=True, eq=False)
class Prefiltered:
    """Pairs at the rates that are expected before anything is learned.

    Parameters
    ----------
    close : ndarray of bool, shape (p,)
        Pairs that may be one person.
    together : ndarray of bool, shape (p,)
        Others that may be relatives arrested together. Without them there would seem to be as few relatives
        as are hard to tell apart.
    unlike : ndarray of bool, shape (p,)
        Pairs with one document of which the rest says that they are two persons: it is not believed.
    """

    close: np.ndarray
    together: np.ndarray
    unlike: np.ndarray


def prefiltered(
    likelihood: PeopleLikelihood, first: Ints, second: Ints, list_of: Ints, sizes: Ints
) -> Prefiltered:
    """Weigh pairs of rows roughly, as very many of them are far from being one person.

    Parameters
    ----------
    likelihood : PeopleLikelihood
        What rows write.
    first, second : ndarray of int64, shape (p,)
        The pairs.
    list_of : ndarray of int64
        List of each row.
    sizes : ndarray of int64, shape (n_lists,)
        Rows of each list.
    """
    odds = np.log(_matches(sizes)) - np.log(_all_pairs(sizes))
    total = odds[list_of[first], list_of[second]]
    together = np.zeros(len(first))
    for low in range(0, len(first), _BLOCK):
        pairs = np.stack([first[low : low + _BLOCK], second[low : low + _BLOCK]], axis=1)
        total[low : low + _BLOCK] += likelihood.names(pairs, rough=True).sum(axis=(1, 2))
        for field in likelihood.fields:
            both = np.flatnonzero(likelihood.written(field, pairs).all(axis=1))
            value = log_ratio(likelihood.cells(field, pairs[both]), *EXPECTED_RATES[field])
            for side in pairs[both].T:
                value = value - log_ratio(likelihood.cells(field, side[:, None]), *EXPECTED_RATES[field])
            total[low + both] += value
            together[low + both] += value * (field in _TOGETHER_FIELDS)
    close = np.asarray(total > _HOPELESS)
    one_document = np.zeros(len(first), dtype=np.bool_)
    for name in {*EVIDENCE["document"]} & likelihood.codes.keys():
        codes = likelihood.codes[name]
        one_document |= (codes[first] == codes[second]) & (codes[first] >= 0)
    return Prefiltered(close, ~close & (together > _TOGETHER), one_document & (total < 0.0))


def _all_pairs(sizes: Ints) -> Floats:
    """Pairs of rows by their lists."""
    pairs = np.outer(sizes, sizes).astype(np.float64)
    pairs[np.diag_indices(len(sizes))] = 0.5 * sizes * (sizes - 1.0)
    return np.maximum(pairs, 1.0)


def _matches(sizes: Ints) -> Floats:
    """Pairs of one person that are expected by their lists, before anything is learned."""
    matches = MATCHED * np.minimum(sizes[:, None], sizes[None, :]).astype(np.float64)
    matches[np.diag_indices(len(sizes))] = _DOUBLE * sizes
    return np.asarray(matches + 1e-12)


@dataclass(frozen=True, eq=False)
class LearnedRates:
    """Pairs by themselves, at rates that were learned from them.

    Parameters
    ----------
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
    """

    probability: Floats
    shared: Floats
    rates: Rates
    n_written: dict[str, float]
    relatives: float
    by_field: dict[str, Floats]


def learned_rates(
    weights: ClusterWeights,
    first: Ints,
    second: Ints,
    list_of: Ints,
    sizes: Ints,
    strangers: tuple[Ints, Ints],
) -> LearnedRates:
    """Learn the rates of errors and the number of matches from pairs, each by itself.

    Parameters
    ----------
    weights : ClusterWeights
        Used for pairs of single rows alone.
    first, second : ndarray of int64, shape (p,)
        The pairs.
    list_of : ndarray of int64
        List of each row.
    sizes : ndarray of int64, shape (n_lists,)
        Rows of each list.
    strangers : tuple of ndarray of int64, shape (k,)
        Pairs that are not one person and may be relatives.
    """
    n = int(sizes.sum())
    one = np.minimum(list_of[first], list_of[second])
    two = np.maximum(list_of[first], list_of[second])
    pairs, matches = _all_pairs(sizes), _matches(sizes)
    relatives = _RELATIVES / max(n, 1)
    rates: Rates = {field: EXPECTED_RATES[field] for field in weights.fields}
    ids = weights.lookup(np.stack([first, second], axis=1).ravel(), np.full(len(first), 2))
    others = weights.lookup(np.stack(strangers, axis=1).ravel(), np.full(len(strangers[0]), 2))
    n_written = dict.fromkeys(rates, 0.0)
    for turn in range(_ROUNDS):
        weights.set_rates(rates)
        odds = np.log(matches) - np.log(pairs)
        logit = weights.evidence(relatives, ids) + odds[one, two]
        probability = 1.0 / (1.0 + np.exp(-np.clip(logit, -500, 500)))
        shared = weights.related(np.concatenate([ids, others]))
        if turn == _ROUNDS - 1:
            break
        matches = np.full(matches.shape, 0.5)
        np.add.at(matches, (one, two), probability)
        kin = 1.0 / (1.0 + np.exp(-np.clip(np.log(relatives) + shared, -500, 500)))
        kin[: len(ids)] *= 1.0 - probability
        relatives = float((1.0 + kin.sum()) / (50.0 * max(n, 1) + 0.5 * n * (n - 1.0)))
        likely = np.flatnonzero(probability > LEAST_LIKELY)
        for field in rates:
            n_written[field] = 2.0 * float(probability[likely] @ weights.is_compared(field, ids[likely]))
            rates[field] = _better(weights, field, rates[field], ids[likely], probability[likely])
    by_field = {field: weights.field(field, ids) for field in weights.fields}
    by_field["relatives"] = -np.logaddexp(0.0, np.log(relatives) + shared[: len(ids)])
    return LearnedRates(probability, shared, rates, n_written, relatives, by_field)


_RATED = {
    "document": Message("documents"),
    "born": Message("birth"),
    "arrested": Message("arrest"),
    "place": Message("place"),
    "sex": Message("sex"),
    "names": Message("names"),
}


def rate_notes(learned: LearnedRates, n_unlike: int) -> tuple[Message, ...]:
    """Say where the rates come from, and which documents are not believed."""
    written = learned.n_written
    pairs = {name: 0.5 * sum(written.get(field, 0.0) for field in EVIDENCE[name]) for name in _RATED}
    pairs["names"] *= 0.5  # given names and surnames
    own = [word for name, word in _RATED.items() if pairs[name] >= _OWN]
    default = [word for name, word in _RATED.items() if pairs[name] < _OWN]
    notes = []
    if own:
        notes.append(message("rates learned", n=float(learned.probability.sum()), fields=own))
    if default:
        notes.append(message("rates by default", fields=default))
    if n_unlike:
        notes.append(message("documents not believed", n=n_unlike))
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
        for factor in _FACTORS:
            trial = (*best[:part], rates[part] * factor, *best[part + 1 :])
            if sum(trial) < 0.6 and min(np.array(trial)[some[:-1]]) > 1e-5:
                here = value(trial)
                if here > top:
                    best, top = trial, here
    return best
