"""Everything that is linear in the means, given which source each cluster of verified persons came from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.process.campaign import events, path_evidence, sample_states
from detcount._numerics.process.delays import Reach
from detcount._numerics.process.register import Array
from detcount._numerics.process.state import AGAIN, END, FLOOR, HIGHEST, OF_WAVES, RATE, State
from detcount._numerics.process.tokens import draw_clusters_of, share_out
from detcount._numerics.process.waves import chance_of_none, draw_sizes, log_size_evidence

__all__ = ["allocate"]

_SUMMED_OUT = 2  # moves of rates and median in each sweep
_MOST_LOG = 300.0  # log of a likelihood over another


def allocate(state: State, reach: Reach) -> None:
    """Draw waves, shares of lots, the background and ratios, and who came from which of them."""
    data, exposure, places, random = state.data, state.exposure, state.places, state.generator
    n_blocks, n_lots = len(data.width), len(data.announced)
    scale = state.ratio[data.series]
    mean = scale * (state.waves + state.rest) + FLOOR
    counts = state.persons.T.astype(np.int64)
    clusters = draw_clusters_of(counts, np.ascontiguousarray((mean / state.spread).T), random)
    parts = np.concatenate(
        [
            exposure.wave[:-1] * state.size[places.block],
            state.of_lots[:-1] * (state.share * state.announced)[places.lot],
            exposure.background * state.background,
            FLOOR / scale,
        ]
    )[places.order]
    n_sources = n_blocks + n_lots + 2
    parts = np.ascontiguousarray(parts.T)
    found = share_out(clusters, parts, places.all_starts, places.source, n_sources, random)
    found = np.ascontiguousarray(found.T)
    brings = scale * state.log_one_more / state.spread
    seen = np.asarray(places.of_block @ (brings[places.row] * exposure.wave[:-1]))
    _draw_waves(state, reach, found[:n_blocks], seen)
    if n_lots:
        seen = np.asarray(places.of_lot @ (brings[places.lot_row] * state.of_lots[:-1]))
        _move_share(state, found[n_blocks : n_blocks + n_lots], seen * state.announced)
    shape, average = state.scales.background
    seen_days = (brings * exposure.background).sum(axis=0)
    state.background = random.standard_gamma(shape + found[-2]) / (shape / average + seen_days)
    state.set_means()
    # ratios: clusters of each monitor, whatever they came from
    base = (state.waves + state.rest) * state.log_one_more / state.spread
    prior = 1 / np.expm1(state.scales.ratio**2)
    came = np.asarray(places.of_series @ clusters.T)
    state.ratio = random.standard_gamma(prior + came) / (prior + np.asarray(places.of_series @ base))
    state.likelihood = state.likelihood_of(state.waves + state.rest)


def _draw_waves(state: State, reach: Reach, found: NDArray[np.int64], seen: Array) -> None:
    """Rates and median size of waves, states, which blocks have a wave, and its size.

    The rates and the median move with states and sizes summed out, which holds them fast otherwise.
    """
    data, random, kinds = state.data, state.generator, (state.offsets, state.log_weights)
    nothing = found == 0
    no_wave = nothing.astype(np.float64)
    some = np.nonzero(found)
    some_found, some_seen = found[some].astype(np.float64), seen[some]

    def of_sizes(log: Array) -> tuple[Array, Array]:
        """Likelihood of blocks with a wave where nothing was found; log evidence where some was."""
        median = state.log_median(log)
        evidence = log_size_evidence(some_found, some_seen, median[some], *kinds)
        top = evidence.max(axis=1)
        return chance_of_none(seen, median, *kinds), top + np.log(np.exp(evidence - top[:, None]).sum(axis=1))

    def a_wave(of_none: Array, of_some: Array) -> Array:
        of_none[some] = np.exp(np.minimum(of_some - level, _MOST_LOG))
        return of_none

    def events_at(log: Array) -> Array:
        rates = np.exp(log)
        return events(rates[RATE], rates[END], rates[AGAIN], data.width, data.opens)

    sizes = of_sizes(state.log)
    level = sizes[1].copy()
    chances, with_wave = events_at(state.log), a_wave(*sizes)
    now = path_evidence(chances, no_wave, with_wave) + state.prior(state.log, OF_WAVES)
    for _ in range(_SUMMED_OUT):
        log, c = state.log.copy(), len(state.chains)
        far = 10 ** random.uniform(-0.7, 0.3, (c, 1))
        walk = random.standard_normal((c, len(OF_WAVES))) @ reach.factor_of_waves.T
        log[OF_WAVES] += (far * walk).T
        trial, trial_chances = a_wave(*of_sizes(log)), events_at(log)
        value = path_evidence(trial_chances, no_wave, trial) + state.prior(log, OF_WAVES)
        good = state.accepted(value - now)
        for to, new in zip((state.log, now, with_wave), (log, value, trial), strict=True):
            np.copyto(to, new, where=good)
        chances = np.where(good, trial_chances, chances)
    state.chances = chances
    state.active, there, _ = sample_states(chances, no_wave, with_wave, random)
    chain, block = np.nonzero(there.T)
    at = block, chain
    here, median = found[at].astype(np.float64), state.log_median()[at]
    size = draw_sizes(here, seen[at], median, *kinds, random)
    state.size = np.zeros_like(state.size)
    state.size[at] = np.minimum(size, HIGHEST)


def _move_share(state: State, found: NDArray[np.int64], seen: Array) -> None:
    """Share of each lot that is verified in the end."""
    random = state.generator
    a, b = state.data.shares.T[:, :, None]
    reach = 2.4 / np.sqrt(2.0 + found)
    for _ in range(3):
        old = state.share
        new = np.log(old / (1 - old)) + reach * random.standard_normal(old.T.shape).T
        new = np.clip(1 / (1 + np.exp(-new)), 1e-9, 1 - 1e-9)
        log_ratio = (a + found) * np.log(new / old) + b * np.log((1 - new) / (1 - old)) - seen * (new - old)
        good = np.log(random.random(old.T.shape).T) < log_ratio
        state.share = np.where(good, new, old)
