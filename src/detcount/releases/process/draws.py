"""Draws of every answer, all from the same posterior, and what they rest on."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.convergence import effective_sample_size
from detcount._numerics.monte_carlo import quantile_size
from detcount._numerics.process import Posterior, other_family
from detcount.estimates import IdentifiedBySource, UncertainCount
from detcount.published import PublishedReleases
from detcount.releases.forecasting.pool import pooled_with
from detcount.releases.process.basis import looked_at_twice, rests_on
from detcount.releases.process.forecast import Forecast
from detcount.releases.process.layout import Layout
from detcount.releases.process.limit import Limit
from detcount.releases.process.lots import Lots
from detcount.releases.process.options import Options
from detcount.releases.process.series import Array, Series

__all__ = ["Draws"]

_LIMITS = (0.025, 0.5, 0.975)  # quantiles that are printed


@dataclass(frozen=True, eq=False)
class Draws:
    """What `ProcessEstimate` answers from, in the order of its chains."""

    reports: PublishedReleases
    series: tuple[Series, ...]
    layout: Layout
    lots: Lots
    posterior: Posterior
    options: Options
    limit: Limit | None
    seed: int

    @cached_property
    def forecast(self) -> Forecast:
        """Intensities and delays, and what they say of totals."""
        options = self.options
        return Forecast(
            self.series, self.layout, self.posterior, self.lots, options.delay, options.wave_spread, self.seed
        )

    @cached_property
    def other(self) -> Forecast:
        """The forecast under the other family of delays, at the same parameters."""
        posterior = replace(self.posterior, delay=self.posterior.other_delay)
        return replace(self.forecast, family=other_family(self.options.delay), posterior=posterior)

    @cached_property
    def chance(self) -> Array:
        """Draws of the chance that a true release is ever verified, the same for every question."""
        random = np.random.default_rng([self.seed, 3])
        return random.beta(*self.options.verification, size=len(self.posterior.tau))

    @cached_property
    def main(self) -> int:
        """The monitor that said most."""
        order = {"verified": 1, "reported": 0, "announced": -1}
        return max(
            range(len(self.series)),
            key=lambda k: (
                order[self.series[k].role],
                len(self.series[k].plan.rows),
                self.series[k].total,
                -k,
            ),
        )

    def nowcast(self, which: int, first: int, last: int, day: int | None) -> UncertainCount:
        """What a source will have published for a window on a day, or in the end."""
        draws, again = (
            self.published(forecast, which, first, last, day) for forecast in (self.forecast, self.other)
        )
        if day is not None and self.options.pooled:
            start, end, on = (np.datetime64(number, "D") for number in (first, last, day))
            random = np.random.default_rng([self.seed, 6])
            most = self.limit.persons if self.limit is not None and first > self.limit.day else None
            source = self.series[which].source
            pooled = pooled_with(draws, self.reports, source, (start, end), on, random, most=most)
            if pooled is not None:
                return self.count(pooled, "prior")
        return self.count(draws, self.basis(draws, again))

    def published(
        self, forecast: Forecast, which: int, first: int, last: int, day: int | None
    ) -> NDArray[np.int64]:
        """Draws of what a source will have published."""
        random = np.random.default_rng([self.seed, 1, which])
        known, added = forecast.totals(which, first, last, day, random)
        draws = known - forecast.withdrawn(which, first, last, known, random) + added
        if self.limit is None:
            return draws
        return draws[self.within(which, first, last, draws, random)]

    def within(
        self, which: int, first: int, last: int, draws: NDArray[np.int64], random: np.random.Generator
    ) -> NDArray[np.int64]:
        """Positions of draws with no more releases than there were people held and arrested."""
        assert self.limit is not None
        since = np.arange(self.limit.day + 1, max(last, self.limit.day + 1) + 1)
        totals = self.forecast.counted(which, since).sum(axis=1)
        inside = draws if first > self.limit.day else np.zeros_like(draws)
        return self.limit.kept(totals, inside, random)

    def basis(self, draws: NDArray[np.int64], again: NDArray[np.int64]) -> IdentifiedBySource:
        """What draws rest on, by draws of the same under the other family of delays."""
        if not looked_at_twice(self.series):
            return "prior"
        return rests_on(draws, again, self.posterior.other, self.posterior.flatter)

    def count(
        self,
        draws: NDArray[np.int64],
        identified_by: IdentifiedBySource,
        bounds: tuple[float, float] = (0, math.inf),
    ) -> UncertainCount:
        """Draws with the number of independent ones that they are worth for the limits printed."""
        return UncertainCount.from_draws(
            draws, bounds=bounds, identified_by=identified_by, effective_size=self.size(draws)
        )

    def part(self, draws: NDArray[np.int64], bounds: tuple[float, float]) -> UncertainCount:
        """A part that a prior identifies, or bounds alone where there are no draws."""
        if len(draws):
            return self.count(draws, "prior", bounds)
        return UncertainCount(bounds=bounds, identified_by="bounds", draws=draws)

    def size(self, draws: NDArray[np.int64]) -> float:
        """Least number of independent draws that give the mean or a limit as well."""
        chains = draws.reshape(self.posterior.n_chains, -1).astype(np.float64)
        sizes = [quantile_size(chains, probability) for probability in _LIMITS]
        return max(1.0, min(effective_sample_size(chains), *sizes))
