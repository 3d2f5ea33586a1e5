"""Draws of the scores: the ends of many short chains, each begun where its figures are likely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detcount._numerics.batches.model import BatchModel, Floats
from detcount._numerics.batches.moves import Chains
from detcount.errors import ConvergenceError
from detcount.words import Message

__all__ = ["Posterior", "sample_posterior"]

_ROUNDS = 10  # of moves between two looks
_LEAST_LOOKS, _LOOKS = 5, 20
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


def sample_posterior(
    model: BatchModel, n_draws: int, random: np.random.Generator, start: Floats | None = None
) -> Posterior:
    """Draw scores, each the end of a chain of its own.

    A chain holds the scores and, for each batch, a number carried out. In a round, batch by batch, that
    number is drawn from its distribution given the scores; the scores of each monitor are drawn anew, or
    moved along the difference of two other chains, with the chance of being verified drawn as the figure and
    that number tell; and the number, the chance of being carried out and all chances of being verified are
    moved together. Each move is accepted by Metropolis' rule. The chains are looked at every so many rounds,
    until no score's mean or mean square has moved by more than chance explains.
    """
    chains = Chains(model, n_draws, random, start)
    least = _LEAST_LOOKS if start is None else 2
    before = chains.scores.copy()
    for look in range(1, _LOOKS + 1):
        for _ in range(_ROUNDS):
            chains.round()
        if look >= least and _agree(before, chains.scores):
            return Posterior(chains.scores, look * _ROUNDS)
        before = chains.scores.copy()
    raise ConvergenceError(
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
