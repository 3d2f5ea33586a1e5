"""Draws of the posterior from many chains, and how many independent ones they are worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.convergence import effective_sample_size, nested_r_hat
from detcount._numerics.process.chains import Chains
from detcount._numerics.process.exposure import decay
from detcount._numerics.process.register import Array, Register
from detcount._numerics.process.state import GLOBALS, Scales, delay_of, other_family

__all__ = ["Posterior", "fit_process"]

_CHAINS = 32
_GROUPS = 4  # of chains that begin at one point
_WARM_UP = 60  # sweeps left out
_EVERY = 2  # sweeps from one draw that is kept to the next
_FEW = 12  # increments up to which sweeps cost little, and three times as many are made
_LATEST = 15  # blocks at the end whose releases are watched


@dataclass(frozen=True)
class Posterior:
    """Draws that belong together, chain after chain.

    Parameters
    ----------
    n_chains : int
        Chains, of equal length.
    rate : ndarray of float64, shape (n_draws, B)
        Releases a day on the reference register, by block.
    ratio : ndarray of float64, shape (n_draws, S)
        Ratio of each monitor to it.
    delay : ndarray of float64, shape (n_draws, 2)
        Parameters of quick verifications, as `discrete_cdf` takes them.
    slow : ndarray of float64, shape (n_draws,)
        Share of slow verifications.
    spread, tau, wave_size, wave_rate, end, again, background : ndarray of float64, shape (n_draws,)
        Variance of counts over their mean, less one; days of a wave; median size of waves and their rate;
        hazards of the end and of a new beginning; releases a day besides waves and lots.
    standing : ndarray of float64, shape (n_draws,)
        Releases of waves so far that are still to come.
    active : ndarray of bool, shape (n_draws,)
        Whether the campaign lasts at the end of the last block.
    lots : ndarray of float64, shape (n_draws, L)
        Persons of each lot that are verified in the end.
    speed : ndarray of int64, shape (n_draws, L)
        Which profile each lot follows.
    other_delay : ndarray of float64, shape (n_draws, 2)
        Parameters of the other family of delays, of the same medians and shapes.
    other, flatter : ndarray of float64, shape (n_draws,)
        Log weights that turn the draws into those under the other family, and under a flatter prior.
    r_hat, effective : float
        Greatest nested R-hat of the global parameters and of what is told, and least effective size of the
        latter: totals and ratios of monitors.
    worst : str
        What the least effective size belongs to.
    """

    n_chains: int
    rate: Array
    ratio: Array
    delay: Array
    slow: Array
    spread: Array
    tau: Array
    wave_size: Array
    wave_rate: Array
    end: Array
    again: Array
    background: Array
    standing: Array
    active: NDArray[np.bool_]
    lots: Array
    speed: NDArray[np.int64]
    other_delay: Array
    other: Array
    flatter: Array
    r_hat: float
    effective: float
    worst: str


def fit_process(data: Register, scales: Scales, n_draws: int, random: np.random.Generator) -> Posterior:
    """Draw from the posterior."""
    n_chains = min(_CHAINS, max(2, n_draws // 8 // _GROUPS) * _GROUPS)
    chains = Chains(data, scales, n_chains, random, _GROUPS)
    for _ in range(_WARM_UP):
        chains.sweep()
        chains.adapt()
    every = _EVERY if len(data.count) > _FEW else 3 * _EVERY
    kept = []
    for _ in range(-(-n_draws // n_chains)):
        for _ in range(every):
            chains.sweep()
        kept.append(chains.snapshot())
    # chains first, then draws
    draws = {
        name: np.ascontiguousarray(np.moveaxis(np.stack([state[name] for state in kept]), (-1, 0), (0, 1)))
        for name in kept[0]
    }
    rate, standing = releases_of(
        data,
        draws["size"],
        draws["background"],
        draws["share"],
        draws["speed"].astype(np.int64),
        np.exp(draws["log"][:, :, 2]),
    )
    answers = {
        "active": draws["active"],
        "all releases": np.log((rate * data.width).sum(axis=2) + 1e-9),
        "last releases": np.log((rate * data.width)[:, :, -_LATEST:].sum(axis=2) + 1e-9),
    }
    for series in range(data.n_series):
        answers[f"ratio {series}"] = np.log(draws["ratio"][:, :, series])
    sizes = {name: effective_sample_size(values) for name, values in answers.items()}
    worst = min(sizes, key=lambda name: sizes[name])
    watched = {name: draws["log"][:, :, k] for k, name in enumerate(GLOBALS)} | answers
    watched["background"], watched["likelihood"] = np.log(draws["background"]), draws["likelihood"]

    def flat(values: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(values.reshape(values.shape[0] * values.shape[1], *values.shape[2:]))

    values = np.exp(flat(draws["log"]))
    return Posterior(
        n_chains=n_chains,
        rate=flat(rate),
        ratio=flat(draws["ratio"]),
        delay=delay_of(scales.family, flat(draws["log"]).T),
        slow=flat(draws["slow"]),
        spread=values[:, 3],
        tau=values[:, 2],
        wave_size=values[:, 4],
        wave_rate=values[:, 5],
        end=values[:, 6],
        again=values[:, 7],
        background=flat(draws["background"]),
        standing=flat(standing),
        active=flat(draws["active"]) > 0,
        lots=flat(draws["share"]) * data.announced,
        speed=flat(draws["speed"]).astype(np.int64),
        other_delay=delay_of(other_family(scales.family), flat(draws["log"]).T),
        other=flat(draws["other"]),
        flatter=flat(draws["flatter"]),
        r_hat=max(nested_r_hat(values, _GROUPS) for values in watched.values()),
        effective=sizes[worst],
        worst=worst,
    )


def releases_of(
    data: Register, size: Array, background: Array, share: Array, speed: NDArray[np.int64], tau: Array
) -> tuple[Array, Array]:
    """Releases a day by block, and what of the waves is still to come; draws in any leading shape."""
    shape = tau.shape
    stays, begun = decay(tau.reshape(-1, 1), data.width)
    size = size.reshape(-1, len(data.width))
    rate = np.empty_like(size)
    standing = np.zeros(len(size))
    for block in range(size.shape[1]):
        left = standing * stays[:, block] + size[:, block] * begun[:, block]
        rate[:, block] = standing + size[:, block] - left
        standing = left
    n_lots = len(data.announced)
    lots, speed = (share * data.announced).reshape(len(size), n_lots), speed.reshape(len(size), n_lots)
    for lot in range(n_lots):
        rate += lots[:, [lot]] * data.profiles[lot, speed[:, lot]]
    rate = rate / data.width + background.reshape(-1, 1)
    return rate.reshape(*shape, -1), standing.reshape(shape)
