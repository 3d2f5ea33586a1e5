"""The posterior of latent classes: populations annealed, shown to agree, and coupled where they do not.

1. Four populations are annealed, and chains run down from anywhere. Where those come to stand where the
   particles do, all particles go on as chains, and their draws are the answer once the populations agree.
   If they do not, half of them go on by trajectories of four times the length, which cross a long ridge;
   and where modes lie apart, which no trajectory joins, larger populations are annealed in smaller stages.
   On many lists no population finds the classes that there are, and chains start with all classes instead,
   each around the history of a person; rows of such chains have to agree.
2. Where the chains stand elsewhere, or populations never agree, chains exchange states with flatter
   ones until they agree. A mode that none of them met counts unless chains put there leave it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from detcount._numerics.arrays import Bools, Floats
from detcount._numerics.latent_class.annealing import (
    Annealed,
    Tempered,
    anneal,
    move,
    sample_tempered,
    tempered,
)
from detcount._numerics.latent_class.gibbs import draw_unseen, gibbs_sweep, sample, scattered, seeded
from detcount._numerics.latent_class.parameters import (
    ClassData,
    ClassState,
    class_parameters,
    joined,
)
from detcount._numerics.latent_class.tuning import PRIORS, TUNING
from detcount._numerics.monte_carlo import effective_sample_size, split_r_hat


@dataclass(frozen=True)
class ClassPosterior:
    """Draws from the posterior.

    `unseen` has one row for each population, in which the draws of a chain follow each other. `apart` holds
    draws of persons unseen by chains that started anywhere and ended where no population was, and
    `apart_share` the share of such chains. Where there are any, the draws do not agree.
    """

    unseen: Floats
    list_shares: Floats
    class_weights: Floats
    r_hat: float
    effective_size: float
    agreed: bool
    exchange: bool
    apart: Floats
    apart_share: float


def agreement(values: Floats, n_chains: int) -> tuple[float, float]:
    """R-hat and effective size of rows of draws, each of so many chains.

    R-hat is the larger of two, of rows halved by chains and by time.
    """
    by_time = values.reshape(len(values) * n_chains, -1)
    half = by_time.shape[1] // 2
    halves = np.concatenate([by_time[:, :half], by_time[:, by_time.shape[1] - half :]])
    in_time = split_r_hat(halves.reshape(2 * len(values), -1))
    return max(split_r_hat(values), in_time), effective_sample_size(values)


def sample_posterior(
    data: ClassData,
    *,
    min_effective_size: int,
    max_draws: int,
    random: np.random.Generator,
    max_r_hat: float = TUNING.r_hat,
) -> ClassPosterior:
    """Draw from the posterior, until the draws are enough or the limit of a row is met."""
    search = _Search(data, min_effective_size, max_draws, random, max_r_hat)
    if data.histories.shape[1] >= PRIORS.many_lists:
        return search.by_seeded_chains()
    small = data.size / TUNING.common
    size = int(np.clip(TUNING.size / small, TUNING.least_size, TUNING.size))
    annealed = anneal(data, TUNING.populations, size, n_moves=TUNING.moves, share=TUNING.share, random=random)
    apart = search.chains_apart(annealed)
    if apart.n_chains == 0:
        found = search.by_particles(annealed)
        if not found.agreed:
            larger = int(
                np.clip(0.85 * min_effective_size, 2 * size, max(TUNING.largest_size / small, 2 * size))
            )
            found = search.by_pooled_populations(larger)
        if found.agreed:
            return found
    return search.by_exchange(tempered(annealed, TUNING.populations * TUNING.targets), apart)


@dataclass(frozen=True)
class _Search:
    data: ClassData
    min_effective_size: int
    max_draws: int
    random: np.random.Generator
    max_r_hat: float = TUNING.r_hat

    def chains_apart(self, annealed: Annealed) -> ClassState:
        """Chains that ran down from anywhere and stand where no particle does."""
        runs = scattered(self.data, TUNING.scattered, TUNING.sweeps, self.random)
        met = _expected(self.data, annealed.state)
        for n_draws in TUNING.settling:
            runs, _ = sample(self.data, runs, annealed.step, n_draws, self.random)
            away = np.flatnonzero(_outside(_expected(self.data, runs), met))
            if len(away) <= TUNING.apart * runs.n_chains:
                away = away[:0]
                break
        return runs.taken(away)

    def by_seeded_chains(self) -> ClassPosterior:
        """Draws of chains that start with all classes; the first half is left out."""
        n_chains = TUNING.seeded
        far = np.arange(TUNING.populations * n_chains) % n_chains >= n_chains // 2  # R-hat compares halves
        state, step = seeded(self.data, far, TUNING.sweeps, self.random), TUNING.first_seeded_step
        for _ in range(TUNING.adapted):
            state, step = self._swept(state, step)
        limits = _Limits(TUNING.enough_seeded, 0.5, TUNING.least_seeded)
        return self._until_agreed(self._swapped(state, step), 1 / 2, TUNING.seeded, limits)[0]

    def _swept(self, state: ClassState, step: float) -> tuple[ClassState, float]:
        """A sweep, swaps of classes and a long trajectory; and the step for the next."""
        state, _ = gibbs_sweep(self.data, state, self.random)
        return move(self.data, state, step, 1.0, self.random, TUNING.seeded_length * TUNING.length)

    def _swapped(self, state: ClassState, step: float) -> Iterator[tuple[ClassState, Floats]]:
        """Blocks of draws of chains whose classes change places."""
        while True:
            unseen = np.empty((state.n_chains, TUNING.block))
            for index in range(TUNING.block):
                state, _ = self._swept(state, step)
                unseen[:, index] = draw_unseen(self.data.counts.sum(), state.unseen, self.random)
            yield state, unseen

    def _until_agreed(
        self, blocks: Iterator[tuple[ClassState, Floats]], left_out: float, n_chains: int, limits: _Limits
    ) -> tuple[ClassPosterior, ClassState]:
        """Draws of blocks until they agree or never will, less a share of the first; and the last state."""
        draws = np.empty((TUNING.populations * n_chains, 0))
        kept: list[ClassState] = []
        for state, unseen in blocks:
            draws = np.concatenate([draws, unseen], axis=1)
            kept.append(state)
            rows = draws[:, int(draws.shape[1] * left_out) :].reshape(TUNING.populations, -1)
            look = self._look(rows, n_chains, limits)
            if look.agreed or look.hopeless:
                break
        return _found(rows, kept[int(len(kept) * left_out) :], look), state

    def by_particles(self, annealed: Annealed) -> ClassPosterior:
        """Draws of annealed particles that go on as chains, by longer trajectories where they must."""
        state = annealed.state
        for length, thinned, left_out in TUNING.runs:
            state = state.taken(slice(None, None, thinned))
            blocks = self._sampled(state, annealed.step, length * TUNING.length)
            found, state = self._until_agreed(
                blocks, left_out, state.n_chains // TUNING.populations, _Limits()
            )
            if found.agreed:
                break
        return found

    def _sampled(self, state: ClassState, step: float, length: float) -> Iterator[tuple[ClassState, Floats]]:
        """Blocks of draws of chains."""
        while True:
            state, unseen = sample(self.data, state, step, TUNING.block, self.random, length)
            yield state, unseen

    def by_pooled_populations(self, size: int) -> ClassPosterior:
        """Draws of particles from smaller stages; more populations join the rows until these agree."""
        rows = np.empty((TUNING.populations, 0))
        kept: list[ClassState] = []
        for index in range(TUNING.rounds):
            cloud = anneal(
                self.data,
                TUNING.populations,
                size,
                n_moves=TUNING.moves,
                share=TUNING.fine,
                random=self.random,
            )
            state, unseen = sample(self.data, cloud.state, cloud.step, TUNING.block, self.random)
            kept.append(state)
            rows = np.concatenate([rows, unseen.reshape(TUNING.populations, -1)], axis=1)
            look = self._look(rows, (index + 1) * size, _Limits())
            if look.agreed:
                break
        return _found(rows, kept, look)

    def by_exchange(self, tempering: Tempered, apart: ClassState) -> ClassPosterior:
        """Draws of chains that exchange states with flatter ones; the first third is left out."""

        def blocks() -> Iterator[tuple[ClassState, Floats]]:
            nonlocal tempering
            while True:
                tempering, unseen, _ = sample_tempered(self.data, tempering, TUNING.target_block, self.random)
                yield tempering.target, unseen

        found, _ = self._until_agreed(blocks(), 1 / 3, TUNING.targets, _Limits(TUNING.enough_exchanged))
        found = replace(found, exchange=True)
        away = np.flatnonzero(_outside(_expected(self.data, apart), found.unseen))
        if len(away) <= TUNING.apart * TUNING.scattered:
            return found
        late, left = self._followed(
            tempering, apart.taken(away), found.unseen, TUNING.leaving if found.agreed else TUNING.naming
        )
        if found.agreed and left:
            return found
        return replace(found, agreed=False, apart=late, apart_share=len(away) / TUNING.scattered)

    def _followed(
        self, tempering: Tempered, apart: ClassState, met: Floats, n_blocks: int
    ) -> tuple[Floats, bool]:
        """Draws of chains that start apart, and whether most of them come to where the others are."""
        tempering = tempering.fewer(TUNING.followed)
        target = apart.taken(np.resize(np.arange(apart.n_chains), TUNING.followed))
        tempering = replace(
            tempering, state=joined([target, tempering.state.taken(slice(TUNING.followed, None))])
        )
        for _ in range(n_blocks):
            tempering, draws, _ = sample_tempered(self.data, tempering, TUNING.leaving_block, self.random)
            late = draws[:, TUNING.leaving_block // 2 :].ravel()
            left = bool(_outside(late, met).mean() <= 0.5)
            if left:
                break
        return late, left

    def _look(self, rows: Floats, n_chains: int, limits: _Limits) -> _Look:
        r_hat, size = agreement(np.log(self.data.counts.sum() + rows), n_chains)
        agreed = r_hat <= self.max_r_hat and size >= self.min_effective_size
        left = self.max_draws / rows.shape[1]
        # the effective size rises, and R-hat - 1 falls, about as the draws grow
        slow = r_hat - 1 > (self.max_r_hat - 1) * left
        slow |= size * left < limits.spare * self.min_effective_size and size < self.min_effective_size
        early = rows.shape[1] < min(limits.enough, self.max_draws)
        hopeless = left <= 1 or (slow and not early)
        return _Look(r_hat, size, agreed and rows.shape[1] >= limits.least, hopeless)


@dataclass(frozen=True)
class _Limits:
    """When sampling may stop."""

    enough: int = TUNING.enough_to_judge
    spare: float = 2
    least: int = 0


@dataclass(frozen=True)
class _Look:
    """Agreement of rows of draws, now and at best with the most draws allowed."""

    r_hat: float
    size: float
    agreed: bool
    hopeless: bool


def _found(rows: Floats, kept: list[ClassState], look: _Look) -> ClassPosterior:
    parameters = class_parameters(kept, most=TUNING.most_kept)
    return ClassPosterior(rows, *parameters, look.r_hat, look.size, look.agreed, False, np.empty(0), 0.0)


def _expected(data: ClassData, state: ClassState) -> Floats:
    """Expected persons unseen, chain by chain."""
    return np.asarray(data.counts.sum() * state.unseen / (1.0 - state.unseen))


def _outside(values: Floats, draws: Floats) -> Bools:
    """Which values lie beyond all but a small share of the draws on either side."""
    low, high = np.quantile(draws, [TUNING.tail, 1 - TUNING.tail])
    return np.asarray((values < low) | (values > high))
