"""Sum of estimates of strata, given how far they err together."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, runtime_checkable

import numpy as np

from detcount._numerics.arrays import Floats
from detcount._numerics.pooling import (
    N_BLOCKS,
    LogSpread,
    block_errors,
    blocks,
    combine,
    coupled_scores,
    degrees_of_freedom,
    log_spreads,
    middle_and_limits,
    stratified_scores,
    sums_for,
)
from detcount.contract import arguments
from detcount.contract.definition import common, require_strata
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate, Interval, IntervalRule, PercentileRule, Specification
from detcount.pooling.result import PooledDetail, RubinRule
from detcount.strata.total import StrataSum, StrataTotal
from detcount.words import Message


@dataclass(frozen=True)
class Tuning:
    """Limits of added estimates.

    Parameters
    ----------
    least : float, persons
        Least number of people that counts where a logarithm is taken. Convention: half a person.
    """

    least: float = 0.5


TUNING = Tuning()


@runtime_checkable
class _LearnedShare(Protocol):
    """Detail of an estimator that has learned how far tables of one source err together."""

    shared: float | None


@runtime_checkable
class _Samples(Protocol):
    """A rule of limits whose distribution can be drawn from anew."""

    def sample(self, size: int, random: np.random.Generator) -> Floats:
        """Draws of N."""


@runtime_checkable
class _RestsOnDraws(Protocol):
    """A rule of limits that reads them from draws."""

    def at(self, scores: Floats) -> Floats:
        """N at standard normal scores."""

    def of_draws(self, part: slice) -> IntervalRule:
        """The rule that some of the draws make."""

    @property
    def draws(self) -> Floats:
        """Draws of N."""


def total_of(
    found: Mapping[str, AbundanceEstimate],
    declined: Mapping[str, NotEstimableError],
    level: float,
    shared: float | None,
    *,
    estimator: Specification,
    n_left_out: int,
    seed: int,
) -> StrataTotal:
    """Sum of the strata that have an estimate; two sums where it is not known how far they err together."""
    level = arguments.level(level)
    if shared is not None:
        shared = arguments.share("shared", shared, remedy=Message("0 lets each stratum err for itself"))
    name = type(estimator).__name__
    if not found:
        reasons = [
            Message("{name!r}: {reason}", name=stratum, reason=error.reason)
            for stratum, error in declined.items()
        ]
        raise NotEstimableError(
            name,
            Message("no stratum has an estimate ({reasons:;})", reasons=reasons),
            Message("Unite strata, or estimate without them."),
        )
    require_strata("strata", [estimate.definition for estimate in found.values()])
    estimates = {stratum: found[stratum] for stratum in sorted(found)}
    intervals = {stratum: estimate.interval(level) for stratum, estimate in estimates.items()}
    if not any(each.low < each.high for each in intervals.values()):
        raise NotEstimableError(
            name,
            Message("nobody unlisted is expected in any stratum, or no estimate has a spread"),
            Message("Give the strata one by one, with the limits that each of them has."),
        )
    learned = {stratum: learned_share(estimate) for stratum, estimate in estimates.items()}
    known = {stratum: share for stratum, share in learned.items() if share is not None}
    if shared is not None:
        ways = [dict.fromkeys(estimates, float(shared))]
    elif len(estimates) == 1:
        ways = [dict.fromkeys(estimates, 1.0)]
    elif len(known) == len(estimates):
        ways = [known]
    else:
        ways = [dict.fromkeys(estimates, share) for share in (0.0, 1.0)]
    return StrataTotal(
        sums=tuple(_sum(estimates, intervals, way, level, seed, name) for way in ways),
        n_observed=sum(estimate.n_observed for estimate in estimates.values()),
        strata=tuple(found),
        left_out=tuple(declined),
        n_left_out=n_left_out,
        assumptions=estimator.assumes,
        learned=ways[0] is known,
        definition=common(estimate.definition for estimate in estimates.values()),
    )


def total_of_draws(
    found: Mapping[str, AbundanceEstimate], total: Callable[[Mapping[str, AbundanceEstimate]], StrataTotal]
) -> StrataTotal:
    """Sum of the strata within each draw of the missing values; the sums are pooled by Rubin's rules."""
    details = {name: estimate.detail for name, estimate in found.items()}
    of_draws = {name: each.estimates for name, each in details.items() if isinstance(each, PooledDetail)}
    if not of_draws:
        return total(found)
    n_draws = min(map(len, of_draws.values()))
    totals = [total({name: each[draw] for name, each in of_draws.items()}) for draw in range(n_draws)]
    n_observed = min(each.n_observed for each in totals)
    sums = tuple(_pooled_sum(each, n_observed) for each in zip(*(each.sums for each in totals), strict=True))
    return replace(totals[0], sums=sums, n_observed=n_observed)


def _pooled_sum(sums: Sequence[StrataSum], n_observed: int) -> StrataSum:
    """Rubin's rules on log(N - n), n being the fewest persons listed in any draw."""
    level = sums[0].interval.level
    beyond = np.array([(each.interval.low, each.point, each.interval.high) for each in sums]).T - n_observed
    centres, spreads = log_spreads(beyond[1], beyond[0], beyond[2], level, least=TUNING.least)
    combined = combine(centres, spreads**2)
    rule = RubinRule(
        combined.mean, math.sqrt(combined.total), degrees_of_freedom(combined), float(n_observed)
    )
    method = f"{sums[0].interval.method}, {len(sums)} draws by Rubin's rules"
    errors = [each.monte_carlo_error for each in sums if each.monte_carlo_error is not None]
    return StrataSum(
        shared=sums[0].shared,
        point=n_observed + math.exp(combined.mean),
        interval=Interval(*rule.bounds(level), level, method),
        monte_carlo_error=max(errors, default=None),
    )


def learned_share(estimate: AbundanceEstimate) -> float | None:
    """Share of the error of a stratum that others of its source have too, where it was learned."""
    return estimate.detail.shared if isinstance(estimate.detail, _LearnedShare) else None


def _sum(
    estimates: Mapping[str, AbundanceEstimate],
    intervals: Mapping[str, Interval],
    shared: Mapping[str, float],
    level: float,
    seed: int,
    name: str,
) -> StrataSum:
    """The sum, given how much of its error each stratum shares."""
    n_observed = float(sum(estimate.n_observed for estimate in estimates.values()))
    if len(estimates) == 1 or min(shared.values()) == 1:
        point = math.fsum(estimate.point for estimate in estimates.values())
        low = math.fsum(interval.low for interval in intervals.values())
        high = math.fsum(interval.high for interval in intervals.values())
        errors = _errors_together(estimates, level)
    else:
        low, point, high, errors = _coupled(estimates, intervals, shared, level, seed)
    if not math.isfinite(point):
        raise NotEstimableError(
            name,
            Message("so many strata have no upper limit that their sum has no median"),
            Message("Unite strata, or add up those that have limits."),
        )
    low, high = max(min(low, point), n_observed), max(high, point)
    mean = math.fsum(shared.values()) / len(shared)
    both = None if errors[0] is None and errors[2] is None else (errors[0] or 0.0, errors[2] or 0.0)
    method = f"sum of {len(estimates)} strata, {mean:.2g} of their errors shared"
    return StrataSum(
        shared=mean,
        point=max(point, n_observed),
        interval=Interval(low, high, float(level), method, both),
        monte_carlo_error=errors[1],
    )


def _coupled(
    estimates: Mapping[str, AbundanceEstimate],
    intervals: Mapping[str, Interval],
    shared: Mapping[str, float],
    level: float,
    seed: int,
) -> tuple[float, float, float, tuple[float | None, ...]]:
    """Limits and median of sums of strata coupled by one factor, and their Monte Carlo errors."""
    n_sums = sums_for(len(estimates))
    common = stratified_scores(n_sums, np.random.default_rng(seed))
    sums, by_block, parts = np.zeros(n_sums), np.zeros(n_sums), blocks(n_sums)
    for stratum, estimate in estimates.items():
        random = np.random.default_rng([seed, *numbers_of(stratum)])
        scores = coupled_scores(common, random.standard_normal(n_sums), shared[stratum])
        rule = estimate.interval_rule
        if isinstance(rule, _Samples):
            rule = PercentileRule(rule.sample(n_sums // 2, random), "posterior")
        elif estimate.draws is not None and not isinstance(rule, _RestsOnDraws):
            rule = PercentileRule(estimate.draws, "posterior")
        if isinstance(rule, _RestsOnDraws):
            sums += rule.at(scores)
            for part, drawn in zip(parts, blocks(len(rule.draws)), strict=True):
                by_block[part] += _only(rule, drawn).at(scores[part])
        else:
            interval = intervals[stratum]
            spread = LogSpread(estimate.n_observed, estimate.point, interval.low, interval.high, level)
            values = spread.at(scores, 1 - shared[stratum])
            sums += values
            by_block += values
    results = np.array([middle_and_limits(by_block[part], level) for part in parts])
    return *middle_and_limits(sums, level), block_errors(results)


def _errors_together(estimates: Mapping[str, AbundanceEstimate], level: float) -> tuple[float | None, ...]:
    """Monte Carlo errors of sums of lower limits, points and upper limits, from blocks of the draws."""
    results = np.zeros((N_BLOCKS, 3))
    for estimate in estimates.values():
        rule = estimate.interval_rule
        if isinstance(rule, _RestsOnDraws):
            for block, drawn in enumerate(blocks(len(rule.draws))):
                part = _only(rule, drawn)
                low, high = part.bounds(level)
                middle = 0.0 if estimate.monte_carlo_error is None else float(part.at(np.zeros(1))[0])
                results[block] += low, middle, high
    return block_errors(results)


def _only(rule: Any, part: slice) -> Any:
    """The rule of a block of its draws; of all where a block would have none."""
    return rule.of_draws(part) if part.stop > part.start else rule


def numbers_of(name: str) -> list[int]:
    """A name as numbers that seed: the same on every platform."""
    digest = hashlib.sha256(name.encode()).digest()
    return [int.from_bytes(digest[start : start + 4], "big") for start in range(0, 16, 4)]
