"""Invented campaigns of releases: what is announced, what monitors verify, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from detcount import arguments
from detcount.errors import InputError
from detcount.published import PublishedReleases
from detcount.simulate.campaign.happening import happen
from detcount.simulate.campaign.lots import Batch, Wave, Waves
from detcount.simulate.campaign.parties import Authority, Monitor
from detcount.simulate.campaign.publishing import announcements, as_published, verifications
from detcount.simulate.campaign.shares import AUTHORITY
from detcount.simulate.campaign.truth import CampaignTruth, number_of
from detcount.words import Message

if TYPE_CHECKING:
    import pandas as pd

_NEVER = np.datetime64("NaT", "D")


@dataclass(frozen=True, eq=False, repr=False)
class Campaign:
    """An invented campaign of releases: what was published, the cases, and the truth.

    Parameters
    ----------
    reports : PublishedReleases
        What the authority and the monitors published, persons.
    truth : CampaignTruth
        What happened.
    seed : int
        Seed it was made with.

    Examples
    --------
    >>> import detcount as dc
    >>> campaign = dc.simulate.release_campaign(seed=1)
    >>> len(campaign.reports)
    212
    """

    reports: PublishedReleases
    truth: CampaignTruth
    seed: int

    @property
    def cases(self) -> pd.DataFrame:
        """Every release that happened, a row each and no names, as it is known in the end.

        Columns are ``release`` (the day), ``batch`` (name of the batch, empty for a continuing
        release), ``house_arrest``, ``political`` (whether monitors count such releases), and one for
        each monitor: the day of verification, NaT for never.
        """
        return self._frame(np.inf)

    def cases_as_of(self, day: Any) -> pd.DataFrame:
        """Give the releases that some monitor had verified by a day, with the verifications by then.

        Parameters
        ----------
        day : date, str or numpy.datetime64
            Last day the frame knows.

        Returns
        -------
        pandas.DataFrame
            The columns of `cases`; verifications after the day are NaT, and a release that nobody
            had verified is not there.
        """
        frame = self._frame(float(number_of(self.truth, day)))
        known = frame[list(self.truth.monitors)].notna().any(axis=1)
        return frame[known].reset_index(drop=True)

    def _frame(self, until: float) -> pd.DataFrame:
        """Cases with the verifications up to a day."""
        import pandas as pd

        truth = self.truth
        first = np.datetime64(truth.first_day, "D")
        names = [batch.label for batch in truth.batches] + [""]
        columns: dict[str, Any] = {
            "release": (first + truth.releases).astype("datetime64[s]"),
            "batch": [names[k] for k in truth.batch],
            "house_arrest": truth.house_arrest,
            "political": truth.political,
        }
        for j, monitor in enumerate(truth.monitors):
            days = truth.verified[:, j]
            there = np.isfinite(days) & (days <= until)
            when = np.full(len(days), _NEVER)
            when[there] = first + days[there].astype(np.int64)
            columns[monitor] = when.astype("datetime64[s]")
        return pd.DataFrame(columns)

    def __repr__(self) -> str:
        return f"<Campaign: {len(self.reports):,} published counts of {self.truth!r}>"


def release_campaign(
    *,
    batches: tuple[Batch, ...] = (Batch(day=5, announced=100), Batch(day=17, announced=60)),
    daily: float = 4.0,
    dispersion: float = 3.0,
    volatility: float = 0.05,
    n_days: int = 40,
    first_day: Any = "2026-01-08",
    house_arrest_share: float = 0.1,
    authority: Authority = Authority(),  # noqa: B008  frozen
    monitors: tuple[Monitor, ...] = (
        Monitor("committee"),
        Monitor("families", verification=0.6, delay_parameters=(1.2, 2.5), counts_house_arrest=True),
    ),
    dependence: float = 0.0,
    waves: tuple[Wave, ...] | Waves = (),
    seed: int = 0,
) -> Campaign:
    """Invent a campaign of releases, and what an authority and monitors publish of it.

    Batches are announced on their days; of the announced a share is never carried out. Between them
    people are released day by day. Each monitor verifies some of the releases within its definition,
    after a delay, and publishes running totals and counts by batch. Everything is known in the truth:
    how many releases happened in any window, and how many each monitor, or any, verifies in the end.

    Parameters
    ----------
    batches : tuple of Batch, optional
        Announced batches.
    daily : float, optional
        Continuing releases a day, mean on day 0, persons.
    dispersion : float, optional
        Shape of the negative binomial of the releases of a day, whose variance is
        mean + mean**2 / dispersion; infinite for a Poisson distribution.
    volatility : float, optional
        Standard deviation of the daily step of the log of the mean, a random walk.
    n_days : int, optional
        Days over which people are released and counts published. Verifications go on after them.
    first_day : date, str or numpy.datetime64, optional
        Day 0.
    house_arrest_share : float, optional
        Chance that a release is to house arrest, which counts for some and not for others.
    authority : Authority, optional
        Who announces.
    monitors : tuple of Monitor, optional
        Who verifies.
    dependence : float, optional
        Correlation, in [0, 1), of what decides whether the monitors ever verify a release: with 0
        they are independent; above it those whom one never finds are more often those whom another
        never finds. The share of each monitor stays what it is.
    waves : tuple of Wave, or Waves, optional
        Releases that nobody announced one by one and that begin, fade and end; they are added to the
        mean of the continuing ones.
    seed : int, optional
        Seed. The same seed gives the same campaign, and the same releases whatever the monitors
        publish.

    Returns
    -------
    Campaign
        What was published, the cases without names, and the truth.

    Raises
    ------
    InputError
        If an argument cannot mean what is said.

    Notes
    -----
    Of an announced batch of A, Binomial(A, 1 - inflation) are carried out. Whether monitor j ever
    verifies a case within its definition is decided by sqrt(rho) U + sqrt(1 - rho) E_j falling below
    the normal quantile of its chance, U standard normal and common to the monitors, rho the
    dependence. A delay is the whole days of a Weibull or log-normal time. The options of `Batch`,
    `Monitor` and `Waves` that break what models assume are off by default: chances that vary by batch,
    slow verifications, outsiders, monitors that copy each other, do not follow every batch or fall silent,
    figures that are lowered, announcements with no end or of all offences.

    Examples
    --------
    >>> from detcount import simulate
    >>> campaign = simulate.release_campaign(seed=3)
    >>> campaign.truth
    <CampaignTruth: 260 releases over 40 days from 2026-01-08, 2 announced batches, 2 monitors>
    >>> what = campaign.truth.batches[0]
    >>> what.announced, what.carried_out, what.eventually_verified_by_any, what.unverifiable
    (100, 76, 64, 12)
    >>> campaign.truth.register("committee", start=what.start, end=what.end, on="2026-01-20")
    47
    """
    for name, value in (("daily", daily), ("volatility", volatility)):
        arguments.number(f"release_campaign: {name}", value, least=0)
    if dispersion != np.inf:  # which is Poisson
        arguments.positive("release_campaign: dispersion", dispersion)
    n_days = arguments.whole_number("release_campaign: n_days", n_days, least=1)
    seed = arguments.seed(seed)
    arguments.share("release_campaign: house_arrest_share", house_arrest_share)
    if not 0 <= dependence < 1:
        raise InputError(
            Message(
                "release_campaign: dependence: expected a number from 0 to below 1, got {got}",
                got=repr(dependence),
            )
        )
    sources = [authority.name, *(monitor.name for monitor in monitors)]
    if len(set(sources)) < len(sources) or not all(sources):
        raise InputError(
            Message("release_campaign: expected a name of its own for each source, got one twice or none")
        )
    for j, monitor in enumerate(monitors):
        if monitor.copies is not None:
            before = tuple(other.name for other in monitors[:j])
            arguments.one_of(f"release_campaign: {monitor.name}: copies", monitor.copies[0], before)
    late = [batch.announced_on for batch in batches if batch.announced_on >= n_days]
    if late:
        raise InputError(
            Message(
                "release_campaign: expected batches on days 0 to {last}, got day {day}",
                last=n_days - 1,
                day=late[0],
            )
        )
    start = np.datetime64(first_day, "D")
    if np.isnat(start):
        raise InputError(Message("release_campaign: first_day: expected a day, got none"))

    truth = happen(
        batches, daily, dispersion, volatility, n_days, start.astype(object), house_arrest_share, authority,
        monitors, dependence, waves, seed,
    )  # fmt: skip
    rows = announcements(truth, batches, authority, np.random.default_rng([seed, AUTHORITY, 1]))
    for j, monitor in enumerate(monitors):
        rows += verifications(truth, j, batches, monitor, seed)
    if not rows:
        raise InputError(
            Message(
                "release_campaign: nobody publishes anything. Let a monitor report, or a batch be announced"
            )
        )
    return Campaign(as_published(truth, rows), truth, seed)
