"""A first look at pairs: which are worth a thought, and about how often each field is wrong."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount.linkage.cluster_weights import ClusterWeights, Rates
from detcount.linkage.people_likelihood import RATE_PRIORS

_ROUNDS = 5
_LEAST = 0.02  # probability of a pair from which rates are learned
_FACTORS = (0.5, 0.75, 1.33, 2.0)


@dataclass(frozen=True, eq=False)
class FirstLook:
    """Pairs by themselves.

    Parameters
    ----------
    probability : ndarray of float64, shape (p,)
        That a pair is one person, were there no other rows.
    shared : ndarray of float64, shape (p + k,)
        Log ratio of what relatives arrested together share, of these pairs and then of those of strangers.
    rates : dict of str to (float, float)
        Rates of errors by field.
    told : dict of str to float
        Expected number of rows of people found twice that write each field.
    relatives : float
        Rate of relatives by pair of rows.
    matches : ndarray of float64, shape (n_lists, n_lists)
        Expected number of pairs by their lists; each pair once, the smaller list first.
    """

    probability: Floats
    shared: Floats
    rates: Rates
    told: dict[str, float]
    relatives: float
    matches: Floats


def first_look(
    weights: ClusterWeights,
    first: Ints,
    second: Ints,
    list_of: Ints,
    n_by_list: Ints,
    strangers: tuple[Ints, Ints],
) -> FirstLook:
    """Learn the rates of errors and the number of matches from pairs, each by itself.

    Parameters
    ----------
    weights : ClusterWeights
        Used for pairs of single rows alone.
    first, second : ndarray of int64, shape (p,)
        The pairs.
    list_of : ndarray of int64
        List of each row.
    n_by_list : ndarray of int64, shape (n_lists,)
        Rows of each list.
    strangers : tuple of ndarray of int64, shape (k,)
        Pairs that are not one person and may be relatives. Without them there would seem to be as few
        relatives as are hard to tell apart.
    """
    n_lists, n = len(n_by_list), int(n_by_list.sum())
    one = np.minimum(list_of[first], list_of[second])
    two = np.maximum(list_of[first], list_of[second])
    size = n_by_list.astype(np.float64)
    pairs = size[:, None] * size[None, :]
    pairs[np.diag_indices(n_lists)] = 0.5 * size * (size - 1.0)
    pairs = np.maximum(pairs, 1.0)
    matches = 0.3 * np.minimum(size[:, None], size[None, :])
    matches[np.diag_indices(n_lists)] = 0.02 * size
    relatives = 0.02 / max(n, 1)
    rates: Rates = {
        field: tuple(part / sum(RATE_PRIORS[field]) for part in RATE_PRIORS[field][:-1])
        for field in weights.fields
        if field in RATE_PRIORS
    }
    ids = weights.lookup(np.stack([first, second], axis=1).ravel(), np.full(len(first), 2))
    others = weights.lookup(np.stack(strangers, axis=1).ravel(), np.full(len(strangers[0]), 2))
    weights.set_rates(rates)
    told = dict.fromkeys(rates, 0.0)
    probability = np.zeros(len(first))
    shared = np.zeros(len(first) + len(others))
    for turn in range(_ROUNDS):
        odds = np.log(matches + 1e-12) - np.log(pairs)
        logit = weights.evidence(relatives, ids) + odds[one, two]
        probability = 1.0 / (1.0 + np.exp(-np.clip(logit, -500, 500)))
        shared = weights.related(np.concatenate([ids, others]))
        if turn == _ROUNDS - 1:
            break
        matches = np.full((n_lists, n_lists), 0.5)
        np.add.at(matches, (one, two), probability)
        kin = 1.0 / (1.0 + np.exp(-np.clip(np.log(relatives) + shared, -500, 500)))
        kin[: len(ids)] *= 1.0 - probability
        relatives = float((1.0 + kin.sum()) / (50.0 * max(n, 1) + 0.5 * n * (n - 1.0)))
        likely = np.flatnonzero(probability > _LEAST)
        for field in rates:
            told[field] = 2.0 * float(probability[likely] @ weights.tells(field, ids[likely]))
            rates[field] = _better(weights, field, rates[field], ids[likely], probability[likely])
        weights.set_rates(rates)
    return FirstLook(probability, shared, rates, told, relatives, matches)


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
