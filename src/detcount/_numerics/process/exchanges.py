"""Moves between what explains the same counts: neighbouring waves, waves and lots, sizes and ratios."""

from __future__ import annotations

import numpy as np

from detcount._numerics.process.campaign import ACTIVE, Paths, sample_states
from detcount._numerics.process.register import Array
from detcount._numerics.process.state import SIZE, State

__all__ = ["move_scale", "move_speed", "rearrange", "trade_all"]

_TRADED = 5  # waves and lots that change into each other in each sweep


def rearrange(state: State) -> None:
    """Share out anew what two blocks in a row bring: all in one of them, or some in each."""
    n_blocks, c = state.size.shape
    if n_blocks < 2:
        return
    chains, random, at = state.chains, state.generator, state.places.at
    # pairs of blocks of which one has a wave, at least
    there = state.size > 0
    pairs = (there[:-1] | there[1:]).T
    first = (pairs * random.random(pairs.shape)).argmax(axis=1)
    second = first + 1
    old = np.stack([state.size[first, chains], state.size[second, chains]])
    total = old[0] + old[1]
    how = random.integers(0, 3, c)
    part = np.where(how == 0, 0.0, np.where(how == 1, 1.0, random.random(c)))
    new = np.stack([part * total, total - part * total])
    has = new > 0
    after = there.copy()
    after[first, chains], after[second, chains] = has
    ways, ways_after = pairs.sum(axis=1), (after[:-1] | after[1:]).sum(axis=0)
    # chances by the state between the two, before and after
    with_wave = np.stack([old > 0, has]).astype(np.int64)
    begin, end = state.active[first, chains], state.active[second + 1, chains]
    paths = state.chances[with_wave[:, 0], begin, :, first, chains]
    paths *= state.chances[with_wave[:, 1], :, end, second, chains]
    density = state.log_density(np.concatenate([new, old]), np.stack([first, second, first, second]))
    change = new - old
    waves = state.waves + state.exposure.wave[at[first].T, chains] * change[0]
    waves += state.exposure.wave[at[second].T, chains] * change[1]
    np.maximum(waves, 0.0, out=waves)
    likelihood = state.likelihood_of(waves + state.rest)
    both = ((new > 0).all(axis=0) * 1.0 - (old > 0).all(axis=0)) * np.log(np.maximum(total, 1e-300))
    sums = paths.sum(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_ratio = likelihood - state.likelihood + np.log(sums[1] / sums[0])
    log_ratio += density[0] + density[1] - density[2] - density[3] + both
    log_ratio += np.log(np.maximum(ways, 1) / np.maximum(ways_after, 1))
    good = state.accepted(np.where(total > 0, log_ratio, -np.inf))
    middle = random.random(c) * sums[1] < paths[1, :, ACTIVE]
    moved = chains[good]
    state.size[first[good], moved], state.size[second[good], moved] = new[:, good]
    state.active[second[good], moved] = middle[good]
    np.copyto(state.waves, waves, where=good)
    np.copyto(state.likelihood, likelihood, where=good)


def trade_all(state: State) -> None:
    """Waves and lots that change into each other, states of the campaign summed out and drawn anew."""
    if not len(state.share):
        return
    paths = Paths(state.chances, state.size > 0)
    for _ in range(_TRADED):
        _trade(state, paths)
    there = state.size > 0
    no_wave, a_wave = (~there).astype(np.float64), there.astype(np.float64)
    state.active, _, _ = sample_states(state.chances, no_wave, a_wave, state.generator)


def _trade(state: State, paths: Paths) -> None:
    """Let a wave become a part of a lot, or a part of a lot a wave."""
    data, random, places, chains = state.data, state.generator, state.places, state.chains
    n_lots, c = state.share.shape
    lot = np.asarray(random.integers(0, n_lots, c))
    before = (state.near_lot[lot] < random.random((c, 1))).sum(axis=1)
    block = np.asarray(before).clip(0, len(data.width) - 1)
    size, share = state.size[block, chains], state.share[lot, chains]
    announced = data.announced[lot]
    dies = size > 0
    kept = random.random(c)
    new_share = np.where(dies, share + size / announced, share * kept)
    new_size = np.where(dies, 0.0, announced * share * (1 - kept))
    possible = (new_share > 0) & (new_share < 1)
    new_share = np.clip(new_share, 1e-9, 1 - 1e-9)
    trial = paths.trial(block, new_size > 0)
    waves = state.waves + state.exposure.wave[places.at[block].T, chains] * (new_size - size)
    rest = state.rest + state.of_lots[places.lot_at[lot].T, chains] * (announced * (new_share - share))
    np.maximum(waves, 0.0, out=waves)
    np.maximum(rest, 0.0, out=rest)
    likelihood = state.likelihood_of(waves + rest)
    a, b = data.shares[lot].T
    value = likelihood - state.likelihood + trial - paths.evidence
    value += (a - 1) * np.log(new_share / share) + (b - 1) * np.log((1 - new_share) / (1 - share))
    density = state.log_density(np.stack([new_size, size]), np.stack([block, block]))
    value += density[0] - density[1]
    value += np.where(dies, -np.log(announced * new_share), np.log(announced * share))
    good = state.accepted(np.where(possible, value, -np.inf))
    paths.take(good)
    moved = chains[good]
    state.size[block[good], moved] = new_size[good]
    state.share[lot[good], moved] = new_share[good]
    for to, new in ((state.waves, waves), (state.rest, rest), (state.likelihood, likelihood)):
        np.copyto(to, new, where=good)


def move_speed(state: State) -> None:
    """How fast one lot is carried out."""
    data, random, chains = state.data, state.generator, state.chains
    n_lots, c = state.speed.shape
    if not n_lots:
        return
    which = np.asarray(random.integers(0, n_lots, c))
    old, new = state.speed[which, chains], np.asarray(random.integers(0, data.speeds.shape[1], c))
    at = state.places.lot_at[which].T
    shares = state.brought(state.exposure, state.places.profiles[which, new].T)
    rest = state.rest + (shares - state.of_lots[at, chains]) * (
        state.share[which, chains] * data.announced[which]
    )
    np.maximum(rest, 0.0, out=rest)
    likelihood = state.likelihood_of(state.waves + rest)
    prior = np.log(data.speeds[which, new]) - np.log(data.speeds[which, old])
    good = state.accepted(likelihood - state.likelihood + prior)
    state.speed[which[good], chains[good]] = new[good]
    state.of_lots[at[:, good], chains[good]] = shares[:, good]
    np.copyto(state.rest, rest, where=good)
    np.copyto(state.likelihood, likelihood, where=good)


def move_scale(state: State, *, with_lots: bool) -> None:
    """All sizes up and all ratios down, and odds of what is carried out of lots up with them or not."""
    scales, c = state.scales, len(state.chains)
    log_factor = 0.5 * scales.ratio * state.generator.standard_normal(c)
    factor = np.exp(log_factor)
    log = state.log.copy()
    log[SIZE] += log_factor
    ratio, share, value = state.ratio / factor, state.share, np.zeros(c)
    if with_lots:
        share = share * factor / (1 + share * np.expm1(log_factor))
        share = np.clip(share, 1e-9, 1 - 1e-9)
        value = _log_odds(state, share)
    waves, background = state.waves * factor, state.background * factor
    rest = state.rest_of(state.exposure, share, background)
    likelihood = state.likelihood_of(waves + rest, ratio)
    shape, average = scales.background
    prior = 1 / np.expm1(scales.ratio**2)
    value += likelihood - state.likelihood + state.prior(log, [SIZE]) - state.prior(state.log, [SIZE])
    value += shape * log_factor - shape / average * (background - state.background)
    value += (-prior * log_factor - prior * (ratio - state.ratio)).sum(axis=0)
    good = state.accepted(value)
    state.share = np.where(good, share, state.share)
    for to, new in (
        (state.log, log),
        (state.ratio, ratio),
        (state.size, state.size * factor),
        (state.background, background),
        (state.waves, waves),
        (state.rest, rest),
        (state.likelihood, likelihood),
    ):
        np.copyto(to, new, where=good)


def _log_odds(state: State, share: Array) -> Array:
    """Log prior of odds of shares, less that of those that are."""
    a, b = state.data.shares.T[:, :, None]
    return np.asarray(
        (a * np.log(share / state.share) + b * np.log((1 - share) / (1 - state.share))).sum(axis=0)
    )
