"""Batches: announcements of a number of releases at one date, and what monitors verified of each."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detcount import arguments, references
from detcount._numerics.batches import (
    BatchModel,
    Posterior,
    Series,
    carried_out_probabilities,
    delay_parameters,
    draw_parts,
    flattening,
    sample_posterior,
    sample_prior,
)
from detcount._numerics.delay import FAMILIES, discrete_cdf
from detcount._numerics.laplace import effective_size
from detcount.assumptions import Assumption
from detcount.citation import CitationStyle, Reference, cite
from detcount.errors import ConvergenceError, InputError, NotEstimableError
from detcount.estimates import GapEstimate, IdentifiedBySource, Interval, UncertainCount, provenance
from detcount.published import PublishedReleases
from detcount.specification import specification
from detcount.words import Message, Name

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AnnouncedBatches", "BatchDelay", "BatchesEstimate", "SamplerDiagnostics"]

NOTE_RESTATED = (
    "The announcement was also given as {others:;}. The estimate uses {announced:,}, the latest figure of "
    "{source}, who announced it first; another figure moves the unsubstantiated part by the difference."
)
NOTE_AT_LEAST_ANNOUNCED = (
    "The announcement said at least {announced:,}: the split is of that number, and releases beyond it are "
    "not counted."
)
NOTE_NO_START = (
    "{source} did not say when the releases announced began: they are taken to be of {day}, the last day."
)
NOTE_NO_END = (
    "{source} did not say when the releases announced ended: the day of publication, {day}, is taken as "
    "the last."
)
NOTE_SPREAD = (
    "The releases announced are taken to be spread evenly over the {days} days from {start} to {end}."
)
NOTE_EARLY = (
    "{monitor} verified releases on {day}, before the first day announced: the releases are taken to begin "
    "then."
)
NOTE_WITHDRAWN = (
    "{monitor} gave {before:,} verified on {day_before} and {after:,} on {day_after}: the later figure is "
    "used, "
    "and {withdrawn:,} verified releases count as withdrawn."
)
NOTE_SAME_DAY = (
    "{monitor} gave several figures on {day} ({figures:,|,}): the largest is used, as the last word of the "
    "day."
)
NOTE_AT_LEAST_VERIFIED = (
    '{monitor} said "at least {count:,}" on {day}: the number then verified may be larger, and is treated as '
    "unknown."
)
NOTE_PART_OF_WINDOW = (
    "The {count:,} that {monitor} gave on {day} cover a part of the days announced: they are used as a lower "
    "bound."
)
NOTE_BOUNDS_IN_A_ROW = (
    '{monitor} said "at least" several times in a row: only the largest of these figures, {count:,}, is used.'
)
NOTE_BY_WINDOW = (
    "Figures of {monitors} belong to this announcement by their days, not by name: they may count other "
    "releases of the same days."
)
NOTE_OTHER_MONITORS = "Other monitors verified {others:;}."
NOTE_EXCEEDS = (
    "{monitor} verified {verified:,}, more than the {announced:,} announced: all announced releases count as "
    "carried out, and {more:,} verified releases are outside the announcement, by definition, window or "
    "error."
)
NOTE_ALL_VERIFIED = "{monitor} verified as many as were announced, {announced:,}."
NOTE_NO_DELAY = (
    "No delay was modelled: what had not been verified by {day} counts as never to be verified, so that "
    "nothing is pending."
)
NOTE_DELAY_FROM_PRIOR = (
    "The successive figures of {monitor} do not show how long its verification takes: what is pending here "
    "rests on the stated prior of the delay."
)
NOTE_SPLIT_FROM_PRIOR = (
    "Published totals cannot tell the unverifiable from the unsubstantiated: that split rests on the prior "
    "chance, Beta({a:g}, {b:g}) with mean {mean:.0%}, that {monitor} ever verifies a true release. The sharp "
    "bounds hold without it."
)
NOTE_LONE = (
    "One batch alone: the chance that an announced release is carried out has the prior Beta({c:g}, {d:g}), "
    "and no other batch informs it."
)
NOTE_POOLED = (
    "The chance that an announced release is carried out is pooled over {n} batches: its mean has the prior "
    "Beta({c:g}, {d:g}), its concentration a prior with median {concentration:g}."
)
NOTE_ONE_CHANCE = (
    "The chance that a monitor ever verifies a release is taken to be the same in all batches, so that a "
    "batch which it verified whole makes the others more certain."
)
NOTE_MEASURES = (
    "What {source} announced and what {monitors} verified are not measured alike, as their measure says: "
    "a part of the difference may be one of definition."
)
NOTE_NO_FIGURES = "No figure in these rows is by {monitors}."
NOTE_WEIGHTS = (
    "The draws are worth {worth:,.0f} independent ones, with a Pareto shape of {shape:.2f}: do not rely on "
    "the limits."
)
NOTE_NO_PAIR = "The odds ratio changes nothing here: no batch has figures of two monitors."
NOTE_DECLINED = "Not estimated, {label}: {reason}. {remedy}"
NOTE_UNMATCHED = (
    "Verified figures that belong to no batch, by event or by window, are not used here: {n:,} of {total:,}; "
    "figures of other days are compared as running totals."
)
NOTE_UNDATED = "Of these figures, those without a first day could be matched by event only: {n:,}."

REASON_NONE_ANNOUNCED = "no row is an announced figure"
REASON_NONE_VERIFIED = "no row is a verified figure"
REASON_NO_MONITOR = "none of the monitors {monitors!r} has a figure"
REASON_NO_BATCH = "no announcement is a batch with an answer ({reasons:;})"
REASON_RUNNING_TOTAL = (
    "{source} announced a running total under this name, {first:,} at first and {last:,} later, not one batch"
)
REASON_LONG = "the days announced are {days}, more than the {most} of a batch"
REASON_UNVERIFIED = "no monitor published a verified figure for it"
REASON_HEADLINE = "none of its verified figures is by {monitor}"
REASON_MANY = "an odds ratio was stated, and {n} monitors have figures for it"
REASON_BOUND = 'an odds ratio was stated, and the last figure of {monitor} is an "at least"'
REMEDY_NONE_ANNOUNCED = "Give what was announced the role 'announced'."
REMEDY_NONE_VERIFIED = (
    "Report the announcement as unverified, or count reported figures with roles=('verified', 'reported')."
)
REMEDY_NO_MONITOR = "Check the names in monitors, or the day of as_of."
REMEDY_PROCESS = "Use ReleaseProcess, which compares totals over different windows."
REMEDY_WINDOW = "Use ReleaseProcess, or raise max_window if it was one announcement."
REMEDY_UNVERIFIED = "Report the announcement as unverified, or give the monitors' rows its event or its days."
REMEDY_HEADLINE = "Leave headline out, or name a monitor of this batch."
REMEDY_MANY = "Name two of them in monitors, or leave the odds ratio at 1."
REMEDY_BOUND = "Leave the odds ratio at 1, or leave that row out."

REASON_NOTHING = "nothing was announced: the figure given is 0"
REMEDY_NOTHING = "Report what was verified by itself."
REASON_LARGE = (
    "{n:,} of the {announced:,} announced are not verified, more than the {most:,} whose split is computed"
)
REASON_LARGE_BOUND = (
    "{n:,} of the {announced:,} announced are not verified, more than the {most:,} whose split is computed "
    'where a last figure is an "at least" or an odds ratio was stated'
)
REMEDY_LARGE = (
    "Check the figures: few amnesties on record freed so many. If they hold, compare them as they are."
)
ADVICE_NONE_ANNOUNCED = "Say in the data which of the figures were announced."
ADVICE_NONE_VERIFIED = "Report the announcement as unverified."
ADVICE_NO_MONITOR = "Check the names of the monitors, or choose a later day."
ADVICE_PROCESS = "Set the running total against what was verified of the same days."
ADVICE_UNVERIFIED = (
    "Report the announcement as unverified, or ask the monitors whom of these people they have confirmed."
)
ADVICE_HEADLINE = "Use the figures of a monitor that has some for this announcement."
ADVICE_MANY = "Use the figures of two of them."
ADVICE_BOUND = "Ask that monitor for an exact figure."

LABELLED = "{labels}: {reason}"
FIGURE = "{count:,} ({source}, {day})"

DelayFamily: TypeAlias = Literal["weibull", "log-normal"]
Beta: TypeAlias = tuple[float, float]
Verification: TypeAlias = Beta | tuple[tuple[str, Beta], ...]

_NAME = "AnnouncedBatches"
_FEW = 400  # effective draws; below, limits move by a tenth of their width from seed to seed
_TOO_FEW = 50  # below, the draws show no distribution
_TRUSTED = 0.7  # Pareto shape up to which importance weights can be trusted
_LEARNED = 0.5  # share of the prior's spread of a delay that is left when data have shown it
_COMPARISONS = 2  # pairs of successive figures that two parameters of a delay need
_N_PRIOR = 2000
_MOVED = 0.25  # standard deviations that flatter priors may move what data identify
_MOST_UNVERIFIED = 1_000_000  # persons: the sums over them take half a minute
_MOST_BOUNDED = 100_000  # where each of them needs a tail
_WORTH_WEIGHTS = 50  # effective draws that weights must leave for that to be seen


@dataclass(frozen=True)
class SamplerDiagnostics:
    """How the posterior was found, and whether its draws can be trusted.

    Parameters
    ----------
    method : {"exact", "importance sampling"}
        Exact where there is no delay and one batch.
    effective_size : float
        Independent draws that the weighted ones are worth.
    pareto_shape : float
        Shape of the largest weights; above 0.7 they cannot be trusted. Minus infinity when exact.
    n_proposals : int
        Draws weighted; 0 when exact.
    """

    method: Literal["exact", "importance sampling"]
    effective_size: float
    pareto_shape: float
    n_proposals: int


@dataclass(frozen=True, eq=False, repr=False)
class BatchDelay:
    """How long verification takes, by monitor, in whole days since the release.

    Parameters
    ----------
    family : {"weibull", "log-normal"}
        Family of the distribution.
    monitors : tuple of str
        Names of the monitors.
    parameters : ndarray of float64, shape (n_monitors, n_draws, 2)
        Draws: shape and scale (days) of a Weibull; mean and standard deviation of the log days of a
        log-normal.
    identified_by : tuple of {"data", "prior"}, shape (n_monitors,)
        Whether successive figures showed the delay of the monitor.
    """

    family: DelayFamily
    monitors: tuple[str, ...]
    parameters: NDArray[np.float64]
    identified_by: tuple[IdentifiedBySource, ...]

    def __post_init__(self) -> None:
        copy = np.array(self.parameters, dtype=np.float64)
        copy.flags.writeable = False
        object.__setattr__(self, "parameters", copy)

    def draws(self, days: ArrayLike, monitor: str) -> NDArray[np.float64]:
        """Give draws of the share of eventual verifications made within so many days, (n_draws, n)."""
        if monitor not in self.monitors:
            raise InputError(f"monitor: expected one of {list(self.monitors)}, got {monitor!r}")
        return discrete_cdf(
            self.family, self.parameters[self.monitors.index(monitor)], np.atleast_1d(np.asarray(days))
        )

    def cdf(self, days: ArrayLike, monitor: str) -> NDArray[np.float64]:
        """Give the mean share of eventual verifications made within so many days."""
        return np.asarray(self.draws(days, monitor).mean(axis=0))

    def interval(self, days: ArrayLike, monitor: str, level: float = 0.95) -> NDArray[np.float64]:
        """Give equal-tailed limits of that share, shape (n, 2)."""
        tail = (1 - arguments.level(level)) / 2
        return np.quantile(self.draws(days, monitor), [tail, 1 - tail], axis=0).T

    def median(self, monitor: str, level: float = 0.95) -> Interval:
        """Give equal-tailed limits of the median delay, days."""
        tail = (1 - arguments.level(level)) / 2
        first, second = self.parameters[self.monitors.index(monitor)].T
        median = second * math.log(2) ** (1 / first) if self.family == "weibull" else np.exp(first)
        low, high = np.quantile(median, [tail, 1 - tail])
        return Interval(float(low), float(high), float(level), "posterior")

    def __repr__(self) -> str:
        return f"<BatchDelay: {self.family}, {len(self.monitors)} monitors>"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class BatchesEstimate:
    """What became of the announced batches, batch by batch.

    Parameters
    ----------
    batches : tuple of GapEstimate
        One for each batch, in the order of their days. The draws of all batches belong together.
    by_monitor : tuple of dict
        For each batch, by monitor: what that monitor will have verified in the end.
    delay : BatchDelay or None
        How long verification takes; None when no delay was modelled.
    declined : dict of str to NotEstimableError
        Announcements that are no batch, or have no answer, and why.
    diagnostics : SamplerDiagnostics
        How the posterior was found.
    estimator : AnnouncedBatches
        The specification that made the estimate.
    digest : str
        SHA-256 of the data.
    seed : int
        Seed of the fit.
    notes : tuple of str
        What a reader must know of all batches together; each batch has its own besides.
    """

    batches: tuple[GapEstimate, ...]
    by_monitor: tuple[dict[str, UncertainCount], ...]
    delay: BatchDelay | None
    declined: dict[str, NotEstimableError]
    diagnostics: SamplerDiagnostics
    estimator: AnnouncedBatches
    digest: str
    seed: int = 0
    notes: tuple[str, ...] = ()

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """What has to hold for the numbers to mean what they say."""
        return self.estimator.assumes

    def batch(self, label: str) -> GapEstimate:
        """Give the estimate of one batch by its label."""
        for found in self.batches:
            if found.label == label:
                return found
        if label in self.declined:
            raise self.declined[label]
        raise InputError(f"label: expected one of {[found.label for found in self.batches]}, got {label!r}")

    def rows(self, level: float = 0.95) -> list[dict[str, Any]]:
        """Give the estimates as rows of a table, one dictionary a batch and quantity."""
        return [row for found in self.batches for row in found.rows(level)]

    def to_frame(self, level: float = 0.95) -> pd.DataFrame:
        """Give the estimates as a frame, one row a batch and quantity."""
        import pandas as pd

        return pd.DataFrame(self.rows(level))

    def record(self, level: float = 0.95) -> dict[str, Any]:
        """Give everything needed to make the numbers again, as plain values that JSON can hold."""
        return {
            "estimator": repr(self.estimator),
            "batches": [found.record(level) for found in self.batches],
            "declined": {
                label: {"reason": error.reason, "remedy": error.remedy}
                for label, error in self.declined.items()
            },
            "diagnostics": {
                "method": self.diagnostics.method,
                "effective_size": self.diagnostics.effective_size,
                "pareto_shape": self.diagnostics.pareto_shape
                if math.isfinite(self.diagnostics.pareto_shape)
                else None,
                "n_proposals": self.diagnostics.n_proposals,
            },
            "seed": self.seed,
            "data_sha256": self.digest,
            "assumptions": [str(assumption) for assumption in self.assumptions],
            "notes": list(self.notes),
            **provenance(),
        }

    def cite(self, style: CitationStyle = "text") -> str:
        """Say how to cite the library and the papers of the method used."""
        return cite(style, references=self.estimator.references)

    def __str__(self) -> str:
        return "\n".join(map(str, self.batches))

    def __repr__(self) -> str:
        return f"<BatchesEstimate by {self.estimator!r}: {len(self.batches)} batches>"


@specification
class AnnouncedBatches:
    """What became of announced batches of releases, from the figures that monitors published since.

    The estimand, for each announcement of A releases at one date, is R, the releases that happened in
    the definition the monitors use, and the split of the rest of A: *pending* (happened, to be verified
    later), *unverifiable* (happened, never to be verified) and *unsubstantiated* (did not happen).
    Published totals show the delay of verification and bound R between the verified and the announced;
    the split beyond that rests on stated priors, and every number says which. For running totals whose
    windows move use ``ReleaseProcess``.

    Parameters
    ----------
    delay : {"weibull", "log-normal"} or None, optional
        Family of the delay of verification in whole days, one distribution for each monitor, the same
        for all batches. None models no delay: what is not verified yet never will be.
    verification : tuple of float, or tuple of (str, tuple of float), optional
        Beta prior of the chance that a monitor ever verifies a true release: one pair for all monitors,
        or pairs of a name and its own pair (a mapping is taken too).
    verification_varies : bool, optional
        Whether that chance is another one in every batch, each with the prior. Otherwise it is one for each
        monitor, and a batch that a monitor verified whole says that it finds nearly everybody.
    carried_out : tuple of float, optional
        Beta prior of the chance that an announced release is carried out: of a batch alone, and of the
        mean over batches that are pooled.
    concentration : float, optional
        Prior median of the concentration kappa of that chance over pooled batches. Large: batches alike.
    pooled : bool, optional
        Whether batches inform each other on that chance. Otherwise each has the prior `carried_out`.
    delay_median : tuple of float, optional
        Prior of the median delay: days, and the factor that is one standard deviation (log-normal).
    delay_shape : tuple of float, optional
        Prior of the shape, likewise: of a Weibull, or the reciprocal of the standard deviation of the
        log days of a log-normal.
    shared_delay : bool, optional
        Whether all monitors have one delay distribution.
    odds_ratio : float, optional
        Sensitivity, for batches with two monitors: odds ratio between being verified by the one and by the
        other, among the releases that happened. 1 means independent; above 1, both find the same people.
    monitors : tuple of str, optional
        Names of the monitors whose figures are used; None uses all.
    headline : str, optional
        The monitor whose verified figure the split starts from. None takes, for each batch, the one
        that verified most.
    roles : tuple of str, optional
        Roles of the rows that count as verified: ``"verified"``, and ``"reported"`` if asked for.
    max_window : int, optional
        Most days that a batch covers; an announcement over more is declined. Also the most days by which
        a verified window that is matched by its first day may run on.
    n_draws : int, optional
        Posterior draws kept.

    Raises
    ------
    NotEstimableError
        From `fit`, if there is no announced figure, no verified one, or no announcement that is a batch.
    ConvergenceError
        From `fit`, if the importance weights collapse.

    See Also
    --------
    GapEstimate : The result for each batch.

    Notes
    -----
    R | A, theta ~ Binomial(A, theta); theta ~ Beta(mu kappa, (1 - mu) kappa) over batches, with mu ~
    Beta(c, d) and log kappa logistic around the log of `concentration`; a batch alone has theta ~
    Beta(c, d). Monitor j verifies each of the R with probability pi_j F_j(delay) by a day, pi_j ~
    Beta(a, b), so that increments between its figures are multinomial. R is summed out exactly between the
    verified and A, the other parameters by importance sampling; with no delay and one batch all is exact,
    P(R = r) proportional to BetaBinomial(r; A, c, d) BetaBinomial(V; r, a, b). A delay of d whole days has
    F(d) = cdf(d + 1); releases announced over several days are spread evenly over them.

    *A batch* is every announced row of one event; rows with no event go together by their first day, or
    last day where the first was not said. A is the latest figure of whoever announced it first (of two on
    one day the first by name); figures of others are named in a note. An announcer's figures that rise
    while their last day moves on are a running total, and declined.

    *A verified figure belongs to a batch* of the same event. With no event or another one it belongs by
    its days: the same window, one that starts on the same day and runs on for at most `max_window` days,
    or one inside (then a lower bound). Where the announcement has no first day: one that ends on its last
    day and is no longer than `max_window`. A window that covers another batch too belongs to neither. Of
    several figures of a monitor on one day the largest counts; a figure above a later one was withdrawn;
    "at least" figures enter as bounds.

    *Eventual verification is identified by data* if the monitor has two or more pairs of successive
    figures, over all batches (of all monitors, with `shared_delay`), and the posterior standard deviation
    of the logit of F at its last figure is at most half the prior's, and the mean moves by at most a
    quarter of its standard deviation when the priors of both chances are made uniform and that of the delay
    is flattened to its square root. Otherwise by the prior. How the rest splits is identified by priors
    always, unless all announced releases were verified.

    Assumes that verified releases happened and are among those announced, a delay that is the same for
    all batches of a monitor, the stated priors, and monitors that are independent given R unless an odds
    ratio is stated (then the released who were not yet verified have the chance of a later verification
    that they would have without it).

    References
    ----------
    .. [1] Skellam, J. G. (1948). A probability distribution derived from the binomial distribution by
       regarding the probability of success as variable between the sets of trials. Journal of the Royal
       Statistical Society B, 10(2), 257-261.
    .. [2] Lawless, J. F. (1994). Adjustments for reporting delays and the prediction of occurred but not
       reported events. Canadian Journal of Statistics, 22(1), 15-31. https://doi.org/10.2307/3315826.n1
    .. [3] Royle, J. A. (2004). N-mixture models for estimating population size from spatially replicated
       counts. Biometrics, 60(1), 108-115. https://doi.org/10.1111/j.0006-341X.2004.00142.x
    .. [4] Vehtari, A., Simpson, D., Gelman, A., Yao, Y. and Gabry, J. (2024). Pareto smoothed importance
       sampling. Journal of Machine Learning Research, 25(72), 1-58.

    Examples
    --------
    >>> from detcount import PublishedReleases, releases
    >>> reports = PublishedReleases.from_frame({
    ...     "published": ["2025-12-25", "2025-12-29"],
    ...     "source": ["ministry", "monitor"],
    ...     "role": ["announced", "verified"],
    ...     "start": ["2025-12-25", "2025-12-25"],
    ...     "end": ["2025-12-25", "2025-12-25"],
    ...     "count": [99, 61],
    ... })
    >>> batch = releases.AnnouncedBatches(delay=None).fit(reports).batches[0]
    >>> print(batch.carried_out)
    76 (62 to 97, 95%, from the prior)
    """

    delay: DelayFamily | None = "weibull"
    verification: Verification = (8.0, 2.0)
    verification_varies: bool = False
    carried_out: Beta = (1.0, 1.0)
    concentration: float = 10.0
    pooled: bool = True
    delay_median: tuple[float, float] = (5.0, 3.0)
    delay_shape: tuple[float, float] = (1.0, 1.6)
    shared_delay: bool = False
    odds_ratio: float = 1.0
    monitors: tuple[str, ...] | None = None
    headline: str | None = None
    roles: tuple[str, ...] = ("verified",)
    max_window: int = 14
    n_draws: int = 4000

    assumes: ClassVar[tuple[Assumption, ...]] = (
        Assumption.VERIFIED_HAPPENED,
        Assumption.COMMON_DELAY,
        Assumption.STATED_VERIFICATION,
        Assumption.INDEPENDENT_MONITORS,
    )
    references: ClassVar[tuple[Reference, ...]] = (
        references.SKELLAM_1948,
        references.LAWLESS_1994,
        references.ROYLE_2004,
        references.VEHTARI_2024,
    )

    def __post_init__(self) -> None:
        if self.delay is not None and self.delay not in FAMILIES:
            raise InputError(
                f"delay: expected {' or '.join(map(repr, FAMILIES))}, got {self.delay!r}. "
                "None models no delay"
            )
        put = object.__setattr__
        put(self, "verification", _checked_verification(self.verification))
        put(self, "carried_out", arguments.positive_pair("carried_out", self.carried_out))
        put(self, "concentration", arguments.positive("concentration", self.concentration))
        put(self, "odds_ratio", arguments.positive("odds_ratio", self.odds_ratio))
        for name in ("delay_median", "delay_shape"):
            middle, factor = arguments.positive_pair(name, getattr(self, name))
            if factor <= 1:
                raise InputError(
                    f"{name}: expected a factor above 1 as the second number, got {factor!r}. "
                    "It is what one standard deviation multiplies by"
                )
            put(self, name, (middle, factor))
        for name in ("verification_varies", "pooled", "shared_delay"):
            arguments.true_or_false(name, getattr(self, name))
        if self.monitors is not None:
            put(self, "monitors", arguments.different_names("monitors", self.monitors))
        if self.headline is not None and not isinstance(self.headline, str):
            raise TypeError(f"headline: expected the name of a monitor, got {type(self.headline).__name__}")
        if self.headline is not None and self.monitors is not None and self.headline not in self.monitors:
            raise InputError(f"headline: expected one of monitors, got {self.headline!r}")
        put(self, "roles", arguments.different_names("roles", self.roles))
        if not set(self.roles) <= {"verified", "reported"}:
            raise InputError(f"roles: expected 'verified', 'reported' or both, got {self.roles!r}")
        for name, least in (("max_window", 1), ("n_draws", 100)):
            put(self, name, arguments.whole_number(name, getattr(self, name), least=least))

    def fit(self, reports: PublishedReleases, *, seed: int = 0) -> BatchesEstimate:
        """Estimate what became of each announced batch."""
        if not isinstance(reports, PublishedReleases):
            raise TypeError(
                f"{_NAME}: expected PublishedReleases, got {type(reports).__name__}. "
                "Use PublishedReleases.from_frame(frame)"
            )
        seed = arguments.seed(seed)
        read = _read(self, reports)
        names = tuple(sorted({name for batch in read.batches for name in batch.looks}))
        model = _model(self, read.batches, names)
        random = np.random.default_rng(seed)
        if (
            self.delay is None
            and len(read.batches) == 1
            and all(not at_least for looks in read.batches[0].looks.values() for _, _, at_least in looks)
            and (self.odds_ratio == 1 or len(names) != 2)
        ):
            return _exact(self, reports, read, model, names, random, seed)
        posterior = sample_posterior(model, self.n_draws, random)
        if posterior.effective_size < _TOO_FEW:
            raise ConvergenceError(
                f"{_NAME}: {posterior.n_proposals} draws are worth {posterior.effective_size:.0f}. "
                "State tighter priors, or use shared_delay=True",
                last=posterior,
            )
        return _sampled(self, reports, read, model, names, posterior, random, seed)


# --- reading published rows as batches ---


Look: TypeAlias = tuple[int, int, bool]  # day published, count, at least


@dataclass
class _Batch:
    """An announcement, and the looks at it by monitor."""

    label: str
    event: str
    source: str
    announced: int
    at_least: bool
    published: int
    start: int | None
    end: int | None
    day: int  # the last day, or what stands for it
    notes: list[str] = field(default_factory=list)
    looks: dict[str, list[Look]] = field(default_factory=dict)
    measure: str = ""
    otherwise: set[str] = field(default_factory=set)  # monitors with another measure
    first: int = 0  # first day of the releases as modelled

    @property
    def window(self) -> tuple[int, int]:
        """First and last day, as far as said."""
        return (self.day if self.start is None else self.start), self.day


@dataclass
class _Read:
    """Everything read from the rows."""

    batches: list[_Batch]
    declined: dict[str, NotEstimableError]
    notes: list[str]


def _read(spec: AnnouncedBatches, reports: PublishedReleases) -> _Read:
    """Sort rows into batches, and verified figures to them."""
    announced = [k for k, role in enumerate(reports.role) if role == "announced"]
    if not announced:
        raise NotEstimableError(
            _NAME,
            Message(REASON_NONE_ANNOUNCED),
            Message(REMEDY_NONE_ANNOUNCED),
            advice=Message(ADVICE_NONE_ANNOUNCED),
        )
    verified = [
        k
        for k, role in enumerate(reports.role)
        if role in spec.roles and (spec.monitors is None or reports.source[k] in spec.monitors)
    ]
    missing: list[str] = []
    if spec.monitors is not None:
        found = {reports.source[k] for k, role in enumerate(reports.role) if role in spec.roles}
        missing = sorted(set(spec.monitors) - found)
        if len(missing) == len(spec.monitors):
            raise NotEstimableError(
                _NAME,
                Message(REASON_NO_MONITOR, monitors=missing),
                Message(REMEDY_NO_MONITOR),
                advice=Message(ADVICE_NO_MONITOR),
            )
    if not verified:
        raise NotEstimableError(
            _NAME,
            Message(REASON_NONE_VERIFIED),
            Message(REMEDY_NONE_VERIFIED),
            advice=Message(ADVICE_NONE_VERIFIED),
        )
    groups: dict[tuple[str, Any], list[int]] = {}
    for k in announced:
        groups.setdefault(_key(reports, k), []).append(k)
    declined: dict[str, NotEstimableError] = {}
    batches = []
    for rows in groups.values():
        batch, error = _announcement(spec, reports, rows)
        if error is None:
            batches.append(batch)
        else:
            declined[batch.label] = error
    unmatched, undated = _match(spec, reports, verified, batches)
    kept = []
    for batch in batches:
        error = _complete(spec, batch)
        if error is None:
            kept.append(batch)
        else:
            declined[batch.label] = error
    kept.sort(key=lambda batch: (batch.window, batch.label))
    declined = dict(sorted(declined.items()))
    if not kept:
        alike: dict[str, list[str]] = {}
        for label, error in declined.items():
            alike.setdefault(error.reason, []).append(label)
        reasons = [Message(LABELLED, labels=labels, reason=reason) for reason, labels in alike.items()]
        first = next(iter(declined.values()))
        raise NotEstimableError(
            _NAME, Message(REASON_NO_BATCH, reasons=reasons), first.remedy, advice=first.advice
        )
    notes: list[str] = [
        Message(NOTE_DECLINED, label=label, reason=error.reason, remedy=error.advice)
        for label, error in declined.items()
    ]
    if missing:
        notes.append(Message(NOTE_NO_FIGURES, monitors=missing))
    if unmatched:
        notes.append(Message(NOTE_UNMATCHED, n=unmatched, total=len(verified)))
    if undated:
        notes.append(Message(NOTE_UNDATED, n=undated))
    if spec.odds_ratio != 1 and not any(len(batch.looks) == 2 for batch in kept):
        notes.append(Message(NOTE_NO_PAIR))
    return _Read(kept, declined, notes)


def _key(reports: PublishedReleases, row: int) -> tuple[str, Any]:
    """What announced rows of one batch share: the event, or else the first day, or else the last."""
    if reports.event[row]:
        return "event", reports.event[row]
    start = _day(reports.start[row])
    return ("start", start) if start is not None else ("end", _last_day(reports, row))


def _announcement(
    spec: AnnouncedBatches, reports: PublishedReleases, rows: list[int]
) -> tuple[_Batch, NotEstimableError | None]:
    """Read the announced rows of one event: one batch, or why it is none."""
    days = {row: int(reports.published[row].astype(np.int64)) for row in rows}
    by_source: dict[str, list[int]] = {}
    for row in rows:
        by_source.setdefault(reports.source[row], []).append(row)
    source = min(by_source, key=lambda name: (min(days[row] for row in by_source[name]), name))
    own = by_source[source]
    # of rows published first, the one with the shortest window
    head = min(
        own,
        key=lambda row: (
            days[row],
            _last_day(reports, row),
            -_or(_day(reports.start[row]), -(10**9)),
            int(reports.count[row]),
        ),
    )
    last = max(own, key=lambda row: (days[row], int(reports.count[row]), not reports.at_least[row]))
    start, end = _day(reports.start[head]), _day(reports.end[head])
    day = _last_day(reports, head)
    event = reports.event[head]
    batch = _Batch(
        label=event or _named(_or(start, day), day),
        event=event,
        source=source,
        announced=int(reports.count[last]),
        at_least=bool(reports.at_least[last]),
        published=days[head],
        start=start,
        end=end,
        day=day,
        measure=reports.measure[last],
    )
    for name in sorted(by_source):
        rising = _running_total(reports, by_source[name])
        if rising is not None:
            reason = Message(REASON_RUNNING_TOTAL, source=name, first=rising[0], last=rising[1])
            return batch, NotEstimableError(
                _NAME, reason, Message(REMEDY_PROCESS), advice=Message(ADVICE_PROCESS)
            )
    if batch.announced == 0:
        return batch, NotEstimableError(_NAME, Message(REASON_NOTHING), Message(REMEDY_NOTHING))
    length = batch.window[1] - batch.window[0] + 1
    if length > spec.max_window:
        reason = Message(REASON_LONG, days=length, most=spec.max_window)
        return batch, NotEstimableError(_NAME, reason, Message(REMEDY_WINDOW), advice=Message(ADVICE_PROCESS))
    others = sorted(
        {
            (days[row], reports.source[row], int(reports.count[row]))
            for row in rows
            if reports.count[row] != batch.announced
        }
    )
    if others:
        given = [Message(FIGURE, count=count, source=name, day=_as_day(day)) for day, name, count in others]
        batch.notes.append(Message(NOTE_RESTATED, others=given, announced=batch.announced, source=source))
    if batch.at_least:
        batch.notes.append(Message(NOTE_AT_LEAST_ANNOUNCED, announced=batch.announced))
    if end is None:
        batch.notes.append(Message(NOTE_NO_END, source=source, day=_as_day(day)))
    if start is None:
        batch.notes.append(Message(NOTE_NO_START, source=source, day=_as_day(day)))
    elif length > 1:
        batch.notes.append(Message(NOTE_SPREAD, days=length, start=_as_day(start), end=_as_day(day)))
    return batch, None


def _running_total(reports: PublishedReleases, rows: list[int]) -> tuple[int, int] | None:
    """First and last figure of a total that rose while its last day moved on, or None."""
    order = sorted(
        rows, key=lambda row: (reports.published[row], _last_day(reports, row), int(reports.count[row]))
    )
    last = order[-1]
    for row in order[:-1]:
        if reports.count[row] < reports.count[last] and _last_day(reports, row) < _last_day(reports, last):
            return int(reports.count[order[0]]), int(reports.count[last])
    return None


def _match(
    spec: AnnouncedBatches, reports: PublishedReleases, rows: list[int], batches: list[_Batch]
) -> tuple[int, int]:
    """Give verified rows to their batches; return how many found none, and how many of these lack a start."""
    events = {batch.event: batch for batch in batches if batch.event}
    by_window: dict[str, set[str]] = {}
    parts: dict[str, list[tuple[str, Look]]] = {}
    unmatched = undated = 0
    for row in rows:
        published = int(reports.published[row].astype(np.int64))
        look = (published, int(reports.count[row]), bool(reports.at_least[row]))
        batch = events.get(reports.event[row])
        if batch is None:
            start = _day(reports.start[row])
            end = _last_day(reports, row)
            ranks = sorted(
                (rank, place)
                for place, candidate in enumerate(batches)
                if (rank := _rank(spec, start, end, candidate, batches)) is not None
            )
            if not ranks or (len(ranks) > 1 and ranks[0][0] == ranks[1][0]):
                unmatched += 1
                undated += start is None
                continue
            batch = batches[ranks[0][1]]
            by_window.setdefault(batch.label, set()).add(reports.source[row])
            part = start is not None and batch.start is not None and start > batch.start
            if (part or end < min(batch.day, published)) and not look[2]:
                look = (*look[:2], True)
                parts.setdefault(batch.label, []).append((reports.source[row], look))
        batch.looks.setdefault(reports.source[row], []).append(look)
        if batch.measure and reports.measure[row] not in ("", batch.measure):
            batch.otherwise.add(reports.source[row])
    for batch in batches:
        if batch.otherwise:
            names = sorted(batch.otherwise)
            batch.notes.append(Message(NOTE_MEASURES, source=batch.source, monitors=names))
        if batch.label in by_window and (batch.event or any(reports.event[row] for row in rows)):
            names = sorted(by_window[batch.label])
            batch.notes.append(Message(NOTE_BY_WINDOW, monitors=names))
        for monitor, (published, count, _) in sorted(parts.get(batch.label, [])):
            batch.notes.append(
                Message(NOTE_PART_OF_WINDOW, monitor=monitor, day=_as_day(published), count=count)
            )
    return unmatched, undated


def _rank(
    spec: AnnouncedBatches, start: int | None, end: int, batch: _Batch, batches: list[_Batch]
) -> int | None:
    """How well days of a verified figure fit a batch: 0 the same, 1 the first day, 2 inside; None: not."""
    low = end if start is None else start
    for other in batches:
        if other is not batch and low <= other.window[0] and end >= other.window[1]:
            return None
    if batch.start is None:
        if end != batch.day:
            return None
        if start is None or start == end:
            return 0
        return 1 if end - start < spec.max_window else None
    if start is None:
        return None
    if (start, end) == batch.window:
        return 0
    if start == batch.start and end <= batch.day + spec.max_window:
        return 1
    return 2 if start >= batch.start and end <= batch.day else None


def _complete(spec: AnnouncedBatches, batch: _Batch) -> NotEstimableError | None:
    """Put the looks of a batch in order; say why it has no answer, if so."""
    if not batch.looks:
        return NotEstimableError(
            _NAME, Message(REASON_UNVERIFIED), Message(REMEDY_UNVERIFIED), advice=Message(ADVICE_UNVERIFIED)
        )
    if spec.headline is not None and spec.headline not in batch.looks:
        return NotEstimableError(
            _NAME,
            Message(REASON_HEADLINE, monitor=spec.headline),
            Message(REMEDY_HEADLINE),
            advice=Message(ADVICE_HEADLINE),
        )
    batch.looks = {name: _orderly(spec, name, batch.looks[name], batch.notes) for name in sorted(batch.looks)}
    if spec.odds_ratio != 1 and len(batch.looks) > 2:
        return NotEstimableError(
            _NAME, Message(REASON_MANY, n=len(batch.looks)), Message(REMEDY_MANY), advice=Message(ADVICE_MANY)
        )
    if spec.odds_ratio != 1 and len(batch.looks) == 2:
        for name, looks in batch.looks.items():
            if looks[-1][2]:
                return NotEstimableError(
                    _NAME,
                    Message(REASON_BOUND, monitor=name),
                    Message(REMEDY_BOUND),
                    advice=Message(ADVICE_BOUND),
                )
    large = _too_large(spec, batch)
    if large is not None:
        return large
    batch.first = batch.window[0]
    early = min(
        ((looks[0][0], name) for name, looks in batch.looks.items() if looks[0][1]),
        default=(batch.first, ""),
    )
    if early[0] < batch.first:
        batch.notes.append(Message(NOTE_EARLY, monitor=early[1], day=_as_day(early[0])))
        batch.first = early[0]
    return None


def _too_large(spec: AnnouncedBatches, batch: _Batch) -> NotEstimableError | None:
    """Decline a batch with more people unverified than can be summed over in a minute."""
    latest = [looks[-1] for looks in batch.looks.values()]
    left = batch.announced - max(count for _, count, _ in latest)
    bounded = spec.odds_ratio != 1 or any(at_least for _, _, at_least in latest)
    most = _MOST_BOUNDED if bounded else _MOST_UNVERIFIED
    if left <= most:
        return None
    reason = Message(
        REASON_LARGE_BOUND if bounded else REASON_LARGE, n=left, announced=batch.announced, most=most
    )
    return NotEstimableError(_NAME, reason, Message(REMEDY_LARGE))


def _orderly(spec: AnnouncedBatches, monitor: str, looks: list[Look], notes: list[str]) -> list[Look]:
    """One look a day, no total above a later one, no bound that says nothing."""
    by_day: dict[int, list[Look]] = {}
    for look in looks:
        by_day.setdefault(look[0], []).append(look)
    daily = []
    for day in sorted(by_day):
        daily.append(max(by_day[day], key=lambda look: (look[1], not look[2])))
        figures = sorted({look[1] for look in by_day[day] if not look[2]})
        if len(figures) > 1:
            notes.append(Message(NOTE_SAME_DAY, monitor=monitor, day=_as_day(day), figures=figures))
    standing: list[Look] = []
    for look in daily:
        if not look[2]:
            fallen = [before for before in standing if before[1] > look[1]]
            if fallen:
                highest = max(fallen, key=lambda before: before[1])
                notes.append(
                    Message(
                        NOTE_WITHDRAWN,
                        monitor=monitor,
                        before=highest[1],
                        day_before=_as_day(highest[0]),
                        after=look[1],
                        day_after=_as_day(look[0]),
                        withdrawn=highest[1] - look[1],
                    )
                )
            standing = [before for before in standing if before[1] <= look[1]]
        standing.append(look)
    kept: list[Look] = []
    several = 0
    for look in standing:
        known = max((before[1] for before in kept), default=0)
        if look[2] and look[1] <= known:
            continue
        if look[2] and kept and kept[-1][2]:
            kept[-1] = look
            several = look[1]
            continue
        kept.append(look)
    if not kept:  # nothing but "at least 0"
        kept = [(standing[0][0], 0, True)]
    if spec.delay is None:
        kept = kept[-1:]
    elif several:
        notes.append(Message(NOTE_BOUNDS_IN_A_ROW, monitor=monitor, count=several))
    for day, count, at_least in kept:
        if at_least:
            notes.append(Message(NOTE_AT_LEAST_VERIFIED, monitor=monitor, count=count, day=_as_day(day)))
    return kept


# --- fitting ---


def _model(spec: AnnouncedBatches, batches: list[_Batch], names: tuple[str, ...]) -> BatchModel:
    """Arrays for the numerics."""
    series: list[Series] = []
    priors = [name for batch in batches for name in batch.looks] if spec.verification_varies else names
    for place, batch in enumerate(batches):
        days = np.arange(batch.first, batch.window[1] + 1)
        for name, looks in batch.looks.items():
            when, counts, at_least = (np.array(column) for column in zip(*looks, strict=True))
            series.append(
                Series(
                    batch=place,
                    monitor=names.index(name),
                    chance=len(series) if spec.verification_varies else names.index(name),
                    counts=counts.astype(np.int64),
                    at_least=at_least.astype(bool),
                    delays=(when[:, None] - days).astype(np.int64),
                )
            )
    return BatchModel(
        announced=tuple(batch.announced for batch in batches),
        series=tuple(series),
        n_monitors=len(names),
        verification=np.array([_prior_of(spec, name) for name in priors]),
        carried_out=spec.carried_out,
        concentration=spec.concentration if spec.pooled and len(batches) > 1 else None,
        family=spec.delay,
        median=spec.delay_median,
        shape=spec.delay_shape,
        shared=spec.shared_delay,
        odds_ratio=spec.odds_ratio,
    )


def _prior_of(spec: AnnouncedBatches, monitor: str) -> Beta:
    """Beta prior of the chance that a monitor ever verifies."""
    one, two = spec.verification[0], spec.verification[-1]
    if isinstance(one, float) and isinstance(two, float):
        return one, two
    priors: dict[str, Beta] = dict(spec.verification)  # type: ignore[arg-type]
    if monitor not in priors:
        raise InputError(
            f"verification: expected a prior for every monitor, got none for {monitor!r}. "
            "Add it, or leave the monitor out with monitors"
        )
    return priors[monitor]


def _exact(
    spec: AnnouncedBatches,
    reports: PublishedReleases,
    read: _Read,
    model: BatchModel,
    names: tuple[str, ...],
    random: np.random.Generator,
    seed: int,
) -> BatchesEstimate:
    """One batch and no delay: no sampling but for the draws."""
    (batch,) = read.batches
    latest = np.array([looks[-1][1] for looks in batch.looks.values()])
    values, probabilities = carried_out_probabilities(
        batch.announced, latest, model.verification, spec.carried_out
    )
    level = np.cumsum(probabilities)
    where = (np.arange(spec.n_draws) + random.random()) / spec.n_draws * level[-1]
    draws = random.permutation(values[np.minimum(np.searchsorted(level, where), len(values) - 1)])
    eventually = {
        place: np.full(spec.n_draws, count, dtype=np.int64) for place, count in enumerate(latest.tolist())
    }
    gap, by_monitor = _gap(
        spec,
        reports,
        read,
        batch,
        names,
        draws,
        eventually,
        (values, probabilities),
        dict.fromkeys(names, "prior"),
        seed,
    )
    return BatchesEstimate(
        batches=(gap,),
        by_monitor=(by_monitor,),
        delay=None,
        declined=read.declined,
        diagnostics=SamplerDiagnostics("exact", float(spec.n_draws), -math.inf, 0),
        estimator=spec,
        digest=reports.digest,
        seed=seed,
        notes=tuple(_shared_notes(spec, reports, read)),
    )


def _sampled(
    spec: AnnouncedBatches,
    reports: PublishedReleases,
    read: _Read,
    model: BatchModel,
    names: tuple[str, ...],
    posterior: Posterior,
    random: np.random.Generator,
    seed: int,
) -> BatchesEstimate:
    """Draw every part of every batch for each draw of the parameters."""
    learned = _learned(model, posterior)
    gaps, monitored = [], []
    for place, batch in enumerate(read.batches):
        carried_out, eventually = draw_parts(model, place, posterior.parameters, random)
        by: dict[str, IdentifiedBySource] = {}
        for series in model.of_batch(place):
            if (place, series.monitor) in learned and not _moved(
                eventually[series.monitor], flattening(model, series, posterior.parameters, carried_out)
            ):
                by[names[series.monitor]] = "data"
            else:
                by[names[series.monitor]] = "prior"
                learned.discard((place, series.monitor))
        gap, by_monitor = _gap(
            spec,
            reports,
            read,
            batch,
            names,
            carried_out,
            eventually,
            None,
            by,
            seed,
            posterior.effective_size,
        )
        gaps.append(gap)
        monitored.append(by_monitor)
    delay = None
    if spec.delay is not None:
        delay = BatchDelay(
            family=spec.delay,
            monitors=names,
            parameters=np.stack(
                [delay_parameters(model, monitor, posterior.parameters) for monitor in range(len(names))]
            ),
            identified_by=tuple(
                "data" if any(monitor == found for _, found in learned) else "prior"
                for monitor in range(len(names))
            ),
        )
    notes = _shared_notes(spec, reports, read)
    if posterior.effective_size < _FEW or posterior.pareto_shape > _TRUSTED:
        notes.append(Message(NOTE_WEIGHTS, worth=posterior.effective_size, shape=posterior.pareto_shape))
    return BatchesEstimate(
        batches=tuple(gaps),
        by_monitor=tuple(monitored),
        delay=delay,
        declined=read.declined,
        diagnostics=SamplerDiagnostics(
            "importance sampling",
            posterior.effective_size,
            posterior.pareto_shape,
            posterior.n_proposals,
        ),
        estimator=spec,
        digest=reports.digest,
        seed=seed,
        notes=tuple(notes),
    )


def _shared_notes(spec: AnnouncedBatches, reports: PublishedReleases, read: _Read) -> list[str]:
    """Notes on all batches together."""
    c, d = spec.carried_out
    if len(read.batches) == 1:
        notes = [Message(NOTE_LONE, c=c, d=d)]
    elif spec.pooled:
        notes = [Message(NOTE_POOLED, n=len(read.batches), c=c, d=d, concentration=spec.concentration)]
    else:
        notes = []
    if len(read.batches) > 1 and not spec.verification_varies:
        notes.append(Message(NOTE_ONE_CHANCE))
    if spec.delay is None:
        notes.append(Message(NOTE_NO_DELAY, day=reports.last_published))
    return [*notes, *read.notes]


def _learned(model: BatchModel, posterior: Posterior) -> set[tuple[int, int]]:
    """Batches and monitors of which successive figures showed how much of the delay had run out."""
    if model.family is None:
        return set()
    pairs = np.zeros(model.n_monitors, dtype=int)
    for series in model.series:
        pairs[series.monitor] += int((series.counts[1:] > 0).sum())
    if model.shared:
        pairs[:] = pairs.sum()
    prior = sample_prior(model, _N_PRIOR, np.random.default_rng(0))
    found = set()
    for series in model.series:
        if pairs[series.monitor] < _COMPARISONS:
            continue
        spreads = []
        for parameters in (posterior.parameters, prior):
            shape_scale = delay_parameters(model, series.monitor, parameters)
            share = discrete_cdf(model.family, shape_scale, series.delays[-1]).mean(axis=1)
            share = np.clip(share, 1e-12, 1 - 1e-12)
            spreads.append(np.std(np.log(share / (1 - share))))
        if spreads[0] <= _LEARNED * spreads[1]:
            found.add((series.batch, series.monitor))
    return found


def _moved(draws: NDArray[np.int64], log_weights: NDArray[np.float64]) -> bool:
    """Whether weights move the mean of draws by more than a quarter of their spread."""
    if effective_size(log_weights) < _WORTH_WEIGHTS:
        return True
    weights = np.exp(log_weights - log_weights.max())
    shift = weights @ draws / weights.sum() - draws.mean()
    return bool(abs(shift) > _MOVED * max(float(draws.std()), 0.5))


def _gap(
    spec: AnnouncedBatches,
    reports: PublishedReleases,
    read: _Read,
    batch: _Batch,
    names: tuple[str, ...],
    carried_out: NDArray[np.int64],
    eventually: dict[int, NDArray[np.int64]],
    exact: tuple[NDArray[np.int64], NDArray[np.float64]] | None,
    by: dict[str, IdentifiedBySource],
    seed: int,
    effective_size: float = math.inf,
) -> tuple[GapEstimate, dict[str, UncertainCount]]:
    """Put the result of one batch together; `effective_size` is that of the parameters."""
    worth = 1 / (1 / effective_size + 1 / len(carried_out))
    latest = {name: looks[-1] for name, looks in batch.looks.items()}
    monitor = spec.headline or max(latest, key=lambda name: (latest[name][1], not latest[name][2]))
    verified = latest[monitor][1]
    least = max(count for _, count, _ in latest.values())
    most = max(batch.announced, least)
    settled = least >= batch.announced
    open_ended = math.inf if batch.at_least else most
    # nothing is left to a prior where the verified reach the announced
    split: IdentifiedBySource = "data" if settled and not batch.at_least else "prior"
    by_monitor = {}
    for name, (_, count, _) in latest.items():
        draws = eventually[names.index(name)]
        identified = "data" if count >= most and not batch.at_least else by[name]
        by_monitor[name] = UncertainCount.from_draws(
            draws, bounds=(count, open_ended), identified_by=identified, effective_size=worth
        )
    final = by_monitor[monitor].draws
    happened = gone = missing = None
    if exact is not None:
        values, probabilities = happened = exact
        gone = values - verified, probabilities
        missing = None if settled else ((batch.announced - values)[::-1], probabilities[::-1])
    gap = GapEstimate(
        label=batch.label,
        start=_date(batch.start),
        end=_date(batch.end),
        as_of=reports.last_published,
        announced=batch.announced,
        announced_by=batch.source,
        at_least=batch.at_least,
        verified=verified,
        verified_by=monitor,
        verified_on=_as_day(latest[monitor][0]),
        eventually_verified=by_monitor[monitor],
        carried_out=_count(carried_out, (least, open_ended), split, happened, worth),
        pending=_count(
            final - verified, (0, open_ended - verified), by_monitor[monitor].identified_by, None, worth
        ),
        unverifiable=_count(
            carried_out - final,
            (0, open_ended - verified),
            "data" if verified >= most and not batch.at_least else "prior",
            gone,
            worth,
        ),
        unsubstantiated=_count(
            np.maximum(batch.announced - carried_out, 0),
            (0, max(batch.announced - least, 0)),
            split,
            missing,
            worth,
        ),
        estimator=spec,
        digest=reports.digest,
        definition=reports.definition,
        seed=seed,
        notes=tuple(_gap_notes(spec, batch, monitor, latest, by_monitor)),
    )
    return gap, by_monitor


def _gap_notes(
    spec: AnnouncedBatches,
    batch: _Batch,
    monitor: str,
    latest: dict[str, Look],
    by_monitor: dict[str, UncertainCount],
) -> Iterable[str]:
    """Notes on one batch."""
    yield from batch.notes
    others = [
        Message(FIGURE, count=count, source=name, day=_as_day(day))
        for name, (day, count, _) in latest.items()
        if name != monitor
    ]
    if others:
        yield Message(NOTE_OTHER_MONITORS, others=others)
    top = max(latest, key=lambda name: latest[name][1])
    if latest[top][1] > batch.announced:
        yield Message(
            NOTE_EXCEEDS,
            monitor=top,
            verified=latest[top][1],
            announced=batch.announced,
            more=latest[top][1] - batch.announced,
        )
    elif latest[top][1] == batch.announced:
        yield Message(NOTE_ALL_VERIFIED, monitor=top, announced=batch.announced)
    else:
        a, b = _prior_of(spec, monitor)
        yield Message(NOTE_SPLIT_FROM_PRIOR, a=a, b=b, mean=a / (a + b), monitor=monitor)
        if spec.delay is not None and by_monitor[monitor].identified_by == "prior":
            yield Message(NOTE_DELAY_FROM_PRIOR, monitor=monitor)


def _count(
    draws: NDArray[np.int64],
    bounds: tuple[float, float],
    identified_by: IdentifiedBySource,
    exact: tuple[NDArray[np.int64], NDArray[np.float64]] | None,
    worth: float,
) -> UncertainCount:
    """A count from draws, with its exact distribution where there is one."""
    if exact is None:
        return UncertainCount.from_draws(
            draws, bounds=bounds, identified_by=identified_by, effective_size=worth
        )
    return UncertainCount(
        bounds=bounds,
        identified_by=identified_by,
        draws=draws,
        values=exact[0],
        probabilities=exact[1],
    )


# --- days and arguments ---


def _day(value: Any) -> int | None:
    """Day number, or None where the source did not say."""
    return None if np.isnat(value) else int(value.astype("datetime64[D]").astype(np.int64))


def _last_day(reports: PublishedReleases, row: int) -> int:
    """Last day of a row's window; the day of publication where the source did not say."""
    end = _day(reports.end[row])
    return int(reports.published[row].astype(np.int64)) if end is None else end


def _as_day(day: int) -> dt.date:
    """Day number as a date."""
    return dt.date(1970, 1, 1) + dt.timedelta(days=day)


def _date(day: int | None) -> dt.date | None:
    """Day number as a date, where there is one."""
    return None if day is None else _as_day(day)


def _named(first: int, last: int) -> Name:
    """Name of an announcement that its source gave none: its days."""
    start, end = _as_day(first), _as_day(last)
    if first == last:
        return Name(f"{end}", Message("{day}", day=end))
    return Name(f"{start} to {end}", Message("{first} to {second}", first=start, second=end))


def _or(value: int | None, other: int) -> int:
    """The value, or another where there is none."""
    return other if value is None else value


def _checked_verification(value: object) -> Verification:
    """One pair, or pairs of a name and its pair, sorted by name."""
    pairs = tuple(value.items()) if isinstance(value, Mapping) else value
    if (
        isinstance(pairs, (list, tuple))
        and pairs
        and all(
            isinstance(pair, (list, tuple)) and len(pair) == 2 and isinstance(pair[0], str) for pair in pairs
        )
    ):
        names = [pair[0] for pair in pairs]
        if len(set(names)) < len(names):
            raise InputError(f"verification: expected each monitor once, got {names}")
        return tuple(
            sorted(
                (name, arguments.positive_pair(f"verification of {name!r}", prior)) for name, prior in pairs
            )
        )
    return arguments.positive_pair("verification", pairs)
