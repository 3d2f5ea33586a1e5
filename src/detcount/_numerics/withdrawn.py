"""Entries that do not belong: samples that were checked, and what the next version leaves out."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, betaincinv, betaln, expit, logit, logsumexp

from detcount._numerics.arrays import Floats, Ints, bincount, repeat


@dataclass(frozen=True)
class Tuning:
    """Limits of the test of wrong entries.

    Parameters
    ----------
    many : int, entries
        Entries beyond which sampling without return is as with it. Convention: difference below a printed
        digit.
    fewest : int, entries
        Checked entries of a history below which histories of several lists are pooled. Convention: thirty.
    levels : int, points
        Values of a source's log odds. Convention: a step of a third.
    points : int, points
        Shares that stand for a beta law. Convention: a limit at 95% is inside.
    step : float, log odds
        Step to which these are rounded. Convention: 1% of a limit.
    """

    many: int = 50_000
    fewest: int = 30
    levels: int = 31
    points: int = 32
    step: float = 0.01


TUNING = Tuning()


@dataclass(frozen=True)
class Priors:
    """Law of the share of a list that is withdrawn from one version to the next: values equally likely.

    Parameters
    ----------
    calm : tuple of float, log odds
        Mean over sources of their mean shares in calm steps; from 1 in 10,000 to 1 in 4. Convention: what
        lists lose.
    sources : tuple of float, log odds
        Standard deviation of sources around that mean. Convention: none, to a factor of e and more.
    calm_shape : tuple of float
        1 over the squared coefficient of variation of calm steps. Convention: a factor of ten, to a tenth.
    purge_shape : tuple of float
        The same of purges. Convention: a factor of three, or less.
    raised : tuple of float, log odds
        Purges above calm steps of their source. Convention: a factor of e to fifty.
    most : float, log odds
        Most that a purge takes on average. Convention: half.
    purges : tuple of float, probability
        Steps that are purges. Convention: one in a hundred to one in four.
    """

    calm: tuple[float, ...] = (-9.0, -8.2, -7.4, -6.6, -5.8, -5.0, -4.2, -3.4, -2.6, -1.8, -1.0)
    sources: tuple[float, ...] = (0.2, 0.7, 1.5)
    calm_shape: tuple[float, ...] = (0.5, 1.0, 2.0, 5.0, 20.0, 100.0)
    purge_shape: tuple[float, ...] = (2.0, 6.0)
    raised: tuple[float, ...] = (1.0, 1.75, 2.5, 3.25, 4.0)
    most: float = 0.0
    purges: tuple[float, ...] = (0.01, 0.03, 0.06, 0.12, 0.25)


PRIORS = Priors()


def next_shares(entries: Floats, withdrawn: Floats, source: Ints, n_sources: int) -> tuple[Floats, Floats]:
    """Shares that the next step may take of each source, and their weights: calm steps, and purges.

    A step of a source is calm, or a purge. Its share is beta in either state (so that those withdrawn are
    beta-binomial), with a mean of the source in calm steps, normal on log odds around a mean of all sources,
    and raised in a purge. All numbers are summed over the values of `Priors`: nothing is drawn.

    Parameters
    ----------
    entries, withdrawn : ndarray of float64, shape (n_cells,)
        Entries of a source before a step, and those that it took.
    source : ndarray of int64, shape (n_cells,)
        Source of each, from 0.
    n_sources : int
        Sources; one without a step has the law of all.

    Returns
    -------
    shares : ndarray of float64, shape (n_shares,)
    weights : ndarray of float64, shape (n_sources, n_shares)
    """
    level = np.linspace(PRIORS.calm[0] - 1, PRIORS.calm[-1] + 1, TUNING.levels)
    raised, purges = np.array(PRIORS.raised), np.array(PRIORS.purges)
    means = (level, np.minimum(level[:, None] + raised, PRIORS.most))
    laws = [
        np.broadcast_arrays(shape, shape * np.exp(-mean[..., None]))
        for mean, shape in zip(means, map(np.array, (PRIORS.calm_shape, PRIORS.purge_shape)), strict=True)
    ]
    found = [
        betaln(withdrawn + a[..., None], entries - withdrawn + b[..., None]) - betaln(a, b)[..., None]
        for a, b in laws
    ]  # levels x shapes x cells, and levels x raised x shapes x cells
    calm = found[0][:, :, None, None, None] + np.log1p(-purges)[:, None]
    purge = found[1][:, None, :, :, None] + np.log(purges)[:, None]
    each = np.logaddexp(calm, purge).reshape(
        TUNING.levels, -1, len(withdrawn)
    )  # levels x all the rest x cells
    member = source[:, None] == np.arange(n_sources)
    fits = np.moveaxis(each @ member.astype(np.float64), 2, 0)  # sources x levels x rest
    middles, spreads = (each.reshape(-1, 1) for each in np.meshgrid(PRIORS.calm, PRIORS.sources))
    around = -((level - middles) ** 2) / (2 * spreads**2)
    around -= logsumexp(around, axis=1, keepdims=True)
    top = fits.max(axis=1, keepdims=True)
    inside = np.exp(around) @ np.exp(fits - top)  # sources x middles x rest
    weight = (np.log(inside) + top).sum(axis=0)
    weight = np.exp(weight - weight.max())
    weight /= weight.sum()
    posterior = np.exp(fits - top) * (np.exp(around).T @ (weight / inside))
    posterior = posterior.reshape(n_sources, *calm.shape[:2], *purge.shape[2:4], len(purges))
    of_calm = (posterior * (1 - purges)).sum(axis=(3, 4, 5))
    of_purge = (posterior * purges).sum(axis=(2, 5))
    middle = (np.arange(TUNING.points) + 0.5) / TUNING.points
    odds = [logit(betaincinv(a[..., None], b[..., None], middle)).ravel() for a, b in laws]
    steps = np.rint(np.concatenate(odds).clip(min=PRIORS.calm[0] * 2) / TUNING.step)
    step, of_step = np.unique(steps, return_inverse=True)
    weights = np.concatenate([each.reshape(n_sources, -1) for each in (of_calm, of_purge)], axis=1)
    weights = repeat(weights / TUNING.points, TUNING.points, axis=1)
    return expit(step * TUNING.step), np.stack([bincount(of_step, each) for each in weights])


def quantile_of_next(entries: int, shares: Floats, weights: Floats, probability: float) -> int:
    """Least number of the entries such that the next step takes no more with that probability at least."""
    return bisect_left(
        range(entries), probability, key=lambda number: float(weights @ bdtr(number, entries, shares))
    )


@dataclass(frozen=True)
class Samples:
    """Results of checks of the persons of each history; 0 where nobody was checked.

    Parameters
    ----------
    counts : ndarray of int64, shape (n_histories,)
        Persons.
    several : ndarray of bool, shape (n_histories,)
        Whether they are on several lists.
    checked, wrong : ndarray of float64, shape (n_histories,)
        Persons who were checked, and who of them do not belong.
    prior : ndarray of float64, shape (2, n_histories)
        Beta law of the share that does not belong.
    rate : ndarray of float64, shape (n_histories,)
        Share that was checked of those who may not belong; 0 where these are all.
    """

    counts: Ints
    several: NDArray[np.bool_]
    checked: Floats
    wrong: Floats
    prior: Floats
    rate: Floats

    def belonging(self, rng: np.random.Generator) -> Ints:
        """Draw the persons of each history who belong."""
        few = self.several & (self.checked < TUNING.fewest)
        checked, wrong, exposed = (
            np.where(few, values[few].sum(), values)
            for values in (self.checked, self.wrong, self.rate * self.counts)
        )
        share = rng.beta(self.prior[0] + wrong, self.prior[1] + checked - wrong)
        part = np.where(exposed > 0, rng.gamma(checked + 0.5) / np.maximum(exposed, 1e-9), 1).clip(max=1)
        for drawn in (share, part):
            drawn[few] = drawn[few][:1]
        others = np.maximum(np.rint(part * self.counts) - np.rint(self.checked), 0).astype(np.int64)
        leave = np.rint(self.wrong).astype(np.int64) + rng.binomial(others, share)
        return self.counts - np.where(checked > 0, leave, 0)


def sample_limits(n: int | None, checked: int, found: int, level: float) -> tuple[float, float]:
    """Exact limits of the share of a kind among n, from how many a random sample without return found.

    A number is within the limits if finding so few, and finding so many, each have a probability above (1 -
    level) / 2. Without n, or where it is large, the limits are those of Clopper and Pearson.
    """
    tail = (1 - level) / 2
    if n is None or n > TUNING.many:
        low = betaincinv(found, checked - found + 1, tail) if found else 0.0
        return float(low), float(betaincinv(found + 1, checked - found, 1 - tail) if found < checked else 1.0)
    from scipy.stats import hypergeom

    low, high = exact_limits(
        range(found, n - checked + found + 1),
        at_least=lambda number: float(hypergeom.sf(found - 1, n, number, checked)),
        at_most=lambda number: float(hypergeom.cdf(found, n, number, checked)),
        tail=tail,
    )
    return low / n, high / n


def exact_limits(
    numbers: range, *, at_least: Callable[[int], float], at_most: Callable[[int], float], tail: float
) -> tuple[int, int]:
    """The first and the last number under which finding so many, and so few, is more probable than a tail.

    The probability of finding at least as many grows with the number, that of at most as many falls.
    """
    first = bisect_left(numbers, True, key=lambda number: at_least(number) > tail)
    after = bisect_left(numbers, True, key=lambda number: at_most(number) <= tail)
    return numbers[first], numbers[after - 1]
