"""What estimators from repeated counts share: the counts they need, and an estimate or a refusal."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detcount.abundance.guards import log_normal_estimate
from detcount.assumptions import Assumption
from detcount.captures import CaptureTable
from detcount.errors import NotEstimableError
from detcount.estimates import AbundanceEstimate, Specification
from detcount.repeated import RepeatedCounts
from detcount.words import Message

REPORT_LISTED = Message("Report those listed: the list does not say how many it misses.")
BY_ROUTINE = Message("Report those listed, and check whether the list names everybody by routine.")
CHAO = Message("Use ChaoCounts, which is a lower bound.")
CHAO_IN_WORDS = Message("Use Chao's estimator for counts, which is a lower bound.")
CHAO_OR_LISTED = Message("Use ChaoCounts(), or report those listed.")
CHAO_OR_LISTED_IN_WORDS = Message("Use Chao's estimator for counts, or report those listed.")


@dataclass(frozen=True)
class RateDetail:
    """The fitted count distribution of a zero-truncated estimator.

    Parameters
    ----------
    mean : float
        Times that the list names a person on average, persons never named among them.
    never_named_share : float
        Share of the population that is never named, in (0, 1).
    """

    mean: float
    never_named_share: float


@dataclass(frozen=True)
class RepeatedCoverageDetail:
    """What a coverage-based estimate from repeated counts rests on.

    Parameters
    ----------
    sample_coverage : float
        Share of all naming that belongs to persons who are named, C.
    squared_variation : float
        Squared coefficient of variation of the persons' rates, cut at 0.
    """

    sample_coverage: float
    squared_variation: float


def estimate_from_counts(
    estimator: Specification,
    counts: RepeatedCounts,
    point: float,
    variance: float,
    seed: int,
    *,
    notes: tuple[str, ...] = (),
    detail: object = None,
) -> AbundanceEstimate:
    """Estimate with a log-normal interval, or a reason to decline when N is no more than the listed."""
    n = counts.n_observed
    if not (math.isfinite(point) and point > n and variance > 0):
        lower_bound = Assumption.LOWER_BOUND in estimator.assumes
        raise NotEstimableError(
            type(estimator).__name__,
            Message(
                "the estimate is {point:,.0f} persons, which {n:,} listed persons and their counts cannot "
                "mean"
                if math.isfinite(point)
                else "the estimate is without limit, which {n:,} listed persons and their counts cannot mean",
                point=point,
                n=n,
            ),
            REPORT_LISTED if lower_bound else CHAO,
            advice=None if lower_bound else CHAO_IN_WORDS,
        )
    return log_normal_estimate(
        estimator,
        counts,
        point=point,
        n_unobserved=point - n,
        variance=variance,
        seed=seed,
        notes=notes,
        detail=detail,
    )


def _require_counts(estimator: Specification, counts: RepeatedCounts) -> None:
    """Refuse anything but repeated counts, and say how to make them."""
    if isinstance(counts, RepeatedCounts):
        return
    remedy = "RepeatedCounts.from_frequencies({1: ..., 2: ...})"
    if isinstance(counts, CaptureTable):
        remedy = "RepeatedCounts.from_frequencies(table.capture_frequencies)"
    raise TypeError(
        Message(
            "{estimator}: expected RepeatedCounts, got {kind}. Use {remedy}",
            estimator=type(estimator).__name__,
            kind=type(counts).__name__,
            remedy=remedy,
        )
    )


def once_and_twice(
    estimator: Specification, counts: RepeatedCounts, *, need_twice: bool = True
) -> tuple[int, int]:
    """Persons named once and twice, or a reason to decline."""
    _require_counts(estimator, counts)
    f = counts.frequencies
    f1, f2 = int(f[0]), int(f[1]) if len(f) > 1 else 0
    if f1 == 0:
        raise NotEstimableError(
            type(estimator).__name__,
            Message("nobody is named exactly once, so the counts point to nobody unlisted"),
            BY_ROUTINE,
        )
    if f2 == 0 and need_twice:
        raise NotEstimableError(
            type(estimator).__name__,
            Message("nobody is named exactly twice"),
            CHAO_OR_LISTED,
            advice=CHAO_OR_LISTED_IN_WORDS,
        )
    return f1, f2


def require_repeats(estimator: Specification, counts: RepeatedCounts) -> None:
    """Decline when nobody is named twice or more."""
    _require_counts(estimator, counts)
    if int(counts.times[-1]) == 1:
        raise NotEstimableError(
            type(estimator).__name__, Message("nobody is named more than once"), REPORT_LISTED
        )


def times_named(counts: RepeatedCounts) -> int:
    """How often the list names anybody, in all."""
    return int(counts.times @ counts.counts)


def rare_repeats(estimator: Specification, counts: RepeatedCounts, cutoff: int) -> NDArray[np.float64]:
    """Frequencies, when somebody is named once and somebody again within the cutoff."""
    once_and_twice(estimator, counts, need_twice=False)
    f = counts.frequencies
    if f[1:cutoff].sum() == 0:
        raise NotEstimableError(
            type(estimator).__name__,
            Message("nobody is named 2 to {cutoff} times, so the sample coverage is 0", cutoff=cutoff),
            CHAO_OR_LISTED,
            advice=CHAO_OR_LISTED_IN_WORDS,
        )
    return f.astype(np.float64)
