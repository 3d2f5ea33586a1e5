"""How long verification takes, from cases or totals that are known only up to a day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from detcount import arguments, references
from detcount._numerics.delay import (
    FAMILIES,
    FromTotals,
    daily_rates,
    discrete_cdf,
    from_median,
    generalised_dirichlet,
    log_likelihood,
    log_likelihood_of_totals,
)
from detcount._numerics.sampler import Prior, sample_posterior
from detcount.assumptions import Assumption
from detcount.citation import Reference
from detcount.errors import InputError, NotEstimableError
from detcount.published import PublishedReleases
from detcount.published.days import as_date
from detcount.releases.delay.reading import METHOD, counted_windows, dated_cases
from detcount.releases.delay.result import DelayEstimate
from detcount.specification import specification
from detcount.words import Message

DelayFamily = Literal["weibull", "log-normal", "generalised-dirichlet"]

_CONCENTRATION = 0.1  # of the symmetric Dirichlet prior of the delays 0 to D
# log median in days, and log shape or log standard deviation: mean and standard deviation of their priors
_PRIOR = Prior(np.log([7.0, 1.0]), np.array([1.5, 0.5]), np.empty(0), np.empty(0))
_NEVER = Message("Releases that will never be verified are not among the expected.")
_SMALL = 0.01  # share of longer delays of which no figure is printed


@specification
class VerificationDelay:
    """How long a monitor takes to verify a release, from what was known on one day.

    The estimand is F(d), the share of the releases that are ever verified whose verification comes within
    d whole days, and with it the releases of each day that will have been verified in the end. On the day
    of the data the slow ones are missing, so the likelihood is that of right-truncated delays. Prefer a
    parametric family where cases are few or the delays may be longer than the data are old;
    ``"generalised-dirichlet"`` where there are many cases and a longest delay is known.

    Parameters
    ----------
    family : {"weibull", "log-normal", "generalised-dirichlet"}, optional
        Form of the delay: two parametric families, or reverse hazards under a Dirichlet prior.
    maximum : int, optional
        Longest delay D, days, of the last family, which assumes F(D) = 1; the longest one observed by
        default.
    source : str, optional
        Monitor whose published totals are used; all that verify by default.
    n_draws : int, optional
        Draws from the posterior.

    See Also
    --------
    MonitoredReleases : Two monitors or more, and what none of them will verify.

    Notes
    -----
    With y[t, d] releases of day t verified after d days, seen where t + d <= T, and Y[t] their sum:

    Parametric: log L = sum y[t, d] log f(d) - sum Y[t] log F(T - t), with f(d) = cdf(d + 1) - cdf(d) as days
    are whole. From successive totals of one window, the increments are multinomial given the last total.
    Posterior by importance sampling, the median log-normal around 7 days (1.5 on the log scale), the shape,
    or the standard deviation of log days, around 1 (0.5).

    Reverse hazard: g[d] is the share of the releases at least d days old and verified within d days whose
    verification came on day d; F(d) = product of 1 - g[k] over k = d + 1 to D. Under a symmetric Dirichlet
    prior with concentration k = 0.1, g[d] ~ Beta(k + n[d], k d + N[d] - n[d]), independently.

    Those to come, given F, are negative binomial: the releases of a day are, with a mean and a size learned
    from all days. Data seen up to a day do not show the share of delays longer than the oldest release: it
    rests on the family, or is assumed to be 0 beyond D, and a note says which.

    References
    ----------
    .. [1] Lawless, J. F. (1994). Adjustments for reporting delays and the prediction of occurred but not
       reported events. Canadian Journal of Statistics, 22(1), 15-31. https://doi.org/10.2307/3315826.n1
    .. [2] Höhle, M. and an der Heiden, M. (2014). Bayesian nowcasting during the STEC O104:H4 outbreak in
       Germany, 2011. Biometrics, 70(4), 993-1002. https://doi.org/10.1111/biom.12194

    Examples
    --------
    >>> from detcount import releases
    >>> released = ["2026-01-01"] * 6 + ["2026-01-05"] * 4
    >>> verified = ["2026-01-01", "2026-01-02", "2026-01-02", "2026-01-04", "2026-01-05", "2026-01-08",
    ...             "2026-01-05", "2026-01-06", "2026-01-06", "2026-01-08"]
    >>> delay = releases.VerificationDelay().fit_cases(released, verified, as_of="2026-01-31")
    >>> delay.median, delay.eventually_verified.bounds
    (2, (10.0, inf))
    """

    family: DelayFamily = "weibull"
    maximum: int | None = None
    source: str | None = None
    n_draws: int = 4000

    assumes: ClassVar[tuple[Assumption, ...]] = (
        Assumption.COMMON_DELAY,
        Assumption.STEADY_VERIFICATION,
    )
    references: ClassVar[tuple[Reference, ...]] = (
        references.LAWLESS_1994,
        references.HOEHLE_AN_DER_HEIDEN_2014,
    )

    def __post_init__(self) -> None:
        if self.family not in get_args(DelayFamily):
            raise InputError(
                Message(
                    "family: expected one of {families}, got {got}",
                    families=", ".join(map(repr, get_args(DelayFamily))),
                    got=repr(self.family),
                )
            )
        if self.maximum is not None:
            if self.family in FAMILIES:
                raise InputError(
                    Message("maximum: a {family} delay has none. Leave it out", family=self.family)
                )
            object.__setattr__(
                self, "maximum", arguments.whole_number("maximum", self.maximum, least=1, most=3650)
            )
        n_draws = arguments.whole_number("n_draws", self.n_draws, least=100, most=1_000_000)
        object.__setattr__(self, "n_draws", n_draws)

    def fit_cases(
        self, release_days: Any, verification_days: Any, *, as_of: Any, seed: int = 0
    ) -> DelayEstimate:
        """Estimate from dated cases, as known on a day.

        Parameters
        ----------
        release_days : sequence of days, shape (n_cases,)
            Day of release of each case.
        verification_days : sequence of days, shape (n_cases,)
            Day on which the monitor verified it, not before the release. Cases verified after `as_of` are
            left out: nobody knew of them.
        as_of : day
            Last day the data could know.
        seed : int, optional
            Seed of the draws.

        Returns
        -------
        DelayEstimate
            Delay in whole days, and the releases of each day in the end, persons.

        Raises
        ------
        InputError
            If a day is missing or has no year, a verification comes before its release, or the two
            columns differ in length.
        NotEstimableError
            If fewer than two cases were known, or all release days are too recent to show a delay.
        """
        seed = arguments.seed(seed)
        cases = dated_cases(
            release_days,
            verification_days,
            as_of=as_of,
            parametric=self.family in FAMILIES,
            maximum=self.maximum,
        )
        data, days = cases.data, cases.days
        random = np.random.default_rng(seed)
        fitted: dict[str, Any]
        if self.family in FAMILIES:
            draws = self._posterior(lambda points: log_likelihood(self.family, points, data), random)
            fitted = {"parameters": draws, "shares": discrete_cdf(self.family, draws, data.ages)}
            tail = self._tail_note(draws, len(days) - 1)
        else:
            table = generalised_dirichlet(data, _CONCENTRATION, self.n_draws, random)
            fitted = {"table": table, "shares": table[:, np.minimum(data.ages, data.longest)]}
            tail = Message(
                "What is known up to a day cannot show the share of longer delays: that every verification "
                "comes within {maximum} days is assumed.",
                maximum=data.longest,
            )
        return DelayEstimate(
            estimator=self,
            as_of=as_date(cases.last),
            start=days,
            end=days,
            verified=data.verified,
            rates=daily_rates(data.verified, np.maximum(fitted["shares"], 1e-12), random),
            digest=cases.digest,
            seed=seed,
            notes=(*cases.notes, tail, _NEVER),
            **fitted,
        )

    def fit(self, reports: PublishedReleases, *, seed: int = 0) -> DelayEstimate:
        """Estimate from successive verified totals of the same windows of release days.

        Parameters
        ----------
        reports : PublishedReleases
            Published counts; the rows used are verified ones, of windows with a first and a last day that
            one monitor counted twice or more after the last day.
        seed : int, optional
            Seed of the draws.

        Returns
        -------
        DelayEstimate
            Delay in whole days, and each window in the end, persons.

        Raises
        ------
        NotEstimableError
            If no window was counted twice, or the family needs dated cases.
        """
        if not isinstance(reports, PublishedReleases):
            raise TypeError(
                Message(
                    "{method}: expected PublishedReleases, got {kind}. fit_cases takes dated cases",
                    method=METHOD,
                    kind=type(reports).__name__,
                )
            )
        seed = arguments.seed(seed)
        if self.family not in FAMILIES:
            raise NotEstimableError(
                METHOD,
                Message("a {family} delay needs dated cases, and totals have none", family=self.family),
                Message("Use family='weibull' or family='log-normal'."),
                advice=Message("Use a parametric form of the delay."),
            )
        windows, notes = counted_windows(reports, self.source)
        data = [
            FromTotals(
                (window.published[:, None] - np.arange(window.start, window.end + 1)[None, :]).astype(
                    np.int64
                ),
                np.diff(window.counts, prepend=0),
            )
            for window in windows
        ]
        random = np.random.default_rng(seed)
        draws = self._posterior(
            lambda parameters: log_likelihood_of_totals(self.family, parameters, data), random
        )
        shares = np.stack(
            [discrete_cdf(self.family, draws, window.delays[-1]).mean(axis=-1) for window in data], axis=1
        )
        verified = np.array([window.counts[-1] for window in windows], dtype=np.int64)
        longest = max(int(window.delays.max()) for window in data)
        notes += [
            Message("Within each window the days of release are taken as equally likely."),
            self._tail_note(draws, longest),
            _NEVER,
        ]
        last_day = max(window.published[-1] for window in windows)
        return DelayEstimate(
            estimator=self,
            as_of=as_date(int(last_day)),
            start=np.array([window.start for window in windows]).astype("datetime64[D]"),
            end=np.array([window.end for window in windows]).astype("datetime64[D]"),
            verified=verified,
            shares=shares,
            rates=daily_rates(verified, np.maximum(shares, 1e-12), random),
            parameters=draws,
            digest=reports.digest,
            seed=seed,
            notes=tuple(notes),
        )

    def _posterior(
        self,
        likelihood: Callable[[NDArray[np.float64]], NDArray[np.float64]],
        random: np.random.Generator,
    ) -> NDArray[np.float64]:
        """Draws of the parameters of a parametric family."""
        posterior = sample_posterior(
            lambda points: likelihood(from_median(self.family, points)),
            _PRIOR,
            _PRIOR.mean,
            n_draws=self.n_draws,
            random=random,
        )
        return from_median(self.family, posterior.draws)

    def _tail_note(self, parameters: NDArray[np.float64], longest: int) -> Message:
        """Say how much of the delay no data could show."""
        beyond = 1 - float(discrete_cdf(self.family, parameters, [longest]).mean())
        if beyond < _SMALL:
            return Message(
                "The oldest release had {longest} days to be verified; the share of longer delays, under 1%, "
                "is not identified by the data and rests on the {family} form.",
                longest=longest,
                family=self.family,
            )
        return Message(
            "The oldest release had {longest} days to be verified; the share of longer delays, {share:.0%}, "
            "is not identified by the data and rests on the {family} form.",
            longest=longest,
            share=beyond,
            family=self.family,
        )
