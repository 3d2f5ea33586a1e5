"""Pooling of the estimates of several tables into one number with its spread."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detcount._numerics.arrays import Floats
from detcount._numerics.intervals import quantiles
from detcount._numerics.monte_carlo import quantile_size
from detcount._numerics.pooling import (
    Combined,
    combine,
    degrees_of_freedom,
    degrees_of_freedom_as_printed,
    log_spreads,
    mixture,
    student_quantile,
    variance_shares,
)
from detcount.estimates import AbundanceEstimate, BCaRule, CautiousRule, PercentileRule
from detcount.pooling.result import Combine, RubinRule
from detcount.words import Message


@dataclass(frozen=True)
class Tuning:
    """Thresholds of pooled answers.

    Parameters
    ----------
    few_for_rubin : int, answers
        Answers below which a note says that few were pooled. Convention: ten.
    few_to_mix : int, answers
        Answers below which a mixture is too narrow. Simulations of the authors (Zhou 2010).
    most_variance : float, log
        Variance beyond which the variance of persons overflows. Convention: exp(700).
    least_of_mixture : float, persons
        Least number whose logarithm a mixture takes. Convention: that of the package verdata.
    """

    few_for_rubin: int = 10
    few_to_mix: int = 100
    most_variance: float = 700.0
    least_of_mixture: float = 0.1


TUNING = Tuning()


def notes_of(estimates: Sequence[AbundanceEstimate], answer: Answer, way: Combine) -> list[Message]:
    """Write the notes on how the tables were pooled."""
    m = len(estimates)
    listed = [estimate.n_observed for estimate in estimates]
    degrees = getattr(answer.rule, "degrees_of_freedom", math.inf)
    if way == "mixture":
        notes = [Message("the posteriors of {n:,} tables are mixed, each with the same weight", n=m)]
    else:
        texts = {
            "rubin": Message("the logarithm of the persons beyond {least:,}", least=min(listed)),
            "rubin-n": Message("the number of persons"),
            "verdata": Message("the logarithm of the persons on no list, as verdata has them"),
        }
        notes = [
            Message(
                "the estimates of {n:,} tables are pooled by Rubin's rules on {what}; they do not differ",
                n=m,
                what=texts[way],
            )
            if math.isinf(degrees)
            else Message(
                "the estimates of {n:,} tables are pooled by Rubin's rules on {what}, with {degrees:,.0f} "
                "degrees of freedom",
                n=m,
                what=texts[way],
                degrees=degrees,
            )
        ]
    notes.append(
        Message("{share:.0%} of the variance is between tables", share=answer.combined.share_between)
    )
    if min(listed) < max(listed):
        notes.append(
            Message(
                "the tables list from {least:,} to {most:,} persons, and no limit is below {least:,}",
                least=min(listed),
                most=max(listed),
            )
        )
    few = TUNING.few_to_mix if way == "mixture" else TUNING.few_for_rubin
    if m < few:
        notes.append(
            Message(
                "{n} tables say little of how far tables differ: at least {least} are advised", n=m, least=few
            )
        )
    if answer.n_nobody:
        notes.append(
            Message(
                "in {n:,} of {tables:,} tables nobody unlisted is estimated, which counts as half a person",
                n=answer.n_nobody,
                tables=m,
            )
        )
    return notes


def notes_of_tables(estimates: Sequence[AbundanceEstimate]) -> list[str]:
    """Notes of single tables, each once, with the number of tables that have it."""
    alike: dict[str, list[str]] = defaultdict(list)
    for estimate in estimates:
        for note in estimate.notes:
            alike[note.template if isinstance(note, Message) else note].append(note)
    m = len(estimates)
    noted: list[str] = []
    for notes in alike.values():
        if len(notes) == m and len(set(notes)) == 1:
            noted.append(notes[0])
        elif len(set(notes)) == 1:
            noted.append(
                Message("of {n:,} of {tables:,} tables: {note}", n=len(notes), tables=m, note=notes[0])
            )
        else:
            noted.append(
                Message(
                    "of {n:,} of {tables:,} tables, such as: {note}", n=len(notes), tables=m, note=notes[0]
                )
            )
    return noted


LEVEL = 0.95  # of the limits that the variance of an estimate is read from
_QUANTILE = student_quantile((1 + LEVEL) / 2, math.inf)


@dataclass(frozen=True, eq=False)
class Answer:
    """A pooled number before it is an estimate."""

    point: float
    rule: RubinRule | PercentileRule
    combined: Combined
    standard_error: float | None
    draws: Floats | None = None
    monte_carlo_error: float | None = None
    n_nobody: int = 0  # tables in which nobody unlisted is estimated


def posterior(estimate: AbundanceEstimate) -> Floats | None:
    """Draws of the posterior of an estimate; None where its draws are those of a bootstrap."""
    rule = estimate.interval_rule
    if isinstance(rule, PercentileRule):
        return rule.draws if rule.method == "posterior" else None
    return None if isinstance(rule, (BCaRule, CautiousRule)) else estimate.draws


def mixed_posteriors(estimates: Sequence[AbundanceEstimate], draws: Sequence[Floats]) -> Answer:
    """Mixture of the posteriors."""
    values = mixture(draws)
    # the fits share their seed, so that more tables may not mean more independent draws
    worth = 1 / float(np.mean([1 / _worth(estimate) for estimate in estimates]))
    rule = PercentileRule(values, "mixture of posteriors", effective_size=worth)
    return Answer(
        point=float(quantiles(values, np.array([0.5]))[0]),
        rule=rule,
        combined=variance_shares(draws),
        standard_error=float(values.std(ddof=1)),
        draws=values,
        monte_carlo_error=rule.error_at(0.5),
    )


def _worth(estimate: AbundanceEstimate) -> float:
    """Independent draws that those of an estimate are worth at their median."""
    rule, draws = estimate.interval_rule, estimate.draws
    assert draws is not None
    if not isinstance(rule, PercentileRule):
        return float(len(draws))
    if rule.n_chains > 1:
        return quantile_size(rule.draws.reshape(rule.n_chains, -1), 0.5)
    return float(len(rule.draws)) if rule.effective_size is None else rule.effective_size


def by_rubin(estimates: Sequence[AbundanceEstimate]) -> Answer:
    """Rubin's rules on log(N - f), f being the least number listed in any table."""
    floor = float(min(estimate.n_observed for estimate in estimates))
    limits = _limits(estimates)
    points = np.array([estimate.point for estimate in estimates]) - floor
    centres, spreads = log_spreads(points, limits[0] - floor, limits[1] - floor, LEVEL, least=0.5)
    combined = combine(centres, spreads**2)
    beyond = math.exp(combined.mean)
    at_limits = _errors_of_limits(estimates) / np.maximum(limits - floor, 0.5)
    at_points = _errors_of_points(estimates) / np.maximum(points, 0.5)
    return Answer(
        point=floor + beyond,
        rule=_rule(combined, spreads, at_limits, floor),
        combined=combined,
        standard_error=_of_log_normal(beyond, combined.total),
        monte_carlo_error=beyond * float(at_points.mean()) or None,
        n_nobody=sum(estimate.n_unobserved < 0.5 for estimate in estimates),
    )


def by_rubin_of_persons(estimates: Sequence[AbundanceEstimate]) -> Answer:
    """Rubin's rules on N."""
    limits = _limits(estimates)
    of_limits = (limits[1] - limits[0]) / (2 * _QUANTILE)
    spreads = np.array(
        [
            each if estimate.standard_error is None else estimate.standard_error
            for estimate, each in zip(estimates, of_limits.tolist(), strict=True)
        ]
    )
    combined = combine(np.array([estimate.point for estimate in estimates]), spreads**2)
    return Answer(
        point=combined.mean,
        rule=_rule(combined, spreads, _errors_of_limits(estimates), None),
        combined=combined,
        standard_error=math.sqrt(combined.total),
        monte_carlo_error=float(_errors_of_points(estimates).mean()) or None,
    )


def _rule(combined: Combined, spreads: Floats, errors: Floats, floor: float | None) -> RubinRule:
    """Limits of the mean, with the Monte Carlo error of its spread from those of the tables.

    The fits share their seed, so that their errors are taken as one and do not cancel.
    """
    spread = math.sqrt(combined.total)
    of_spreads = np.hypot(*errors) / (2 * _QUANTILE)
    error = float((spreads * of_spreads).mean()) / spread if spread else 0.0
    return RubinRule(combined.mean, spread, degrees_of_freedom(combined), floor, error)


def _limits(estimates: Sequence[AbundanceEstimate]) -> Floats:
    """Lower and upper limits of the tables, persons, shape (2, m)."""
    intervals = [estimate.interval(LEVEL) for estimate in estimates]
    return np.array([[each.low for each in intervals], [each.high for each in intervals]])


def _errors_of_limits(estimates: Sequence[AbundanceEstimate]) -> Floats:
    """Monte Carlo errors of the limits of the tables, persons, shape (2, m); 0 where they are exact."""
    errors = [estimate.interval(LEVEL).finite_errors for estimate in estimates]
    return np.array([[each[side] or 0.0 for each in errors] for side in (0, 1)])


def _errors_of_points(estimates: Sequence[AbundanceEstimate]) -> Floats:
    """Monte Carlo errors of the points of the tables, persons; 0 where they are exact."""
    return np.array([estimate.monte_carlo_error or 0.0 for estimate in estimates])


def _of_log_normal(beyond: float, variance: float) -> float | None:
    """Standard deviation of persons whose logarithm is normal; None where it is infinite."""
    return beyond * math.sqrt(math.expm1(variance)) if variance < TUNING.most_variance else None


def as_verdata(estimates: Sequence[AbundanceEstimate], draws: Sequence[Floats | None]) -> Answer:
    """Rubin's rules on log n_0 as verdata applies them, added to the mean number listed."""
    means, variances, unlisted = [], [], []
    for estimate, drawn in zip(estimates, draws, strict=True):
        n = estimate.n_observed
        if drawn is not None:
            logs = np.log(np.maximum(drawn - n, TUNING.least_of_mixture))
            means.append(float(logs.mean()))
            variances.append(float(logs.var(ddof=1)))
            unlisted.append(float((drawn - n).mean()))
            continue
        limits = estimate.interval(LEVEL)
        point, low, high = (np.array([value - n]) for value in (estimate.point, limits.low, limits.high))
        centre, spread = log_spreads(point, low, high, LEVEL, least=TUNING.least_of_mixture)
        means.append(float(centre[0]))
        variances.append(float(spread[0]) ** 2)
        unlisted.append(estimate.n_unobserved)
    listed = float(np.mean([estimate.n_observed for estimate in estimates]))
    combined = combine(np.array(means), np.array(variances))
    degrees = degrees_of_freedom_as_printed(combined)
    return Answer(
        point=listed + float(np.mean(unlisted)),
        rule=RubinRule(combined.mean, math.sqrt(combined.total), degrees, listed),
        combined=combined,
        standard_error=_of_log_normal(math.exp(combined.mean), combined.total),
        monte_carlo_error=float(_errors_of_points(estimates).mean()) or None,
    )
