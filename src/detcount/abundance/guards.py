"""Parts shared by estimators: assumptions, checks, names of terms, notes, resamples and whole estimates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated

import numpy as np

from detcount._numerics.arrays import Floats, Ints
from detcount._numerics.intervals import bca_probabilities
from detcount._numerics.monte_carlo import (
    ENOUGH_DRAWS,
    TRUSTED_SHAPE,
    jackknife_acceleration,
    jackknife_tables,
    population_resamples,
)
from detcount.abundance.intervals import BCaBootstrap, PercentileBootstrap
from detcount.assumptions import Assumption
from detcount.contract import arguments
from detcount.data.captures import CaptureTable
from detcount.data.repeated import RepeatedCounts
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate, BCaRule, LogNormalRule, PercentileRule, Specification
from detcount.words import Message


def answer_to(estimator: Specification, data: CaptureTable | RepeatedCounts) -> partial[AbundanceEstimate]:
    """The answer of an estimator but for its numbers: who is listed, who is counted, and the digest."""
    return partial(
        AbundanceEstimate,
        estimator=estimator,
        n_observed=data.n_observed,
        digest=data.digest,
        definition=data.definition,
    )


def log_normal_estimate(
    estimator: Specification,
    data: CaptureTable | RepeatedCounts,
    *,
    n_unobserved: float,
    variance: float,
    seed: int,
    point: float | None = None,
    notes: tuple[str, ...] = (),
    detail: object = None,
) -> AbundanceEstimate:
    """Estimate whose interval takes log(N - n) as normal; a `point` that was computed first stays."""
    return answer_to(estimator, data)(
        point=data.n_observed + n_unobserved if point is None else point,
        interval_rule=LogNormalRule(n_unobserved, variance, data.n_observed),
        seed=seed,
        standard_error=variance**0.5,
        notes=notes,
        detail=detail,
    )


def posterior_estimate(
    estimator: Specification,
    table: CaptureTable,
    draws: Floats,
    rule: PercentileRule,
    *,
    standard_error: float | None,
    seed: int,
    notes: tuple[str, ...],
    detail: object,
) -> AbundanceEstimate:
    """Estimate at the median of posterior draws, with the interval that they give."""
    return answer_to(estimator, table)(
        point=float(np.median(draws)),
        interval_rule=rule,
        seed=seed,
        standard_error=standard_error,
        notes=notes,
        detail=detail,
        draws=draws,
        monte_carlo_error=rule.error_at(0.5),
    )


def counts_by_code(table: CaptureTable) -> Floats:
    """Persons by code, the unseen cell 0 in front."""
    return np.concatenate([[0.0], table.dense().astype(np.float64)])


def members(code: int, lists: tuple[str, ...]) -> tuple[str, ...]:
    """Names of the lists of a term."""
    return tuple(name for k, name in enumerate(lists) if code >> k & 1)


def label(code: int, lists: tuple[str, ...]) -> str:
    """Name of a term: its lists joined by a colon, or "intercept"."""
    return ":".join(members(code, lists)) if code else "intercept"


LOWER_BOUND = Message(
    "The figure is a lower bound: the more persons differ in how easily they are listed, the further it "
    "falls short."
)


@dataclass(frozen=True)
class Tuning:
    """Numbers of warnings that estimators share.

    Parameters
    ----------
    few : int, persons
        Persons on two or more lists below which a note says that the prior decides. Convention: ten.
    """

    few: int = 10


TUNING = Tuning()


def notes_on_few(n_repeated: int) -> tuple[Message, ...]:
    """Say so where hardly anybody is on two or more lists."""
    if n_repeated >= TUNING.few:
        return ()
    return (Message("So few persons are on more than one list that the upper limit rests on the prior."),)


def note_on_modes(modes: tuple[float, ...]) -> Message:
    """Say that a posterior has several modes."""
    return Message(
        "The posterior has {n} modes, near {modes:and|,.0f} persons: models that fit about as well disagree, "
        "and one number hides it.",
        n=len(modes),
        modes=modes,
    )


def notes_on_weights(effective_size: float, pareto_shape: float) -> tuple[Message, ...]:
    """Say so where weighted draws do not show the ends of a distribution."""
    if not (effective_size < ENOUGH_DRAWS or pareto_shape > TRUSTED_SHAPE):
        return ()
    return (
        Message(
            "The draws are worth {effective:,.0f} independent ones, with a Pareto shape of {shape:.2f}: do "
            "not rely on the limits.",
            effective=effective_size,
            shape=pareto_shape,
        ),
    )


# What every estimator of abundance assumes.
ASSUMED_BY_ALL = (
    Assumption.CLOSED_POPULATION,
    Assumption.ERROR_FREE_LINKAGE,
    Assumption.NO_OVERCOVERAGE,
)
MOST_DRAWS = 10_000_000
REPORT_A_FLOOR = Message(
    "Report the persons listed as a floor, merge lists that share a source, or add a list."
)
BEYOND_MEMORY = Message(
    "The range ends where the memory of a common machine does, and more would change no digit that is printed"
)


def require_number_of_lists(
    estimator: str, table: CaptureTable, *, exactly: int | None = None, least: int = 2, most: int = 60
) -> None:
    """Decline a table with too few or too many lists."""
    n_lists = table.n_lists
    if exactly is not None and n_lists != exactly:
        reason = Message("needs exactly {needed} lists, got {found}", needed=exactly, found=n_lists)
        if n_lists > exactly:
            remedy = Message("Use LogLinear, or merge the lists into {needed}.", needed=exactly)
            advice = Message("Use a log-linear model, or merge the lists into {needed}.", needed=exactly)
        else:
            remedy = advice = Message("Add a list that was made independently.")
        raise NotEstimableError(estimator, reason, remedy, advice=advice)
    if n_lists < least:
        raise NotEstimableError(
            estimator,
            Message("needs at least {needed} lists, got {found}", needed=least, found=n_lists),
            Message("Use Chapman with an odds-ratio sensitivity, or add a list that was made independently."),
        )
    if n_lists > most:
        raise too_many_lists(estimator, n_lists, most)


def too_many_lists(estimator: str, found: int, most: int) -> NotEstimableError:
    """Error for more lists than an estimator takes."""
    return NotEstimableError(
        estimator,
        Message("takes at most {most} lists, got {found}", most=most, found=found),
        Message("Merge lists that share a source (table.merge), or keep the largest (table.keep)."),
        advice=Message("Merge lists that share a source, or keep the largest."),
    )


def require_names_on_every_list(estimator: str, table: CaptureTable) -> None:
    """Decline a table with a list that names nobody."""
    for name, size in table.list_sizes.items():
        if size == 0:
            raise list_without_names(estimator, name)


def list_without_names(estimator: str, name: str) -> NotEstimableError:
    """Error for a list that names nobody."""
    return NotEstimableError(
        estimator,
        Message("list {name!r} names nobody", name=name),
        Message("Leave it out: table.drop({name!r}).", name=name),
        advice=Message("Leave it out."),
    )


def require_anybody_shared(estimator: str, table: CaptureTable) -> None:
    """Decline a table in which no two lists share anybody, so that a prior of N would be all there is."""
    if not table.capture_frequencies[1:].any():
        raise NotEstimableError(
            estimator,
            Message("no two lists share anybody, so the data set no upper limit and the prior alone would"),
            Message("Report the persons listed as a floor, or look for names that were spelt differently."),
        )


OddsRatio = Annotated[
    float,
    partial(
        arguments.positive,
        remedy=Message(
            "1 means independent, 2 that being on one list doubles the odds of being on the other"
        ),
    ),
]
Interval = BCaBootstrap | PercentileBootstrap


def redrawn(table: CaptureTable, point: float, interval: Interval, seed: int) -> Ints:
    """Counts of each history in the resamples, redrawn from a population of the size estimated."""
    return population_resamples(table.counts, point, interval.n_resamples, arguments.seed(seed))


def repeated_tables(table: CaptureTable, point: float, interval: Interval, seed: int) -> Ints:
    """Counts in the resamples, then, for a BCa interval, without one person of each history."""
    counts = redrawn(table, point, interval, seed)
    if not isinstance(interval, BCaBootstrap):
        return counts
    return np.concatenate([counts, jackknife_tables(table.counts)])


def interval_rule(
    interval: Interval, draws: Floats, point: float, acceleration: float
) -> PercentileRule | BCaRule:
    """Interval of the kind asked for."""
    if isinstance(interval, BCaBootstrap):
        return BCaRule(draws, point, acceleration)
    return PercentileRule(draws)


def acceleration_of(interval: Interval, table: CaptureTable, refitted: Callable[[Ints], Floats]) -> float:
    """Acceleration of a BCa interval, from N refitted without one person of each history; 0 for others."""
    if not isinstance(interval, BCaBootstrap):
        return 0.0
    return jackknife_acceleration(refitted(jackknife_tables(table.counts)), table.counts.astype(np.float64))


def spread(draws: Floats) -> float | None:
    """Standard deviation of the draws, unless some are infinite."""
    return float(draws.std(ddof=1)) if np.isfinite(draws).all() else None


def resample_notes(
    interval: Interval, draws: Floats, point: float, acceleration: float, n_unconverged: int
) -> tuple[str, ...]:
    """Say where the resamples do not carry the limits."""
    notes = []
    n_infinite = int(np.isinf(draws).sum())
    if n_infinite:
        notes.append(
            Message(
                "In {infinite:,} of {n:,} resamples no candidate could be fitted or was plausible; they "
                "count as infinitely many persons, so there may be no upper limit.",
                infinite=n_infinite,
                n=len(draws),
            )
        )
    if n_unconverged:
        notes.append(
            Message(
                "{n:,} fits in resamples did not converge and were left out of the selection.",
                n=n_unconverged,
            )
        )
    finite = draws[np.isfinite(draws)]
    if len(finite) and (error := float(finite.std())) > np.ptp(np.quantile(finite, [0.025, 0.975])):
        notes.append(
            Message(
                "a few resamples lie far above the others, so that the standard error of {error:,.0f} "
                "persons is wider than the middle 95% of them. Read the limits, and not the standard error",
                error=error,
            )
        )
    if isinstance(interval, BCaBootstrap):
        low, high = bca_probabilities(draws, point, acceleration, 0.95)
        below, above = low * len(draws) < 1, (1 - high) * len(draws) < 1
        if below and above:
            notes.append(
                Message(
                    "BCa reads the lower limit at probability {low:.2g} and the upper limit at probability "
                    "{high:.2g}, beyond what {n:,} resamples can show: it is the most extreme of them. Use "
                    "more resamples.",
                    low=low,
                    high=1 - high,
                    n=len(draws),
                )
            )
        elif below:
            notes.append(
                Message(
                    "BCa reads the lower limit at probability {low:.2g}, beyond what {n:,} resamples can "
                    "show: it is the most extreme of them. Use more resamples.",
                    low=low,
                    n=len(draws),
                )
            )
        elif above:
            notes.append(
                Message(
                    "BCa reads the upper limit at probability {high:.2g}, beyond what {n:,} resamples can "
                    "show: it is the most extreme of them. Use more resamples.",
                    high=1 - high,
                    n=len(draws),
                )
            )
    return tuple(notes)
