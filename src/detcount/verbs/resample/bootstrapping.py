"""Refit an estimator on persons drawn with replacement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from detcount._numerics.arrays import Floats
from detcount._numerics.monte_carlo import multinomial_resamples, population_resamples
from detcount._numerics.parallel import map_tasks
from detcount.abundance.intervals import BCaBootstrap, PercentileBootstrap
from detcount.contract import arguments
from detcount.contract.specification import door
from detcount.errors import InputError, NotEstimableError
from detcount.estimates import AbundanceEstimate, BCaRule, CautiousRule, PercentileRule
from detcount.fitting import Data, Fits, point_of
from detcount.verbs.resample.jackknifing import Over, acceleration_of, answer_or_reason, check_over
from detcount.words import Message


@dataclass(frozen=True)
class Tuning:
    """Limits of the bootstrap.

    Parameters
    ----------
    most_declined : float, share
        Share of declined resamples beyond which draws have no centre. Convention: one half.
    most_counts : int, counts
        Resampled counts held at a time. Convention: 2 GB.
    """

    most_declined: float = 0.5
    most_counts: int = 1 << 28


TUNING = Tuning()


_SHOWN_REASONS = 3


@door
def bootstrap_estimate(
    estimator: Fits[Data],
    table: Data,
    *,
    interval: BCaBootstrap | PercentileBootstrap = BCaBootstrap(),  # noqa: B008 - frozen
    seed: int = 0,
    n_jobs: int | None = None,
    over: Over = "population",
) -> AbundanceEstimate:
    """Estimate abundance by any estimator, with the limits of a bootstrap.

    The estimand is that of the estimator. Prefer this to the limits of the estimator where its standard
    error leaves something out, such as the choice of a model.

    Parameters
    ----------
    estimator : Estimator
        Any estimator.
    table : CaptureTable or RepeatedCounts
        The persons listed.
    interval : BCaBootstrap or PercentileBootstrap, optional
        How limits are read from the draws, and the number of resamples.
    seed : int, optional
        Seed, 0 or more.
    n_jobs : int, optional
        Number of workers; -1 means one a core. None takes the number that ``joblib.parallel_config`` sets, or
        else 1. The same seed gives the same draws, to the last bit, for any number of workers.
    over : {"listed", "population"}, optional
        Who is redrawn. "population": the estimated population, unlisted persons included, so that the number
        listed varies too, as limits for a population of fixed size require. "listed": as many persons as are
        listed, which gives the narrower limits that other software prints.

    Returns
    -------
    AbundanceEstimate
        Abundance in persons: the point and the notes of the estimator, `draws` and limits of the
        bootstrap, and the standard deviation of the draws as standard error (none if a draw is infinite).

    Raises
    ------
    NotEstimableError
        If the estimator has no answer for the table, for more than half of the resamples, or, with
        ``BCaBootstrap``, for the table without one of its persons.
    InputError
        If an argument is out of its range.

    Notes
    -----
    The spread of the draws is sampling variation, with that of any choice, average or stopping rule inside
    the estimator. It does not include dependence that the lists cannot show. Resamples are multinomial over
    the histories that somebody has; with "population" the number listed is drawn first, binomial and at least
    1. The acceleration of ``BCaBootstrap`` is that of the jackknife over the same persons.

    A draw below the number listed is raised to it, since everybody listed exists. A resample for which the
    estimator has no answer counts against both limits: lowest for the lower, highest for the upper.

    References
    ----------
    .. [1] Efron, B. (1987). Better bootstrap confidence intervals. Journal of the American Statistical
       Association, 82(397), 171-185. https://doi.org/10.2307/2289144
    .. [2] Buckland, S. T. and Garthwaite, P. H. (1991). Quantifying precision of mark-recapture estimates
       using the bootstrap and related methods. Biometrics, 47(1), 255-268.
       https://doi.org/10.2307/2532510

    Examples
    --------
    >>> from detcount import CaptureTable, abundance, bootstrap_estimate
    >>> table = CaptureTable.from_counts({"10": 40, "01": 60, "11": 20}, lists=["press", "families"])
    >>> print(bootstrap_estimate(abundance.Chapman(), table))
    234 persons (170 to 340, 95% BCa bootstrap); 120 listed
    """
    arguments.instance_of("interval", interval, (BCaBootstrap, PercentileBootstrap))
    n_resamples = interval.n_resamples
    estimate = estimator.fit(table, seed=seed)
    accelerated = isinstance(interval, BCaBootstrap)
    acceleration = (
        acceleration_of(estimator, table, seed=seed, n_jobs=n_jobs, over=over) if accelerated else 0.0
    )
    raw, note = draws_of(estimator, table, n_resamples=n_resamples, seed=seed, n_jobs=n_jobs, over=over)
    draws = np.maximum(raw, float(table.n_observed))

    def rule(values: Floats) -> PercentileRule | BCaRule:
        return BCaRule(values, estimate.point, acceleration) if accelerated else PercentileRule(values)

    made_from = (
        Message("the limits come from {n:,} bootstrap resamples of the persons listed", n=n_resamples)
        if over == "listed"
        else Message(
            "the limits come from {n:,} bootstrap resamples of the estimated population", n=n_resamples
        )
    )
    notes: list[str] = [*estimate.notes, made_from]
    rules: PercentileRule | BCaRule | CautiousRule = rule(draws)
    if note:
        lowest = rule(np.where(np.isinf(draws), float(table.n_observed), draws))
        rules = CautiousRule(lowest, rule(draws))
        notes.append(Message("{note}; for the lower limit they count as below every estimate", note=note))
    return replace(
        estimate,
        interval_rule=rules,
        draws=draws,
        seed=seed,
        standard_error=None if note else float(draws.std(ddof=1)),
        notes=tuple(notes),
    )


def draws_of(
    estimator: Fits[Data],
    table: Data,
    *,
    n_resamples: int,
    seed: int,
    n_jobs: int | None = None,
    over: Over = "listed",
) -> tuple[Floats, str]:
    """Draws in the order of the resamples, infinite where one has no answer, and what is said of these."""
    seed = arguments.seed(seed)
    check_over(over)
    n_resamples = arguments.whole_number("n_resamples", n_resamples, least=1)
    most = TUNING.most_counts // len(table.counts)
    if n_resamples > most:
        raise InputError(
            Message(
                "n_resamples: expected at most {most:,} for this table, got {n_resamples:,}. More would not "
                "fit the memory of a common machine",
                most=most,
                n_resamples=n_resamples,
            )
        )
    name = type(estimator).__name__
    if over == "population":
        point = point_of(estimator, table, seed)
        resamples = population_resamples(table.counts, point, n_resamples, seed)
    else:
        resamples = multinomial_resamples(table.counts, n_resamples, seed)
    seeds = np.random.SeedSequence(seed).generate_state(n_resamples).tolist()
    tasks = list(zip(resamples, seeds, strict=True))
    answers = map_tasks(
        partial(answer_or_reason, estimator, table),
        tasks,
        n_jobs=n_jobs,
        label=Message("bootstrap {name}", name=name),
    )
    reasons = [answer for answer in answers if isinstance(answer, str)]
    note = _declined_note(name, reasons, n_resamples)
    if len(reasons) > TUNING.most_declined * n_resamples:
        raise NotEstimableError(
            name,
            note,
            Message("Use an estimator that needs less of the table, such as ChaoLowerBound."),
            advice=Message("Use an estimator that needs less of the table, such as Chao's lower bound."),
        )
    return np.array([np.inf if isinstance(answer, str) else answer for answer in answers]), note


def _declined_note(name: str, reasons: Sequence[str], n_resamples: int) -> str:
    """Count the resamples that had no answer, and give the reasons, commonest first."""
    if not reasons:
        return ""
    ordered = Counter(reasons).most_common()
    noted = [
        Message("{reason} ({n:,})", reason=reason, n=number) for reason, number in ordered[:_SHOWN_REASONS]
    ]
    rest = len(reasons) - sum(number for _, number in ordered[:_SHOWN_REASONS])
    if rest:
        noted.append(Message("other reasons ({n:,})", n=rest))
    return Message(
        "{name} had no answer for {declined:,} of {n:,} resamples, which count as infinite: {reasons:;}",
        name=name,
        declined=len(reasons),
        n=n_resamples,
        reasons=noted,
    )
