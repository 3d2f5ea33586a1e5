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
    MANY_LISTS,
    ClassData,
    ClassState,
    class_parameters,
    joined,
)
from detcount._numerics.latent_class.trajectories import LENGTH
from detcount._numerics.monte_carlo import effective_sample_size, split_r_hat

_POPULATIONS = 4
_R_HAT = 1.01
_SIZE, _LEAST_SIZE, _LARGEST_SIZE = 128, 32, 768  # particles of a population
_COMMON = 1000  # cells of all classes beyond which populations are smaller
_MOVES = 2
_SHARE, _FINE = 0.5, 0.8  # of the particles that count after a stage
_ROUNDS = 3  # of fine annealing
# of each run: length of trajectories, in logits; one in so many particles; share of draws left out
_RUNS = ((LENGTH, 1, 0.0), (4 * LENGTH, 2, 1 / 3))
_BLOCK, _TARGET_BLOCK = 4, 6  # iterations between looks
_TARGETS = 16  # of a population: many at once cost little more than few
_FOLLOWED = 8  # targets whose chains start apart
_ENOUGH_TO_JUDGE, _ENOUGH_EXCHANGED = 190, 384  # draws of a row; the second are 24 iterations
_SCATTERED, _SWEEPS = 32, 100
_SETTLING = (5, 15)  # trajectories before chains are said to stand elsewhere
_TAIL, _APART = 0.005, 0.1  # of the draws, beyond which is elsewhere; share of the chains there
_LEAVING, _LEAVING_BLOCK = 10, 10  # blocks of exchange in which most chains must have left a mode
_NAMING = 2  # blocks of exchange after which a mode is named where nothing is agreed
_MOST_KEPT = 2000
_SEEDED = 16  # chains of a row that start with all classes
_ADAPTED = 20  # trajectories in which their step is found
_FIRST_STEP = 0.1
_LONG = 3 * LENGTH  # classes die out along a ridge
# draws of a row to agree and to be judged, 100 and 200 iterations: half of them are left out
_LEAST_SEEDED, _ENOUGH_SEEDED = 800, 1600


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
    max_r_hat: float = _R_HAT,
) -> ClassPosterior:
    """Draw from the posterior, until the draws are enough or the limit of a row is met."""
    search = _Search(data, min_effective_size, max_draws, random, max_r_hat)
    if data.histories.shape[1] >= MANY_LISTS:
        return search.by_seeded_chains()
    small = data.size / _COMMON
    size = int(np.clip(_SIZE / small, _LEAST_SIZE, _SIZE))
    annealed = anneal(data, _POPULATIONS, size, n_moves=_MOVES, share=_SHARE, random=random)
    apart = search.chains_apart(annealed)
    if apart.n_chains == 0:
        found = search.by_particles(annealed)
        if not found.agreed:
            larger = int(np.clip(0.85 * min_effective_size, 2 * size, max(_LARGEST_SIZE / small, 2 * size)))
            found = search.by_pooled_populations(larger)
        if found.agreed:
            return found
    return search.by_exchange(tempered(annealed, _POPULATIONS * _TARGETS), apart)


@dataclass(frozen=True)
class _Search:
    data: ClassData
    min_effective_size: int
    max_draws: int
    random: np.random.Generator
    max_r_hat: float = _R_HAT

    def chains_apart(self, annealed: Annealed) -> ClassState:
        """Chains that ran down from anywhere and stand where no particle does."""
        runs = scattered(self.data, _SCATTERED, _SWEEPS, self.random)
        met = _expected(self.data, annealed.state)
        for n_draws in _SETTLING:
            runs, _ = sample(self.data, runs, annealed.step, n_draws, self.random)
            away = np.flatnonzero(_outside(_expected(self.data, runs), met))
            if len(away) <= _APART * runs.n_chains:
                away = away[:0]
                break
        return runs.taken(away)

    def by_seeded_chains(self) -> ClassPosterior:
        """Draws of chains that start with all classes; the first half is left out."""
        far = np.arange(_POPULATIONS * _SEEDED) % _SEEDED >= _SEEDED // 2  # R-hat compares halves of a row
        state, step = seeded(self.data, far, _SWEEPS, self.random), _FIRST_STEP
        for _ in range(_ADAPTED):
            state, step = self._swept(state, step)
        limits = _Limits(_ENOUGH_SEEDED, 0.5, _LEAST_SEEDED)
        return self._until_agreed(self._swapped(state, step), 1 / 2, _SEEDED, limits)[0]

    def _swept(self, state: ClassState, step: float) -> tuple[ClassState, float]:
        """A sweep, swaps of classes and a long trajectory; and the step for the next."""
        state, _ = gibbs_sweep(self.data, state, self.random)
        return move(self.data, state, step, 1.0, self.random, _LONG)

    def _swapped(self, state: ClassState, step: float) -> Iterator[tuple[ClassState, Floats]]:
        """Blocks of draws of chains whose classes change places."""
        while True:
            unseen = np.empty((state.n_chains, _BLOCK))
            for index in range(_BLOCK):
                state, _ = self._swept(state, step)
                unseen[:, index] = draw_unseen(self.data.counts.sum(), state.unseen, self.random)
            yield state, unseen

    def _until_agreed(
        self, blocks: Iterator[tuple[ClassState, Floats]], left_out: float, n_chains: int, limits: _Limits
    ) -> tuple[ClassPosterior, ClassState]:
        """Draws of blocks until they agree or never will, less a share of the first; and the last state."""
        draws = np.empty((_POPULATIONS * n_chains, 0))
        kept: list[ClassState] = []
        for state, unseen in blocks:
            draws = np.concatenate([draws, unseen], axis=1)
            kept.append(state)
            rows = draws[:, int(draws.shape[1] * left_out) :].reshape(_POPULATIONS, -1)
            look = self._look(rows, n_chains, limits)
            if look.agreed or look.hopeless:
                break
        return _found(rows, kept[int(len(kept) * left_out) :], look), state

    def by_particles(self, annealed: Annealed) -> ClassPosterior:
        """Draws of annealed particles that go on as chains, by longer trajectories where they must."""
        state = annealed.state
        for length, thinned, left_out in _RUNS:
            state = state.taken(slice(None, None, thinned))
            blocks = self._sampled(state, annealed.step, length)
            found, state = self._until_agreed(blocks, left_out, state.n_chains // _POPULATIONS, _Limits())
            if found.agreed:
                break
        return found

    def _sampled(self, state: ClassState, step: float, length: float) -> Iterator[tuple[ClassState, Floats]]:
        """Blocks of draws of chains."""
        while True:
            state, unseen = sample(self.data, state, step, _BLOCK, self.random, length)
            yield state, unseen

    def by_pooled_populations(self, size: int) -> ClassPosterior:
        """Draws of particles from smaller stages; more populations join the rows until these agree."""
        rows = np.empty((_POPULATIONS, 0))
        kept: list[ClassState] = []
        for index in range(_ROUNDS):
            cloud = anneal(self.data, _POPULATIONS, size, n_moves=_MOVES, share=_FINE, random=self.random)
            state, unseen = sample(self.data, cloud.state, cloud.step, _BLOCK, self.random)
            kept.append(state)
            rows = np.concatenate([rows, unseen.reshape(_POPULATIONS, -1)], axis=1)
            look = self._look(rows, (index + 1) * size, _Limits())
            if look.agreed:
                break
        return _found(rows, kept, look)

    def by_exchange(self, tempering: Tempered, apart: ClassState) -> ClassPosterior:
        """Draws of chains that exchange states with flatter ones; the first third is left out."""

        def blocks() -> Iterator[tuple[ClassState, Floats]]:
            nonlocal tempering
            while True:
                tempering, unseen, _ = sample_tempered(self.data, tempering, _TARGET_BLOCK, self.random)
                yield tempering.target, unseen

        found, _ = self._until_agreed(blocks(), 1 / 3, _TARGETS, _Limits(_ENOUGH_EXCHANGED))
        found = replace(found, exchange=True)
        away = np.flatnonzero(_outside(_expected(self.data, apart), found.unseen))
        if len(away) <= _APART * _SCATTERED:
            return found
        late, left = self._followed(
            tempering, apart.taken(away), found.unseen, _LEAVING if found.agreed else _NAMING
        )
        if found.agreed and left:
            return found
        return replace(found, agreed=False, apart=late, apart_share=len(away) / _SCATTERED)

    def _followed(
        self, tempering: Tempered, apart: ClassState, met: Floats, n_blocks: int
    ) -> tuple[Floats, bool]:
        """Draws of chains that start apart, and whether most of them come to where the others are."""
        tempering = tempering.fewer(_FOLLOWED)
        target = apart.taken(np.resize(np.arange(apart.n_chains), _FOLLOWED))
        tempering = replace(tempering, state=joined([target, tempering.state.taken(slice(_FOLLOWED, None))]))
        for _ in range(n_blocks):
            tempering, draws, _ = sample_tempered(self.data, tempering, _LEAVING_BLOCK, self.random)
            late = draws[:, _LEAVING_BLOCK // 2 :].ravel()
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

    enough: int = _ENOUGH_TO_JUDGE
    spare: float = 2
    least: int = 0


@dataclass(frozen=True)
class _Look:
    """How well rows of draws agree, and whether they could not agree even with the most draws allowed."""

    r_hat: float
    size: float
    agreed: bool
    hopeless: bool


def _found(rows: Floats, kept: list[ClassState], look: _Look) -> ClassPosterior:
    parameters = class_parameters(kept, most=_MOST_KEPT)
    return ClassPosterior(rows, *parameters, look.r_hat, look.size, look.agreed, False, np.empty(0), 0.0)


def _expected(data: ClassData, state: ClassState) -> Floats:
    """Expected persons unseen, chain by chain."""
    return np.asarray(data.counts.sum() * state.unseen / (1.0 - state.unseen))


def _outside(values: Floats, draws: Floats) -> Bools:
    """Which values lie beyond all but a small share of the draws on either side."""
    low, high = np.quantile(draws, [_TAIL, 1 - _TAIL])
    return np.asarray((values < low) | (values > high))
