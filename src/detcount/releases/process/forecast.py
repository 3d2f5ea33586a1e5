"""Draws of what sources will count for any days: the releases of the days, the delay, and corrections."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.process import Posterior, delay_cdf, future_rates
from detcount._numerics.process.clusters import draw_clusters, draw_excess
from detcount.releases.process.layout import Layout
from detcount.releases.process.lots import Lots
from detcount.releases.process.rows import excess, monitors_of
from detcount.releases.process.series import Array, Days, Series, newness

__all__ = ["Forecast", "never_verified"]

_HIGHEST = 1e12  # releases a day: beyond, numbers are cut off
# Beta priors of the chance that a first figure is lowered later, by whether its source verifies or passes on,
# and of the share that is then taken back
_CORRECTED = {"verified": (1.0, 7.0), "reported": (1.5, 4.5)}
_LOWERED = (1.0, 7.0)


@dataclass(frozen=True)
class Forecast:
    """Draws of the intensity and of the delay, and what they say of totals over any window."""

    series: tuple[Series, ...]
    layout: Layout
    posterior: Posterior
    lots: Lots
    family: str
    wave_spread: float
    seed: int

    def rates(self, days: Days) -> Array:
        """Draws of releases a day on the reference register, shape (n_draws, n_days)."""
        layout, posterior = self.layout, self.posterior
        inside = np.clip(days, layout.first, layout.today)
        rates = np.where(
            days >= layout.first, posterior.rate[:, layout.block(inside)], posterior.background[:, None]
        )
        ahead = int((days - layout.today).max(initial=0))
        if ahead > 0:
            random = np.random.default_rng([self.seed, 4])
            lots = self.lots.shares(layout.today + 1, layout.today + ahead)
            path = future_rates(posterior, ahead, self.wave_spread, lots, random)
            beyond = days > layout.today
            rates[:, beyond] = path[:, days[beyond] - layout.today - 1]
        return np.minimum(rates, _HIGHEST)

    def counted(self, which: int, days: Days) -> Array:
        """Draws of the releases of each day that a source will have counted, (n_draws, n_days)."""
        return self.rates(days) * self.ratio(which)[:, None]

    def ratio(self, which: int) -> Array:
        """Draws of what a monitor counts for a release of the reference register."""
        return self.posterior.ratio[:, monitors_of(list(self.series)).index(which)]

    def reached(self, days: Days, on: int | None, first: int, last: int) -> Array:
        """Draws of the chance to be verified by a day, 0 outside a window; shape (n_draws, n_days)."""
        inside = (days >= first) & (days <= last)
        if on is None:
            return np.broadcast_to(inside * 1.0, (len(self.posterior.tau), len(days)))
        lags = np.where(inside, on - days, -1)
        least, most = int(lags.min(initial=0)), int(lags.max(initial=0))
        table = delay_cdf(self.family, self.posterior.delay, self.posterior.slow, np.arange(least, most + 1))
        return table[:, lags - least]

    def mean(self, which: int, first: int, last: int, on: int | None, bases: tuple[int, ...]) -> Array:
        """Draws of what a total adds to the reports it stands on, by day: (n_draws, n_days)."""
        monitor = self.series[which]
        days = np.arange(first, last + 1)
        share = self.reached(days, on, first, last).copy()
        for base in bases:
            share -= self.reached(
                days, int(monitor.published[base]), int(monitor.start[base]), int(monitor.end[base])
            )
        return np.maximum(share, 0.0) * self.counted(which, days)

    def totals(
        self, which: int, first: int, last: int, on: int | None, random: np.random.Generator
    ) -> tuple[int, NDArray[np.int64]]:
        """The sum of the reports inside a window, and draws of what will be added to it."""
        monitor = self.series[which]
        if on is not None:
            last = min(last, on)
        today = self.layout.today if on is None else min(on, self.layout.today)
        bases = monitor.cover(first, last, today)
        known = int(monitor.count[list(bases)].sum()) if bases else 0
        mean = self.mean(which, first, last, on, bases).sum(axis=1)
        added = draw_clusters(mean, self.posterior.spread, random)
        for base in bases:
            if monitor.at_least[base] and not any(
                base in monitor.plan.bases[row] and not monitor.at_least[row] for row in monitor.plan.rows
            ):
                below = monitor.plan.bases[base]
                own = self.mean(
                    which,
                    int(monitor.start[base]),
                    int(monitor.end[base]),
                    int(monitor.published[base]),
                    below,
                ).sum(axis=1)
                increment = int(monitor.count[base] - monitor.count[list(below)].sum())
                added = added + draw_excess(
                    increment, own, self.posterior.spread, excess(int(monitor.count[base])), random
                )
        return known, added

    def withdrawn(
        self, which: int, first: int, last: int, known: int, random: np.random.Generator
    ) -> NDArray[np.int64]:
        """Draws of the persons whom a later figure takes back of a total: the fewer, the older it is."""
        monitor = self.series[which]
        n_draws = len(self.posterior.tau)
        cover = monitor.cover(first, last, self.layout.today)
        if not cover:
            return np.zeros(n_draws, dtype=np.int64)
        lowered, exposure = monitor.corrections
        a, b = _CORRECTED[monitor.role]
        new = newness(min(monitor.age(row) for row in cover))
        chance = new * random.beta(a + lowered, b + max(exposure - lowered, 0.0), n_draws)
        share = random.beta(*_LOWERED, size=n_draws)
        return np.where(random.random(n_draws) < chance, np.ceil(share * known), 0).astype(np.int64)

    def by_day(self, which: int, random: np.random.Generator) -> NDArray[np.int64]:
        """Draws of the verified in the end by release day, summing to the reports: (n_draws, n_days)."""
        monitor = self.series[which]
        first, last = self.layout.first, self.layout.today
        total = np.zeros((len(self.posterior.tau), last - first + 1), dtype=np.int64)

        def share_out(count: int, mean: Array, start: int) -> None:
            whole = mean.sum(axis=1, keepdims=True)
            even = np.full_like(mean, 1 / mean.shape[1])
            shares = np.where(whole > 0, mean / np.where(whole > 0, whole, 1.0), even)
            total[:, start - first : start - first + mean.shape[1]] += random.multinomial(count, shares)

        def report(row: int) -> None:
            below = monitor.plan.bases[row]
            start, end = int(monitor.start[row]), int(monitor.end[row])
            increment = int(monitor.count[row] - monitor.count[list(below)].sum())
            share_out(increment, self.mean(which, start, end, int(monitor.published[row]), below), start)
            for base in below:
                report(base)

        top = monitor.cover(first, last, last)
        mean = self.mean(which, first, last, None, top)
        total += draw_clusters(mean, self.posterior.spread[:, None], random)
        for row in top:
            report(row)
        return total


def never_verified(mean: Array, chance: Array, random: np.random.Generator) -> NDArray[np.int64]:
    """Draw the releases that are never verified, from the mean of those that are and the chance of it."""
    return random.poisson(mean * (1 - chance) / chance)
