"""Candidates and scores of pairs on lists invented by another generator than the defaults were set on."""

from __future__ import annotations

import time

import numpy as np
import pytest

from detcount import simulate
from detcount.linkage import read_lists
from detcount.linkage.candidates import Candidates, candidates
from detcount.linkage.channel import learn_channel
from detcount.linkage.pairs import PairScores, score

pytestmark = pytest.mark.slow


def linked(
    population: int, seed: int, pool: str = "wide"
) -> tuple[Candidates, PairScores, np.ndarray, int, float]:
    """Candidates, scores, whether each pair is one person, the number of such pairs, and seconds."""
    invented = simulate.name_lists(population, pool=pool, seed=seed)
    records = read_lists(invented.frames).records("a key for tests")
    truth = invented.truth
    names = zip(np.array(truth.lists)[truth.list_of], truth.row, strict=True)
    who = dict(zip(names, truth.person, strict=True))
    person = np.array(
        [who[records.lists[k], row] for k, row in zip(records.list_of, records.row, strict=True)]
    )
    started = time.process_time()
    channel = learn_channel(records)
    found = candidates(records, channel)
    scored = score(records, channel, found)
    seconds = time.process_time() - started
    copies = np.bincount(person)
    same = person[found.first] == person[found.second]
    return found, scored, same, int((copies * (copies - 1) // 2).sum()), seconds


def rates(scored: PairScores, same: np.ndarray, n_true: int) -> tuple[float, float, float, float]:
    """Recall of the candidates, precision, recall and F1 of the pairs above one half."""
    called = scored.probability > 0.5
    precision, recall = same[called].mean(), (same & called).sum() / n_true
    return same.sum() / n_true, precision, recall, 2 * precision * recall / (precision + recall)


@pytest.mark.parametrize(
    ("population", "pool", "seeds", "least"),
    [
        (1000, "wide", range(101, 111), 0.985),
        (300, "wide", range(101, 111), 0.985),
        (5000, "narrow", (101,), 0.97),
        (25, "wide", range(101, 121), 0.97),
    ],
)
def test_pairs_of_other_lists_are_found(population: int, pool: str, seeds: range, least: float) -> None:
    results, stated, right, inside = [], [], [], []
    for seed in seeds:
        found, scored, same, n_true, seconds = linked(population, seed, pool)
        results.append(rates(scored, same, n_true))
        stated.append(scored.probability)
        right.append(same)
        inside.append(found.missed.low - 0.002 <= 1 - same.sum() / n_true <= found.missed.high)
        assert seconds < 1.5 * 4 * max(1, population / 1000)
    mean = np.mean(results, axis=0)
    assert mean[0] >= 0.995
    assert mean[3] >= least
    assert mean[1] >= least
    assert np.mean(inside) >= 0.9
    p, same = np.concatenate(stated), np.concatenate(right)
    assert same[p > 0.99].mean() >= 0.995
    assert abs(p.sum() / same.sum() - 1) < 0.03
