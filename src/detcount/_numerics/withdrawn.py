"""Entries that do not belong: samples that were checked, and withdrawals by step, source and age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, logsumexp

from detcount._numerics.arrays import Floats, Ints

_CENTRE, _WIDTH = float(np.log(1 / 3650)), 3.0  # log of withdrawals a day: one in ten years, up or down by 20
_STEPS, _GROUPS = 1.5, 0.6  # scales of the half-normal laws of the spread between steps, and between groups
_SPREADS, _OFFSETS = np.geomspace(0.05, 5, 12), np.geomspace(0.05, 4, 8)
_OWN = np.geomspace(0.05, 2, 5)
_MOST_NEWTON, _CLOSE, _LONGEST = 30, 1e-6, 2.0
_MANY = 50_000  # entries beyond which a sample without return is as one with it
_FEWEST = 30  # checked of one history below which persons on several lists are put together


def withdrawal_draws(
    entries: Floats,
    withdrawn: Floats,
    days: Floats,
    step: Ints,
    factors: Sequence[Ints],
    ahead: Ints,
    ahead_factors: Sequence[Ints],
    ahead_days: float,
    n_draws: int,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Draw how many entries of each group a step to come takes away.

    Parameters
    ----------
    entries, withdrawn : ndarray of float64, shape (n_cells,)
        Entries of a group at the first version of a step, and those withdrawn by the second.
    days : ndarray of float64, shape (n_cells,)
        Days of the step.
    step : ndarray of int64, shape (n_cells,)
        Step of each cell, as a number of its own.
    factors : sequence of ndarray of int64, shape (n_cells,)
        Level of each factor, such as the source and the age, from 0.
    ahead : ndarray of int64, shape (n_ahead,)
        Entries of each group today.
    ahead_factors : sequence of ndarray of int64, shape (n_ahead,)
        Their levels.
    ahead_days : float
        Days of the step to come.
    n_draws : int
        Draws.
    rng : numpy.random.Generator
        Random numbers.

    Returns
    -------
    ndarray of int64, shape (n_draws, n_ahead)
        Entries withdrawn.

    Notes
    -----
    The logarithm of the daily rate is mu + an effect of each factor + an effect of the step + an effect of
    the step for each level of the first factor. All are normal, with standard deviations that are integrated
    over a grid. The number withdrawn is Poisson, and those withdrawn count as exposed for half of the step.
    Given the standard deviations the posterior is taken as normal about its mode (Laplace), so that there are
    no chains.
    """
    n_levels = [1 + int(max(*mine, *other)) for mine, other in zip(factors, ahead_factors, strict=True)]
    design, to_come = _levels(factors, n_levels), _levels(ahead_factors, n_levels)
    source, source_ahead = np.eye(n_levels[0])[factors[0]], np.eye(n_levels[0])[ahead_factors[0]]
    same_step = np.equal.outer(step, step)
    exposed = (entries - withdrawn / 2) * days * np.exp(_CENTRE)
    mode = np.log((withdrawn + 0.5) / exposed)
    weights, laws = [], []
    for common, own, groups in product(_SPREADS, _OWN, _OFFSETS):
        prior = np.repeat([_WIDTH**2, groups**2], [1, sum(n_levels)])
        steps = same_step * (common**2 + own**2 * (source @ source.T))
        covariance, shared = (design * prior) @ design.T + steps, (design * prior) @ to_come.T
        mode, slope, gain, fit = _laplace(covariance, withdrawn, exposed, mode)
        spreads = np.array([common / _STEPS, own / _GROUPS, groups / _GROUPS])
        weights.append(fit + np.log(common * groups * own) - 0.5 * spreads @ spreads)
        new = common**2 + own**2 * (source_ahead @ source_ahead.T)
        laws.append((shared.T @ slope, (to_come * prior) @ to_come.T - shared.T @ gain @ shared + new))
    share = np.exp(np.array(weights) - logsumexp(weights))
    chosen = rng.multinomial(n_draws, share / share.sum())
    rates = [rng.multivariate_normal(*laws[k], size=n, method="svd") for k, n in enumerate(chosen) if n]
    leaves = -np.expm1(-np.exp(np.concatenate(rates) + _CENTRE) * ahead_days)
    return np.asarray(rng.binomial(ahead, leaves), dtype=np.int64)


def _laplace(
    covariance: Floats, counts: Floats, exposed: Floats, mode: Floats
) -> tuple[Floats, Floats, Floats, float]:
    """Mode of log rates of Poisson counts, slope there, what is known of them, and the log evidence."""
    for _ in range(_MOST_NEWTON):
        expected = exposed * np.exp(mode)
        root = np.sqrt(expected)
        inner = np.eye(len(counts)) + root[:, None] * covariance * root
        gain = root[:, None] * np.linalg.solve(inner, np.diag(root))
        aim = expected * mode + counts - expected
        slope = aim - gain @ (covariance @ aim)
        step = covariance @ slope - mode
        mode = mode + step.clip(-_LONGEST, _LONGEST)
        if np.abs(step).max() < _CLOSE:
            break
    fit = counts @ mode - (exposed * np.exp(mode)).sum() - 0.5 * (slope @ mode + np.linalg.slogdet(inner)[1])
    return mode, slope, gain, float(fit)


def _levels(factors: Sequence[Ints], n_levels: Sequence[int]) -> Floats:
    """A column of ones, and one of each level of each factor."""
    ones = np.ones((len(factors[0]), 1))
    return np.hstack([ones, *(np.eye(n)[mine] for n, mine in zip(n_levels, factors, strict=True))])


@dataclass(frozen=True)
class Samples:
    """What was found of the persons of each history; 0 where nobody was checked.

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
        few = self.several & (self.checked < _FEWEST)
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
    if n is None or n > _MANY:
        low = betaincinv(found, checked - found + 1, tail) if found else 0.0
        return float(low), float(betaincinv(found + 1, checked - found, 1 - tail) if found < checked else 1.0)
    from scipy.stats import hypergeom

    numbers = np.arange(found, n - checked + found + 1)
    at_least = hypergeom.sf(found - 1, n, numbers, checked)
    at_most = hypergeom.cdf(found, n, numbers, checked)
    inside = numbers[(at_least > tail) & (at_most > tail)]
    return float(inside[0] / n), float(inside[-1] / n)
