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
from detcount._numerics.process.clusters import log_clusters, log_excess, of_the_count, of_the_mean
from detcount._numerics.process.exposure import Exposure, exposure_of
from detcount._numerics.process.places import places_of
from detcount._numerics.process.register import Array, Register
from detcount._numerics.process.tokens import draw_clusters_of, share_out
from detcount._numerics.process.waves import SHAPE, chance_of_none, draw_sizes, kinds_of, log_size_evidence

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
_OF_WAVES = [_SIZE, _RATE, _END, _AGAIN]
_SUMMED_OUT = 2  # moves of these in each sweep
_ACCEPTED = 0.3  # share of moves of the delay, to which their reach is adapted
_SPEEDS = 2  # lots of which the speed moves in each sweep
_TRADED = 5  # waves and lots that change into each other in each sweep
_EXTREME = 20.0  # logs of days and shapes: beyond, delays are cut off
_FLATTEST = 0.05  # shape below which a delay is as flat as can be told
_FLOOR = 1e-3  # persons: least mean of an increment
_CROWDED = 0.15  # share of blocks with waves at first, besides where they are needed
_NODES = 24  # points over which the excess above a lower bound is drawn
_REARRANGED = 10  # pairs of blocks in each sweep
_LOG_GAMMA = float(gammaln(SHAPE))
_MOST_LOG = 300.0  # log of a likelihood over another
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
    """Chains side by side; every array has the chains first.

    Chains of one group, that follow each other, begin at one point, so that it can be told whether they have
    forgotten it.
    """

    def __init__(
        self, data: Register, scales: Scales, n_chains: int, random: np.random.Generator, n_groups: int = 1
    ) -> None:
        self.data, self.scales, self.generator = data, scales, random
        c, n, n_blocks = n_chains, len(data.count), len(data.width)
        begun = np.repeat(np.arange(n_groups), c // n_groups)
        n_lots = len(data.announced)
        walk = 0.5 * scales.globals[:, 1] * random.standard_normal((n_groups, 8))
        self.log = (np.log(scales.globals[:, 0]) + walk)[begun]
        self.slow = random.beta(*scales.slow, n_groups)[begun]
        self.ratio = np.exp(0.3 * scales.ratio * random.standard_normal((n_groups, data.n_series)))[begun]
        share = random.beta(data.shares[:, 0], data.shares[:, 1], (n_groups, n_lots))
        self.share = np.clip(share, 0.02, 0.98)[begun]
        self.speed = random.integers(0, data.speeds.shape[1], (n_groups, n_lots))[begun]
        self.background = np.full(c, scales.background[1])
        self.offsets, self.log_weights = kinds_of(scales.wave_spread)
        self.kind_rates = np.exp(-self.offsets)
        self.kind_weights = self.log_weights - SHAPE * self.offsets
        self.log_width = np.log(data.width)
        self.step = np.full((1, 2), 0.4)
        self.accepted = np.full(2, _ACCEPTED)
        self.factor = np.diag(np.append(scales.globals[[_MEDIAN, _SHAPE, _DECAY], 1], 1.0))
        self.factor_of_waves = np.diag(scales.globals[_OF_WAVES, 1])
        self.counts = np.broadcast_to(data.count, (c, n)).copy()
        self.places = places_of(data)
        self.exposure = exposure = self._exposure(self.log, self.slow)
        # with a last place for what does not meet, which is always zero
        self.padded_wave = np.pad(exposure.wave, ((0, 0), (0, 1)))
        self.padded_lots = np.pad(exposure.lots, ((0, 0), (0, 1), (0, 0)))
        self.padded_of_lots = np.pad(self._of_speed(exposure), ((0, 0), (0, 1)))
        self.exposure = Exposure(self.padded_wave[:, :-1], self.padded_lots[:, :-1], exposure.background)
        self.of_lots = self.padded_of_lots[:, :-1]
        # begin with a wave where most of each increment may have come from, and some more
        there = (random.random((n_groups, n_blocks)) < _CROWDED)[begun]
        likely = self.padded_wave[:, self.places.at].argmax(axis=1)[:, data.count > 0]
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
        self._set_still()

    def _set_still(self) -> None:
        """What of the likelihood no mean changes."""
        self.log_one_more = np.log1p(self.spread)
        self.persons = self.counts.astype(np.float64)
        self.still = of_the_count(self.persons, self.spread)

    def _of_waves(self, exposure: Exposure, size: Array) -> Array:
        return np.add.reduceat(exposure.wave * size[:, self.places.block], self.places.starts, axis=1)

    def _of_rest(self, exposure: Exposure, of_lots: Array) -> Array:
        return np.asarray(self._of_lots(of_lots, self.share) + exposure.background * self.background[:, None])

    def _of_lots(self, of_lots: Array, share: Array) -> Array:
        brought = of_lots * (share * self.data.announced)[:, self.places.lot]
        return np.asarray((self.places.of_row @ brought.T).T)

    def _set_means(self) -> None:
        self.waves = self._of_waves(self.exposure, self.size)
        self.rest = self._of_rest(self.exposure, self.of_lots)
        self.likelihood = self._of_means(self.waves + self.rest)

    def _of_means(self, mean: Array, ratio: Array | None = None) -> Array:
        """Log likelihood of means of the reference register, shape (c,)."""
        ratio = self.ratio if ratio is None else ratio
        size = (ratio[:, self.data.series] * mean + _FLOOR) / self.spread
        return np.asarray((self.still + of_the_mean(self.persons, size, self.log_one_more)).sum(axis=1))

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
        for _ in range(_REARRANGED):
            self._rearrange()
        self._trade_all()
        for with_lots in (False, True):
            self._move_scale(with_lots=with_lots)
        for _ in range(_SPEEDS):
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
        self._set_still()
        self.likelihood = self._of_means(self.waves + self.rest)

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
        likelihood = self._of_means(waves + rest)
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
        self.factor = np.asarray(np.linalg.cholesky(covariance))
        least = np.diag((0.1 * self.scales.globals[_OF_WAVES, 1]) ** 2)
        self.factor_of_waves = np.asarray(np.linalg.cholesky(np.cov(self.log[:, _OF_WAVES].T) + least))

    def _log_densities(self, size: Array) -> Array:
        """Log density of the sizes of all waves, kinds summed out."""
        rate = SHAPE * np.exp(-self._log_median())[..., None] * np.exp(-self.offsets)
        terms = np.exp(self.log_weights + SHAPE * np.log(rate) - rate * size[..., None]).sum(axis=2)
        value = np.log(np.maximum(terms, 1e-300)) + (SHAPE - 1) * np.log(np.maximum(size, 1e-300))
        return np.asarray(np.where(size > 0, value, 0.0).sum(axis=1))

    def _move_spread(self) -> None:
        """Spread of the clusters."""
        mean = self.ratio[:, self.data.series] * (self.waves + self.rest) + _FLOOR
        for _ in range(2):
            log = self.log.copy()
            log[:, _SPREAD] += 10 ** self.generator.uniform(-1, 0, len(log)) * self.generator.standard_normal(
                len(log)
            )
            spread = np.maximum(np.exp(log[:, [_SPREAD]]), self.data.least_spread)
            likelihood = log_clusters(self.persons, mean, spread).sum(axis=1)
            ratio = likelihood - self.likelihood
            good = self._accept(ratio + self._prior(log, [_SPREAD]) - self._prior(self.log, [_SPREAD]))
            self.log[good], self.likelihood[good], self.spread[good] = (
                log[good],
                likelihood[good],
                spread[good],
            )
        self._set_still()

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
        self.likelihood = self._of_means(self.waves + self.rest)

    def _events(self, log: Array) -> tuple[Array, Array]:
        rates = np.exp(log)
        return events(rates[:, _RATE], rates[:, _END], rates[:, _AGAIN], self.data.width, self.data.opens)

    def _log_median(self, log: Array | None = None) -> Array:
        """Log of the median size of a wave of each block: longer ones may hold several."""
        log = self.log if log is None else log
        return log[:, [_SIZE]] + 0.5 * np.log(self.data.width)

    def _draw_waves(self, found: NDArray[np.int64], seen: Array) -> None:
        """Rates and median size of waves, states, which blocks have a wave, and its size.

        The rates and the median move with states and sizes summed out, which holds them fast otherwise.
        """
        nothing = found == 0
        no_wave = nothing.astype(np.float64)
        some = np.nonzero(found)
        some_found, some_seen = found[some].astype(np.float64), seen[some]

        def of_sizes(log: Array) -> tuple[Array, Array]:
            """Likelihood of blocks with a wave where nothing was found; log evidence where some was."""
            median = self._log_median(log)
            of_none = chance_of_none(seen, median, self.offsets, self.log_weights)
            evidence = log_size_evidence(some_found, some_seen, median[some], self.offsets, self.log_weights)
            top = evidence.max(axis=1)
            return of_none, top + np.log(np.exp(evidence - top[:, None]).sum(axis=1))

        def a_wave(of_none: Array, of_some: Array) -> Array:
            value = np.where(nothing, of_none, 1.0)
            value[some] = np.exp(np.minimum(of_some - level, _MOST_LOG))
            return value

        kinds = of_sizes(self.log)
        level = kinds[1].copy()
        chances = self._events(self.log)
        with_wave = a_wave(*kinds)
        now = path_evidence(*chances, no_wave, with_wave) + self._prior(self.log, _OF_WAVES)
        for _ in range(_SUMMED_OUT):
            log = self.log.copy()
            reach = 10 ** self.generator.uniform(-0.7, 0.3, (len(log), 1))
            walk = self.generator.standard_normal((len(log), len(_OF_WAVES))) @ self.factor_of_waves.T
            log[:, _OF_WAVES] += reach * walk
            trial, trial_chances = a_wave(*of_sizes(log)), self._events(log)
            value = path_evidence(*trial_chances, no_wave, trial) + self._prior(log, _OF_WAVES)
            good = self._accept(value - now)
            self.log[good], now[good], with_wave[good] = log[good], value[good], trial[good]
            for kept, new in zip(chances, trial_chances, strict=True):
                kept[good] = new[good]
        self.quiet_chance, self.wave_chance = chances
        self.state, there, _ = sample_states(*chances, no_wave, with_wave, self.generator)
        at = np.nonzero(there)
        here, median = found[at].astype(np.float64), self._log_median()[at]
        size = draw_sizes(here, seen[at], median, self.offsets, self.log_weights, self.generator)
        self.size = np.zeros_like(self.size)
        self.size[at] = np.minimum(size, _HIGHEST)

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

    def _log_density(self, size: Array, block: NDArray[np.int64]) -> Array:
        """Log density of sizes of waves of some blocks, chains last; 0 where there is none."""
        at = block if block.ndim == size.ndim else block[None]
        median = self.log[:, _SIZE] + 0.5 * self.log_width[at]
        relative = size * np.exp(-median)
        terms = np.exp(self.kind_weights - SHAPE * relative[..., None] * self.kind_rates).sum(axis=-1)
        value = np.log(np.maximum(terms, 1e-300)) - SHAPE * median - _LOG_GAMMA + SHAPE * np.log(SHAPE)
        if SHAPE != 1:
            value += (SHAPE - 1) * np.log(np.maximum(size, 1e-300))
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
        old = np.stack([self.size[chains, first], self.size[chains, second]])
        total = old[0] + old[1]
        how = random.integers(0, 3, c)
        part = np.where(how == 0, 0.0, np.where(how == 1, 1.0, random.random(c)))
        new = np.stack([part * total, total - part * total])
        after = there.copy()
        after[chains, first], after[chains, second] = new > 0
        ways = pairs.sum(axis=1), (after[:, :-1] | after[:, 1:]).sum(axis=1)
        begin, end = self.state[chains, first], self.state[chains, second + 1]
        quiet = self.quiet_chance[chains, first, begin], self.quiet_chance[chains, second, :, end]
        wave = self.wave_chance[chains, first, begin], self.wave_chance[chains, second, :, end]

        def paths(sizes: Array) -> Array:
            one, other = (
                np.where(size[:, None] > 0, *chances)
                for size, chances in zip(sizes, zip(wave, quiet, strict=True), strict=True)
            )
            return np.asarray(one * other)

        paths_old, paths_new = paths(old), paths(new)
        blocks = np.stack([first, second, first, second])
        density = self._log_density(np.concatenate([new, old]), blocks)
        waves = (
            self.waves + self.padded_wave[chains[:, None], self.places.at[first]] * (new - old)[0][:, None]
        )
        waves += self.padded_wave[chains[:, None], self.places.at[second]] * (new - old)[1][:, None]
        np.maximum(waves, 0.0, out=waves)
        likelihood = self._of_means(waves + self.rest)
        both = ((new > 0).all(axis=0) * 1.0 - (old > 0).all(axis=0)) * np.log(np.maximum(total, 1e-300))
        with np.errstate(divide="ignore", invalid="ignore"):
            log_ratio = likelihood - self.likelihood + np.log(paths_new.sum(axis=1) / paths_old.sum(axis=1))
        log_ratio += density[0] + density[1] - density[2] - density[3] + both
        log_ratio += np.log(np.maximum(ways[0], 1) / np.maximum(ways[1], 1))
        good = self._accept(np.where(total > 0, log_ratio, -np.inf))
        middle = random.random(c) * paths_new.sum(axis=1) < paths_new[:, ACTIVE]
        at = chains[good]
        self.size[at, first[good]], self.size[at, second[good]] = new[:, good]
        self.state[at, second[good]] = middle[good]
        self.waves[good], self.likelihood[good] = waves[good], likelihood[good]

    def _move_scale(self, *, with_lots: bool) -> None:
        """All sizes up and all ratios down, and odds of what is carried out of lots up with them or not."""
        c, random = len(self.log), self.generator
        log_factor = 0.5 * self.scales.ratio * random.standard_normal(c)
        factor = np.exp(log_factor)
        log = self.log.copy()
        log[:, _SIZE] += log_factor
        ratio = self.ratio / factor[:, None]
        share, value = self.share, np.zeros(c)
        if with_lots:
            share = share * factor[:, None] / (1 + share * np.expm1(log_factor)[:, None])
            share = np.clip(share, 1e-9, 1 - 1e-9)
            a, b = self.data.shares.T
            value = (a * np.log(share / self.share) + b * np.log((1 - share) / (1 - self.share))).sum(axis=1)
        waves, background = self.waves * factor[:, None], self.background * factor
        rest = self._of_lots(self.of_lots, share) + self.exposure.background * background[:, None]
        likelihood = self._of_means(waves + rest, ratio)
        shape, average = self.scales.background
        prior = 1 / np.expm1(self.scales.ratio**2)
        value += likelihood - self.likelihood + self._prior(log, [_SIZE]) - self._prior(self.log, [_SIZE])
        value += shape * log_factor - shape / average * (background - self.background)
        value += (-prior * log_factor[:, None] - prior * (ratio - self.ratio)).sum(axis=1)
        good = self._accept(value)
        self.log[good], self.ratio[good], self.share[good] = log[good], ratio[good], share[good]
        self.size[good] *= factor[good, None]
        self.background[good] = background[good]
        self.waves[good], self.rest[good], self.likelihood[good] = waves[good], rest[good], likelihood[good]

    def _trade_all(self) -> None:
        """Waves and lots that change into each other, states of the campaign summed out and drawn anew."""
        if not self.share.shape[1]:
            return
        chances = self.quiet_chance, self.wave_chance
        there = self.size > 0
        evidence = path_evidence(*chances, (~there).astype(np.float64), there.astype(np.float64))
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
        no_wave, a_wave = (~after).astype(np.float64), after.astype(np.float64)
        trial = path_evidence(self.quiet_chance, self.wave_chance, no_wave, a_wave)
        brought = self.padded_wave[chains[:, None], self.places.at[block]]
        waves = self.waves + brought * (new_size - size)[:, None]
        brought = self.padded_of_lots[chains[:, None], self.places.lot_at[lot]]
        rest = self.rest + brought * (announced * (new_share - share))[:, None]
        waves, rest = np.maximum(waves, 0.0), np.maximum(rest, 0.0)
        likelihood = self._of_means(waves + rest)
        a, b = data.shares[lot].T
        value = likelihood - self.likelihood + trial - evidence
        value += (a - 1) * np.log(new_share / share) + (b - 1) * np.log((1 - new_share) / (1 - share))
        density = self._log_density(np.stack([new_size, size]), block)
        value += density[0] - density[1]
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
        which = np.asarray(self.generator.integers(0, n_lots, c))
        old, new = self.speed[chains, which], np.asarray(self.generator.integers(0, data.speeds.shape[1], c))
        at = chains[:, None], self.places.lot_at[which]
        shares = self.padded_lots[(*at, new[:, None])]
        released = (self.share[chains, which] * data.announced[which])[:, None]
        rest = self.rest + (shares - self.padded_of_lots[at]) * released
        rest = np.maximum(rest, 0.0)
        likelihood = self._of_means(self.waves + rest)
        prior = np.log(data.speeds[which, new]) - np.log(data.speeds[which, old])
        good = self._accept(likelihood - self.likelihood + prior)
        self.speed[chains[good], which[good]] = new[good]
        self.padded_of_lots[chains[good, None], self.places.lot_at[which[good]]] = shares[good]
        self.rest[good], self.likelihood[good] = rest[good], likelihood[good]

    def other_family(self) -> Array:
        """Log likelihood under the other family of delays, same medians and shapes, less that of this."""
        family = other_family(self.scales.family)
        delay = delay_of(family, self.log)
        tau = np.exp(self.log[:, _DECAY])
        exposure = exposure_of(self.data, self.places, family, delay, self.slow, tau)
        rest = self._of_rest(exposure, self._of_speed(exposure))
        mean = self._of_waves(exposure, self.size) + rest
        return np.asarray(self._of_means(mean) - self.likelihood)

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
