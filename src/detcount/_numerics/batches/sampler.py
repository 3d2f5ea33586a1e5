"""Draws of the scores: the ends of many short chains, each begun where its figures are likely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detcount._numerics.batches.model import BatchModel, Floats
from detcount._numerics.batches.moves import Chains
from detcount.errors import ConvergenceError
from detcount.words import Message

__all__ = ["Posterior", "resume_posterior", "sample_posterior"]

_ROUNDS = 10  # of moves between two looks
_LEAST_LOOKS, _LOOKS = 5, 20
_LEAST_ALONE, _TOGETHER = 2, 5  # looks at what is moved alone, and rounds of all after it
_MOVED = 3.7  # standard errors that a mean may move between two looks: by chance one in 5,000


@dataclass(frozen=True)
class Posterior:
    """Draws of the scores, equally weighted and independent.

    Parameters
    ----------
    scores : ndarray of float64, shape (n_draws, n_scores)
        Draws, one a chain.
    n_rounds : int
        Rounds of moves that each chain took.
    """

    scores: Floats
    n_rounds: int


def sample_posterior(model: BatchModel, n_draws: int, random: np.random.Generator) -> Posterior:
    """Draw scores, each the end of a chain of its own.

    A chain holds the scores and, for each batch, a number carried out. In a round, batch by batch, that
    number is drawn from its distribution given the scores; the scores of each monitor are drawn anew, or
    moved along the difference of two other chains, with the chance of being verified drawn as the figure and
    that number tell; and the number, the chance of being carried out and all chances of being verified are
    moved together. Each move is accepted by Metropolis' rule. The chains are looked at every so many rounds,
    until no score's mean or mean square has moved by more than chance explains.
    """
    chains = Chains(model, n_draws, random)
    before = chains.scores.copy()
    for look in range(1, _LOOKS + 1):
        for _ in range(_ROUNDS):
            chains.round()
        if look >= _LEAST_LOOKS and _agree(before, chains.scores):
            return Posterior(chains.scores, look * _ROUNDS)
        before = chains.scores.copy()
    raise _unsettled(chains)


def resume_posterior(
    model: BatchModel, start: Floats, anew: Sequence[int], random: np.random.Generator
) -> Posterior:
    """Draw scores from draws of a model that differs from this one in some batches, or had more of them.

    The batches that differ begin anew, given the draws of the others, and are moved alone until they have
    settled, as in `sample_posterior`; then all batches are moved together, until these moves change no
    more.
    """
    chains = Chains(model, len(start), random, start, anew)
    used = sorted({int(place) for batch in anew for place in model.scores_of(batch)})
    n_rounds = 0
    for batches, watched, n, least in (
        (anew, used, _ROUNDS, _LEAST_ALONE),
        (None, list(range(model.n_scores)), _TOGETHER, 1),
    ):
        if not watched:
            continue
        before = chains.scores[:, watched].copy()
        for look in range(1, _LOOKS + 1):
            for _ in range(n):
                chains.round(batches)
            n_rounds += n
            now = chains.scores[:, watched].copy()
            if look >= least and _agree(before, now):
                break
            before = now
        else:
            raise _unsettled(chains)
    return Posterior(chains.scores, n_rounds)


def _unsettled(chains: Chains) -> ConvergenceError:
    """Chains that have not settled in the rounds that they have."""
    return ConvergenceError(
        Message(
            "AnnouncedBatches: the chains still moved after {rounds} rounds. State tighter priors",
            rounds=_LOOKS * _ROUNDS,
        ),
        last=chains.scores,
    )


def _agree(before: Floats, now: Floats) -> bool:
    """Whether scores and their squares changed, on average, by no more than chance explains."""
    for power in (1, 2):
        change = now**power - before**power
        error = change.std(axis=0) / np.sqrt(len(change)) + 1e-12
        if (np.abs(change.mean(axis=0)) > _MOVED * error).any():
            return False
    return True
