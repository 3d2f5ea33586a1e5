"""Delays with which lists learn of exits, and the share of which they never learn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount._numerics.arrays import Floats, Ints, bincount, reduceat, repeat
from detcount._numerics.stock.held import PRIORS, TUNING
from detcount._numerics.stock.spells import LONG_AGO, NEVER, Rows, Spells


@dataclass(frozen=True)
class Evidence:
    """Evidence that each spell was inside; days since 1970, an entry for each spell.

    Parameters
    ----------
    on_all, seen : ndarray of int64
        Day on which all lists had named the person as held that ever did, and the last on which one named or
        confirmed the person; `LONG_AGO` where none did.
    undated : ndarray of bool
        True where the person left on an unknown day before `until`.
    until : ndarray of int64
        Day by which an exit is certain; `NEVER` where no exit is known.
    stopped : ndarray of bool
        True where no exit was reported, but lists stopped confirming the person.
    shown_until : ndarray of int64
        Day up to which any exit of the person shows in that way.
    """

    on_all: Ints
    seen: Ints
    undated: NDArray[np.bool_]
    until: Ints
    stopped: NDArray[np.bool_]
    shown_until: Ints


@dataclass(frozen=True)
class Learning:
    """Draws of how lists learn of exits.

    Parameters
    ----------
    cdf : ndarray of float64, shape (n_draws, n_lists, n_ages)
        Share of exits of which a list knows after 0, 1, ... days.
    last : ndarray of int64, shape (n_lists,)
        Last day on which each list learned of exits.
    never, days : ndarray of float64, shape (n_draws, n_lists)
        Share never learned, and median days of the others.
    n_crossed, n_delays : int
        Exits that another list knows, by list; and exits with a day on which they became known.
    """

    cdf: Floats
    last: Ints
    never: Floats
    days: Floats
    n_crossed: int
    n_delays: int

    @property
    def wait(self) -> float:
        """Mean days until a list learns of an exit, were they exponential; of all lists."""
        return float(np.median(self.days) / np.log(2))

    @property
    def identified(self) -> bool:
        """Check that data show how lists learn."""
        return max(self.n_crossed, self.n_delays) >= PRIORS.fewest_exits


def evidence_of(spells: Spells, rows: Rows, n_lists: int) -> Evidence:
    """Last day on which each spell was named as held, and whether its exit has no day.

    Where a list confirms most entries, one that was not confirmed for longer than nearly all were before a
    known exit, while the list confirmed others, has ended on an unknown day.
    """
    starts = np.cumsum(spells.n_rows) - spells.n_rows
    spell = repeat(np.arange(len(starts)), spells.n_rows)
    rows = rows.take(spells.rows)
    on, listed, confirmed, known = rows.on, rows.listed, rows.confirmed, rows.left_known
    departed = spells.left < NEVER
    day_known = reduceat(np.maximum, np.where(known < NEVER, rows.left_first, LONG_AGO), starts) > LONG_AGO
    undated = departed & ~day_known
    end = np.minimum(known, np.where(undated, spells.left_last, spells.left_first)[spell])
    named = np.where(confirmed < end, confirmed, listed)
    seen = reduceat(np.maximum, np.where(named < end, named, LONG_AGO), starts)
    on_all = reduceat(np.maximum, np.where(listed < end, listed, LONG_AGO), starts)

    again = confirmed > listed
    last = np.array([confirmed[again & (on == k)].max(initial=LONG_AGO) for k in range(n_lists)])
    gaps = (spells.left[spell] - confirmed)[again & day_known[spell] & departed[spell]]
    most = (
        int(np.quantile(gaps, PRIORS.confirmed_quantile)) + 1 if len(gaps) >= PRIORS.fewest_exits else NEVER
    )
    for k in range(n_lists):
        usual = (on == k) & (listed < last[k] - most) & (end > listed + most)
        if most == NEVER or again[usual].sum() <= PRIORS.confirmed * usual.sum():
            last[k] = LONG_AGO
    until = np.maximum(last[on] - most, LONG_AGO)  # an exit shows up to then, as no list confirms any more
    unreported = reduceat(np.logical_and, (until == LONG_AGO) | (confirmed < until), starts)
    shown_until = reduceat(np.maximum, until, starts)
    stopped = ~departed & unreported & (shown_until > seen)
    ended = np.where(stopped, seen + most, spells.left_last)
    return Evidence(on_all, seen, undated | stopped, ended, stopped, shown_until)


def reported_once(spells: Spells, rows: Rows) -> bool:
    """Check for exits that are written down once for the person: on one row, or the same on all."""
    starts = np.cumsum(spells.n_rows) - spells.n_rows
    known = rows.left_known[spells.rows]
    n_reporting = reduceat(np.add, (known < NEVER).astype(np.int64), starts)
    earliest = reduceat(np.minimum, known, starts)
    latest = reduceat(np.maximum, np.where(known < NEVER, known, earliest.min()), starts)
    several = (spells.n_rows > 1) & (n_reporting > 0)
    if several.sum() < PRIORS.fewest_exits:
        return False
    differ = float(((n_reporting[several] > 1) & (latest[several] > earliest[several])).mean())
    on_one = float((n_reporting[several] == 1).mean())
    partly = float(((n_reporting[several] > 1) & (n_reporting[several] < spells.n_rows[several])).mean())
    return bool(differ + partly < PRIORS.once and (on_one < PRIORS.once or on_one > 1 - PRIORS.once))


def draw_learning(
    spells: Spells,
    evidence: Evidence,
    rows: Rows,
    n_lists: int,
    latest: int,
    n_draws: int,
    rng: np.random.Generator,
) -> Learning:
    """Draw, for each list, the share of exits that it has learned after some days.

    A list learns a share 1 - m of exits, after days with 1 - exp(-((d + 1/2) / tau)^k). Of an exit that
    another list knows it knows by now with probability (1 - m) G(age); the day on which it learned, where
    lists say it, is truncated at today. Posterior on a grid, with priors around what all lists together say.

    Parameters
    ----------
    spells : Spells
        Spells of the rows.
    evidence : Evidence
        What they show.
    rows : Rows
        The rows.
    n_lists : int
        Lists.
    latest : int
        Last day known.
    n_draws : int
        Draws.
    rng : numpy.random.Generator
        Source of random numbers.
    """
    spell = repeat(np.arange(len(spells.owner)), spells.n_rows)
    rows = rows.take(spells.rows)
    on, listed, known = rows.on, rows.listed, rows.left_known
    dated = rows.left_first > LONG_AGO
    exact = np.maximum(rows.left_last, listed)
    middle = (np.maximum(evidence.seen, spells.entered) + evidence.until) // 2
    left = np.where(evidence.undated, middle, spells.left)[spell]
    reported = known < NEVER
    n_reporting = bincount(spell[reported], minlength=len(spells.owner))
    mine = (evidence.until[spell] < NEVER) & (listed < left) & (left <= latest)
    same = bincount((spell * n_lists + on)[reported], minlength=len(spells.owner) * n_lists)
    elsewhere = n_reporting[spell] - same[spell * n_lists + on]
    crossed = mine & ((elsewhere > 0) | (~reported & (n_reporting[spell] == 0)))  # or a later arrest shows it
    last = np.full(n_lists, latest, dtype=np.int64)
    likelihood = np.zeros((n_lists, len(PRIORS.shapes), len(_LOG_DAYS), len(_LOGITS)))
    n_crossed = n_delays = 0
    for k in range(n_lists):
        here = on == k
        last[k] = _last_day(known[here & reported & dated], latest)
        here &= mine & (left <= last[k])
        states = bool((here & reported & dated & (known > exact)).any())
        age = np.minimum(last[k] - left, TUNING.learned_days - 1)
        with_day = here & reported & dated & ~evidence.undated[spell] if states else np.zeros_like(here)
        delay = np.clip(known - left, 0, TUNING.learned_days - 1)
        with_day &= delay <= age
        likelihood[k] = _likelihood(
            delay[with_day],
            age[with_day & ~crossed],
            int((with_day & crossed).sum()),
            age[here & crossed & reported & ~with_day],
            age[here & crossed & ~reported],
        )
        n_crossed += int((here & crossed).sum())
        n_delays += int(with_day.sum())
    return _drawn(likelihood, last, n_crossed, n_delays, n_draws, rng)


def stated_learning(
    never: float, days: float, n_lists: int, latest: int, n_draws: int, rng: np.random.Generator
) -> Learning:
    """Draws around a share that lists never learn and a median of days that are stated."""
    logit = np.log(max(never, 1e-4) / (1 - never)) + PRIORS.stated_spread * rng.standard_normal(
        (n_draws, n_lists)
    )
    scale = days / np.log(2) * np.exp(PRIORS.stated_spread * rng.standard_normal((n_draws, n_lists)))
    missed = 1 / (1 + np.exp(-logit))
    cdf = (1 - missed[..., None]) * _learned(np.ones(1), scale.ravel())[0].reshape(
        n_draws, n_lists, TUNING.learned_days
    )
    last = np.full(n_lists, latest, dtype=np.int64)
    return Learning(cdf, last, missed, scale * np.log(2), PRIORS.fewest_exits, 0)


def _last_day(known: Ints, latest: int) -> int:
    """Last day on which a list learned of an exit, where it has stopped; and else the last of the data."""
    days = np.unique(known)
    if len(days) < PRIORS.fewest_exits:
        return latest
    gap = (days[-1] - days[0]) / (len(days) - 1)
    return (
        int(days[-1]) if latest - days[-1] > max(PRIORS.stopped_days, PRIORS.stopped_gaps * gap) else latest
    )


def _learned(shapes: Floats, scales: Floats) -> Floats:
    """Share learned after 0, 1, ... days of what ever is, shape (n_shapes, n_scales, n_ages)."""
    ages = np.arange(TUNING.learned_days) + 0.5
    return np.asarray(-np.expm1(-((ages / scales[:, None]) ** shapes[:, None, None])))


_LOG_DAYS, _LOGITS = np.linspace(*TUNING.log_days), np.linspace(*TUNING.logits)
_GRID = _learned(np.array(PRIORS.shapes), np.exp(_LOG_DAYS))
_LOG_SHARE = np.log(np.maximum(_GRID, TUNING.tiny))
_LOG_DENSITY = np.log(np.maximum(np.diff(_GRID, prepend=0.0, axis=-1), TUNING.tiny))
_LOG_REPORTED = -np.logaddexp(0.0, _LOGITS)  # logarithm of 1 - m


def _likelihood(delays: Ints, truncated: Ints, n_exact: int, reported: Ints, unreported: Ints) -> Floats:
    """Log likelihood over shapes, days and shares, of what a list shows."""

    def weighed(logs: Floats, values: Ints) -> Floats:
        counts = bincount(values, minlength=TUNING.learned_days)
        there = np.flatnonzero(counts)
        return np.asarray(logs[..., there] @ counts[there])

    found = weighed(_LOG_DENSITY, delays) - weighed(_LOG_SHARE, truncated) + weighed(_LOG_SHARE, reported)
    full = found[..., None] + (n_exact + len(reported)) * _LOG_REPORTED
    counts = bincount(unreported, minlength=TUNING.learned_days)
    there = np.flatnonzero(counts)
    if len(there):
        unknown = 1 - np.exp(_LOG_REPORTED)[:, None] * _GRID[:, :, None, there]
        full = full + np.log(np.maximum(unknown, TUNING.tiny)) @ counts[there]
    return np.asarray(full)


def _drawn(
    likelihood: Floats, last: Ints, n_crossed: int, n_delays: int, n_draws: int, rng: np.random.Generator
) -> Learning:
    """Draws of the posterior of each list, around what all lists together say."""

    def prior(center: tuple[float, float], spread: tuple[float, float]) -> Floats:
        days = -0.5 * ((_LOG_DAYS - center[0]) / spread[0]) ** 2
        logits = -0.5 * ((_LOGITS - center[1]) / spread[1]) ** 2
        return np.asarray(days[:, None] + logits)

    (mean_days, sd_days), (mean_never, sd_never) = PRIORS.log_days, PRIORS.never
    together = _normalised(likelihood.sum(axis=0) + prior((mean_days, mean_never), (sd_days, sd_never)))
    center = (
        float((together.sum(axis=(0, 2)) * _LOG_DAYS).sum()),
        float((together.sum(axis=(0, 1)) * _LOGITS).sum()),
    )
    n_lists = len(likelihood)
    cdf = np.empty((n_draws, n_lists, TUNING.learned_days))
    never, days = np.empty((n_draws, n_lists)), np.empty((n_draws, n_lists))
    for k in range(n_lists):
        posterior = _normalised(
            likelihood[k] + prior(center, (PRIORS.log_days_of_list, PRIORS.never_of_list))
        )
        which = rng.choice(posterior.size, size=n_draws, p=posterior.ravel())
        shape, day, logit = np.unravel_index(which, posterior.shape)
        never[:, k] = 1 / (1 + np.exp(-_LOGITS[logit]))
        days[:, k] = np.exp(_LOG_DAYS[day]) * np.log(2) ** (1 / np.array(PRIORS.shapes)[shape])
        cdf[:, k] = (1 - never[:, k, None]) * _GRID[shape, day]
    return Learning(cdf, last, never, days, n_crossed, n_delays)


def _normalised(logs: Floats) -> Floats:
    """Probabilities from logarithms."""
    found = np.exp(logs - logs.max())
    return np.asarray(found / found.sum())
