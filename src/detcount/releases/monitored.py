"""Releases that two monitors or more verified case by case: how many happened, seen or not.

One chapter: cases as counts, draws of what none of the monitors has seen, and the specification.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from detcount._numerics.arrays import bincount
from detcount._numerics.delay import daily_rates, discrete_cdf, draw_pending, from_median
from detcount._numerics.monitored import (
    MOST_MONITORS,
    Dependence,
    Registers,
    draw_futures,
    log_likelihood_of_histories,
    probabilities_now,
    registers,
    seen_share,
    shares_ever,
    start_and_prior,
)
from detcount._numerics.monte_carlo import positions
from detcount._numerics.sampler import Prior, maximise, sample_posterior
from detcount.assumptions import Assumption
from detcount.contract import arguments, references
from detcount.contract.arguments import AtLeast0, Positive
from detcount.contract.citation import Reference
from detcount.contract.specification import specification
from detcount.data.published.cases import MonitoredCases
from detcount.data.published.reading import as_date
from detcount.errors import InputError, NotEstimableError, warn
from detcount.releases.monitored_result import MonitoredEstimate, pairs_of_monitors, warnings_of
from detcount.words import Message

METHOD = "MonitoredReleases"

_FAMILY = "weibull"


@dataclass(frozen=True)
class Priors:
    """Priors of monitors and of their dependence.

    Parameters
    ----------
    median : tuple of float, days; log
        Log-normal prior of the median of each monitor's delay: its median, and the standard deviation of its
        logarithm. Convention: a week, and a factor of 4.5 either way.
    spread : tuple of float, -; log
        The same of the spread of the delay on the log scale. Scored in
        benchmarks/results/monitored_coverage.csv.
    verification : tuple of float, Beta
        Share of releases that a monitor ever verifies. Convention: uniform.
    independent : float, probability
        Prior probability that three monitors or more are independent. Scored in
        benchmarks/results/monitored_coverage.csv.
    tried : float, odds ratio
        Factor by which the odds ratio of two monitors is varied in a note. Convention: half and twice.
    least_draws : int, draws
        Fewest draws of a form of dependence. Convention: 1% of a share is then seen.
    tail : float, probability
        Share of longer delays below which no sentence is printed. Convention: 1%.
    """

    median: tuple[float, float] = (7.0, 1.5)
    spread: tuple[float, float] = (1.0, 0.5)
    verification: tuple[float, float] = (1.0, 1.0)
    independent: float = 0.2
    tried: float = 2.0
    least_draws: int = 100
    tail: float = 0.01


PRIORS = Priors()


_DRAWN = {"pending_draws": 0, "unverifiable_draws": 0, "monitor_pending_draws": 1, "shares": 0, "delays": 0}


@dataclass(frozen=True)
class Histories:
    """Cases by day, as registers; and the days."""

    days: NDArray[np.datetime64]
    registers: Registers


def read_histories(cases: MonitoredCases) -> Histories:
    """Count cases from the first release seen to the last one; decline those that show no overlap."""
    _require_overlap(cases)
    first = cases.release.min()
    n_days = int((np.datetime64(cases.as_of, "D") - first).astype(np.int64)) + 1
    delay = (cases.verified - cases.release[:, None]).astype("timedelta64[D]").astype(np.int64)
    delay[np.isnat(cases.verified)] = -1
    counted = registers((cases.release - first).astype(np.int64), delay, n_days)
    return Histories(first + np.arange(len(counted.ages)), counted)


def _require_overlap(cases: MonitoredCases) -> None:
    """Decline cases from which the monitors' overlap cannot be read."""
    n_monitors = len(cases.monitors)
    if n_monitors < 2:
        raise NotEstimableError(
            METHOD,
            Message(
                "needs at least 2 monitors, got 1, and one register has no overlap: the releases that "
                "happened are at least the {seen:,} seen, and nothing bounds them from above",
                seen=len(cases),
            ),
            Message(
                "VerificationDelay says what this monitor will still verify; AnnouncedBatches takes the "
                "share it ever verifies as a stated prior."
            ),
            advice=Message("Report those seen as a floor, or add a monitor."),
        )
    if n_monitors > MOST_MONITORS:
        raise NotEstimableError(
            METHOD,
            Message("takes at most {most} monitors, got {n}", most=MOST_MONITORS, n=n_monitors),
            Message("Merge the columns of monitors that share their work."),
        )
    on = ~np.isnat(cases.verified)
    for name, column in zip(cases.monitors, on.T, strict=True):
        if not column.any():
            raise NotEstimableError(
                METHOD,
                Message("monitor {monitor!r} had verified nobody by {day}", monitor=name, day=cases.as_of),
                Message("Leave its column out."),
                advice=Message("Leave it out."),
            )
    if not (on.sum(axis=1) > 1).any():
        raise NotEstimableError(
            METHOD,
            Message("the monitors share no release, so the data set no upper limit to those that happened"),
            Message("Check that the people are matched over the monitors, or report those seen."),
        )


def draw_releases(
    cases: MonitoredCases,
    data: Registers,
    *,
    deviation: float,
    odds_ratio: float,
    n_draws: int,
    random: np.random.Generator,
) -> dict[str, Any]:
    """Fields of the estimate: draws of what nobody has seen; `deviation` is of the log odds ratios."""
    ways = [Dependence(data.n_monitors, math.log(odds_ratio))]
    if data.n_monitors > 2 and deviation > 0:
        ways.append(Dependence(data.n_monitors, None))
    found = [_find_mode(data, way, deviation) for way in ways]
    log_weights = np.array([one.log_evidence for one in found])
    log_weights[1:] += math.log(1 / PRIORS.independent - 1)
    weights = np.exp(log_weights - log_weights.max())
    weights /= weights.sum()
    counts = bincount(positions(weights, n_draws, random), minlength=len(ways))
    parts = [
        _draw_unseen(data, one, int(count), random) for one, count in zip(found, counts, strict=True) if count
    ]
    order = random.permutation(n_draws)
    fields = {
        name: np.concatenate([part[name] for part in parts], axis=axis).take(order, axis=axis)
        for name, axis in _DRAWN.items()
    }
    delays = fields.pop("delays")
    released = (data.seen + fields["pending_draws"] + fields["unverifiable_draws"]).sum(axis=1)
    notes = [*cases.notes]
    if data.n_monitors == 2:
        notes.append(_note_of_two(data, odds_ratio))
    elif len(ways) > 1:
        notes.append(
            Message(
                "Probability that all monitors are independent: {probability:.0%} (before the data: "
                "{before:.0%}).",
                probability=float(weights[0]),
                before=PRIORS.independent,
            )
        )
    notes += _notes_of_overlap(cases)
    notes += _notes_of_delay(cases, delays, int(data.ages.max()))
    return {**fields, "point": float(np.median(released)), "notes": notes}


@dataclass(frozen=True)
class _Mode:
    """A way in which monitors may depend, where its posterior density is highest, and its evidence."""

    dependence: Dependence
    prior: Prior
    mode: NDArray[np.float64]
    log_evidence: float  # by Laplace's method, up to what all ways have in common


def _find_mode(data: Registers, dependence: Dependence, deviation: float) -> _Mode:
    """The mode, and the evidence by Laplace's method."""
    start, prior = start_and_prior(PRIORS.median, PRIORS.spread, PRIORS.verification, dependence, deviation)

    def log_density(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return log_likelihood_of_histories(_FAMILY, points, data, dependence) + prior.log_density(points)

    mode, precision = maximise(log_density, start)
    # of a log odds ratio that is a coordinate the roots of 2 pi cancel with those of the curvature
    constant = dependence.n_free * math.log(deviation) if dependence.n_free else 0.0
    evidence = float(log_density(mode[None])[0]) - 0.5 * np.linalg.slogdet(precision)[1] - constant
    return _Mode(dependence, prior, mode, evidence)


def _draw_unseen(
    data: Registers, one: _Mode, n_draws: int, random: np.random.Generator
) -> dict[str, NDArray[Any]]:
    """Draws of what nobody has seen, if monitors depend in one way."""
    dependence = one.dependence
    points = sample_posterior(
        lambda points: log_likelihood_of_histories(_FAMILY, points, data, dependence),
        one.prior,
        one.mode,
        n_draws=max(n_draws, PRIORS.least_draws),
        random=random,
    ).draws[:n_draws]
    now, ratios = probabilities_now(_FAMILY, points, data.ages, dependence), dependence.log_ratios(points)
    share = seen_share(now, ratios)
    unseen = draw_pending(data.seen, share, daily_rates(data.seen, share, random), random)
    futures = draw_futures(unseen, data, now, expit(dependence.logits(points)), ratios, random)
    return {
        "pending_draws": futures.pending,
        "unverifiable_draws": futures.unverifiable,
        "monitor_pending_draws": futures.by_monitor,
        "shares": shares_ever(points, dependence),
        "delays": points[:, : 2 * data.n_monitors],
    }


def _note_of_two(data: Registers, odds_ratio: float) -> Message:
    """Write what two monitors cannot show, and what it would do."""
    found = []
    for ratio in (odds_ratio / PRIORS.tried, odds_ratio, odds_ratio * PRIORS.tried):
        stated = Dependence(2, math.log(ratio))
        mode = _find_mode(data, stated, 1.0).mode
        share = seen_share(probabilities_now(_FAMILY, mode, data.ages, stated), stated.log_ratios(mode))
        found.append(round(float((data.seen / share).sum())))
    fewer, about, more = found
    return Message(
        "Two monitors cannot show whether one follows the other. The assumed odds ratio of {odds_ratio:g} "
        "between them gives about {stated:,} releases. {half:g} would give about {fewer:,}, and {twice:g} "
        "about {more:,}.",
        odds_ratio=odds_ratio,
        stated=about,
        half=odds_ratio / PRIORS.tried,
        fewer=fewer,
        twice=odds_ratio * PRIORS.tried,
        more=more,
    )


def _notes_of_overlap(cases: MonitoredCases) -> list[Message]:
    """Name the monitors that share nothing."""
    on = ~np.isnat(cases.verified)
    return [
        Message(
            "Monitor {monitor!r} shares no release with another, so the share it verifies rests on the "
            "prior.",
            monitor=name,
        )
        for j, name in enumerate(cases.monitors)
        if not (on[:, j] & np.delete(on, j, axis=1).any(axis=1)).any()
    ]


def _notes_of_delay(cases: MonitoredCases, points: NDArray[np.float64], longest: int) -> list[Message]:
    """Say where the share of delays that no data could show is too large to pass over."""
    notes = []
    for j, name in enumerate(cases.monitors):
        parameters = from_median(_FAMILY, points[:, 2 * j : 2 * j + 2])
        beyond = 1 - float(discrete_cdf(_FAMILY, parameters, [longest]).mean())
        if beyond >= PRIORS.tail:
            notes.append(
                Message(
                    "The oldest release had {longest} days to be verified; the share of longer delays of "
                    "{monitor!r}, {share:.0%}, is not identified by the data and rests on the {family} form.",
                    longest=longest,
                    monitor=name,
                    share=beyond,
                    family=_FAMILY,
                )
            )
    return notes


@specification
class MonitoredReleases:
    """Releases that happened, from the overlap of two or more monitors that verify with delay.

    The estimand is the number of persons released on the days from the first release seen to the last one
    seen, verified or not; nothing is said of later days, of which nobody had verified a release. A plain
    capture-recapture of the registers takes a release that a monitor has not reached yet for one that it
    missed, most of all where another has; here every monitor has its own delay. What the monitors' overlap
    identifies is how many releases none of them will ever verify, which no published total can show.

    Parameters
    ----------
    dependence : float, optional
        With three monitors or more: standard deviation of the log odds ratio between two monitors that
        depend on each other, normal around 0. With 0 all are taken as independent.
    odds_ratio : float, optional
        Sensitivity, with two monitors, of which nothing can show how they depend on each other: the odds
        ratio between being verified by the one and by the other, among the releases that happened.
    n_draws : int, optional
        Draws from the posterior.

    Raises
    ------
    InputError
        From `fit`, if an odds ratio is stated for three monitors or more.

    Warns
    -----
    DetcountWarning
        From `fit`, if two monitors are shown to depend on each other.

    See Also
    --------
    VerificationDelay : One monitor: what it will still verify.
    AnnouncedBatches : Published totals without cases; a prior then says what is never verified.

    Notes
    -----
    A release of day t is on monitor j's register by day T with probability p[j, t] = pi[j] F[j](T - t), where
    no monitor on which it depends has the release; each that has it multiplies the odds by exp(u). The
    likelihood is that of the histories given that some monitor had verified, with f[j](d)/F[j](T - t) for the
    delays of those on the register. With Z[t] the sum of the weights of all histories, that of none being 1,
    the releases of day t are about seen[t] Z[t]/(Z[t] - 1). The draws are from the posterior, the releases of
    a day being negative binomial with a mean and a size that all days share, and the point is their median.

    *Three monitors or more* show how each two of them depend on each other: among the releases that another
    one has. Either all are independent (0.2 before the data), or each pair has its own u, normal around 0
    with the standard deviation `dependence`; the draws are averaged over both by their evidence (Laplace's
    method). What no data can show is a dependence of all monitors together beyond that of pairs: it is taken
    as none.
    `pairs` has the odds ratio of each pair (Mantel and Haenszel, over days of release, so that delays leave
    it at 1), and a warning says where the test shows a dependence.

    Delays are Weibull; the prior of the median is log-normal around 7 days (standard deviation 1.5 of its
    logarithm), that of the shape around 1 (0.5), that of the share ever verified uniform.

    For another estimator of closed populations `MonitoredCases.table(within=)` gives every release that is
    old enough the same time to be verified.

    *Two monitors* cannot show whether they depend on each other. Where one passes its cases to another the
    number is too low; a note says what an odds ratio of 2 or 1/2 would make of it, and `odds_ratio` states
    one.

    *Beside Chapman's estimator* of the two lists as they stand (two independent monitors that find 70 and
    60% of 600 releases in 30 days, Weibull delays of scale 8 and 12 days, 120 invented campaigns for each
    age): a day after the last release the root mean square error is 3.8% (Chapman 10.2%) and 95% limits cover
    0.91 (0.34); after three days 3.0% (6.8%) and 0.93 (0.64); after a week 3.4% (3.6%) and 0.90 (0.91); after
    three weeks 2.3% (2.3%) and 0.93 (0.96). Where delays are exponential of 5 days: 2.7% (4.6%) and 0.93
    (0.79), 2.4% (3.1%) and 0.96 (0.93), 2.5% (2.5%) and 0.93 (0.97), 2.2% (2.2%) and 0.93 (0.96). So it is
    nearer while many verifications are still due; from a week on both are as good, its limits a tenth
    narrower and covering a little less.

    References
    ----------
    .. [1] Chapman, D. G. (1951). Some properties of the hypergeometric distribution with applications
       to zoological sample censuses. University of California Publications in Statistics, 1(7), 131-160.
    .. [2] Lawless, J. F. (1994). Adjustments for reporting delays and the prediction of occurred but not
       reported events. Canadian Journal of Statistics, 22(1), 15-31. https://doi.org/10.2307/3315826.n1

    Examples
    --------
    >>> import numpy as np
    >>> from detcount import releases
    >>> days = np.repeat(np.arange("2026-01-01", "2026-01-11", dtype="datetime64[D]"), 12)
    >>> committee = np.where(np.arange(120) % 3 < 2, days + np.arange(120) % 5, np.datetime64("NaT"))
    >>> lawyers = np.where(np.arange(120) % 4 < 2, days + np.arange(120) % 7, np.datetime64("NaT"))
    >>> seen = ~(np.isnat(committee) & np.isnat(lawyers))
    >>> cases = releases.MonitoredCases.from_frame(
    ...     {"release": days[seen], "committee": committee[seen], "lawyers": lawyers[seen]},
    ...     monitors=["committee", "lawyers"], as_of="2026-01-20")
    >>> estimate = releases.MonitoredReleases().fit(cases)
    >>> estimate.n_seen, 110 < estimate.point < 130
    (100, True)
    """

    dependence: AtLeast0 = 1.0
    odds_ratio: Positive = 1.0
    n_draws: Annotated[int, partial(arguments.whole_number, least=100, most=1_000_000)] = 4000

    assumes: ClassVar[tuple[Assumption, ...]] = (
        Assumption.ERROR_FREE_LINKAGE,
        Assumption.NO_OVERCOVERAGE,
        Assumption.MONITORS_IN_PAIRS,
        Assumption.HOMOGENEOUS_PERSONS,
        Assumption.COMMON_DELAY,
        Assumption.UNCHANGED_VERIFICATION,
    )
    references: ClassVar[tuple[Reference, ...]] = (references.CHAPMAN_1951, references.LAWLESS_1994)

    def __post_init__(self) -> None:
        if not self.dependence:
            in_pairs, alone = Assumption.MONITORS_IN_PAIRS, Assumption.INDEPENDENT_MONITORS
            object.__setattr__(
                self, "assumes", tuple(alone if one is in_pairs else one for one in self.assumes)
            )

    def fit(self, cases: MonitoredCases, *, seed: int = 0) -> MonitoredEstimate:
        """Estimate the releases that happened.

        Parameters
        ----------
        cases : MonitoredCases
            Releases with the day of verification by each monitor.
        seed : int, optional
            Seed of the draws, and of the estimator.

        Returns
        -------
        MonitoredEstimate
            Releases by day, persons.

        Raises
        ------
        NotEstimableError
            If there is one monitor only or more than six, a monitor verified nobody, or no release was
            verified by two.
        """
        history = read_histories(cases)
        data = history.registers
        if data.n_monitors > 2 and self.odds_ratio != 1:
            raise InputError(
                Message(
                    "odds_ratio: expected two monitors, got {n}. The data of more show how they depend on "
                    "each other: leave it out",
                    n=data.n_monitors,
                )
            )
        found = draw_releases(
            cases,
            data,
            deviation=self.dependence,
            odds_ratio=self.odds_ratio,
            n_draws=self.n_draws,
            random=np.random.default_rng(seed),
        )
        pairs = pairs_of_monitors(data, cases.monitors)
        shown = tuple(warnings_of(pairs, independent=not self.dependence))
        for note in shown:
            warn(note)
        notes = [*found.pop("notes"), *(pair.note() for pair in pairs), *shown]
        first, last = as_date(history.days[0]), as_date(history.days[-1])
        if last < cases.as_of:
            notes.append(
                Message(
                    "No release after {last} had been verified by {day}. Later releases are not counted, nor "
                    "are those before {first}.",
                    first=first,
                    last=last,
                    day=cases.as_of,
                )
            )
        return MonitoredEstimate(
            estimator=self,
            as_of=cases.as_of,
            monitors=cases.monitors,
            days=history.days,
            seen=data.seen,
            listed=data.listed,
            digest=cases.digest,
            seed=seed,
            pairs=pairs,
            identified_by="data" if self.odds_ratio == 1 else "prior",
            notes=tuple(notes),
            **found,
        )
