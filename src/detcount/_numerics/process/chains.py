"""Many chains side by side that draw waves, lots, delays and ends of campaigns given published counts.

One class: every move changes the same state, and leaves the same means and likelihood consistent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from detcount._numerics.delay import FAMILIES, with_median
from detcount._numerics.process.campaign import ACTIVE, events, path_evidence, sample_states
from detcount._numerics.process.clusters import log_clusters, log_excess
from detcount._numerics.process.exposure import Exposure, exposure_of
from detcount._numerics.process.places import places_of
from detcount._numerics.process.register import Array, Register
from detcount._numerics.process.tokens import draw_clusters_of, share_out
from detcount._numerics.process.waves import SHAPE, draw_sizes, kinds_of, log_size_evidence

__all__ = ["GLOBALS", "Chains", "Scales", "delay_of", "other_family"]

GLOBALS = (
    "delay median",
    "delay shape",
    "wave decay",
    "cluster spread",
    "wave size",
    "wave rate",
    "end",
    "again",
)
_MEDIAN, _SHAPE, _DECAY, _SPREAD, _SIZE, _RATE, _END, _AGAIN = range(8)
_ACCEPTED = 0.3  # share of moves of the delay, to which their reach is adapted
_TRADED = 2  # waves and lots that change into each other in each sweep
_EXTREME = 20.0  # logs of days and shapes: beyond, delays are cut off
_FLATTEST = 0.05  # shape below which a delay is as flat as can be told
_FLOOR = 1e-3  # persons: least mean of an increment
_CROWDED = 0.15  # share of blocks with waves at first, besides where they are needed
_NODES = 24  # points over which the excess above a lower bound is drawn
_REARRANGED = 15  # pairs of blocks in each sweep
_LOG_GAMMA = float(gammaln(SHAPE))
_HIGHEST = 1e12  # persons a wave: beyond, numbers are cut off


@dataclass(frozen=True)
class Scales:
    """Priors: medians and standard deviations of logs, Beta and gamma parameters; and what is fixed.

    Parameters
    ----------
    globals : ndarray of float64, shape (8, 2)
        Median and standard deviation of the log of each of `GLOBALS`.
    wave_spread : float
        Standard deviation of the log sizes of waves.
    background : tuple of float
        Shape and mean of the gamma prior of the releases a day besides waves and lots.
    ratio : float
        Standard deviation of the log ratio of each monitor to the reference register.
    slow : tuple of float
        Beta prior of the share of slow verifications.
    family : str
        Of the delay.
    """

    globals: Array
    wave_spread: float
    background: tuple[float, float]
    ratio: float
    slow: tuple[float, float]
    family: str


class Chains:
    """Chains side by side; every array has the chains first."""

    def __init__(self, data: Register, scales: Scales, n_chains: int, random: np.random.Generator) -> None:
        self.data, self.scales, self.generator = data, scales, random
        c, n, n_blocks = n_chains, len(data.count), len(data.width)
        self.log = np.log(scales.globals[:, 0]) + 0.5 * scales.globals[:, 1] * random.standard_normal((c, 8))
        self.slow = random.beta(*scales.slow, c)
        self.ratio = np.exp(0.3 * scales.ratio * random.standard_normal((c, data.n_series)))
        self.share = random.beta(data.shares[:, 0], data.shares[:, 1], (c, len(data.announced)))
        self.share = np.clip(self.share, 0.02, 0.98)
        self.speed = random.integers(0, data.speeds.shape[1], (c, len(data.announced)))
        self.background = np.full(c, scales.background[1])
        self.offsets, self.log_weights = kinds_of(scales.wave_spread)
        self.step = np.full((1, 2), 0.4)
        self.accepted = np.full(2, _ACCEPTED)
        self.factor = np.diag(np.append(scales.globals[[_MEDIAN, _SHAPE, _DECAY], 1], 1.0))
        self.counts = np.broadcast_to(data.count, (c, n)).copy()
        self.places = places_of(data)
        self.exposure = self._exposure(self.log, self.slow)
        self.of_lots = self._of_speed(self.exposure)
        # begin with a wave where most of each increment may have come from, and some more
        there = random.random((c, n_blocks)) < _CROWDED
        shares = np.concatenate([self.exposure.wave, np.zeros((c, 1))], axis=1)
        likely = shares[:, self.places.at].argmax(axis=1)[:, data.count > 0]
        there[np.arange(c)[:, None], likely] = True
        there &= self._by_block(self.exposure.wave) > 0
        self.size = np.where(there, np.exp(self.log[:, [_SIZE]]), 0.0)
        # where waves are looked for that a lot may account for: mostly where it was carried out
        likely = data.profiles.max(axis=1) + 0.1 / n_blocks
        self.near_lot = np.cumsum(likely, axis=1) / likely.sum(axis=1, keepdims=True) - 1e-12
        self.state = np.ones((c, n_blocks + 1), dtype=np.int64)
        self.state[:, 0] = 0
        self._set_spread()
        self._set_means()

    # means and likelihood

    def _exposure(self, log: Array, slow: Array) -> Exposure:
        delay = delay_of(self.scales.family, log)
        return exposure_of(self.data, self.places, self.scales.family, delay, slow, np.exp(log[:, _DECAY]))

    def _by_block(self, values: Array) -> Array:
        """Sums over increments of what pairs bring, by block: shape (c, B)."""
        return np.asarray((self.places.of_block @ values.T).T)

    def _of_speed(self, exposure: Exposure) -> Array:
        """Shares of lots under the speeds that they have, shape (c, Q)."""
        speed = self.speed[:, self.places.lot]
        return np.take_along_axis(exposure.lots, speed[:, :, None], axis=2)[:, :, 0]

    def _set_spread(self) -> None:
        self.spread = np.maximum(np.exp(self.log[:, [_SPREAD]]), self.data.least_spread)

    def _of_waves(self, exposure: Exposure, size: Array) -> Array:
        return np.add.reduceat(exposure.wave * size[:, self.places.block], self.places.starts, axis=1)

    def _of_rest(self, exposure: Exposure, of_lots: Array) -> Array:
        return np.asarray(self._of_lots(of_lots) + exposure.background * self.background[:, None])

    def _of_lots(self, of_lots: Array) -> Array:
        brought = of_lots * (self.share * self.data.announced)[:, self.places.lot]
        return np.asarray((self.places.of_row @ brought.T).T)

    def _set_means(self) -> None:
        self.waves = self._of_waves(self.exposure, self.size)
        self.rest = self._of_rest(self.exposure, self.of_lots)
        self.likelihood = self._rows(self.waves + self.rest).sum(axis=1)

    def _rows(self, mean: Array, ratio: Array | None = None, spread: Array | None = None) -> Array:
        ratio = self.ratio if ratio is None else ratio
        spread = self.spread if spread is None else spread
        return log_clusters(
            self.counts.astype(np.float64), ratio[:, self.data.series] * mean + _FLOOR, spread
        )

    def _accept(self, log_ratio: Array) -> NDArray[np.bool_]:
        return np.log(self.generator.random(len(log_ratio))) < np.where(
            np.isfinite(log_ratio), log_ratio, -np.inf
        )

    def _prior(self, log: Array, columns: list[int]) -> Array:
        centre, sd = np.log(self.scales.globals[columns, 0]), self.scales.globals[columns, 1]
        return np.asarray(-0.5 * (((log[:, columns] - centre) / sd) ** 2).sum(axis=1))

    # moves

    def sweep(self) -> None:
        """Move everything once."""
        self._draw_excess()
        self._move_delay(compensated=True)
        self._move_delay(compensated=False)
        self._move_spread()
        self._allocate()
        self._move_rates()
        self._move_wave_size()
        for _ in range(_REARRANGED):
            self._rearrange()
        self._trade_all()
        self._move_scale()
        self._move_speed()

    def _draw_excess(self) -> None:
        """Persons by which figures said to be lower bounds were too low."""
        data = self.data
        rows = np.flatnonzero(data.excess > 0)
        if not len(rows):
            return
        mean = self.ratio[:, data.series] * (self.waves + self.rest) + _FLOOR
        for row in rows:
            nodes = _nodes(data, int(row))
            following = int(data.following[row])
            high = data.count[row] + nodes
            terms = log_clusters(high * 1.0, mean[:, row, None], self.spread[:, row, None])
            terms = terms + log_excess(nodes.astype(np.float64), data.excess[row]) + np.log(_spacing(nodes))
            if following >= 0:
                rest = data.count[following] - nodes
                terms += log_clusters(rest * 1.0, mean[:, following, None], self.spread[:, following, None])
            weights = np.cumsum(np.exp(terms - terms.max(axis=1, keepdims=True)), axis=1)
            level = self.generator.random(len(mean)) * weights[:, -1]
            chosen = nodes[(weights < level[:, None]).sum(axis=1)]
            self.counts[:, row] = data.count[row] + chosen
            if following >= 0:
                self.counts[:, following] = data.count[following] - chosen
        self.likelihood = self._rows(self.waves + self.rest).sum(axis=1)

    def _move_delay(self, *, compensated: bool) -> None:
        """Delay, its slow share and the decay of waves, by a random walk.

        Compensated, waves are made larger where less of them would have been seen, so that what was counted
        stays about the same.
        """
        c, random = len(self.log), self.generator
        columns = [_MEDIAN, _SHAPE, _DECAY]
        log = self.log.copy()
        step = self.step[:, :1] if compensated else self.step[:, 1:]
        walk = step * 10 ** random.uniform(-0.7, 0.3, (c, 1)) * random.standard_normal((c, 4)) @ self.factor.T
        log[:, columns] += walk[:, :3]
        a, b = self.scales.slow
        logit = np.log(self.slow / (1 - self.slow)) + walk[:, 3]
        slow = np.clip(1 / (1 + np.exp(-logit)), 1e-6, 1 - 1e-6)
        exposure = self._exposure(log, slow)
        size, jacobian = self.size, np.zeros(c)
        if compensated:
            before = self._by_block(self.exposure.wave) + _FLOOR
            change = before / (self._by_block(exposure.wave) + _FLOOR)
            size = np.minimum(self.size * change, _HIGHEST)
            there = self.size > 0
            jacobian = np.where(there, np.log(change), 0.0).sum(axis=1)
            jacobian += self._log_densities(size) - self._log_densities(self.size)
        of_lots = self._of_speed(exposure)
        waves, rest = self._of_waves(exposure, size), self._of_rest(exposure, of_lots)
        likelihood = self._rows(waves + rest).sum(axis=1)
        ratio = likelihood - self.likelihood + self._prior(log, columns) - self._prior(self.log, columns)
        ratio += a * np.log(slow / self.slow) + b * np.log((1 - slow) / (1 - self.slow)) + jacobian
        good = self._accept(ratio)
        self.accepted[0 if compensated else 1] = good.mean()
        self.log[good], self.slow[good], self.size[good] = log[good], slow[good], size[good]
        self.of_lots[good] = of_lots[good]
        for name in ("wave", "lots", "background"):
            getattr(self.exposure, name)[good] = getattr(exposure, name)[good]
        self.waves[good], self.rest[good], self.likelihood[good] = waves[good], rest[good], likelihood[good]

    def adapt(self) -> None:
        """While warming up: reach and direction of the moves of the delay, from where the chains are."""
        self.step *= np.exp(0.3 * (self.accepted - _ACCEPTED))
        where = np.column_stack([self.log[:, [_MEDIAN, _SHAPE, _DECAY]], np.log(self.slow / (1 - self.slow))])
        spread = np.append(self.scales.globals[[_MEDIAN, _SHAPE, _DECAY], 1], 1.0)
        covariance = np.cov(where.T) + np.diag((0.1 * spread) ** 2)
        self.factor = np.linalg.cholesky(covariance)

    def _log_densities(self, size: Array) -> Array:
        """Log density of the sizes of all waves, kinds summed out."""
        rate = SHAPE * np.exp(-self._log_median())[..., None] * np.exp(-self.offsets)
        terms = np.exp(self.log_weights + SHAPE * np.log(rate) - rate * size[..., None]).sum(axis=2)
        value = np.log(np.maximum(terms, 1e-300)) + (SHAPE - 1) * np.log(np.maximum(size, 1e-300))
        return np.asarray(np.where(size > 0, value, 0.0).sum(axis=1))

    def _move_spread(self) -> None:
        """Spread of the clusters."""
        for _ in range(2):
            log = self.log.copy()
            log[:, _SPREAD] += 10 ** self.generator.uniform(-1, 0, len(log)) * self.generator.standard_normal(
                len(log)
            )
            spread = np.maximum(np.exp(log[:, [_SPREAD]]), self.data.least_spread)
            likelihood = self._rows(self.waves + self.rest, spread=spread).sum(axis=1)
            ratio = likelihood - self.likelihood
            good = self._accept(ratio + self._prior(log, [_SPREAD]) - self._prior(self.log, [_SPREAD]))
            self.log[good], self.likelihood[good], self.spread[good] = (
                log[good],
                likelihood[good],
                spread[good],
            )

    def _allocate(self) -> None:
        """Everything that is linear in the means, given which source each cluster came from."""
        data, exposure, random = self.data, self.exposure, self.generator
        n_blocks, n_lots = len(data.width), len(data.announced)
        scale = self.ratio[:, data.series]
        mean = scale * (self.waves + self.rest) + _FLOOR
        clusters = draw_clusters_of(self.counts, mean / self.spread, random)
        of_lots = self.of_lots
        parts = np.concatenate(
            [
                exposure.wave * self.size[:, self.places.block],
                of_lots * (self.share * data.announced)[:, self.places.lot],
                exposure.background * self.background[:, None],
                _FLOOR / scale,
            ],
            axis=1,
        )[:, self.places.order]
        n_sources = n_blocks + n_lots + 2
        found = share_out(clusters, parts, self.places.all_starts, self.places.source, n_sources, random)
        brings = scale * np.log1p(self.spread) / self.spread
        seen = self._by_block(brings[:, self.places.row] * exposure.wave)
        self._draw_waves(found[:, :n_blocks], seen)
        if n_lots:
            seen = np.asarray((self.places.of_lot @ (brings[:, self.places.lot_row] * of_lots).T).T)
            seen *= data.announced
            self._move_share(found[:, n_blocks : n_blocks + n_lots], seen)
        shape, average = self.scales.background
        seen_days = (brings * exposure.background).sum(axis=1)
        self.background = random.standard_gamma(shape + found[:, -2]) / (shape / average + seen_days)
        self._set_means()
        # ratios: clusters of each monitor, whatever they came from
        base = (self.waves + self.rest) * np.log1p(self.spread) / self.spread
        prior = 1 / np.expm1(self.scales.ratio**2)
        for series in range(data.n_series):
            rows = data.series == series
            if rows.any():
                seen = base[:, rows].sum(axis=1)
                self.ratio[:, series] = random.standard_gamma(prior + clusters[:, rows].sum(axis=1)) / (
                    prior + seen
                )
            else:
                self.ratio[:, series] = random.standard_gamma(prior, len(seen_days)) / prior
        self.likelihood = self._rows(self.waves + self.rest).sum(axis=1)

    def _events(self, log: Array) -> tuple[Array, Array]:
        rates = np.exp(log)
        return events(rates[:, _RATE], rates[:, _END], rates[:, _AGAIN], self.data.width, self.data.opens)

    def _log_median(self, log: Array | None = None) -> Array:
        """Log of the median size of a wave of each block: longer ones may hold several."""
        log = self.log if log is None else log
        return log[:, [_SIZE]] + 0.5 * np.log(self.data.width)

    def _draw_waves(self, found: NDArray[np.int64], seen: Array) -> None:
        """States, which blocks have a wave, and its size."""
        found_here = found.astype(np.float64)
        median = self._log_median()
        evidence = log_size_evidence(found_here, seen, median, self.offsets, self.log_weights)
        top = evidence.max(axis=2)
        any_kind = top + np.log(np.exp(evidence - top[:, :, None]).sum(axis=2))
        self.quiet_chance, self.wave_chance = self._events(self.log)
        no_wave = (found == 0) * 1.0
        a_wave = np.where(found == 0, np.exp(np.minimum(any_kind, 0.0)), 1.0)
        self.state, there, _ = sample_states(
            self.quiet_chance, self.wave_chance, no_wave, a_wave, self.generator
        )
        size = draw_sizes(evidence, found_here, seen, median, self.offsets, self.generator)
        self.size = np.where(there, np.minimum(size, _HIGHEST), 0.0)

    def _move_share(self, found: NDArray[np.int64], seen: Array) -> None:
        """Share of each lot that is verified in the end."""
        a, b = self.data.shares.T
        reach = 2.4 / np.sqrt(2.0 + found)
        for _ in range(3):
            old = self.share
            new = np.log(old / (1 - old)) + reach * self.generator.standard_normal(old.shape)
            new = np.clip(1 / (1 + np.exp(-new)), 1e-9, 1 - 1e-9)
            log_ratio = (
                (a + found) * np.log(new / old) + b * np.log((1 - new) / (1 - old)) - seen * (new - old)
            )
            good = np.log(self.generator.random(old.shape)) < log_ratio
            self.share = np.where(good, new, old)

    def _move_rates(self) -> None:
        """Rate of waves, and hazards of the end and of a new beginning."""
        there = self.size > 0
        before, after = self.state[:, :-1], self.state[:, 1:]
        at = np.arange(len(self.log))[:, None], np.arange(there.shape[1])[None, :], before, after
        columns = [_RATE, _END, _AGAIN]

        def value(log: Array) -> Array:
            quiet, wave = self._events(log)
            chance = np.where(there, wave[at], quiet[at])
            value = np.log(np.maximum(chance, 1e-300)).sum(axis=1)
            return np.asarray(value + self._prior(log, columns))

        now = value(self.log)
        for column in columns:
            log = self.log.copy()
            log[:, column] += 10 ** self.generator.uniform(
                -0.8, 0.2, len(log)
            ) * self.generator.standard_normal(len(log))
            trial = value(log)
            good = self._accept(trial - now)
            self.log[good], now[good] = log[good], trial[good]
        self.quiet_chance, self.wave_chance = self._events(self.log)

    def _move_wave_size(self) -> None:
        """Median size of waves given their sizes, their kinds drawn anew."""
        there = self.size > 0
        relative = self.size * np.exp(-self._log_median())
        terms = self.log_weights - SHAPE * (self.offsets + relative[..., None] * np.exp(-self.offsets))
        weights = np.cumsum(np.exp(terms - terms.max(axis=2, keepdims=True)), axis=2)
        level = self.generator.random(there.shape) * weights[..., -1]
        kind = (weights < level[..., None]).sum(axis=2)
        n_waves = there.sum(axis=1)
        total = np.where(there, relative * np.exp(-self.offsets[kind]), 0.0).sum(axis=1) * np.exp(
            self.log[:, _SIZE]
        )

        def value(log: Array) -> Array:
            size = log[:, _SIZE]
            value = -SHAPE * (n_waves * size + np.exp(-size) * total)
            return np.asarray(value + self._prior(log, [_SIZE]))

        for _ in range(4):
            log = self.log.copy()
            log[:, _SIZE] += 10 ** self.generator.uniform(-1, 0, len(log)) * self.generator.standard_normal(
                len(log)
            )
            good = self._accept(value(log) - value(self.log))
            self.log[good] = log[good]

    def _log_density(self, size: Array, block: NDArray[np.int64]) -> Array:
        """Log density of sizes of waves of some blocks, kinds summed out; 0 where there is none."""
        median = self.log[:, _SIZE] + 0.5 * np.log(self.data.width[block])
        rate = SHAPE * np.exp(-(median[:, None] + self.offsets))
        log_size = np.log(np.maximum(size, 1e-300))[:, None]
        terms = self.log_weights + SHAPE * np.log(rate) + (SHAPE - 1) * log_size - rate * size[:, None]
        top = terms.max(axis=1)
        value = top + np.log(np.exp(terms - top[:, None]).sum(axis=1)) - _LOG_GAMMA
        return np.where(size > 0, value, 0.0)

    def _rearrange(self) -> None:
        """Share out anew what two blocks in a row bring: all in one of them, or some in each."""
        c, n_blocks = self.size.shape
        if n_blocks < 2:
            return
        chains, random = np.arange(c), self.generator
        # pairs of blocks of which one has a wave, at least
        there = self.size > 0
        pairs = there[:, :-1] | there[:, 1:]
        first = (pairs * random.random(pairs.shape)).argmax(axis=1)
        second = first + 1
        old = self.size[chains, first], self.size[chains, second]
        total = old[0] + old[1]
        how = random.integers(0, 3, c)
        part = np.where(how == 0, 0.0, np.where(how == 1, 1.0, random.random(c)))
        new = part * total, total - part * total
        after = there.copy()
        after[chains, first], after[chains, second] = new[0] > 0, new[1] > 0
        choices = np.log(
            np.maximum(pairs.sum(axis=1), 1) / np.maximum((after[:, :-1] | after[:, 1:]).sum(axis=1), 1)
        )
        begin, end = self.state[chains, first], self.state[chains, second + 1]

        def paths(sizes: tuple[Array, Array]) -> Array:
            steps = [
                np.where(
                    (size > 0)[:, None, None],
                    self.wave_chance[chains, block],
                    self.quiet_chance[chains, block],
                )
                for size, block in zip(sizes, (first, second), strict=True)
            ]
            return np.asarray(steps[0][chains, begin] * steps[1][chains, :, end])

        def density(sizes: tuple[Array, Array]) -> Array:
            value = self._log_density(sizes[0], first) + self._log_density(sizes[1], second)
            return value + np.where((sizes[0] > 0) & (sizes[1] > 0), np.log(np.maximum(total, 1e-300)), 0.0)

        ways_old, ways_new = paths(old), paths(new)
        waves = self.waves.copy()
        shares = np.concatenate([self.exposure.wave, np.zeros((c, 1))], axis=1)
        for block, before, now in zip((first, second), old, new, strict=True):
            waves += shares[chains[:, None], self.places.at[block]] * (now - before)[:, None]
        np.maximum(waves, 0.0, out=waves)
        likelihood = self._rows(waves + self.rest).sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            log_ratio = likelihood - self.likelihood + np.log(ways_new.sum(axis=1) / ways_old.sum(axis=1))
        log_ratio += density(new) - density(old) + choices
        good = self._accept(np.where(total > 0, log_ratio, -np.inf))
        middle = random.random(c) * ways_new.sum(axis=1) < ways_new[:, ACTIVE]
        at = chains[good]
        self.size[at, first[good]], self.size[at, second[good]] = new[0][good], new[1][good]
        self.state[at, second[good]] = middle[good]
        self.waves[good], self.likelihood[good] = waves[good], likelihood[good]

    def _move_scale(self) -> None:
        """All sizes up and all ratios down, which changes what lots bring alone."""
        c = len(self.log)
        factor = np.exp(0.5 * self.scales.ratio * self.generator.standard_normal(c))
        log = self.log.copy()
        log[:, _SIZE] += np.log(factor)
        ratio = self.ratio / factor[:, None]
        lots = self._of_lots(self.of_lots)
        waves = self.waves * factor[:, None]
        rest = lots + self.exposure.background * (self.background * factor)[:, None]
        likelihood = self._rows(waves + rest, ratio=ratio).sum(axis=1)
        shape, average = self.scales.background
        prior = 1 / np.expm1(self.scales.ratio**2)
        log_factor = np.log(factor)
        value = likelihood - self.likelihood + self._prior(log, [_SIZE]) - self._prior(self.log, [_SIZE])
        value += shape * log_factor - shape / average * self.background * (factor - 1)
        value += (-prior * log_factor[:, None] - prior * (ratio - self.ratio)).sum(axis=1)
        good = self._accept(value)
        self.log[good], self.ratio[good] = log[good], ratio[good]
        self.size[good] *= factor[good, None]
        self.background[good] *= factor[good]
        self.waves[good], self.rest[good], self.likelihood[good] = waves[good], rest[good], likelihood[good]

    def _trade_all(self) -> None:
        """Waves and lots that change into each other, states of the campaign summed out and drawn anew."""
        if not self.share.shape[1]:
            return
        chances = self.quiet_chance, self.wave_chance
        evidence = path_evidence(*chances, self.size > 0)
        for _ in range(_TRADED):
            evidence = self._trade(evidence)
        there = self.size > 0
        no_wave, a_wave = (~there).astype(np.float64), there.astype(np.float64)
        self.state, _, _ = sample_states(*chances, no_wave, a_wave, self.generator)

    def _trade(self, evidence: Array) -> Array:
        """Let a wave become a part of a lot, or a part of a lot a wave; gives the new evidence of states."""
        data, random = self.data, self.generator
        c, n_lots = self.share.shape
        chains = np.arange(c)
        lot = np.asarray(random.integers(0, n_lots, c))
        before = (self.near_lot[lot] < random.random((c, 1))).sum(axis=1)
        block = np.asarray(before).clip(0, len(data.width) - 1)
        size, share = self.size[chains, block], self.share[chains, lot]
        announced = data.announced[lot]
        dies = size > 0
        kept = random.random(c)
        new_share = np.where(dies, share + size / announced, share * kept)
        new_size = np.where(dies, 0.0, announced * share * (1 - kept))
        possible = (new_share > 0) & (new_share < 1)
        new_share = np.clip(new_share, 1e-9, 1 - 1e-9)
        after = self.size > 0
        after[chains, block] = new_size > 0
        trial = path_evidence(self.quiet_chance, self.wave_chance, after)
        shares = np.concatenate([self.exposure.wave, np.zeros((c, 1))], axis=1)
        waves = self.waves + shares[chains[:, None], self.places.at[block]] * (new_size - size)[:, None]
        shares = np.concatenate([self.of_lots, np.zeros((c, 1))], axis=1)
        brought = shares[chains[:, None], self.places.lot_at[lot]]
        rest = self.rest + brought * (announced * (new_share - share))[:, None]
        waves, rest = np.maximum(waves, 0.0), np.maximum(rest, 0.0)
        likelihood = self._rows(waves + rest).sum(axis=1)
        a, b = data.shares[lot].T
        value = likelihood - self.likelihood + trial - evidence
        value += (a - 1) * np.log(new_share / share) + (b - 1) * np.log((1 - new_share) / (1 - share))
        value += self._log_density(new_size, block) - self._log_density(size, block)
        value += np.where(dies, -np.log(announced * new_share), np.log(announced * share))
        good = self._accept(np.where(possible, value, -np.inf))
        moved = chains[good]
        self.size[moved, block[good]] = new_size[good]
        self.share[moved, lot[good]] = new_share[good]
        self.waves[good], self.rest[good], self.likelihood[good] = waves[good], rest[good], likelihood[good]
        return np.asarray(np.where(good, trial, evidence))

    def _move_speed(self) -> None:
        """How fast one lot is carried out."""
        data = self.data
        c, n_lots = self.speed.shape
        if not n_lots:
            return
        chains = np.arange(c)
        which = self.generator.integers(0, n_lots, c)
        speed = self.speed.copy()
        speed[chains, which] = self.generator.integers(0, data.speeds.shape[1], c)
        shares = np.concatenate([self.exposure.lots, np.zeros((c, 1, data.speeds.shape[1]))], axis=1)
        at = chains[:, None], self.places.lot_at[which]
        change = (
            shares[(*at, speed[chains, which][:, None])] - shares[(*at, self.speed[chains, which][:, None])]
        )
        rest = self.rest + change * (self.share[chains, which] * data.announced[which])[:, None]
        rest = np.maximum(rest, 0.0)
        likelihood = self._rows(self.waves + rest).sum(axis=1)
        prior = np.log(data.speeds[which, speed[chains, which]]) - np.log(
            data.speeds[which, self.speed[chains, which]]
        )
        good = self._accept(likelihood - self.likelihood + prior)
        self.speed[good] = speed[good]
        self.of_lots = self._of_speed(self.exposure)
        self.rest[good], self.likelihood[good] = rest[good], likelihood[good]

    def other_family(self) -> Array:
        """Log likelihood under the other family of delays, same medians and shapes, less that of this."""
        family = other_family(self.scales.family)
        delay = delay_of(family, self.log)
        tau = np.exp(self.log[:, _DECAY])
        exposure = exposure_of(self.data, self.places, family, delay, self.slow, tau)
        rest = self._of_rest(exposure, self._of_speed(exposure))
        mean = self._of_waves(exposure, self.size) + rest
        return np.asarray(self._rows(mean).sum(axis=1) - self.likelihood)

    def flatter_prior(self) -> Array:
        """Log of the prior of the global parameters to the power 1/2, less that of the whole."""
        a, b = self.scales.slow
        prior = self._prior(self.log, list(range(len(GLOBALS))))
        return -0.5 * (prior + (a - 1) * np.log(self.slow) + (b - 1) * np.log1p(-self.slow))

    def snapshot(self) -> dict[str, Array]:
        """What is kept of a sweep."""
        return {
            "log": self.log.copy(),
            "slow": self.slow.copy(),
            "size": self.size.copy(),
            "share": self.share.copy(),
            "speed": self.speed.copy(),
            "background": self.background.copy(),
            "ratio": self.ratio.copy(),
            "active": self.state[:, -1].astype(np.float64),
            "likelihood": self.likelihood.copy(),
            "other": self.other_family(),
            "flatter": self.flatter_prior(),
        }


def delay_of(family: str, log: Array) -> Array:
    """Parameters of the quick verifications from the logs of their median and shape."""
    median, shape = (np.exp(log[:, column].clip(-_EXTREME, _EXTREME)) for column in (_MEDIAN, _SHAPE))
    return np.asarray(with_median(family, median, shape.clip(_FLATTEST)))


def other_family(family: str) -> str:
    """The family of delays that answers are compared with."""
    return next(other for other in FAMILIES if other != family)


def _nodes(data: Register, row: int) -> NDArray[np.int64]:
    """Whole numbers among which the excess above a lower bound is drawn."""
    most = int(5 * data.excess[row]) + 2
    following = int(data.following[row])
    if following >= 0:
        most = min(most, int(data.count[following]))
    return np.unique(np.linspace(0, most, min(_NODES, most + 1)).astype(np.int64))


def _spacing(nodes: NDArray[np.int64]) -> Array:
    """Whole numbers that each node stands for."""
    return np.gradient(nodes.astype(np.float64)) if len(nodes) > 1 else np.ones(1)
