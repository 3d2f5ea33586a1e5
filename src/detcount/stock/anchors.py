"""Estimates of the stock at some dates as joint draws, and the floor of each day."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr, ndtri

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.stock.course import TUNING
from detcount._numerics.stock.paths import SCORES
from detcount.assumptions import Assumption
from detcount.contract import arguments
from detcount.contract.definition import Definition, require_comparable
from detcount.data.published import PublishedStock
from detcount.errors import InputError, InputTypeError, NotEstimableError
from detcount.estimates import AbundanceEstimate, StockPath, UncertainCount
from detcount.reading.days import as_day, number_of
from detcount.stock.coverage import CoverageEstimate
from detcount.stock.figures import METHOD, Figures
from detcount.stock.inputs import quantiles_of
from detcount.words import Message


def centre_and_spread(low: float, high: float) -> tuple[float, float]:
    """Give mean and standard deviation of the normal law of which two limits hold 95%."""
    return (low + high) / 2, (high - low) / (2 * float(ndtri(0.975)))


@dataclass(frozen=True)
class Anchors:
    """Estimates at some days, drawn together.

    Parameters
    ----------
    days : ndarray of int64, shape (n_anchors,)
        Days since 1970, increasing.
    draws : ndarray of float64, shape (n_draws, n_anchors)
        Joint draws, persons.
    assumptions : tuple of Assumption
        What they rest on.
    definition : Definition or None
        Definition of who is counted.
    notes : tuple of str
        What was left out.
    """

    days: Ints
    draws: Floats
    assumptions: tuple[Assumption, ...]
    definition: Definition | None
    notes: tuple[str, ...]


def read_anchors(
    given: Any,
    stock: PublishedStock,
    figures: Figures,
    exit_delay: tuple[float, float],
    correlation: float,
    n_draws: int,
    seed: int,
) -> Anchors:
    """Read anchors that lie within the series; those outside are left out, with a note."""
    rng = np.random.default_rng([seed, 1])
    first, last = int(figures.days[0]), int(figures.days[-1])
    if isinstance(given, CoverageEstimate):
        require_comparable(METHOD, (stock.definition, given.definition), fields=("who", "where", "excludes"))
        dates, draws = _of_waves(given, figures, exit_delay, n_draws, rng)
        assumptions, definition = given.assumptions, given.definition
    elif isinstance(given, StockPath):
        require_comparable(METHOD, (stock.definition, given.definition))
        dates = given.anchors
        draws = given.draws[:, [given.dates.index(date) for date in dates]].astype(np.float64)
        rows = np.arange(n_draws) if len(draws) == n_draws else rng.integers(0, len(draws), size=n_draws)
        draws, assumptions, definition = draws[rows], given.assumptions, given.definition
    elif isinstance(given, Mapping) and given:
        by_day = {arguments.day("anchors", date): value for date, value in given.items()}
        if len(by_day) < len(given):
            raise InputError(Message("anchors: two of them are of the same day. Keep one for each day"))
        dates = tuple(sorted(by_day))
        estimates = [by_day[date] for date in dates]
        definitions = [getattr(each, "definition", None) for each in estimates]
        require_comparable(METHOD, (stock.definition, *definitions), fields=("who", "where", "excludes"))
        levels = np.stack([_levels(each, date) for each, date in zip(estimates, dates, strict=True)])
        common = math.sqrt(correlation) * rng.standard_normal((n_draws, 1))
        scores = common + math.sqrt(1 - correlation) * rng.standard_normal((n_draws, len(dates)))
        draws = np.stack(
            [np.interp(ndtr(scores[:, k]), ndtr(SCORES), each) for k, each in enumerate(levels)], 1
        )
        definition = None
        assumed = [getattr(each, "assumptions", ()) for each in estimates]
        assumptions = tuple(dict.fromkeys(each for some in assumed for each in some))
        if len(dates) > 1:
            assumptions += (Assumption.STATED_CORRELATION,)
    else:
        raise InputTypeError(
            Message(
                "anchors: expected a StockPath, or a mapping of days to estimates with draws, got {kind}",
                kind=type(given).__name__,
            )
        )
    days = np.array([number_of(date) for date in dates], dtype=np.int64)
    inside = (days >= first) & (days <= last + TUNING.latest_anchor)
    if not inside.any():
        raise InputError(
            Message(
                "anchors: expected a day from {first} to {last}, when the register publishes totals, got "
                "none. Take estimates of such days, or leave anchors out",
                first=as_day(first),
                last=as_day(last),
            )
        )
    notes = []
    if not inside.all():
        notes.append(
            Message.counted(
                "1 anchor lies outside the days of the register, and is left out.",
                "{n:,} anchors lie outside the days of the register, and are left out.",
                n=int((~inside).sum()),
            )
        )
    return Anchors(days[inside], np.maximum(draws[:, inside], 1.0), assumptions, definition, tuple(notes))


def _of_waves(
    given: CoverageEstimate,
    figures: Figures,
    exit_delay: tuple[float, float],
    n_draws: int,
    rng: np.random.Generator,
) -> tuple[tuple[dt.date, ...], Floats]:
    """Held before each wave of releases, those on the list taken out who have left and are not removed.

    They are the exits of as many days as it takes to remove somebody, by its prior.
    """
    usable = [each for each in given.usable if len(each.draws)]
    if not usable:
        raise NotEstimableError(
            METHOD,
            Message("no wave of releases can be set against a list"),
            Message("Give anchors of another kind."),
        )
    centre, spread = centre_and_spread(*map(math.log, exit_delay))
    delay = np.exp(centre + spread * rng.standard_normal(n_draws))
    stale = 1 - np.exp(-figures.exits_a_day * delay)
    found: dict[dt.date, Floats] = {}
    least = min(len(each.draws) for each in usable)
    drawn = rng.permutation(np.resize(np.arange(least), n_draws))  # waves of a source move together
    for each in usable:
        listed, released, both = each.listed or 0, each.identified or 0, each.both or 0
        inside = np.maximum(listed * (1 - stale), both)
        stayed = each.draws[drawn] - (released - both)
        grown = (inside - both) / max(listed - both, 1)
        found[each.day_end] = inside + released - both + np.maximum(stayed, 0) * grown
    dates = tuple(sorted(found))
    return dates, np.stack([found[date] for date in dates], axis=1)


def _levels(estimate: Any, date: dt.date) -> Floats:
    """Quantiles of an estimate at the scores."""
    if isinstance(estimate, UncertainCount) and len(estimate.draws) > 1:
        found = np.quantile(estimate.draws, ndtr(SCORES))
    elif isinstance(estimate, AbundanceEstimate):
        found = quantiles_of(estimate)
    elif isinstance(estimate, UncertainCount):
        raise NotEstimableError(
            METHOD,
            Message("the anchor of {date} has bounds and no draws", date=date),
            Message("Take an estimate with draws, or leave the anchor out."),
        )
    else:
        raise InputTypeError(
            Message(
                "anchors, {date}: expected an UncertainCount or an AbundanceEstimate, got {kind}",
                date=date,
                kind=type(estimate).__name__,
            )
        )
    if not np.isfinite(found).all():
        raise NotEstimableError(
            METHOD,
            Message("the anchor of {date} has limits that are not finite", date=date),
            Message("Leave the anchor out."),
        )
    return np.asarray(found, dtype=np.float64)


def anchors_of_prior(figures: Figures, coverage: tuple[float, float], n_draws: int, seed: int) -> Anchors:
    """Draw anchors from the prior of the share of the held who are on the register.

    It is put at the bulletin in the middle. The register's own figures may not move it: what they
    seem to say of the unknown is the form of the model, and no data.
    """
    centre, spread = centre_and_spread(*(math.log(each / (1 - each)) for each in coverage))
    rng = np.random.default_rng([seed, 1])
    logits = centre + spread * rng.standard_normal(n_draws)
    middle = len(figures.days) // 2
    held = max(float(figures.totals[middle]), 1.0) * (1 + np.exp(-logits))
    return Anchors(figures.days[middle : middle + 1], held[:, None], (Assumption.STATED_COVERAGE,), None, ())


def above_floor(anchors: Anchors, least: Ints, rng: np.random.Generator) -> Floats:
    """The joint draws of the anchors, those below the floor of their days replaced by others that are not."""
    fits = np.asarray((anchors.draws >= least).all(axis=1), dtype=np.bool_)
    if fits.mean() < TUNING.draws_above_floor:
        below = int(np.argmin((anchors.draws >= least).mean(axis=0)))
        date = as_day(int(anchors.days[below]))
        raise InputError(
            Message(
                "anchors, {date}: expected an estimate above the floor of {floor:,} persons, got one that is "
                "almost wholly below it. Look at whether both are of one definition",
                date=date,
                floor=int(least[below]),
            )
        )
    if fits.all():
        return anchors.draws
    others = anchors.draws[rng.choice(np.flatnonzero(fits), size=len(fits))]
    return np.where(fits[:, None], anchors.draws, others)
